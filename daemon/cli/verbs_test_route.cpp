// `posthorn test route`: which account would carry a text now, and why not the others.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/printable.hpp"
#include "cli/test_verbs.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

struct route_options {
    std::string number, type, source, parts = "1";
};

int test_route(const route_options& o, const shared_options& shared, console& to) {
    const auto tried = must(daemon_of(shared).post(
        "/v1/test/route",
        given({{"number", o.number}, {"type", o.type}, {"source", o.source}, {"parts", o.parts}})));
    to.out << (shared.json ? json_line(tried) : printable(route_page(tried)));
    return list_at(tried, "would_carry").empty() ? refused : fine;
}

} // namespace

std::string route_page(const boost::json::value& tried) {
    table facts({"", ""});
    const auto add = [&facts](const std::string& what, const std::string& text) {
        if (!text.empty())
            facts.add({what, text});
    };
    add("number", id_at(tried, "number"));
    add("carrier", text_at(tried, "carrier"));
    add("category", text_at(tried, "category"));
    add("pool", text_at(tried, "pool"));
    const auto& route = object_at(tried, "route");
    add("order", text_at(route, "order") + (route.contains("sticky") ? ", sticky" : "") +
                     (route.contains("receipts") ? ", with receipts" : ""));
    std::string takes;
    for (const auto& one : list_at(tried, "would_carry"))
        takes += (takes.empty() ? "" : " or ") + shown(one);
    add("would go by", takes.empty() ? "none now: it waits" : takes);
    table accounts({"account", ">rank", ">price", ">parts", ">cost", "", "why not"});
    for (const auto& a : list_at(tried, "accounts"))
        accounts.add({text_at(a, "account"), text_at(a, "rank"), id_at(a, "price"),
                      text_at(a, "parts"), id_at(a, "cost"), text_at(a, "currency"),
                      text_at(a, "why_not")});
    return facts.text(0) + "\n" + accounts.text(0);
}

void add_test_route(CLI::App& test, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<route_options>();
    auto* verb = test.add_subcommand("route", "Show which account would carry a text, and why");
    verb->add_option("NUMBER", o->number, "To whom, in any spelling")->required();
    verb->add_option("TYPE", o->type, "Event type, e.g. bill.issued")->required();
    verb->add_option("--source", o->source, "As this source sends it");
    verb->add_option("--parts", o->parts, "Of so many parts [1]");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return test_route(*o, shared, to); };
    });
}

} // namespace posthorn::cli
