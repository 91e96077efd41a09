// `posthorn work`: what crews work on.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/printable.hpp"
#include "cli/table.hpp"
#include "cli/target.hpp"
#include "cli/when.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

using boost::json::value;

struct work_options {
    std::string area, number, id, place, work, begins, ends, worker;
    std::string limit = "50";
};

std::string work_page(const value& found) {
    table page({"ID", "AREA", "PLACE", "WORK", "FROM", "UNTIL", "WORKER", "NUMBER", "REPORTED"});
    for (const auto& w : list_at(found, "work"))
        page.add({id_at(w, "id"), text_at(w, "area"), text_at(w, "place"), text_at(w, "work"),
                  shown_time(text_at(w, "begins_at")), shown_time(text_at(w, "ends_at")),
                  text_at(w, "worker"), id_at(w, "number"), shown_time(text_at(w, "at"))});
    return page.empty() ? "no work goes on\n" : page.text(0);
}

int list(const work_options& o, const shared_options& shared, console& to) {
    target from("/v1/work");
    from.with("area", o.area).with("number", o.number).with("limit", o.limit);
    return print(shared, must(daemon_of(shared).get(from.text())), work_page, to);
}

int add(const work_options& o, const shared_options& shared, console& to) {
    const auto answer = must(daemon_of(shared).post("/v1/work", given({{"number", o.number},
                                                                       {"place", o.place},
                                                                       {"work", o.work},
                                                                       {"begins_at", o.begins},
                                                                       {"ends_at", o.ends},
                                                                       {"worker", o.worker}})));
    return tell(shared, answer,
                "work " + id_at(answer, "id") + " in " + text_at(answer, "area") + " is recorded",
                to);
}

int end(const work_options& o, const shared_options& shared, console& to) {
    const auto answer =
        must(daemon_of(shared).post("/v1/work/" + url_encoded(o.id) + "/end", given({})));
    return tell(shared, answer, "work " + id_at(answer, "id") + " is over", to);
}

} // namespace

void add_work(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<work_options>();
    auto* verb = app.add_subcommand("work", "What crews work on, by their own word");
    verb->require_subcommand(0, 1);
    verb->add_option("--area", o->area, "Only there");
    verb->add_option("--number", o->number, "Only of this phone");
    verb->add_option("--limit", o->limit, "So many rows")->capture_default_str();
    auto* more = verb->add_subcommand("add", "Report it for a crew");
    more->add_option("NUMBER", o->number, "The phone of the crew, in any spelling")->required();
    more->add_option("PLACE", o->place, "Where")->required();
    more->add_option("WORK", o->work, "What is done")->required();
    more->add_option("--begins", o->begins, "RFC 3339, with a zone")->required();
    more->add_option("--ends", o->ends, "As expected; RFC 3339, with a zone");
    more->add_option("--worker", o->worker, "Who [as the phone's owner is called]");
    auto* over = verb->add_subcommand("end", "It is over");
    over->add_option("ID", o->id, "The work, as `posthorn work` lists it")->required();
    verb->callback([verb, more, over, o, &shared, &chosen] {
        int (*act)(const work_options&, const shared_options&, console&) = list;
        if (verb->got_subcommand(more))
            act = add;
        else if (verb->got_subcommand(over))
            act = end;
        chosen = [act, o, &shared](console& to) { return act(*o, shared, to); };
    });
}

} // namespace posthorn::cli
