// `posthorn timers`: what is made later, and that it is not.
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

struct timer_options {
    std::string source, subject, timer, id, reason;
    std::string limit = "50";
};

std::string timers_page(const value& found) {
    table page({"ID", "DUE", "TYPE", "TIMER", "SOURCE", "SUBJECT", "BEGAN WITH"});
    for (const auto& s : list_at(found, "steps"))
        page.add({id_at(s, "id"), shown_time(text_at(s, "due_at")), text_at(s, "type"),
                  text_at(s, "timer"), text_at(s, "source"), id_at(s, "subject"),
                  id_at(value(object_at(s, "began")), "key")});
    return page.empty() ? "no step of a timer waits\n" : page.text(0);
}

int list_steps(const timer_options& o, const shared_options& shared, console& to) {
    target from("/v1/timers");
    from.with("source", o.source)
        .with("subject", o.subject)
        .with("timer", o.timer)
        .with("limit", o.limit);
    return print(shared, must(daemon_of(shared).get(from.text())), timers_page, to);
}

int cancel_step(const timer_options& o, const shared_options& shared, console& to) {
    if (o.id.empty() == o.timer.empty())
        throw failure("say what is not made: a step, by its ID, or --timer NAME, all of it that "
                      "waits");
    const auto daemon = daemon_of(shared);
    if (!o.id.empty())
        return tell(shared,
                    must(daemon.post("/v1/timers/" + url_encoded(o.id) + "/cancel",
                                     given({{"reason", o.reason}}))),
                    "step " + o.id + " is not made", to);
    return tell(
        shared,
        must(daemon.post("/v1/timers/cancel", given({{"timer", o.timer}, {"reason", o.reason}}))),
        "no step of " + o.timer + " that waited is made", to);
}

} // namespace

void add_timers(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<timer_options>();
    auto* verb = app.add_subcommand("timers", "What is made later: ladders, reminders, deadlines");
    verb->require_subcommand(0, 1);
    verb->add_option("--source", o->source, "Only of events of this source");
    verb->add_option("--subject", o->subject, "Only of events with this subject");
    verb->add_option("--timer", o->timer, "Only of this timer");
    verb->add_option("--limit", o->limit, "So many rows")->capture_default_str();
    auto* cancel = verb->add_subcommand("cancel", "A step that waits is not made");
    cancel->add_option("ID", o->id, "The step, as `posthorn timers` lists it");
    cancel->add_option("--timer", o->timer, "All steps of this timer that wait");
    cancel->add_option("--reason", o->reason, "For the record")->required();
    verb->callback([cancel, verb, o, &shared, &chosen] {
        const bool cancels = verb->got_subcommand(cancel);
        chosen = [cancels, o, &shared](console& to) {
            return cancels ? cancel_step(*o, shared, to) : list_steps(*o, shared, to);
        };
    });
}

} // namespace posthorn::cli
