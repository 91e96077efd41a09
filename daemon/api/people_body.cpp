#include "api/people_body.hpp"

#include "api/body_texts.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace posthorn::api {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_batch = 500; // fits into one commit

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

result<people::row> read_row(const json::value& v, const std::vector<country>& countries) {
    if (!v.is_object())
        return refuse("is no JSON object");
    people::row_texts texts;
    for (const auto& [name, value] : v.get_object()) {
        const auto found = std::ranges::find(people::column_names, view(name));
        if (found == people::column_names.end())
            return refuse("unknown member '" + std::string(view(name)) + "'");
        if (!value.is_string())
            return refuse(std::string(view(name)) + ": is not a text");
        const auto at = static_cast<std::size_t>(found - people::column_names.begin());
        texts[at] = std::string(view(value.get_string()));
    }
    return people::checked(std::move(texts), countries);
}

// Why these are no rows; empty when they are.
std::string read_rows(const json::value& v, const std::vector<country>& countries,
                      std::vector<people::row>& rows) {
    if (!v.is_array() || v.get_array().empty() || v.get_array().size() > longest_batch)
        return "'rows' is not a list of 1 to 500 rows";
    for (const auto& one : v.get_array()) {
        auto row = read_row(one, countries);
        if (!row)
            return "row " + std::to_string(rows.size() + 1) + ": " + row.error().reason;
        rows.push_back(std::move(*row));
    }
    return {};
}

std::string read_text(std::string_view name, const json::value& v, std::string& text) {
    if (!v.is_string() || v.get_string().size() > longest_text)
        return "'" + std::string(name) + "' is not a text of at most 1,024 octets";
    text = std::string(view(v.get_string()));
    return {};
}

std::string read_member(std::string_view name, const json::value& v,
                        const std::vector<country>& countries, people_batch& out) {
    if (name == "rows")
        return read_rows(v, countries, out.rows);
    if (name == "reason")
        return read_text(name, v, out.reason);
    if (name == "file")
        return read_text(name, v, out.file);
    if (name != "continues")
        return "unknown member '" + std::string(name) + "'";
    if (!v.is_bool())
        return "'continues' is not true or false";
    out.continues = v.get_bool();
    return {};
}

} // namespace

people_batch read_people(const std::string& body, const std::vector<country>& countries) {
    people_batch out;
    json::error_code ec;
    const auto parsed = json::parse(body, ec);
    if (ec || !parsed.is_object()) {
        out.mistake = "the body is not a JSON object";
        return out;
    }
    for (const auto& [name, value] : parsed.get_object())
        if (out.mistake.empty())
            out.mistake = read_member(view(name), value, countries, out);
    if (out.mistake.empty() && out.rows.empty())
        out.mistake = "'rows' is missing";
    if (out.mistake.empty() && out.reason.empty())
        out.mistake = "say why: {\"reason\": \"...\"}";
    return out;
}

} // namespace posthorn::api
