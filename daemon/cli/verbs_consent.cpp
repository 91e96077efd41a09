// What a number has opted out of, and a person's word about it.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/when.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

struct consent_options {
    std::string number, category = "all", reason;
};

std::string target_of(const consent_options& o) { return "/v1/consent/" + url_encoded(o.number); }

int show_consent(const consent_options& o, const shared_options& shared, console& to) {
    return print(shared, must(daemon_of(shared).get(target_of(o))), consent_page, to);
}

int set(const std::string& what, const consent_options& o, const shared_options& shared,
        console& to) {
    const auto body = given({{"what", what}, {"category", o.category}, {"reason", o.reason}});
    const auto told = must(daemon_of(shared).post(target_of(o), body));
    if (shared.json) {
        to.out << json_line(told);
        return fine;
    }
    to.out << id_at(told, "number")
           << (what == "out" ? " is opted out of " : " gets again what it had opted out of: ")
           << text_at(told, "category") << " (entry " << id_at(told, "entry") << ")\n";
    return fine;
}

} // namespace

std::string consent_page(const boost::json::value& number) {
    std::string out;
    for (const auto& o : list_at(number, "out_of"))
        out += (out.empty() ? "" : ", ") + text_at(o, "category") + " (entry " + id_at(o, "entry") +
               ")";
    std::string page = id_at(number, "number") +
                       (out.empty() ? " has opted out of nothing\n" : " is out of " + out + "\n");
    table rows({"at", "entry", "what", "category", "how", "who", "words", "reason"});
    for (const auto& e : list_at(number, "ledger"))
        rows.add({shown_time(text_at(e, "at")), id_at(e, "entry"), text_at(e, "what"),
                  text_at(e, "category"), text_at(e, "how"), text_at(e, "who"), text_at(e, "words"),
                  text_at(e, "reason")});
    return rows.empty() ? page : page + "\n" + rows.text(0);
}

void add_consent(CLI::App& app, const shared_options& shared, action& chosen) {
    auto* verb = app.add_subcommand("consent", "What a number has opted out of, and its ledger");
    verb->require_subcommand(1);
    auto o = std::make_shared<consent_options>();
    const auto add = [&](const std::string& name, const std::string& help) {
        auto* sub = verb->add_subcommand(name, help);
        sub->add_option("NUMBER", o->number, "The phone, in any spelling")->required();
        return sub;
    };
    add("show", "What it is out of, and every word that was said about it")
        ->callback([o, &shared, &chosen] {
            chosen = [o, &shared](console& to) { return show_consent(*o, shared, to); };
        });
    for (const auto& [name, help] : {std::pair{"out", "It opts out, as its owner told you"},
                                     std::pair{"in", "It comes back, as its owner told you"}}) {
        auto* sub = add(name, help);
        sub->add_option("--category", o->category, "service, billing, marketing, survey or all")
            ->capture_default_str();
        sub->add_option("--reason", o->reason, "Who asked for it and how: the ledger is the proof")
            ->required();
        sub->callback([what = std::string(name), o, &shared, &chosen] {
            chosen = [what, o, &shared](console& to) { return set(what, *o, shared, to); };
        });
    }
}

} // namespace posthorn::cli
