#include "smgp/simulator/options.hpp"

#include <CLI/CLI.hpp>

namespace posthorn::smgp::simulator {

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv) {
    posthorn::simulator::command_line<options> line;
    auto& o = line.chosen;
    CLI::App app("A carrier for tests: an SMGP 3.0 gateway that takes every login and every text, "
                 "sends reports, and misbehaves on request.",
                 "posthorn-sim smgp");
    add_listening(app, o);
    app.add_option("--user", o.user, "The only ClientID that may log in (default: any)");
    app.add_option("--secret", o.secret, "The secret it must know (default: any)");
    add_pace(app, o);
    posthorn::simulator::add_duration(app, "--active-test", o.link_test,
                                      "Send Active_Test on every link this often (default: never)");
    add_outcomes(app, o, "0009=47");
    add_faults(app, o);
    add_watching(app, o);
    app.footer(footer(known_faults,
                      "posthorn-sim smgp --receipt-delay 1s --outcome 0001=expired \\\n"
                      "             --fault throttle:1%"));
    line.exit_code = posthorn::simulator::parse_command_line(
        app, argc, argv, [&] { return check(o, known_faults); });
    return line;
}

} // namespace posthorn::smgp::simulator
