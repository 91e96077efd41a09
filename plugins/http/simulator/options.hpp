// What `posthorn-sim http` can be told on its command line.
#pragma once

#include "sdk/simulator/certificate.hpp"
#include "sdk/simulator/options.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::http::simulator {

using posthorn::simulator::fault;
using posthorn::simulator::known_fault;

/// http://HOST:PORT/PATH of a client's listener.
struct callback {
    std::string host, port, path;
};
/// Nothing when it is no such URL.
std::optional<callback> read_callback_url(std::string_view url);

struct options : posthorn::simulator::options {
    options() { port = 8880; }

    std::string secret; // empty: any will do
    posthorn::simulator::certificate tls;
    std::optional<callback> calls; // empty: as the first text says
};

constexpr known_fault known_faults[] = {
    {fault::throttle, "answer a text with status 429, code 1001"},
    {fault::refuse_window, "answer a text with status 503, code 1002, Retry-After: 1"},
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
    {fault::split_writes, {}},
    {fault::unknown_tlv, "add fields nobody knows to answers and receipts"},
};

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv);

} // namespace posthorn::http::simulator
