#include "intake/canonical.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::intake {

namespace {

namespace json = boost::json;

void put(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            constexpr std::string_view hex = "0123456789abcdef";
            const auto code = static_cast<unsigned char>(c);
            out += "\\u00";
            out += hex[code >> 4];
            out += hex[code & 0xF];
        } else {
            out += c;
        }
    }
    out += '"';
}

template <class Number>
void put_number(std::string& out, Number n) {
    std::array<char, 40> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
    out.append(digits.data(), end);
}

void put(std::string& out, const json::object& object);

void put(std::string& out, const json::value& value) {
    switch (value.kind()) {
    case json::kind::null:
        out += "null";
        break;
    case json::kind::bool_:
        out += value.get_bool() ? "true" : "false";
        break;
    case json::kind::int64:
        put_number(out, value.get_int64());
        break;
    case json::kind::uint64:
        put_number(out, value.get_uint64());
        break;
    case json::kind::double_:
        put_number(out, value.get_double());
        break;
    case json::kind::string:
        put(out, std::string_view(value.get_string()));
        break;
    case json::kind::array: {
        out += '[';
        const char* comma = "";
        for (const auto& item : value.get_array()) {
            out += std::exchange(comma, ",");
            put(out, item);
        }
        out += ']';
        break;
    }
    case json::kind::object:
        put(out, value.get_object());
        break;
    }
}

void put(std::string& out, const json::object& object) {
    std::vector<const json::key_value_pair*> sorted;
    sorted.reserve(object.size());
    for (const auto& item : object)
        sorted.push_back(&item);
    std::ranges::sort(sorted, {}, [](const auto* item) { return std::string_view(item->key()); });
    out += '{';
    const char* comma = "";
    for (const auto* item : sorted) {
        out += std::exchange(comma, ",");
        put(out, std::string_view(item->key()));
        out += ':';
        put(out, item->value());
    }
    out += '}';
}

} // namespace

std::string canonical(const json::object& data) {
    std::string out;
    out.reserve(256);
    put(out, data);
    return out;
}

} // namespace posthorn::intake
