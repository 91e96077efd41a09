#include "sdk/simulator/http/options.hpp"

#include "sdk/numerals.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace posthorn::simulator::http {

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
           "Where receipts and texts from phones go (default: to where the first text says that "
           "says it; without one receipts are kept, and given to who asks)")
        ->type_name("URL");
}

} // namespace

std::optional<callback> read_callback_url(std::string_view url) {
    if (!url.starts_with(scheme))
        return std::nullopt;
    const auto mark = std::min(url.find('#'), url.size());
    const auto fragment = url.substr(std::min(mark + 1, url.size()));
    url = url.substr(0, mark);
    const auto rest = url.substr(scheme.size());
    const auto slash = std::min(rest.find('/'), rest.size());
    const auto place = rest.substr(0, slash);
    const auto colon = std::min(place.rfind(':'), place.size());
    const auto port = colon == place.size() ? "80" : place.substr(colon + 1);
    if (colon == 0 || sdk::whole_number<std::uint16_t>(port).value_or(0) == 0)
        return std::nullopt;
    return callback{.host = std::string(place.substr(0, colon)),
                    .port = std::string(port),
                    .path = slash == rest.size() ? "/" : std::string(rest.substr(slash)),
                    .url = std::string(url),
                    .fragment = std::string(fragment)};
}

std::optional<int> read_command_line(const manual& of, options& o, int argc, char** argv,
                                     const std::function<void(CLI::App&)>& own) {
    CLI::App app(of.description, "posthorn-sim " + of.name);
    add_listening(app, o);
    own(app);
    add_certificate(app, o.tls);
    add_calls(app, o);
    add_pace(app, o);
    add_outcomes(app, o, of.refusal);
    add_faults(app, o);
    add_watching(app, o);
    app.footer(footer(of.faults, of.example));
    return parse_command_line(app, argc, argv, [&] { return check(o, of.faults); });
}

} // namespace posthorn::simulator::http
