// What `posthorn-sim smpp` can be told on its command line.
#pragma once

#include "smpp/simulator/faults.hpp"
#include "smpp/simulator/message_ids.hpp"
#include "smpp/simulator/outcomes.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace posthorn::smpp::simulator {

using std::chrono::milliseconds;

struct options {
    std::string bind_address = "127.0.0.1";
    std::uint16_t port = 2775;                    // 0: any free one, told on the first line
    std::string system_id, password;              // empty: any will do
    std::string tls_cert, tls_key, tls_client_ca; // files; no certificate: no TLS

    id_style ids = id_style::hex;
    milliseconds receipt_delay{0}, response_delay{0}, late{5000}, enquire_link{0};
    unsigned window = 0; // most submits unanswered per link; 0: any number
    status window_status = status::throttled;
    unsigned rate = 0;             // submits per second and system_id; 0: any number
    unsigned deliver_window = 500; // most deliver_sm unanswered per link
    bool echo_reference = false;
    bool one_receipt = false; // of a long text in parts: only for the last

    std::uint64_t seed = 0;
    std::string shares;                          // --outcomes
    std::vector<std::string> suffixes, refusals; // --outcome, --refuse
    std::vector<std::string> fault_list;         // --fault

    std::string log, control; // paths; empty: none
    bool log_minimal = false;
    bool count_repeats = true;
};

/// `250ms`, `3s`, `2m` or `0`; at most a day.
std::optional<milliseconds> parse_duration(std::string_view text);

/// Reads the command line. When there is nothing more to do (help, or a mistake that has been
/// explained on stderr) `exit_code` is set.
struct command_line {
    options chosen;
    std::optional<int> exit_code;
};
command_line read_command_line(int argc, char** argv);

} // namespace posthorn::smpp::simulator
