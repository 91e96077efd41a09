#include "expansion/recipient_data.hpp"

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

} // namespace posthorn::expansion
