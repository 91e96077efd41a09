// What the seven letters of a status report say, in CMPP and SMGP alike.
#pragma once

#include <cstdint>
#include <string_view>

namespace posthorn::sdk {

enum class report_state : std::uint8_t {
    delivered,
    failed,     ///< for good; `stat` says why, in the words of the network or a vendor
    expired,    ///< likewise
    on_its_way, ///< ACCEPTD: nothing is known yet
};

/// What is not in the specifications' list is a failure: provinces and vendors have words of their own.
constexpr report_state state_of(std::string_view stat) noexcept {
    if (stat == "DELIVRD")
        return report_state::delivered;
    if (stat == "EXPIRED")
        return report_state::expired;
    return stat == "ACCEPTD" ? report_state::on_its_way : report_state::failed;
}

} // namespace posthorn::sdk
