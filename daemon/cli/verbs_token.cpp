// `posthorn token`: who may send over HTTP. Works on the file beside the daemon's database, whether
// it runs or not; a running one follows within a second.
#include "cli/json_text.hpp"
#include "cli/printable.hpp"
#include "cli/site.hpp"
#include "cli/table.hpp"
#include "cli/verbs.hpp"
#include "tokens/token_file.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <chrono>
#include <memory>

namespace posthorn::cli {

namespace {

using boost::json::object;

struct token_options {
    std::string source;
    std::string name;
    std::string id;
    bool metrics = false;
    bool agent = false;
};

std::string shown_day(instant t) {
    const std::chrono::year_month_day d{std::chrono::floor<std::chrono::days>(t)};
    const auto two = [](unsigned n) { return (n < 10 ? "-0" : "-") + std::to_string(n); };
    return std::to_string(static_cast<int>(d.year())) + two(static_cast<unsigned>(d.month())) +
           two(static_cast<unsigned>(d.day()));
}

void check_name(const std::string& name) {
    if (name.size() > 64 || std::ranges::any_of(name, [](char c) {
            return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        }))
        throw failure("--name: at most 64 octets, without control characters", usage);
}

int create(const token_options& o, const shared_options& shared, console& to) {
    if ((o.source.empty() ? 0 : 1) + (o.metrics ? 1 : 0) + (o.agent ? 1 : 0) != 1)
        throw failure("say whose token it is: --source NAME, --agent for a person who serves "
                      "customers, or --metrics for one that reads /metrics",
                      usage);
    if (o.agent && o.name.empty())
        throw failure("say who the agent is: --name NAME stands beside all that is done with the "
                      "token",
                      usage);
    check_name(o.name);
    const auto site = load_site(config_path(shared.config));
    if (!o.source.empty())
        outbox_of(site, o.source); // that there is such a source
    const auto now = std::chrono::floor<duration>(std::chrono::system_clock::now());
    auto made = tokens::make_token(o.source, o.name, now);
    made.token.agent = o.agent;
    tokens::add_token(site.tokens_file(), made.token);
    if (shared.json) {
        to.out << json_line(object{{"id", made.token.id}, {"token", made.text}});
        return fine;
    }
    to.out << made.text << '\n';
    to.err << "posthorn: this is the only time it is shown; `posthorn token revoke "
           << made.token.id << "` ends it\n";
    return fine;
}

int list(const shared_options& shared, console& to) {
    const auto site = load_site(config_path(shared.config));
    const auto all = tokens::read_tokens(site.tokens_file());
    if (!all)
        throw failure(all.error().reason);
    if (shared.json) {
        boost::json::array rows;
        for (const auto& t : *all)
            rows.push_back(object{{"id", t.id},
                                  {"source", t.source},
                                  {"metrics", t.source.empty() && !t.agent},
                                  {"agent", t.agent},
                                  {"created", shown_day(t.created_at)},
                                  {"name", t.name}});
        to.out << json_line(object{{"tokens", std::move(rows)}});
        return fine;
    }
    table page({"ID", "FOR", "CREATED", "NAME"});
    for (const auto& t : *all)
        page.add({t.id,
                  t.agent            ? "agent"
                  : t.source.empty() ? "metrics"
                                     : t.source,
                  shown_day(t.created_at), printable(t.name)});
    to.out << page.text();
    return fine;
}

int revoke(const token_options& o, const shared_options& shared, console& to) {
    const auto site = load_site(config_path(shared.config));
    if (!tokens::revoke_token(site.tokens_file(), o.id))
        throw failure("there is no token " + o.id + ": see `posthorn token list`");
    to.out << "revoked " << o.id << '\n';
    return fine;
}

} // namespace

void add_token(CLI::App& app, const shared_options& shared, action& chosen) {
    auto* verb = app.add_subcommand("token", "Tokens for business systems that send over HTTP");
    verb->require_subcommand(1);
    auto o = std::make_shared<token_options>();
    auto* make = verb->add_subcommand("create", "Make a token, and show it once");
    make->add_option("--source", o->source, "Whose events it may hand in");
    make->add_flag("--agent", o->agent, "Instead: it is a person's who serves customers");
    make->add_flag("--metrics", o->metrics, "Instead: it may read /metrics");
    make->add_option("--name", o->name, "What it is for, for people");
    make->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return create(*o, shared, to); };
    });
    auto* show = verb->add_subcommand("list", "Who has a token; never the tokens themselves");
    show->callback(
        [&shared, &chosen] { chosen = [&shared](console& to) { return list(shared, to); }; });
    auto* end = verb->add_subcommand("revoke", "End a token; the daemon follows within a second");
    end->add_option("ID", o->id, "As `posthorn token list` shows it")->required();
    end->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return revoke(*o, shared, to); };
    });
}

} // namespace posthorn::cli
