// What every `posthorn-sim PROTOCOL` of a provider over HTTP can be told on its command line.
#pragma once

#include "sdk/simulator/certificate.hpp"
#include "sdk/simulator/options.hpp"

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::simulator::http {

/// http://HOST:PORT/PATH of a client's listener.
struct callback {
    std::string host, port, path;
    std::string url, fragment; // as they were said, before the # and behind it
};
/// Nothing when it is no such URL.
std::optional<callback> read_callback_url(std::string_view url);

struct options : simulator::options {
    options() { port = 8880; }

    certificate tls;
    std::optional<callback> calls; // empty: as the first text says
};

/// The faults, and how a provider says those that each says in its own way.
constexpr std::array<known_fault, 15> faults_said(std::string_view throttle,
                                                  std::string_view refuse_window,
                                                  std::string_view unknown_tlv) {
    return {{{fault::throttle, throttle},
             {fault::refuse_window, refuse_window},
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
             {fault::unknown_tlv, unknown_tlv}}};
}

/// What the help says of one provider.
struct manual {
    std::string name, description; // "http", "A carrier for tests: ..."
    std::string refusal, example;  // of --refuse, of a whole command
    std::span<const known_fault> faults;
};

/// Reads the command line; `own` adds the options of this provider alone. Gives the exit code of
/// command_line.
std::optional<int> read_command_line(const manual& of, options& o, int argc, char** argv,
                                     const std::function<void(CLI::App&)>& own);

template <class Options, class Own>
command_line<Options> read_command_line(const manual& of, int argc, char** argv, Own own) {
    command_line<Options> line;
    line.exit_code = read_command_line(of, line.chosen, argc, argv,
                                       [&](CLI::App& app) { own(app, line.chosen); });
    return line;
}

} // namespace posthorn::simulator::http
