#include "sdk/simulator/http/approved.hpp"

#include <CLI/CLI.hpp>

namespace posthorn::simulator::http {

namespace {

std::string told(std::string_view id, const sdk::field_list& parameters) {
    std::string text(id);
    for (const auto& [name, value] : parameters)
        text.append(" ").append(name).append("=").append(value);
    return text;
}

std::optional<std::string> filled(std::string_view text, std::string_view opens,
                                  const sdk::field_list& parameters) {
    std::string out;
    for (auto at = text.find(opens); at != std::string_view::npos; at = text.find(opens)) {
        const auto end = text.find('}', at);
        if (end == std::string_view::npos)
            break;
        const auto name = text.substr(at + opens.size(), end - at - opens.size());
        const auto value = sdk::field_of(parameters, name);
        if (value.empty())
            return std::nullopt;
        out.append(text.substr(0, at)).append(value);
        text.remove_prefix(end + 1);
    }
    return out.append(text);
}

} // namespace

std::optional<std::string> approved::shown(std::string_view name, std::string_view id,
                                           std::string_view opens,
                                           const sdk::field_list& parameters) const {
    const auto known = templates.find(id);
    const auto text =
        known == templates.end() ? told(id, parameters) : filled(known->second, opens, parameters);
    if (!text)
        return std::nullopt;
    return "【" + std::string(name) + "】" + *text;
}

void add_approved(CLI::App& app, approved& a, const std::string& example) {
    app.add_option("--sign-name", a.sign_name, "The only approved signature (default: any)");
    app.add_option_function<std::vector<std::string>>(
           "--template",
           [&a](const std::vector<std::string>& all) {
               for (const auto& text : all) {
                   const auto equals = text.find('=');
                   if (equals == 0 || equals == std::string::npos)
                       throw CLI::ValidationError("--template", "\"" + text + "\" is not ID=TEXT");
                   a.templates[text.substr(0, equals)] = text.substr(equals + 1);
               }
           },
           "ID=TEXT: an approved template, e.g. " + example +
               " (default: any, of which the log has the id and what stands in its gaps)")
        ->type_name("TEMPLATE")
        ->take_all();
}

} // namespace posthorn::simulator::http
