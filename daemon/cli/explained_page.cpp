// What happened, line by line, and under each what it happened for:
//
//     B-2026-11-0007  bill.issued from billing, run 2026-11: delivered
//
//         2026-11-02 09:00:00.120  taken in as event 4812...
//                                    its key is B-2026-11-0007, its run 2026-11
//         2026-11-02 09:00:00.131  accepted by sim
//                                    as 9A01
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/when.hpp"

namespace posthorn::cli {

namespace {

using boost::json::value;

constexpr std::string_view margin = "    ";

std::string moments_text(const value& event) {
    const bool several = list_at(event, "messages").size() > 1;
    std::string out;
    for (const auto& m : list_at(event, "moments")) {
        const auto at = shown_time(text_at(m, "at"));
        const auto message = several ? id_at(m, "message") : "";
        out += std::string(margin) + at + "  " + (message.empty() ? "" : message + "  ") +
               text_at(m, "what") + "\n";
        if (const auto why = text_at(m, "why"); !why.empty())
            out += std::string(margin) + std::string(at.size() + 4, ' ') + why + "\n";
    }
    return out;
}

// What is not at its end yet, and what it waits for.
std::string waiting_text(const value& event) {
    std::string out;
    for (const auto& m : list_at(event, "messages")) {
        if (!text_at(m, "final_at").empty())
            continue;
        out += std::string(margin) + "now: " + text_at(m, "state");
        if (const auto due = text_at(m, "due_at"); !due.empty())
            out += ", due " + shown_time(due);
        if (const auto end = text_at(m, "expires_at"); !end.empty())
            out += ", given up at " + shown_time(end);
        out += "\n";
        if (const auto what = text_at(m, "waits_for"); !what.empty())
            out += std::string(margin) + "     it waits for " + what + "\n";
    }
    return out;
}

std::string event_text(const value& event) {
    const auto run = text_at(event, "run");
    return text_at(event, "key") + "  " + text_at(event, "type") + " from " +
           text_at(event, "source") + (run.empty() ? "" : ", run " + run) + ": " +
           text_at(event, "state") + "\n\n" + moments_text(event) + waiting_text(event);
}

std::string consent_text(const value& number) {
    std::string out;
    for (const auto& o : list_at(number, "out_of"))
        out += std::string(margin) + "out of " + text_at(o, "category") + " by entry " +
               id_at(o, "entry") + "\n";
    return out.empty() ? std::string(margin) + "has opted out of nothing\n" : out;
}

std::string number_text(const value& number) {
    std::string out = text_at(number, "number") + "\n\n" + consent_text(number);
    const auto& messages = list_at(number, "messages");
    for (const auto& m : messages) {
        const auto reason = text_at(m, "reason");
        const auto id = id_at(m, "message");
        out += std::string(margin) + shown_time(text_at(m, "received_at")) + "  " +
               text_at(m, "type") + " from " + text_at(m, "source") + ", " + text_at(m, "state") +
               (reason.empty() ? "" : ": " + reason) + "   `posthorn explain " +
               (id.empty() ? id_at(m, "event") : id) + "`\n";
    }
    if (messages.empty())
        out += std::string(margin) + "nothing was ever meant for it, as far as history is kept\n";
    return out;
}

} // namespace

std::string explained_page(const value& all) {
    std::string page;
    for (const auto& event : list_at(all, "events"))
        page += (page.empty() ? "" : "\n") + event_text(event);
    if (all.as_object().contains("number"))
        page += (page.empty() ? "" : "\n") + number_text(all.at("number"));
    return page;
}

} // namespace posthorn::cli
