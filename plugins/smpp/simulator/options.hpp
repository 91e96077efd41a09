// What `posthorn-sim smpp` can be told on its command line.
#pragma once

#include "sdk/simulator/certificate.hpp"
#include "sdk/simulator/options.hpp"
#include "smpp/codec/status.hpp"
#include "smpp/simulator/message_ids.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace posthorn::smpp::simulator {

using posthorn::simulator::fault;
using posthorn::simulator::known_fault;

struct options : posthorn::simulator::options {
    options() { port = 2775; }

    std::string system_id, password; // empty: any will do
    posthorn::simulator::certificate tls;
    id_style ids = id_style::hex;
    status window_status = status::throttled;
    bool echo_reference = false;
};

constexpr known_fault known_faults[] = {
    {fault::throttle, "answer a submit with ESME_RTHROTTLED (0x58)"},
    {fault::refuse_window, "answer a submit with ESME_RMSGQFUL (0x14)"},
    {fault::late_receipt, {}},
    {fault::early_receipt, {}},
    {fault::duplicate_receipt, {}},
    {fault::missing_receipt, {}},
    {fault::reorder_receipts, {}},
    {fault::id_base, "write the id of the receipt in the other base (hex in the response, decimal "
                     "in the receipt; the reverse with --id dec)"},
    {fault::leading_zeros, {}},
    {fault::reset_before_response, {}},
    {fault::reset_after_response, {}},
    {fault::half_open, {}},
    {fault::garbage, {}},
    {fault::slow_read, {}},
    {fault::no_response, {}},
    {fault::wrong_sequence, {}},
    {fault::split_writes, {}},
    {fault::unknown_tlv, {}},
    {fault::receipts_stop, {}},
};

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv);

} // namespace posthorn::smpp::simulator
