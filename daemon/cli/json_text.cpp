#include "cli/json_text.hpp"

#include "cli/import_view.hpp"
#include "encoding/utf8.hpp"

#include <boost/json/serialize.hpp>

#include <array>
#include <cstdio>

namespace posthorn::cli {

namespace {

const boost::json::value* member(const boost::json::value& object, std::string_view name) {
    const auto* o = object.if_object();
    return o == nullptr ? nullptr : o->if_contains(name);
}

} // namespace

std::string shown(const boost::json::value& value) {
    if (value.is_null())
        return {};
    if (const auto* text = value.if_string())
        return std::string(*text);
    if (const auto* n = value.if_int64())
        return *n < 0 ? std::to_string(*n) : with_commas(static_cast<std::uint64_t>(*n));
    if (const auto* n = value.if_uint64())
        return with_commas(*n);
    if (const auto* d = value.if_double()) {
        std::array<char, 64> text{};
        std::snprintf(text.data(), text.size(), "%.1f", *d);
        return text.data();
    }
    if (const auto* flag = value.if_bool())
        return *flag ? "yes" : "no";
    return boost::json::serialize(value);
}

std::string text_at(const boost::json::value& object, std::string_view name) {
    const auto* found = member(object, name);
    return found == nullptr ? std::string() : shown(*found);
}

std::string id_at(const boost::json::value& object, std::string_view name) {
    const auto* found = member(object, name);
    if (found == nullptr || found->is_null())
        return {};
    return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
}

const boost::json::array& list_at(const boost::json::value& object, std::string_view name) {
    static const boost::json::array none;
    const auto* found = member(object, name);
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

const boost::json::object& object_at(const boost::json::value& object, std::string_view name) {
    static const boost::json::object none;
    const auto* found = member(object, name);
    return found != nullptr && found->is_object() ? found->get_object() : none;
}

std::string json_line(const boost::json::value& value) {
    return encoding::repaired(boost::json::serialize(value)) + "\n";
}

} // namespace posthorn::cli
