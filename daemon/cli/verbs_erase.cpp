// posthorn erase: the running daemon forgets a number.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/printable.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

constexpr auto patience_of_erasure = std::chrono::minutes(10); // it looks for what is under way

struct erase_options {
    std::string number, reason;
    bool sure = false;
};

int erase(const erase_options& o, const shared_options& shared, console& to) {
    const auto told = must(daemon_of(shared, patience_of_erasure)
                               .post("/v1/erase", given({{"number", o.number},
                                                         {"reason", o.reason},
                                                         {"sure", o.sure ? "yes" : ""}})));
    return tell(shared, told,
                o.number +
                    (text_at(told, "again") == "yes" ? " is being erased already, as "
                                                     : " is being erased, as ") +
                    text_at(told, "called") + "; `posthorn log` says `erased` when it is done",
                to);
}

} // namespace

void add_erase(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<erase_options>();
    auto* verb = app.add_subcommand(
        "erase", "Forget a number: all that names it, in live.db, history and results");
    verb->add_option("NUMBER", o->number, "The phone, in any spelling, or an e-mail address")
        ->required();
    verb->add_option("--reason", o->reason, "For the record; without the number")->required();
    verb->add_flag("--yes", o->sure, "It cannot be undone");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return erase(*o, shared, to); };
    });
}

} // namespace posthorn::cli
