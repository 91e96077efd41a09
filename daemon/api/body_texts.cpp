#include "api/body_texts.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace posthorn::api {

body_texts read_body(const std::string& body, std::initializer_list<std::string_view> known) {
    body_texts out;
    if (body.empty())
        return out;
    boost::json::error_code ec;
    const auto parsed = boost::json::parse(body, ec);
    if (ec || !parsed.is_object()) {
        out.mistake = "the body is not a JSON object";
        return out;
    }
    for (const auto& [name, value] : parsed.get_object()) {
        const std::string_view member(name.data(), name.size());
        if (std::find(known.begin(), known.end(), member) == known.end())
            out.mistake = "unknown member '" + std::string(member) + "'";
        else if (!value.is_string() || value.get_string().size() > longest_text)
            out.mistake = "'" + std::string(member) + "' is not a text of at most 1,024 octets";
        else
            out.texts[std::string(member)] = std::string(value.get_string());
    }
    return out;
}

} // namespace posthorn::api
