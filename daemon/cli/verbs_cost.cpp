// `posthorn cost`: what the parts cost that carriers have accepted.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

struct cost_options {
    std::string day, month, by;
};

int cost(const cost_options& o, const shared_options& shared, console& to) {
    const auto path = "/v1/cost?day=" + url_encoded(o.day) + "&month=" + url_encoded(o.month) +
                      "&by=" + url_encoded(o.by);
    return print(shared, must(daemon_of(shared).get(path)), cost_page, to);
}

} // namespace

std::string cost_page(const boost::json::value& found) {
    table rows({"", ">PARTS", ">COST", ""});
    for (const auto& row : list_at(found, "cost"))
        rows.add({text_at(row, "account") + text_at(row, "source") + text_at(row, "type"),
                  text_at(row, "parts"), id_at(row, "price"), text_at(row, "currency")});
    const auto budgets = budgets_table(found);
    return (rows.empty() ? "nothing that has a price was sent\n" : rows.text(0)) +
           (budgets.empty() ? "" : "\nbudgets, now\n" + budgets.text());
}

table budgets_table(const boost::json::value& found) {
    table rows({"name", ">used", ">of", "", ">%", "per", "until", ""});
    for (const auto& b : list_at(found, "budgets")) {
        const bool full = text_at(b, "step") == "used_up";
        const bool stops = text_at(b, "stops") == "yes";
        rows.add({text_at(b, "budget"), id_at(b, "used"), id_at(b, "amount"),
                  text_at(b, "currency"), text_at(b, "percent"), text_at(b, "per"),
                  text_at(b, "until"),
                  !full   ? ""
                  : stops ? "used up: its messages wait"
                          : "used up: stops nothing"});
    }
    return rows;
}

void add_cost(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<cost_options>();
    auto* verb = app.add_subcommand("cost", "What accepted parts cost: today, or another day");
    auto* day = verb->add_option("--day", o->day, "2026-11-27, in the site's zone [today]");
    verb->add_option("--month", o->month, "2026-11")->excludes(day);
    verb->add_option("--by", o->by, "account, source or type")
        ->check(CLI::IsMember({"account", "source", "type"}));
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return cost(*o, shared, to); };
    });
}

} // namespace posthorn::cli
