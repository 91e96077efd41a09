// `posthorn people`: numbers, customer accounts, and which number may ask about which account.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/people_verbs.hpp"
#include "cli/printable.hpp"
#include "cli/table.hpp"
#include "cli/when.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace posthorn::cli {

namespace {

using boost::json::value;

struct binding_options {
    std::string who, account, reason, pin;
    bool fresh = false, clear = false;
};

std::string facts_of(const value& of, std::initializer_list<const char*> names) {
    std::string out;
    for (const auto* name : names)
        if (const auto text = text_at(of, name); !text.empty())
            out += (out.empty() ? "" : "  ") + std::string(name) + " " + text;
    return out.empty() ? "" : "  " + out + '\n';
}

std::string changes_of(const value& of) {
    table page({"AT", "", "NUMBER", "ACCOUNT", "BY", "WHO", "WHY"});
    for (const auto& c : list_at(of, "changes"))
        page.add({shown_time(text_at(c, "at")), text_at(c, "what"), id_at(c, "number"),
                  id_at(c, "account"), text_at(c, "how"), text_at(c, "who"), text_at(c, "reason")});
    return page.empty() ? "" : page.text();
}

std::string number_page(const value& n) {
    std::string out = "number " + id_at(n, "number") + '\n' +
                      facts_of(n, {"name", "role", "tier", "area", "language", "email", "channel",
                                   "zone", "hours"});
    const auto* pin = n.as_object().if_contains("pin");
    out += pin && *pin == value(true) ? "  has a PIN\n" : "";
    if (const auto until = text_at(n, "locked_until"); !until.empty())
        out += "  locked for wrong PINs or codes until " + shown_time(until) + '\n';
    table accounts({"ACCOUNT", "NAME", "AREA", "TIER", "LANGUAGE"});
    for (const auto& a : list_at(n, "accounts"))
        accounts.add({id_at(a, "account"), text_at(a, "name"), text_at(a, "area"),
                      text_at(a, "tier"), text_at(a, "language")});
    out += accounts.empty() ? "  is bound to no account\n" : accounts.text();
    return out + changes_of(n);
}

std::string account_page(const value& a) {
    std::string out =
        "account " + id_at(a, "account") + '\n' + facts_of(a, {"name", "area", "tier", "language"});
    out += a.as_object().contains("vulnerable") ? "  is vulnerable\n" : "";
    const auto* code = a.as_object().if_contains("code");
    out += code && *code == value(true) ? "  has a binding code that is not used yet\n" : "";
    table numbers({"NUMBER", "NAME", "ROLE", "BY", "WHO", "SINCE"});
    for (const auto& n : list_at(a, "numbers"))
        numbers.add({id_at(n, "number"), text_at(n, "name"), text_at(n, "role"), text_at(n, "how"),
                     text_at(n, "who"), shown_time(text_at(n, "at"))});
    out += numbers.empty() ? "  no number is bound to it\n" : numbers.text();
    return out + changes_of(a);
}

std::string people_page(const value& found) {
    std::string out;
    if (const auto* n = found.as_object().if_contains("number"))
        out += number_page(*n);
    if (const auto* a = found.as_object().if_contains("account"))
        out += account_page(*a);
    return out;
}

std::string path_of(const binding_options& o, const char* verb) {
    return "/v1/people/" + url_encoded(o.who) + verb;
}

int show_binding(const binding_options& o, const shared_options& shared, console& to) {
    return print(shared, must(daemon_of(shared).get(path_of(o, ""))), people_page, to);
}

int bind(const binding_options& o, const shared_options& shared, console& to) {
    const auto answer = must(daemon_of(shared).post(
        path_of(o, "/bind"),
        given({{"account", o.account}, {"reason", o.reason}, {"new", o.fresh ? "yes" : ""}})));
    const bool changed = answer.as_object().at("changed") == value(true);
    return tell(shared, answer,
                "number " + id_at(answer, "number") + (changed ? " is now" : " was already") +
                    " bound to account " + id_at(answer, "account"),
                to);
}

int unbind(const binding_options& o, const shared_options& shared, console& to) {
    const auto answer = must(daemon_of(shared).post(
        path_of(o, "/unbind"), given({{"account", o.account}, {"reason", o.reason}})));
    return tell(shared, answer,
                "number " + id_at(answer, "number") + " is not bound to account " +
                    id_at(answer, "account") + " any more",
                to);
}

int pin(binding_options o, const shared_options& shared, console& to) {
    if (!o.clear && o.pin.empty() && (!std::getline(std::cin, o.pin) || o.pin.empty()))
        throw failure("no PIN: type it as a line of standard input, or --clear", usage);
    const auto answer = must(daemon_of(shared).post(
        path_of(o, "/pin"), given({{"pin", o.clear ? "" : o.pin}, {"reason", o.reason}})));
    return tell(shared, answer,
                "number " + id_at(answer, "number") +
                    (o.clear ? " has no PIN any more" : " has a new PIN"),
                to);
}

int code(const binding_options& o, const shared_options& shared, console& to) {
    const auto answer =
        must(daemon_of(shared).post(path_of(o, "/code"), given({{"reason", o.reason}})));
    return tell(shared, answer,
                text_at(answer, "code") + "   binds one number to account " +
                    id_at(answer, "account") + " until " +
                    shown_time(text_at(answer, "expires_at")) +
                    "; this is the only time it is shown",
                to);
}

} // namespace

void add_people(CLI::App& app, const shared_options& shared, action& chosen) {
    auto* verb = app.add_subcommand("people", "Phone numbers, customer accounts, who may ask what");
    verb->require_subcommand(1);
    auto o = std::make_shared<binding_options>();
    const auto add = [&](const char* name, const char* help, const char* whom, const char* what,
                         auto act, bool changes = true) {
        auto* sub = verb->add_subcommand(name, help);
        sub->add_option(whom, o->who, what)->required();
        if (changes)
            sub->add_option("--reason", o->reason, "For the record")->required();
        sub->callback([o, act, &shared, &chosen] {
            chosen = [o, act, &shared](console& to) { return act(*o, shared, to); };
        });
        return sub;
    };
    constexpr const char* phone = "The phone, E.164 or national";
    add("show", "What is known, what is bound, and who changed it", "WHO",
        "A phone number or a customer account", show_binding, false);
    auto* bound = add("bind", "A number may ask about an account", "NUMBER", phone, bind);
    bound->add_option("ACCOUNT", o->account, "The customer account")->required();
    bound->add_flag("--new", o->fresh, "Though nothing is known of this account yet");
    add("unbind", "A number may no longer ask about an account", "NUMBER", phone, unbind)
        ->add_option("ACCOUNT", o->account, "The customer account")
        ->required();
    auto* pins =
        add("pin", "Set or clear the PIN of a number, and end its lock", "NUMBER", phone, pin);
    auto* clear = pins->add_flag("--clear", o->clear, "It has none any more");
    pins->add_option("--pin", o->pin, "4 to 8 digits [a line of standard input]")->excludes(clear);
    add("code", "Make a code by which a phone binds itself to an account, once", "ACCOUNT",
        "The customer account", code);
    add_people_import(*verb, shared, chosen);
    add_people_contacts(*verb, shared, chosen);
}

} // namespace posthorn::cli
