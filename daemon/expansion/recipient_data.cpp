#include "expansion/recipient_data.hpp"

#include "model/message.hpp"
#include "templates/recipient_fields.hpp"

namespace posthorn::expansion {

namespace {

namespace json = boost::json;

void put(json::object& into, std::string_view name, const std::string& text) {
    if (!text.empty())
        into[name] = text;
}

// A person without a name is called as its account, and the other way round.
json::object known_of(const store::recipient& who) {
    json::object out;
    put(out, "account", who.account);
    put(out, "customer", who.customer);
    put(out, "name", who.name.empty() ? who.account_name : who.name);
    put(out, "account_name", who.account_name.empty() ? who.name : who.account_name);
    return out;
}

} // namespace

json::object data_for(const templates::event_type& type, const json::object& of_event,
                      const store::recipient& who) {
    auto data = templates::completed(type, of_event, known_of(who));
    put(data, "language", who.language);
    return data;
}

std::uint64_t household_of(const templates::event_type& type, const store::recipient& who) {
    if (!type.collapse || type.collapse->by == one_per::number)
        return 0;
    const auto& whose = type.collapse->by == one_per::account ? who.account : who.customer;
    return whose.empty() ? 0 : household_named(whose);
}

} // namespace posthorn::expansion
