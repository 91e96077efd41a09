// The options of an SMPP account: the table people see, and the values the code uses.
#pragma once

#include "sdk/options.hpp"
#include "smpp/codec/message_id.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace posthorn::smpp {

extern const std::span<const sdk::option> option_table;

struct configuration {
    explicit configuration(const sdk::options& from);

    std::string host;
    std::uint16_t port = 0;
    std::string system_id, password, system_type, address_range, service_type;
    std::uint8_t interface_version = 0x34;
    std::string sender;                                 // for units without one of their own
    std::optional<std::uint8_t> source_ton, source_npi; // nothing: by the sender's shape
    unsigned window = 0;
    std::chrono::microseconds enquire_link{}, response_timeout{}, bind_timeout{}, connect_timeout{},
        inactivity{};
    id_base submit_id = id_base::raw, receipt_id = id_base::raw;
    bool receipts = true;
    std::array<std::uint8_t, 3> priority_flag{}; // by sdk::priority
    bool relative_validity = true;

    std::string place() const { return host + ":" + std::to_string(port); }
};

} // namespace posthorn::smpp
