// The verdict first: who reads on wants to know why.
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/table.hpp"
#include "cli/when.hpp"

namespace posthorn::cli {

namespace {

std::string section(const std::string& name, const table& rows) {
    return rows.empty() ? "" : "\n" + name + "\n" + rows.text();
}

std::string accounts_of(const boost::json::value& status) {
    table rows(
        {"name", "adapter", "delivery", ">slots", ">open", ">per second", ">by contract", ""});
    for (const auto& a : list_at(status, "accounts"))
        rows.add({text_at(a, "name"), text_at(a, "adapter"), text_at(a, "delivery"),
                  text_at(a, "slots"), text_at(a, "open"), text_at(a, "submitted_per_second"),
                  text_at(a, "rate") == "0" ? "" : text_at(a, "rate"), text_at(a, "why")});
    return section("accounts", rows);
}

std::string pauses_of(const boost::json::value& status) {
    table rows({"paused", "name", "source", "how", "by", "since", "why"});
    for (const auto& p : list_at(status, "pauses"))
        rows.add({text_at(p, "scope"), text_at(p, "name"), text_at(p, "source"),
                  text_at(p, "stopped") == "yes" ? "stopped" : "paused", text_at(p, "who"),
                  shown_time(text_at(p, "since")), text_at(p, "reason")});
    return section("paused", rows);
}

std::string warnings_of(const boost::json::value& status) {
    table rows({"warned of", "name", "source", "why"});
    for (const auto& w : list_at(status, "warnings"))
        rows.add(
            {text_at(w, "scope"), text_at(w, "name"), text_at(w, "source"), text_at(w, "reason")});
    return section("the brake warns", rows);
}

std::string queue_of(const boost::json::value& status) {
    table rows({"pool", "priority", "source", ">waiting", "oldest due"});
    for (const auto& q : list_at(status, "queue"))
        rows.add({text_at(q, "pool"), text_at(q, "priority"), text_at(q, "source"),
                  text_at(q, "waiting"), shown_time(text_at(q, "oldest_due"))});
    return section("queue", rows);
}

std::string parked_of(const boost::json::value& status) {
    table rows({">events", "reason"});
    for (const auto& p : list_at(status, "parked"))
        rows.add({text_at(p, "events"), text_at(p, "reason")});
    return section("parked", rows);
}

// Whatever is counted, under the name it has there.
std::string numbers_of(const boost::json::value& status, const char* name) {
    table rows({"", ">"});
    for (const auto& [key, value] : object_at(status, name)) {
        std::string words(key);
        for (auto& c : words)
            c = c == '_' ? ' ' : c;
        rows.add({words, shown(value)});
    }
    return section(name, rows);
}

} // namespace

std::string status_page(const boost::json::value& status) {
    const auto verdict = text_at(status, "verdict");
    std::string page = (verdict.empty() ? "no verdict" : verdict) + "\n";
    if (const auto started = text_at(status, "started_at"); !started.empty())
        page += "running since " + shown_time(started) + "\n";
    if (const auto failed = text_at(status, "failed_texts"); !failed.empty() && failed != "0")
        page += "texts from phones that wait for a person: " + failed + "\n";
    if (const auto put_off = text_at(status, "put_off"); !put_off.empty() && put_off != "0")
        page += "messages that wait for the end of quiet hours, or for a budget: " + put_off + "\n";
    return page + pauses_of(status) + warnings_of(status) +
           section("budgets", budgets_table(status)) + accounts_of(status) +
           section("sources", sources_table(status)) + queue_of(status) + parked_of(status) +
           numbers_of(status, "totals") + numbers_of(status, "store");
}

} // namespace posthorn::cli
