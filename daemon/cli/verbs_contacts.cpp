// `posthorn people changes|agree|refuse`: contact numbers that phones have changed.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/people_verbs.hpp"
#include "cli/printable.hpp"
#include "cli/table.hpp"
#include "cli/target.hpp"
#include "cli/when.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

using boost::json::value;

struct contact_options {
    std::string id, reason, state, after;
    std::string limit = "50";
};

std::string changes_page(const value& found) {
    table page({"ID", "AT", "ACCOUNT", "FROM", "TO", "STATE", "OWNER", "BY", "WHY"});
    for (const auto& c : list_at(found, "changes"))
        page.add({id_at(c, "id"), shown_time(text_at(c, "at")), id_at(c, "account"),
                  id_at(c, "from"), id_at(c, "to"), text_at(c, "state"), text_at(c, "source"),
                  text_at(c, "settled_by"), text_at(c, "reason")});
    if (page.empty())
        return "no contact number was changed\n";
    const auto more = id_at(found, "after");
    return page.text(0) + (more.empty() ? "" : "more: --after " + more + '\n');
}

int changes(const contact_options& o, const shared_options& shared, console& to) {
    target from("/v1/contact-changes");
    from.with("state", o.state).with("after", o.after).with("limit", o.limit);
    return print(shared, must(daemon_of(shared).get(from.text())), changes_page, to);
}

int settle(const contact_options& o, bool agreed, const shared_options& shared, console& to) {
    const boost::json::object body{{"agreed", agreed}, {"reason", o.reason}};
    const auto told =
        must(daemon_of(shared).post("/v1/contact-changes/" + url_encoded(o.id), body));
    return tell(shared, told,
                "contact change " + id_at(told, "id") + " of account " + id_at(told, "account") +
                    " is " + text_at(told, "state") +
                    (agreed ? "" : ": the old number is bound again"),
                to);
}

} // namespace

void add_people_contacts(CLI::App& people, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<contact_options>();
    auto* list = people.add_subcommand("changes", "Contact numbers that phones have changed");
    list->add_option("--state", o->state, "waiting, agreed or refused");
    list->add_option("--limit", o->limit, "So many rows")->capture_default_str();
    list->add_option("--after", o->after, "Go on where a page ended");
    list->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return changes(*o, shared, to); };
    });
    for (const bool agreed : {true, false}) {
        auto* verb = people.add_subcommand(
            agreed ? "agree" : "refuse",
            agreed ? "The owner of the account agrees to a change"
                   : "It does not: the account is bound to the old number again");
        verb->add_option("ID", o->id, "The change, as `people changes` lists it")->required();
        verb->add_option("--reason", o->reason, "For the record")->required();
        verb->callback([o, agreed, &shared, &chosen] {
            chosen = [o, agreed, &shared](console& to) { return settle(*o, agreed, shared, to); };
        });
    }
}

} // namespace posthorn::cli
