#include "http/simulator/options.hpp"

#include "sdk/numerals.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace posthorn::http::simulator {

namespace {

constexpr std::string_view scheme = "http://";

void add_calls(CLI::App& app, options& o) {
    app.add_option_function<std::string>(
           "--callback",
           [&o](const std::string& text) {
               o.calls = read_callback_url(text);
               if (!o.calls)
                   throw CLI::ValidationError("--callback",
                                              "\"" + text + "\" is not http://HOST:PORT/PATH");
           },
           "Where receipts and texts from phones go (default: to the `callback` of the first text "
           "that has one; without one receipts are to be asked for)")
        ->type_name("URL");
}

} // namespace

std::optional<callback> read_callback_url(std::string_view url) {
    if (!url.starts_with(scheme))
        return std::nullopt;
    url.remove_prefix(scheme.size());
    const auto slash = std::min(url.find('/'), url.size());
    const auto place = url.substr(0, slash);
    const auto colon = std::min(place.rfind(':'), place.size());
    const auto port = colon == place.size() ? "80" : place.substr(colon + 1);
    if (colon == 0 || sdk::whole_number<std::uint16_t>(port).value_or(0) == 0)
        return std::nullopt;
    return callback{.host = std::string(place.substr(0, colon)),
                    .port = std::string(port),
                    .path = slash == url.size() ? "/" : std::string(url.substr(slash))};
}

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv) {
    posthorn::simulator::command_line<options> line;
    auto& o = line.chosen;
    CLI::App app("A carrier for tests: a provider that takes texts as JSON, calls back with "
                 "receipts and can be asked for them, and misbehaves on request; "
                 "config/accounts.d/http.yaml.sample is an account of it.",
                 "posthorn-sim http");
    add_listening(app, o);
    app.add_option("--secret", o.secret, "The bearer token it must be shown (default: any)");
    add_certificate(app, o.tls);
    add_calls(app, o);
    add_pace(app, o);
    add_outcomes(app, o, "0009=1005");
    add_faults(app, o);
    add_watching(app, o);
    app.footer(footer(known_faults,
                      "posthorn-sim http --receipt-delay 1s --outcome 0001=expired \\\n"
                      "             --fault throttle:1%"));
    line.exit_code = posthorn::simulator::parse_command_line(
        app, argc, argv, [&] { return check(o, known_faults); });
    return line;
}

} // namespace posthorn::http::simulator
