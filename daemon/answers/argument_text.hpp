// An argument of a query code, as its text was read; empty: it was not given.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace posthorn::answers {

inline std::string text_of(const boost::json::object& arguments, std::string_view name) {
    const auto* v = arguments.if_contains(name);
    return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string();
}

} // namespace posthorn::answers
