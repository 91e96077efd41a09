#include "lookups/row.hpp"

#include "templates/data.hpp"

#include <charconv>

namespace posthorn::lookups {

namespace {

namespace json = boost::json;
using templates::kind;

std::string_view text_of(const json::value& v) { return std::string_view(v.get_string()); }

json::value as_integer(json::value v) {
    if (!v.is_string())
        return v;
    const auto text = text_of(v);
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return whole ? json::value(number) : v;
}

json::value as_boolean(const json::value& v) {
    if (v.is_int64() && (v.get_int64() == 0 || v.get_int64() == 1))
        return v.get_int64() == 1;
    return v;
}

json::value as_text(const json::value& v) {
    return v.is_int64() ? json::value(std::to_string(v.get_int64())) : v;
}

// PostgreSQL writes whole hours east of UTC as +08.
json::value as_time(json::value v) {
    if (!v.is_string())
        return v;
    const auto text = text_of(v);
    const auto sign = text.find_last_of("+-");
    if (text.size() > 11 && sign != std::string_view::npos && sign > 10 && sign == text.size() - 3)
        v.get_string() += ":00";
    return v;
}

} // namespace

json::value fitted(const templates::field& f, json::value v) {
    switch (f.kind) {
    case kind::integer:
        return as_integer(std::move(v));
    case kind::money:
        return f.in == templates::money_form::minor ? as_integer(std::move(v)) : v;
    case kind::boolean:
        return as_boolean(v);
    case kind::text:
    case kind::choice:
    case kind::number:
        return as_text(v);
    case kind::time:
        return as_time(std::move(v));
    default:
        return v;
    }
}

std::string mistakes_of(const lookup& of, const json::object& row) {
    static const auto zone = templates::zone::utc(); // what a time means is not asked here
    if (templates::read_data(of.fields, row, zone))
        return {};
    std::string why; // read_data() would show what stands there
    for (const auto& f : of.fields) {
        if (templates::read_data({f}, row, zone))
            continue;
        const auto* found = row.if_contains(f.name);
        why += why.empty() ? "" : "; ";
        if (found == nullptr || found->is_null())
            why += "'" + f.name + "' is missing";
        else if (found->is_double())
            why += "'" + f.name +
                   "' is a number with a fraction, which is not exact: let the "
                   "system give it as a text";
        else
            why += "'" + f.name + "' is no good " + std::string(templates::name_of(f.kind));
    }
    return why;
}

} // namespace posthorn::lookups
