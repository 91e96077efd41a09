#include "smpp/simulator/options.hpp"

#include <CLI/CLI.hpp>

namespace posthorn::smpp::simulator {

using posthorn::simulator::add_duration;
using posthorn::simulator::parse_command_line;

namespace {

void add_login(CLI::App& app, options& o) {
    app.add_option("--system-id", o.system_id, "The only system_id that may bind (default: any)");
    app.add_option("--password", o.password, "The password it must give (default: any)");
    add_certificate(app, o.tls);
}

void add_own(CLI::App& app, options& o) {
    app.add_option_function<std::string>(
           "--window-status",
           [&o](const std::string& word) {
               o.window_status = word == "queue-full" ? status::queue_full : status::throttled;
           },
           "How: throttled (0x58) or queue-full (0x14)")
        ->check(CLI::IsMember({"throttled", "queue-full"}))
        ->default_str("throttled");
    add_duration(app, "--enquire-link", o.link_test,
                 "Send enquire_link on every link this often (default: never)");
    app.add_option_function<std::string>(
           "--id",
           [&o](const std::string& word) {
               o.ids = word == "hex"   ? id_style::hex
                       : word == "dec" ? id_style::dec
                                       : id_style::uuid;
           },
           "How message ids are written")
        ->check(CLI::IsMember({"hex", "dec", "uuid"}))
        ->default_str("hex");
    app.add_flag("--echo-reference", o.echo_reference, "Return user_message_reference in receipts");
}

// Lists are checked here, so that a mistake is told before anything listens.
std::optional<std::string> check_all(const options& o) {
    if (auto wrong = check(o, known_faults))
        return wrong;
    for (const auto& text : o.fault_list)
        if (text.starts_with(name(fault::id_base)) && o.ids == id_style::uuid)
            return "--fault id-base: an id of --id uuid has no base; use hex or dec";
    return std::nullopt;
}

} // namespace

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv) {
    posthorn::simulator::command_line<options> line;
    auto& o = line.chosen;
    CLI::App app("A carrier for tests: an SMPP 3.4 message centre that takes every bind and every "
                 "text, sends receipts, and misbehaves on request.",
                 "posthorn-sim smpp");
    add_listening(app, o);
    add_login(app, o);
    add_pace(app, o);
    add_own(app, o);
    add_outcomes(app, o, "0009=0x0B");
    add_faults(app, o);
    add_watching(app, o);
    app.footer(footer(known_faults,
                      "posthorn-sim smpp --receipt-delay 1s --outcomes delivered=97,undelivered=3 "
                      "\\\n             --outcome 0001=expired --fault throttle:1%"));
    line.exit_code = parse_command_line(app, argc, argv, [&] { return check_all(o); });
    return line;
}

} // namespace posthorn::smpp::simulator
