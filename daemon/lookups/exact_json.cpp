#include "lookups/exact_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <string>

namespace posthorn::lookups {

namespace {

namespace json = boost::json;

// What json::basic_parser calls.
struct exact_handler {
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    using error = boost::system::error_code;

    bool on_document_begin(error&) { return true; }
    bool on_document_end(error&) { return true; }
    bool on_array_begin(error&) { return true; }
    bool on_array_end(std::size_t n, error&) {
        made.push_array(n);
        return true;
    }
    bool on_object_begin(error&) { return true; }
    bool on_object_end(std::size_t n, error&) {
        made.push_object(n);
        return true;
    }
    bool on_string_part(json::string_view s, std::size_t, error&) {
        made.push_chars(s);
        return true;
    }
    bool on_string(json::string_view s, std::size_t, error&) {
        made.push_string(s);
        return true;
    }
    bool on_key_part(json::string_view s, std::size_t, error&) {
        made.push_chars(s);
        return true;
    }
    bool on_key(json::string_view s, std::size_t, error&) {
        made.push_key(s);
        return true;
    }
    bool on_number_part(json::string_view s, error&) {
        number += std::string_view(s);
        return true;
    }
    bool on_int64(std::int64_t i, json::string_view, error&) {
        number.clear();
        made.push_int64(i);
        return true;
    }
    bool on_uint64(std::uint64_t u, json::string_view, error&) {
        number.clear();
        made.push_uint64(u);
        return true;
    }
    bool on_double(double, json::string_view s, error&) {
        number += std::string_view(s);
        made.push_string(number);
        number.clear();
        return true;
    }
    bool on_bool(bool b, error&) {
        made.push_bool(b);
        return true;
    }
    bool on_null(error&) {
        made.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, error&) { return true; }
    bool on_comment(json::string_view, error&) { return true; }

    json::value_stack made;
    std::string number; // its beginning
};

} // namespace

std::optional<json::value> parse_exact(std::string_view text) {
    json::basic_parser<exact_handler> parser{json::parse_options{}};
    parser.handler().made.reset();
    boost::system::error_code ec;
    const auto read = parser.write_some(false, text.data(), text.size(), ec);
    if (ec || text.substr(read).find_first_not_of(" \t\r\n") != std::string_view::npos)
        return std::nullopt;
    return parser.handler().made.release();
}

} // namespace posthorn::lookups
