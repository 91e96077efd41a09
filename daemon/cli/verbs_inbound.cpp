// `posthorn inbound`: texts from phones, and a person's word that one that failed is seen to.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/printable.hpp"
#include "cli/target.hpp"
#include "cli/when.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

struct inbound_options {
    std::string number, outcome, since, after;
    std::string limit = "50";
    std::string text, reason;
};

int list(const inbound_options& o, const shared_options& shared, console& to) {
    target from("/v1/inbound");
    from.with("number", o.number)
        .with("outcome", o.outcome)
        .with("since", moment_option("--since", o.since))
        .with("after", o.after)
        .with("limit", o.limit);
    return print(shared, must(daemon_of(shared).get(from.text())), inbound_page, to);
}

int done(const inbound_options& o, const shared_options& shared, console& to) {
    const auto told = must(daemon_of(shared).post("/v1/inbound/" + url_encoded(o.text) + "/done",
                                                  given({{"reason", o.reason}})));
    if (shared.json)
        to.out << json_line(told);
    else
        to.out << printable("text " + id_at(told, "id") + " is handled\n");
    return fine;
}

} // namespace

void add_inbound(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<inbound_options>();
    auto* verb = app.add_subcommand("inbound", "Texts from phones, and what became of them");
    verb->require_subcommand(0, 1);
    verb->add_option("--number", o->number, "The phone, in any spelling");
    verb->add_option(
        "--outcome", o->outcome,
        "waiting, answered, failed, handled, ignored, kept, passed, part, duplicate or late");
    verb->add_option("--since", o->since, "A time (RFC 3339), or how long ago: 24h, 7d");
    verb->add_option("--limit", o->limit, "So many rows")->capture_default_str();
    verb->add_option("--after", o->after, "Go on where a page ended");
    auto* seen = verb->add_subcommand("done", "You have looked at a text that failed");
    seen->add_option("ID", o->text, "The text, as `posthorn inbound` lists it")->required();
    seen->add_option("--reason", o->reason, "What was done, for the record")->required();
    verb->callback([verb, seen, o, &shared, &chosen] {
        const bool mark = verb->got_subcommand(seen);
        chosen = [mark, o, &shared](console& to) {
            return mark ? done(*o, shared, to) : list(*o, shared, to);
        };
    });
}

} // namespace posthorn::cli
