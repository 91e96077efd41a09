// Carriers' JSON, read leniently: numbers come as texts and texts as numbers. Pure.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::sdk {

// Nothing when it is no JSON, or deeper than any carrier's.
std::optional<boost::json::value> read_json(std::string_view text);

// Of a text, a number, true, false; nothing of all else.
std::optional<std::string> scalar_text(const boost::json::value& v);

// What stands at a JSON pointer (RFC 6901), e.g. /messages/0/message-id; an empty text where nothing
// does, or no scalar.
std::string text_at(const boost::json::value& v, std::string_view pointer);
const boost::json::value* find_at(const boost::json::value& v, std::string_view pointer);

} // namespace posthorn::sdk
