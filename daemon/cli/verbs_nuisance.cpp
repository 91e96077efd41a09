// `posthorn nuisance`: numbers that are not answered for a time.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/printable.hpp"
#include "cli/when.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

struct nuisance_options {
    std::string number, how_long = "7d", reason, after;
};

int list(const nuisance_options& o, const shared_options& shared, console& to) {
    const auto path = "/v1/nuisances?limit=1000&after=" + url_encoded(o.after);
    return print(shared, must(daemon_of(shared).get(path)), nuisances_page, to);
}

int change(const std::string& what, const nuisance_options& o, const shared_options& shared,
           console& to) {
    boost::json::object body{{"do", what}, {"reason", o.reason}};
    if (what == "add")
        body["for"] = o.how_long;
    const auto told = must(daemon_of(shared).post("/v1/nuisances/" + url_encoded(o.number), body));
    const auto& n = told.at("nuisance");
    return tell(shared, told,
                id_at(n, "number") +
                    (what == "add" ? " is not answered until " + shown_time(text_at(n, "until"))
                                   : std::string(" is answered again")),
                to);
}

} // namespace

std::string nuisances_page(const boost::json::value& found) {
    table rows({"NUMBER", "SINCE", "UNTIL", "BY", "WHY"});
    for (const auto& n : list_at(found, "nuisances"))
        rows.add({id_at(n, "number"), shown_time(text_at(n, "since")),
                  shown_time(text_at(n, "until")), text_at(n, "who"), text_at(n, "reason")});
    if (rows.empty())
        return "no number is a nuisance\n";
    const auto more = id_at(found, "after");
    return rows.text(0) + (more.empty() ? "" : "more: --after " + more + '\n');
}

void add_nuisance(CLI::App& app, const shared_options& shared, action& chosen) {
    auto* verb = app.add_subcommand("nuisance", "Numbers that are not answered for a time");
    verb->require_subcommand(1);
    auto o = std::make_shared<nuisance_options>();
    auto* lists = verb->add_subcommand("list", "Which, until when and why");
    lists->add_option("--after", o->after, "Go on after this number");
    lists->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return list(*o, shared, to); };
    });
    const auto add = [&](const std::string& name, const char* help) {
        auto* sub = verb->add_subcommand(name, help);
        sub->add_option("NUMBER", o->number, "The phone, in any spelling")->required();
        sub->add_option("--reason", o->reason, "For the record")->required();
        sub->callback([name, o, &shared, &chosen] {
            chosen = [name, o, &shared](console& to) { return change(name, *o, shared, to); };
        });
        return sub;
    };
    add("add", "What it texts is kept and not answered; opt-outs are heeded")
        ->add_option("--for", o->how_long, "How long: 24h, 30d")
        ->capture_default_str();
    add("remove", "It is answered again");
}

} // namespace posthorn::cli
