// Verbs that list what the daemon knows, a page at a time: search, accounts, sources, log.
#include "cli/daemon_call.hpp"
#include "cli/pages.hpp"
#include "cli/when.hpp"
#include "model/time_text.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

// A target with those of its members that were given.
class target {
public:
    explicit target(std::string path) : text_(std::move(path)) {}

    target& with(const std::string& name, const std::string& value) {
        if (!value.empty()) {
            text_ += (any_ ? "&" : "?") + name + "=" + url_encoded(value);
            any_ = true;
        }
        return *this;
    }
    const std::string& text() const { return text_; }

private:
    std::string text_;
    bool any_ = false;
};

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
    std::string number, key, type, run, source, state, since, until, after;
    std::string limit = "50";
};

int search(const search_options& o, const shared_options& shared, console& to) {
    target from("/v1/search");
    from.with("number", o.number)
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

} // namespace

void add_search(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<search_options>();
    auto* verb = app.add_subcommand("search", "Find messages, in live work and in history");
    verb->add_option("--number", o->number, "The phone, in any spelling");
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
    app.add_subcommand("accounts", "Contracts with carriers: links, windows, rates")
        ->callback([&shared, &chosen] {
            chosen = [&shared](console& to) {
                return print(shared, must(daemon_of(shared).get("/v1/accounts")), accounts_page,
                             to);
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
