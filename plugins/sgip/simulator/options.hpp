// What `posthorn-sim sgip` can be told on its command line.
#pragma once

#include "sdk/simulator/options.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace posthorn::sgip::simulator {

using posthorn::simulator::fault;
using posthorn::simulator::known_fault;

struct options : posthorn::simulator::options {
    options() { port = 8801; }

    std::string user, password;               // of the client; empty: any will do
    std::string report_host, report_port;     // whom we dial with reports and texts
    bool report_over_link = false;            // or over the client's own link
    std::string report_user, report_password; // by which we log in there; empty: the client's
    std::uint32_t node = 100'101;             // ours: 1, area code, number
};

constexpr known_fault known_faults[] = {
    {fault::throttle, "answer a SUBMIT with Result 11, node busy"},
    {fault::refuse_window, "the same: SGIP has no other word for it"},
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
    {fault::receipts_stop,
     "after this text nothing is delivered any more, until the client binds again"},
};

/// `HOST:PORT`, or `link`. Returns what is wrong.
std::optional<std::string> set_report_to(options& o, std::string_view text);

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv);

} // namespace posthorn::sgip::simulator
