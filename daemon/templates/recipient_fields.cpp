#include "templates/recipient_fields.hpp"

#include <algorithm>

namespace posthorn::templates {

namespace {

bool is_left_out(const event_type& type, const boost::json::object& data, std::string_view name) {
    return !data.contains(name) &&
           std::ranges::find(type.fields, name, &field::name) != type.fields.end();
}

} // namespace

bool differs_by_recipient(const event_type& type, const boost::json::object& data) {
    return std::ranges::any_of(
        recipient_fields, [&](std::string_view name) { return is_left_out(type, data, name); });
}

boost::json::object completed(const event_type& type, boost::json::object data,
                              const boost::json::object& of_recipient) {
    for (const auto name : recipient_fields)
        if (const auto* value = of_recipient.if_contains(name);
            value != nullptr && is_left_out(type, data, name))
            data[name] = *value;
    return data;
}

} // namespace posthorn::templates
