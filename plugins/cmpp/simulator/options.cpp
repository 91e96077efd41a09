#include "cmpp/simulator/options.hpp"

#include <CLI/CLI.hpp>

namespace posthorn::cmpp::simulator {

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv) {
    posthorn::simulator::command_line<options> line;
    auto& o = line.chosen;
    CLI::App app(
        "A carrier for tests: a CMPP gateway (ISMG) that takes every login and every text, "
        "sends status reports, and misbehaves on request.",
        "posthorn-sim cmpp");
    add_listening(app, o);
    app.add_option("--user", o.user, "The only Source_Addr that may log in (default: any)");
    app.add_option("--secret", o.secret, "The secret it must know (default: any)");
    app.add_option_function<std::string>(
           "--version",
           [&o](const std::string& word) {
               o.version = word == "2.0" ? dialect::v20 : dialect::v30;
           },
           "2.0 or 3.0; who asks for the other is told with Status 4")
        ->check(CLI::IsMember({"2.0", "3.0"}))
        ->default_str("3.0");
    add_pace(app, o);
    posthorn::simulator::add_duration(app, "--active-test", o.link_test,
                                      "Send ACTIVE_TEST on every link this often (default: never)");
    add_outcomes(app, o, "0009=13");
    add_faults(app, o);
    add_watching(app, o);
    app.footer(footer(known_faults, "posthorn-sim cmpp --version 2.0 --receipt-delay 1s \\\n"
                                    "             --outcome 0001=expired --fault throttle:1%"));
    line.exit_code = posthorn::simulator::parse_command_line(
        app, argc, argv, [&] { return check(o, known_faults); });
    return line;
}

} // namespace posthorn::cmpp::simulator
