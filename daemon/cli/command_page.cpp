// What would come of a text from a phone, as a person reads it; the answers follow with their parts.
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/table.hpp"

namespace posthorn::cli {

namespace {

using boost::json::value;

std::string joined(const boost::json::array& texts, const char* between) {
    std::string out;
    for (const auto& t : texts)
        out += (out.empty() ? "" : between) + shown(t);
    return out;
}

std::string who_of(const value& tried) {
    const auto roles = joined(list_at(tried, "roles"), " or ");
    return text_at(tried, "who") + (roles.empty() ? "" : " in the role " + roles);
}

std::string phone_of(const value& phone) {
    std::string out = id_at(phone, "number");
    if (const auto role = text_at(phone, "role"); !role.empty())
        out += ", role " + role;
    std::string accounts;
    for (const auto& a : list_at(phone, "accounts"))
        accounts += (accounts.empty() ? "" : ", ") + id_at(a, "account");
    out += accounts.empty() ? ", bound to no account" : ", bound to " + accounts;
    out += text_at(phone, "pin") == "yes" ? ", has a PIN" : "";
    return out + (text_at(phone, "locked") == "yes" ? ", locked for wrong PINs or codes" : "");
}

std::string lookup_of(const value& l) {
    std::string out = text_at(l, "lookup");
    for (const auto& [name, parameter] : object_at(l, "parameters"))
        out += " " + std::string(name) + "=" + id_at(l.at("parameters"), name);
    const auto failed = text_at(l, "failed");
    return out + (failed.empty() ? ": " + text_at(l, "rows") + " rows"
                                 : ": " + failed + " (" + text_at(l, "why") + ")");
}

} // namespace

std::string command_page(const value& tried) {
    table rows({"", ""});
    const auto add = [&rows](const std::string& what, const std::string& text) {
        if (!text.empty())
            rows.add({what, text});
    };
    add("consent word", text_at(tried, "opt_word"));
    add("query code", text_at(tried, "match"));
    add("who may ask", who_of(tried));
    if (!object_at(tried, "phone").empty())
        add("phone", phone_of(tried.at("phone")));
    for (const auto& l : list_at(tried, "lookups"))
        add("looks up", lookup_of(l));
    add("asks back", text_at(tried, "asks_back"));
    for (const auto& c : list_at(tried, "changes"))
        add("would be", shown(c));
    for (const auto& n : list_at(tried, "notes"))
        add("note", shown(n));
    const auto as = text_at(tried, "settled_as");
    add("outcome", text_at(tried, "outcome") + (as.empty() ? "" : ", as " + as));
    return rows.text(0);
}

} // namespace posthorn::cli
