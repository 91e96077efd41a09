// What every `posthorn-sim PROTOCOL` can be told on its command line, in the same words.
//
//     CLI::App app(…);
//     add_listening(app, o); …; add_watching(app, o);
//     app.footer(footer(known, "posthorn-sim cmpp …"));
//     const auto exit_code = parse_command_line(app, argc, argv, [&] { return check(o, known); });
#pragma once

#include "sdk/simulator/faults.hpp"
#include "sdk/simulator/outcomes.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace posthorn::simulator {

using std::chrono::milliseconds;

struct options {
    std::string bind_address = "127.0.0.1";
    std::uint16_t port = 0; // 0: any free one, told on the first line

    milliseconds receipt_delay{0}, response_delay{0}, late{5000};
    milliseconds link_test{0};     // how often every link is tested; 0: never
    unsigned window = 0;           // most submits unanswered per link; 0: any number
    unsigned rate = 0;             // submits per second and account; 0: any number
    unsigned deliver_window = 500; // most receipts and texts unanswered per link
    bool one_receipt = false;      // of a long text in parts: only for the last

    std::uint64_t seed = 0;
    std::string shares;                           // --outcomes
    std::vector<std::string> suffixes, refusals;  // --outcome, --refuse
    status_reader read_status = status_in_digits; // of --refuse
    std::vector<std::string> fault_list;          // --fault

    std::string log, control; // paths; empty: none
    bool log_minimal = false;
    bool count_repeats = true;
};

/// `250ms`, `3s`, `2m` or `0`; at most a day.
std::optional<milliseconds> parse_duration(std::string_view text);
void add_duration(CLI::App& app, const std::string& flag, milliseconds& target,
                  const std::string& help);

// Groups of them, in the order of the help.
void add_listening(CLI::App& app, options& o);
void add_pace(CLI::App& app, options& o);
void add_outcomes(CLI::App& app, options& o, const std::string& refusal_example);
void add_faults(CLI::App& app, options& o);
void add_watching(CLI::App& app, options& o);

/// What stands below the options; `example` is a whole command.
std::string footer(std::span<const known_fault> known, std::string_view example);

/// What is wrong with the lists, which are told to `rules` and `list`.
std::optional<std::string> set_rules(const options& o, outcomes& rules, faults& list);
/// The same, before anything listens.
std::optional<std::string> check(const options& o, std::span<const known_fault> known);

/// What came of a command line: the options, or the exit code when there is nothing more to do (help, or
/// a mistake that has been explained on stderr).
template <class Options>
struct command_line {
    Options chosen;
    std::optional<int> exit_code;
};

/// Reads the command line, then asks `check`; gives the exit code of command_line.
std::optional<int> parse_command_line(CLI::App& app, int argc, char** argv,
                                      const std::function<std::optional<std::string>()>& check);

} // namespace posthorn::simulator
