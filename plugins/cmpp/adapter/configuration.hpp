// The options of a CMPP account: the table people see, and the values the code uses.
#pragma once

#include "cmpp/codec/pdu.hpp"
#include "sdk/by_type.hpp"
#include "sdk/link/protocol.hpp"
#include "sdk/result_overrides.hpp"
#include "sdk/stat_overrides.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace posthorn::cmpp {

extern const std::span<const sdk::option> option_table;

// Who pays for what, as the contract has it.
struct billing {
    std::string service_id, fee_type, fee_code, fee_user_type, fee_terminal_id;
};

enum class proof_check : std::uint8_t { off, warn, strict };

struct configuration : sdk::link_settings {
    // Throws std::runtime_error that names the option.
    explicit configuration(const sdk::options& from);

    std::string source_addr, secret, msg_src;
    dialect version = dialect::v30;
    bool auth_pad_source = false;
    proof_check verify_ismg = proof_check::warn;
    std::string sender; // Src_Id of units without one of their own
    sdk::by_type<billing> bills;
    bool receipts = true;
    bool real_pk = true;  // Pk_total and Pk_number tell of parts
    bool national = true; // recipients without 86
    bool gbk = false;
    std::array<std::uint8_t, 3> msg_level{}; // by sdk::priority
    bool validity = true;
    sdk::duration longest_validity{}; // 0: no limit
    sdk::result_overrides result_classes;
    sdk::stat_overrides stat_classes;
};

} // namespace posthorn::cmpp
