// Why something was sent, or was not.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/target.hpp"
#include "cli/verbs.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

struct explain_options {
    std::string what, source;
};

int explain(const explain_options& o, const shared_options& shared, console& to) {
    target from("/v1/explain");
    from.with("what", o.what).with("source", o.source);
    const auto all = must(daemon_of(shared).get(from.text()));
    if (list_at(all, "events").empty() && !all.as_object().contains("number"))
        throw failure("nothing is known of '" + o.what +
                      "': it is no id, no key of an event that was taken in and no phone number (a "
                      "row may still wait in its outbox: `posthorn status`), or what it names is "
                      "kept no longer (keep_history)");
    return print(shared, all, explained_page, to);
}

} // namespace

void add_explain(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<explain_options>();
    auto* verb = app.add_subcommand("explain", "Why it was sent, or was not: all that happened, in "
                                               "order, and for what reason");
    verb->add_option("--source", o->source, "Where several sources use the same key");
    verb->add_option("ID|KEY|NUMBER", o->what,
                     "Id of an event or message, a key, or whose phone it is")
        ->required();
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return explain(*o, shared, to); };
    });
}

} // namespace posthorn::cli
