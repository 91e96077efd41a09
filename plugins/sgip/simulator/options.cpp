#include "sgip/simulator/options.hpp"

#include "sdk/numerals.hpp"

#include <CLI/CLI.hpp>

namespace posthorn::sgip::simulator {

namespace {

void add_login(CLI::App& app, options& o) {
    app.add_option("--user", o.user, "The only Login Name that may bind (default: any)");
    app.add_option("--password", o.password, "The password it must give (default: any)");
    app.add_option_function<std::string>(
           "--report-to",
           [&o](const std::string& text) {
               if (const auto wrong = set_report_to(o, text))
                   throw CLI::ValidationError("--report-to", *wrong);
           },
           "HOST:PORT of the client's listener, where reports and texts from phones go once it has "
           "bound; `link`: over its own connection; without it they wait")
        ->type_name("WHERE");
    app.add_option("--report-user", o.report_user,
                   "Login Name by which we bind there (default: the client's)");
    app.add_option("--report-password", o.report_password, "Its password (default: as --password)");
    app.add_option("--node", o.node, "Our node id in sequence numbers")->capture_default_str();
}

} // namespace

std::optional<std::string> set_report_to(options& o, std::string_view text) {
    o.report_over_link = text == "link";
    if (o.report_over_link)
        return std::nullopt;
    const auto colon = text.rfind(':');
    const auto port = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    if (colon == 0 || sdk::whole_number<std::uint16_t>(port).value_or(0) == 0)
        return "\"" + std::string(text) + "\" is neither HOST:PORT nor link";
    o.report_host = text.substr(0, colon);
    o.report_port = port;
    return std::nullopt;
}

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv) {
    posthorn::simulator::command_line<options> line;
    auto& o = line.chosen;
    CLI::App app(
        "A carrier for tests: an SGIP 1.2 gateway (SMG) that takes every login and every text, "
        "dials the client with reports, and misbehaves on request.",
        "posthorn-sim sgip");
    add_listening(app, o);
    add_login(app, o);
    add_pace(app, o);
    posthorn::simulator::add_duration(
        app, "--idle-close", o.link_test,
        "Close a client's link on which nothing came for this time (default: never)");
    add_outcomes(app, o, "0009=6");
    add_faults(app, o);
    add_watching(app, o);
    app.footer(footer(known_faults, "posthorn-sim sgip --report-to 127.0.0.1:8802 --receipt-delay "
                                    "1s \\\n             --outcome 0001=expired"));
    line.exit_code = posthorn::simulator::parse_command_line(
        app, argc, argv, [&] { return check(o, known_faults); });
    return line;
}

} // namespace posthorn::sgip::simulator
