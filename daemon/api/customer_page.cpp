#include "api/customer_page.hpp"

#include "api/html.hpp"
#include "api/resending.hpp"
#include "model/consent.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace posthorn::api {

namespace {

using boost::json::object;
using boost::json::value;

constexpr std::string_view head = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Customer</title>
<meta name="viewport" content="width=device-width">
<style>
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5em auto; max-width: 64em; padding: 0 1em }
table { border-collapse: collapse; width: 100%; margin: .5em 0 1em }
td, th { border-bottom: 1px solid #ccc; padding: .3em .6em; text-align: left; vertical-align: top }
td:last-child { white-space: pre-wrap; overflow-wrap: anywhere }
form { margin: .4em 0 } input, select, button { font: inherit; padding: .2em .4em }
.said { background: #eef3d8; padding: .5em .8em } .out { color: #a00 }
</style></head><body>
)";

std::string text_of(const object& o, std::string_view name) {
    const auto* v = o.if_contains(name);
    if (v == nullptr)
        return {};
    return v->is_string() ? std::string(v->as_string()) : boost::json::serialize(*v);
}

// 2026-11-02 09:00:00 UTC
std::string shown_time(const std::string& rfc3339) {
    if (rfc3339.size() < 19)
        return rfc3339;
    return rfc3339.substr(0, 10) + " " + rfc3339.substr(11, 8) + " UTC";
}

std::string row(std::initializer_list<std::string> cells, const char* cell = "td") {
    std::string out = "<tr>";
    for (const auto& c : cells)
        out += std::string("<") + cell + ">" + c + "</" + cell + ">";
    return out + "</tr>\n";
}

std::string known_of(const object& o) {
    std::string out = "<table>\n";
    for (const auto& [name, v] : o)
        if (v.is_string() || v.is_bool())
            out += row({html(name), html(text_of(o, name))});
    return out + "</table>\n";
}

std::string link_to(const std::string& who) {
    return "<a href=\"/customers?who=" + html(who) + "\">" + html(who) + "</a>";
}

// The bindings of a number or an account: "accounts" or "numbers".
std::string bindings_of(const object& o, std::string_view list, std::string_view each) {
    const auto* all = o.if_contains(list);
    if (all == nullptr || all->as_array().empty())
        return "<p>Bound to none.</p>\n";
    std::string out = "<p>" + std::string(list) + ":";
    for (const auto& one : all->as_array())
        out += " " + link_to(text_of(one.as_object(), each));
    return out + "</p>\n";
}

std::string hidden(std::string_view name, std::string_view text) {
    return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + html(text) +
           "\">";
}

// A form whose button does `act`; the reason is asked for beside it.
std::string form(std::string_view who, std::string_view act, const std::string& fields,
                 std::string_view button) {
    return "<form method=\"post\" action=\"/customers\">" + hidden("who", who) +
           hidden("act", act) + fields +
           " <input name=\"reason\" placeholder=\"why\" required maxlength=\"200\"> <button>" +
           std::string(button) + "</button></form>\n";
}

std::string categories() {
    std::string out = "<select name=\"category\"><option>" + std::string(all_categories);
    for (std::size_t i = 0; i < category_names.size(); ++i)
        if (asks_consent.has(static_cast<category>(i)))
            out += "</option><option>" + std::string(category_names[i]);
    return out + "</option></select>";
}

std::string consent_of(std::string_view who, const object& phone) {
    std::string out;
    for (const auto& o : phone.at("out_of").as_array())
        out += "<p class=\"out\">Opted out of " + html(text_of(o.as_object(), "category")) +
               " (entry " + html(text_of(o.as_object(), "entry")) + ")</p>\n";
    if (out.empty())
        out = "<p>Opted out of nothing.</p>\n";
    const auto number = hidden("number", text_of(phone, "number"));
    return out + form(who, "out", number + categories(), "Opt out") +
           form(who, "in", number + categories(), "Opt in again");
}

std::string subscriptions_of(std::string_view who, const object& phone) {
    std::string out = "<table>\n";
    const auto number = hidden("number", text_of(phone, "number"));
    for (const auto& one : phone.at("subscriptions").as_array()) {
        const auto& s = one.as_object();
        const bool paused = text_of(s, "paused") == "true";
        const auto which = number + hidden("topic", text_of(s, "topic")) +
                           hidden("parameter", text_of(s, "parameter"));
        out += row({html(text_of(s, "topic")), html(text_of(s, "parameter")),
                    html(text_of(s, "hours")) + (paused ? ", paused" : ""),
                    form(who, paused ? "resume" : "pause", which, paused ? "Resume" : "Pause") +
                        form(who, "remove", which, "End")});
    }
    return out + "</table>\n" +
           form(who, "add",
                number + "<input name=\"topic\" placeholder=\"topic\" required> "
                         "<input name=\"parameter\" placeholder=\"area or the like\">",
                "Subscribe");
}

bool may_be_sent_again(const object& text) {
    const auto state = message_state_named(text_of(text, "state"));
    return state && has_failed(*state);
}

std::string texts_of(std::string_view who, const object& phone) {
    std::string out = "<table>\n" + row({"when", "way", "what", "state", "text"}, "th");
    for (const auto& one : phone.at("texts").as_array()) {
        const auto& t = one.as_object();
        const bool sent = text_of(t, "way") == "out";
        auto state = html(text_of(t, "state"));
        if (const auto reason = text_of(t, "reason"); !reason.empty())
            state += "<br>" + html(reason);
        if (sent && may_be_sent_again(t))
            state += form(who, "resend", hidden("message", text_of(t, "id")), "Send again");
        const auto* text = t.if_contains("text");
        const auto email = text_of(t, "email");
        out += row(
            {html(shown_time(text_of(t, "at"))),
             email.empty() ? std::string(sent ? "to phone" : "from phone")
                           : "by e-mail to " + html(email),
             html(text_of(t, sent ? "type" : "command")), std::move(state),
             text != nullptr ? html(text_of(t, "text")) : "<i>not shown: it may hold a code</i>"});
    }
    return out + "</table>\n";
}

} // namespace

std::string customer_page(std::string_view who, const customer& found, std::string_view said) {
    std::string out(head);
    out += "<form action=\"/customers\"><input name=\"who\" value=\"" + html(who) +
           "\" placeholder=\"number or account\" autofocus> <button>Show</button></form>\n";
    if (!said.empty())
        out += "<p class=\"said\">" + html(said) + "</p>\n";
    if (who.empty())
        return out + "</body></html>\n";
    if (!found.known)
        out += "<p>Nothing is known of it.</p>\n";
    if (const auto* n = found.shape.if_contains("number"))
        out += "<h2>Number</h2>\n" + known_of(n->as_object()) +
               bindings_of(n->as_object(), "accounts", "account");
    if (const auto* a = found.shape.if_contains("account"))
        out += "<h2>Account</h2>\n" + known_of(a->as_object()) +
               bindings_of(a->as_object(), "numbers", "number");
    for (const auto& one : found.shape.at("phones").as_array()) {
        const auto& phone = one.as_object();
        out += "<h2>Phone " + html(text_of(phone, "number")) + "</h2>\n" + consent_of(who, phone) +
               subscriptions_of(who, phone) + texts_of(who, phone);
    }
    return out + "</body></html>\n";
}

} // namespace posthorn::api
