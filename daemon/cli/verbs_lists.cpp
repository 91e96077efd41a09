// Verbs that list what the daemon knows, a page at a time: search, accounts, sources, log. And
// `accounts test`.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/table.hpp"
#include "cli/target.hpp"
#include "cli/when.hpp"
#include "model/time_text.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

constexpr auto patience_of_trial = std::chrono::seconds(90);

struct log_options {
    std::string since, who, what, after;
    std::string limit = "50";
};

int log(const log_options& o, const shared_options& shared, console& to) {
    target from("/v1/log");
    from.with("since", moment_option("--since", o.since))
        .with("who", o.who)
        .with("what", o.what)
        .with("after", o.after)
        .with("limit", o.limit);
    return print(shared, must(daemon_of(shared).get(from.text())), log_page, to);
}

struct search_options {
    std::string number, email, key, type, run, source, state, since, until, after;
    std::string limit = "50";
};

int search(const search_options& o, const shared_options& shared, console& to) {
    target from("/v1/search");
    from.with("number", o.number)
        .with("email", o.email)
        .with("key", o.key)
        .with("type", o.type)
        .with("run", o.run)
        .with("source", o.source)
        .with("state", o.state)
        .with("since", moment_option("--since", o.since))
        .with("until", moment_option("--until", o.until))
        .with("after", o.after)
        .with("limit", o.limit);
    return print(shared, must(daemon_of(shared).get(from.text())), search_page, to);
}

std::string trial_page(const boost::json::value& told) {
    const auto name = text_at(told, "account");
    const auto over = "over " + text_at(told, "over");
    std::string page = text_at(told, "works") == "yes"
                           ? "account " + name + " works (" + over + ")\n"
                           : "account " + name + " does not work: " + text_at(told, "why") + "\n";
    table rows({"", ""});
    for (const auto& [what, value] : object_at(told, "learned"))
        rows.add({std::string(what), shown(value)});
    if (!rows.empty())
        page += rows.text();
    if (text_at(told, "enabled") != "yes")
        page += "it is not enabled: nothing is sent through it (`enabled` in its file)\n";
    else if (text_at(told, "delivery") == "test")
        page += "delivery: test: it sends only to the numbers in its `allow`\n";
    return page;
}

int try_account(const std::string& name, const shared_options& shared, console& to) {
    const auto told = must(daemon_of(shared, patience_of_trial)
                               .post("/v1/accounts/" + url_encoded(name) + "/test", {}));
    print(shared, told, trial_page, to);
    return text_at(told, "works") == "yes" ? fine : refused;
}

} // namespace

void add_search(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<search_options>();
    auto* verb = app.add_subcommand("search", "Find messages, in live work and in history");
    verb->add_option("--number", o->number,
                     "The phone, in any spelling; also letters to whose it is");
    verb->add_option("--email", o->email, "The address of letters");
    verb->add_option("--key", o->key, "The source's name for the event");
    verb->add_option("--type", o->type, "The type of the event");
    verb->add_option("--run", o->run, "The batch");
    verb->add_option("--source", o->source, "The business system");
    verb->add_option("--state", o->state, "parked, queued, ... delivered, rejected, ...");
    verb->add_option("--since", o->since, "Taken in since: a time (RFC 3339), or 24h, 7d ago");
    verb->add_option("--until", o->until, "Taken in before");
    verb->add_option("--limit", o->limit, "So many rows")->capture_default_str();
    verb->add_option("--after", o->after, "Go on where a page ended");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return search(*o, shared, to); };
    });
}

void add_accounts(CLI::App& app, const shared_options& shared, action& chosen) {
    auto name = std::make_shared<std::string>();
    auto* verb = app.add_subcommand("accounts", "Contracts with carriers: links, windows, rates");
    verb->require_subcommand(0, 1);
    verb->add_subcommand("test", "Ask its carrier whether it answers; no text is sent")
        ->add_option("NAME", *name, "The account, also one that is not enabled")
        ->required();
    verb->callback([name, &shared, &chosen] {
        chosen = [name, &shared](console& to) {
            if (!name->empty())
                return try_account(*name, shared, to);
            return print(shared, must(daemon_of(shared).get("/v1/accounts")), accounts_page, to);
        };
    });
    app.add_subcommand("sources", "Business systems, and what of theirs waits")
        ->callback([&shared, &chosen] {
            chosen = [&shared](console& to) {
                return print(shared, must(daemon_of(shared).get("/v1/sources")), sources_page, to);
            };
        });
}

void add_log(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<log_options>();
    auto* verb = app.add_subcommand("log", "Who changed what, and why");
    verb->add_option("--since", o->since, "A time (RFC 3339), or how long ago: 24h, 7d");
    verb->add_option("--who", o->who, "Only by this user");
    verb->add_option("--what", o->what, "Only this verb: pause, resume, stop, cancel, ...");
    verb->add_option("--limit", o->limit, "So many rows")->capture_default_str();
    verb->add_option("--after", o->after, "Go on where a page ended");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return log(*o, shared, to); };
    });
}

} // namespace posthorn::cli
