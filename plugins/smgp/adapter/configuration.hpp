// The options of an SMGP account: the table people see, and the values the code uses.
#pragma once

#include "sdk/by_type.hpp"
#include "sdk/link/protocol.hpp"
#include "sdk/result_overrides.hpp"
#include "sdk/stat_overrides.hpp"
#include "smgp/codec/pdu.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace posthorn::smgp {

extern const std::span<const sdk::option> option_table;

enum class verification : std::uint8_t { off, warn, strict };

/// Whom a text is charged to, and as what.
struct charging {
    std::string service_id, fee_type, fee_code, fixed_fee, charge_term_id;
};

struct configuration : sdk::link_settings {
    explicit configuration(const sdk::options& from);

    std::string client_id, secret;
    bool pair = false; // each link is two: one that sends, one that receives
    verification verify_server = verification::warn;
    std::string sender; // SrcTermID of units without one of their own
    bool national = true;
    std::uint8_t msg_type = 6;
    bool receipts = true;
    bool gbk = false;                       // texts that are not ASCII
    std::array<std::uint8_t, 3> priority{}; // by sdk::priority
    sdk::by_type<charging> charges;
    bool valid_time = true;
    sdk::duration longest_validity{}; // 0: no limit
    std::string tlvs;                 // with every part, in wire form
    sdk::result_overrides status_classes;
    sdk::stat_overrides stat_classes;
};

} // namespace posthorn::smgp
