#include "cli/event_data.hpp"

#include "cli/columns.hpp"
#include "cli/console.hpp"
#include "settings/problem.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace posthorn::cli {

namespace {

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in)
        throw failure("--data @" + path + ": cannot be read", usage);
    return text.str();
}

} // namespace

std::pair<std::string, std::string> name_and_value(const std::string& option,
                                                   const std::string& text) {
    const auto at = text.find('=');
    if (at == std::string::npos || at == 0)
        throw failure(option + " " + text + ": write " + option + " NAME=VALUE", usage);
    return {text.substr(0, at), text.substr(at + 1)};
}

boost::json::object data_of(const std::string& data, const std::vector<std::string>& sets,
                            const templates::event_type* type) {
    boost::json::object out;
    if (!data.empty()) {
        boost::json::error_code ec;
        const auto parsed =
            boost::json::parse(data.front() == '@' ? content_of(data.substr(1)) : data, ec);
        if (ec || !parsed.is_object())
            throw failure("--data: is not a JSON object" + (ec ? ": " + ec.message() : "") +
                              "; write --data '{\"field\": \"value\"}' or --data @FILE",
                          usage);
        out = parsed.get_object();
    }
    for (const auto& set : sets) {
        const auto [name, text] = name_and_value("--set", set);
        const templates::field* field = nullptr;
        if (type != nullptr)
            for (const auto& declared : type->fields)
                if (declared.name == name)
                    field = &declared;
        out[name] = field != nullptr ? value_of(*field, text)
                                     : boost::json::value(boost::json::string(text));
    }
    return out;
}

std::string unknown_fields(const boost::json::object& data, const templates::event_type& type) {
    std::vector<std::string_view> declared{"language"}; // of the text, for every type
    for (const auto& f : type.fields)
        declared.push_back(f.name);
    std::string out;
    for (const auto& member : data) {
        const std::string_view name = member.key();
        if (std::ranges::find(declared, name) == declared.end())
            out += (out.empty() ? "" : "; ") + ("unknown field '" + std::string(name) + "'") +
                   settings::did_you_mean(name, declared);
    }
    return out;
}

} // namespace posthorn::cli
