// Texts as they stand in a URL, a form, JSON, XML; and forms read. Pure.
#pragma once

#include "sdk/fields.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::sdk {

using form_fields = field_list;

// All but A-Z a-z 0-9 - _ . ~ as %XX: right in a path, a query and a form alike.
std::string percent_encoded(std::string_view text);
// "%E4%B8%AD+a" → "中 a". Nothing when an escape is broken.
std::optional<std::string> form_decoded(std::string_view text);

// name=value&name=value, in this order.
std::string form_of(const form_fields& fields);
std::optional<form_fields> read_form(std::string_view text);

// Between the quotes of a JSON string, in an XML text or attribute. XML has no control characters:
// they are left out.
std::string json_escaped(std::string_view text);
std::string xml_escaped(std::string_view text);
// In a header: a space for each control character.
std::string header_escaped(std::string_view text);

std::string lower_case(std::string_view ascii);
// Of a phone number, with + before it or without.
std::string_view digits_of(std::string_view number);
// "api.example.com:8443" of a URL.
std::string host_in(std::string_view url);

} // namespace posthorn::sdk
