// Whether all that came in, and all that was sent, is accounted for.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/target.hpp"
#include "cli/when.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

// Counting the rows of years takes its time.
constexpr auto patience_of_counting = std::chrono::hours(4);

using boost::json::value;

struct reconcile_options {
    std::string day, run;
    bool deep = false;
};

// "messages: 12 made = 11 delivered + 1 rejected    holds"
std::string balance_text(const value& b) {
    std::string parts;
    for (const auto& t : list_at(b, "made_of"))
        parts += (parts.empty() ? "" : " + ") + text_at(t, "n") + " " + text_at(t, "what");
    const bool holds = text_at(b, "holds") == "yes";
    std::string out = text_at(b, "of") + ": " + text_at(b, "n") + " " + text_at(b, "what") + " = " +
                      (parts.empty() ? "0" : parts) +
                      (holds ? "\n" : "   DOES NOT HOLD: these are " + text_at(b, "sum") + "\n");
    out += "    " + text_at(b, "means") + "\n";
    if (!holds)
        out += "    next: " + text_at(b, "otherwise") + "\n";
    return out;
}

std::string rows_text(const value& rows) {
    const auto differing = text_at(rows, "differing");
    std::string out = "rows: " + text_at(rows, "messages") + " messages counted, " +
                      text_at(rows, "results") + " compared with what their sources were told, " +
                      (differing == "0" ? "none differs" : differing + " DIFFER") + "\n";
    for (const auto& d : list_at(rows, "differences")) {
        const auto event = id_at(d, "event"), message = id_at(d, "message");
        out += "    " +
               (!message.empty() ? "message " + message + ": "
                : !event.empty() ? "event " + event + ": "
                                 : std::string()) +
               text_at(d, "what") + "\n";
    }
    if (differing != "0")
        out +=
            "    next: keep a copy of state_dir and result_dir as they are; `posthorn show ID` "
            "of what is named, `posthorn log`; a row changed or lost by hand or by a broken disk "
            "is in the last backup as it was\n";
    return out;
}

std::string reconcile_page(const value& all) {
    std::string out = text_at(all, "holds") == "yes" ? "everything is accounted for"
                                                     : "SOMETHING IS NOT ACCOUNTED FOR";
    if (const auto run = text_at(all, "run"); !run.empty())
        out += ": run " + run;
    if (const auto from = text_at(all, "from"); !from.empty())
        out += ": made from " + shown_time(from) + " until " + shown_time(text_at(all, "until"));
    out += "\n";
    if (const auto begin = text_at(all, "books_begin"); !begin.empty())
        out += "without what was made before " + shown_time(begin) +
               ": there were no books at that time\n";
    for (const auto& b : list_at(all, "balances"))
        out += "\n" + balance_text(b);
    if (all.as_object().contains("rows"))
        out += "\n" + rows_text(all.at("rows"));
    return out;
}

int reconcile(const reconcile_options& o, const shared_options& shared, console& to) {
    target from("/v1/reconcile");
    from.with("day", o.day).with("run", o.run).with("deep", o.deep ? "yes" : "");
    const auto all = must(daemon_of(shared, patience_of_counting).get(from.text()));
    print(shared, all, reconcile_page, to);
    return text_at(all, "holds") == "yes" ? fine : refused;
}

} // namespace

void add_reconcile(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<reconcile_options>();
    auto* verb = app.add_subcommand("reconcile", "Whether all that came in and was sent is "
                                                 "accounted for; exit code 1 when it is not");
    auto* day = verb->add_option("--day", o->day, "What was made on that day: 2026-11-27");
    verb->add_option("--run", o->run, "Of this batch; counts its rows")->excludes(day);
    verb->add_flag("--deep", o->deep,
                   "Count the rows, and compare them with the books and with "
                   "what sources were told; name what differs");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return reconcile(*o, shared, to); };
    });
}

} // namespace posthorn::cli
