// The options of an SGIP account: the table people see, and the values the code uses.
#pragma once

#include "sdk/link/protocol.hpp"
#include "sdk/result_overrides.hpp"
#include "sdk/stat_overrides.hpp"
#include "sgip/adapter/callers.hpp"
#include "sgip/adapter/charging.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace posthorn::sgip {

extern const std::span<const sdk::option> option_table;

struct configuration : sdk::link_settings {
    explicit configuration(const sdk::options& from);

    std::string login_name, login_password;
    std::uint32_t node_id = 0;
    std::string corp_id;
    std::string sender; // for units without one of their own
    std::string listen_address, listen_name, listen_password;
    std::uint16_t listen_port = 0;
    callers listen_from;
    sdk::by_type<charging> charges;
    std::array<std::uint8_t, 3> priority{}; // by sdk::priority
    bool receipts = true, gbk = false, tells_validity = true;
    sdk::duration longest_validity{}; // 0: no limit
    sdk::result_overrides result_classes;
    sdk::stat_overrides error_classes; // by number

    bool listens() const { return !listen_address.empty(); }
};

} // namespace posthorn::sgip
