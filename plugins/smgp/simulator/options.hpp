// What `posthorn-sim smgp` can be told on its command line.
#pragma once

#include "sdk/simulator/options.hpp"

#include <optional>
#include <string>

namespace posthorn::smgp::simulator {

using posthorn::simulator::fault;
using posthorn::simulator::known_fault;

struct options : posthorn::simulator::options {
    options() { port = 8890; }

    std::string user, secret; // empty: any will do
};

constexpr known_fault known_faults[] = {
    {fault::throttle, "answer a Submit with Status 1, system busy"},
    {fault::refuse_window, "the same: SMGP has no other word for it"},
    {fault::late_receipt, {}},
    {fault::early_receipt, {}},
    {fault::duplicate_receipt, {}},
    {fault::missing_receipt, {}},
    {fault::reorder_receipts, {}},
    {fault::id_base, "write the id of the report as 20 hexadecimal digits, not as ten octets"},
    {fault::reset_before_response, {}},
    {fault::reset_after_response, {}},
    {fault::half_open, {}},
    {fault::garbage, {}},
    {fault::slow_read, {}},
    {fault::no_response, {}},
    {fault::wrong_sequence, {}},
    {fault::split_writes, {}},
    {fault::unknown_tlv, "add a vendor's TLV to reports"},
    {fault::receipts_stop, {}},
};

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv);

} // namespace posthorn::smgp::simulator
