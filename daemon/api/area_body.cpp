#include "api/area_body.hpp"

#include "api/body_texts.hpp"
#include "model/blank.hpp"
#include "people/row.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <optional>

namespace posthorn::api {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_batch = 500; // fits into one commit
constexpr std::size_t longest_name = 64;

struct text_reader {
    const json::object& from;
    std::string mistake;

    std::optional<std::string> text(std::string_view name) {
        const auto* value = from.if_contains(name);
        if (value == nullptr)
            return std::nullopt;
        if (value->is_string() && value->get_string().size() <= longest_text)
            return std::string(trimmed(std::string_view(value->get_string())));
        mistake = std::string(name) + ": is not a text of at most 1,024 octets";
        return std::nullopt;
    }
};

std::string read_row(const json::value& v, area_batch& out) {
    if (!v.is_object())
        return "is no JSON object";
    for (const auto& [name, value] : v.get_object())
        if (name != "area" && name != "parent" && name != "name")
            return "unknown member '" + std::string(name) + "'";
    text_reader row{v.get_object(), {}};
    store::put_area area{.area = row.text("area").value_or(""),
                         .parent = row.text("parent"),
                         .name = row.text("name")};
    if (!row.mistake.empty())
        return row.mistake;
    if (const auto why = place_mistake(area.area); !why.empty())
        return "area: " + why;
    if (area.parent == area.area)
        return "parent: an area does not lie in itself";
    if (area.parent && area.parent->size() > longest_name)
        return "parent: " + place_mistake(*area.parent);
    out.rows.push_back(std::move(area));
    return {};
}

} // namespace

std::string place_mistake(const std::string& name) {
    return is_blank(name) ? "is empty" : people::text_mistake(name, longest_name);
}

area_batch read_areas(const std::string& body) {
    area_batch out;
    json::error_code ec;
    const auto parsed = json::parse(body, ec);
    if (ec || !parsed.is_object()) {
        out.mistake = "the body is not a JSON object";
        return out;
    }
    const auto& all = parsed.get_object();
    text_reader texts{all, {}};
    out.reason = texts.text("reason").value_or("");
    out.file = texts.text("file").value_or("");
    out.mistake = texts.mistake;
    const auto* continues = all.if_contains("continues");
    out.continues = continues != nullptr && continues->is_bool() && continues->get_bool();
    const auto* rows = all.if_contains("rows");
    if (rows == nullptr || !rows->is_array() || rows->get_array().empty() ||
        rows->get_array().size() > longest_batch) {
        out.mistake = "'rows' is not a list of 1 to 500 rows";
        return out;
    }
    for (const auto& row : rows->get_array())
        if (const auto why = read_row(row, out); !why.empty() && out.mistake.empty())
            out.mistake = "row " + std::to_string(out.rows.size() + 1) + ": " + why;
    if (out.mistake.empty() && out.reason.empty())
        out.mistake = "say why: {\"reason\": \"...\"}";
    return out;
}

} // namespace posthorn::api
