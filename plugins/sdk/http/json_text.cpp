#include "sdk/http/json_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace posthorn::sdk {

namespace json = boost::json;

std::optional<json::value> read_json(std::string_view text) {
    json::error_code ec;
    json::parse_options options;
    options.max_depth = 16;
    options.allow_invalid_utf8 = false;
    auto v = json::parse(json::string_view(text.data(), text.size()), ec, {}, options);
    if (ec)
        return std::nullopt;
    return v;
}

std::optional<std::string> scalar_text(const json::value& v) {
    if (const auto* s = v.if_string())
        return std::string(s->data(), s->size());
    if (v.is_number() || v.is_bool())
        return json::serialize(v);
    return std::nullopt;
}

const json::value* find_at(const json::value& v, std::string_view pointer) {
    json::error_code ec;
    return v.find_pointer(json::string_view(pointer.data(), pointer.size()), ec);
}

std::string text_at(const json::value& v, std::string_view pointer) {
    const auto* found = find_at(v, pointer);
    return found == nullptr ? std::string() : scalar_text(*found).value_or(std::string());
}

} // namespace posthorn::sdk
