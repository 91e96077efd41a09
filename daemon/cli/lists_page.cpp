// Tables a page long, with how to go on.
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/table.hpp"
#include "cli/when.hpp"

namespace posthorn::cli {

namespace {

using boost::json::value;

std::string page_of(const value& answer, const table& rows, const std::string& none) {
    std::string page = rows.empty() ? none + "\n" : rows.text(0);
    if (const auto after = id_at(answer, "after"); !after.empty())
        page += "\nthere may be more: the same with --after " + after + "\n";
    return page;
}

} // namespace

std::string search_page(const value& found) {
    table rows({"taken in", "source", "key", "type", "run", "to", "state", "reason"});
    for (const auto& f : list_at(found, "found"))
        rows.add({shown_time(text_at(f, "received_at")), text_at(f, "source"), text_at(f, "key"),
                  text_at(f, "type"), text_at(f, "run"), text_at(f, "recipient"),
                  text_at(f, "state"), text_at(f, "reason")});
    const bool cut = text_at(found, "in_time") == "no";
    return (cut ? "looked for two seconds, and not to the end (--since shortens the way):\n" : "") +
           page_of(found, rows, cut ? "nothing yet" : "nothing is found");
}

std::string accounts_page(const value& all) {
    table rows(
        {"name", "adapter", "delivery", "state", ">slots", ">open", ">rate", ">per second", "why"});
    std::string learned;
    for (const auto& a : list_at(all, "accounts")) {
        rows.add({text_at(a, "name"), text_at(a, "adapter"), text_at(a, "delivery"),
                  text_at(a, "state"), text_at(a, "slots"), text_at(a, "open"), text_at(a, "rate"),
                  text_at(a, "submitted_per_second"), text_at(a, "why")});
        for (const auto& [what, said] : object_at(a, "learned"))
            learned += text_at(a, "name") + " has learned: " + std::string(what) + ": " +
                       shown(said) + "\n";
    }
    return rows.empty() ? "no account is configured\n"
                        : rows.text(0) + (learned.empty() ? "" : "\n" + learned);
}

table sources_table(const value& all) {
    table rows({"name", ">waiting", ">kept back", "quota used", ""});
    for (const auto& s : list_at(all, "sources")) {
        std::string quota;
        for (const auto& q : list_at(s, "quota"))
            quota += (quota.empty() ? "" : ", ") + text_at(q, "used") + " of " +
                     text_at(q, "limit") + " a " + text_at(q, "window");
        const auto kept_back = text_at(s, "kept_back");
        rows.add({text_at(s, "name"), text_at(s, "waiting"), kept_back == "0" ? "" : kept_back,
                  quota, text_at(s, "problem")});
    }
    return rows;
}

std::string sources_page(const value& all) {
    const auto rows = sources_table(all);
    return rows.empty() ? "no source is configured\n" : rows.text(0);
}

std::string inbound_page(const value& found) {
    table rows({"id", "at", "number", "to", "outcome", "command", "of", "text"});
    for (const auto& t : list_at(found, "texts")) {
        const auto source = text_at(t, "source");
        rows.add({id_at(t, "id"), shown_time(text_at(t, "at")), id_at(t, "number"), id_at(t, "to"),
                  text_at(t, "outcome") + (source.empty() ? "" : " to " + source),
                  text_at(t, "command"), id_at(t, "head"), text_at(t, "text")});
    }
    const bool cut = text_at(found, "in_time") == "no";
    return (cut ? "looked for two seconds, and not to the end (--since shortens the way):\n" : "") +
           page_of(found, rows, cut ? "nothing yet" : "nothing is found");
}

std::string log_page(const value& log) {
    table rows({"at", "who", "what", "which", "reason", "result"});
    for (const auto& o : list_at(log, "operations"))
        rows.add({shown_time(text_at(o, "at")), text_at(o, "who"), text_at(o, "what"),
                  text_at(o, "which"), text_at(o, "reason"), text_at(o, "result")});
    return page_of(log, rows, "nothing was changed");
}

} // namespace posthorn::cli
