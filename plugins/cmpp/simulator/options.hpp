// What `posthorn-sim cmpp` can be told on its command line.
#pragma once

#include "cmpp/codec/pdu.hpp"
#include "sdk/simulator/options.hpp"

#include <optional>
#include <string>

namespace posthorn::cmpp::simulator {

using posthorn::simulator::fault;
using posthorn::simulator::known_fault;

struct options : posthorn::simulator::options {
    options() { port = 7890; }

    std::string user, secret; // empty: any will do
    dialect version = dialect::v30;
};

constexpr known_fault known_faults[] = {
    {fault::throttle, "answer a SUBMIT with Result 8, flow control"},
    {fault::refuse_window, "the same: CMPP has no other word for it"},
    {fault::late_receipt, {}},
    {fault::early_receipt, {}},
    {fault::duplicate_receipt, {}},
    {fault::missing_receipt, {}},
    {fault::reorder_receipts, {}},
    {fault::reset_before_response, {}},
    {fault::reset_after_response, {}},
    {fault::half_open, {}},
    {fault::garbage, {}},
    {fault::slow_read, {}},
    {fault::no_response, {}},
    {fault::wrong_sequence, {}},
    {fault::split_writes, {}},
    {fault::report_width, "write a report of 60 octets in 3.0, of 71 in 2.0"},
    {fault::receipts_stop, {}},
};

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv);

} // namespace posthorn::cmpp::simulator
