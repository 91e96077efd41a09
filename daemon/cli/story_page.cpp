// The life of an event, told in the order in which it happened.
//
//     B-2026-11-0007  bill.issued from billing, run 2026-11
//       delivered; event 4812…, to 861380****678
//
//       message 4812…  zh-CN  delivered
//         【明湖供电】…
//         2026-11-02 09:00:00.120  taken in
//         2026-11-02 09:00:00.124  part 1  handed to sim
//         2026-11-02 09:00:00.131  part 1  accepted by sim as 9A01
//         2026-11-02 09:00:01.140  part 1  delivered
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/table.hpp"
#include "cli/when.hpp"

#include <algorithm>
#include <vector>

namespace posthorn::cli {

namespace {

using boost::json::value;

struct moment {
    std::string at; // RFC 3339
    std::string what;
};

// "before" when it is there, else nothing.
std::string with(const std::string& before, const std::string& text,
                 const std::string& after = "") {
    return text.empty() ? "" : before + text + after;
}

class timeline {
public:
    void add(const std::string& at, std::string what) {
        if (!at.empty())
            moments_.push_back({at, std::move(what)});
    }

    std::string text() {
        std::ranges::stable_sort(moments_, [](const moment& a, const moment& b) {
            const auto left = parse_time(a.at);
            const auto right = parse_time(b.at);
            return left && right ? *left < *right : a.at < b.at;
        });
        std::string out;
        for (const auto& m : moments_)
            out += "    " + shown_time(m.at) + "  " + m.what + "\n";
        return out;
    }

private:
    std::vector<moment> moments_;
};

std::string words(std::string text) {
    std::ranges::replace(text, '_', ' ');
    return text;
}

// Attempts that ended and were not the last.
void add_attempts(timeline& line, const value& part, const std::string& name) {
    for (const auto& attempt : list_at(part, "attempts"))
        line.add(text_at(attempt, "closed_at"), name + "attempt " + id_at(attempt, "attempt") +
                                                    ": " + words(text_at(attempt, "outcome")) +
                                                    with(" (", text_at(attempt, "code"), ")"));
}

void add_part(timeline& line, const value& part, bool alone) {
    const std::string name = alone ? "" : "part " + id_at(part, "n") + "  ";
    add_attempts(line, part, name);
    line.add(text_at(part, "opened_at"), name + "handed to " + text_at(part, "account"));
    line.add(text_at(part, "submitted_at"), name + "accepted" +
                                                with(" by ", text_at(part, "account")) +
                                                with(" as ", id_at(part, "ref")));
    line.add(text_at(part, "final_at"), name + words(text_at(part, "state")) +
                                            with(" (", text_at(part, "code"), ")") +
                                            with(", ", words(text_at(part, "mark"))));
}

// Parts that are not at their end yet, and what they wait for.
std::string open_parts(const value& message) {
    std::string out;
    for (const auto& part : list_at(message, "parts")) {
        if (!text_at(part, "final_at").empty())
            continue;
        const auto state = text_at(part, "state");
        out += "    now: part " + id_at(part, "n") + " is " + words(state) +
               with(" (", text_at(part, "code"), ")") + with(", ", words(text_at(part, "mark")));
        if (state == "queued")
            out += with("; due ", shown_time(text_at(message, "due_at")));
        if (state == "uncertain")
            out += "; settle it with `posthorn uncertain`";
        out += with("; expires ", shown_time(text_at(message, "expires_at"))) + "\n";
    }
    return out + with("    it waits for ", text_at(message, "waits_for"), "\n");
}

std::string message_text(const value& message, const std::string& taken_in) {
    const auto& parts = list_at(message, "parts");
    std::string out =
        "\n  message " + id_at(message, "id") + with("  to ", text_at(message, "recipient")) +
        with("  ", text_at(message, "language")) + with(", wording ", id_at(message, "wording")) +
        (parts.size() > 1 ? "  " + std::to_string(parts.size()) + " parts" : "") +
        with("  ", words(text_at(message, "state"))) + with(": ", text_at(message, "reason")) +
        "\n";
    out += with("    ", text_at(message, "text"), "\n");
    timeline line;
    line.add(taken_in, "taken in");
    for (const auto& part : parts)
        add_part(line, part, parts.size() == 1);
    return out + line.text() + open_parts(message);
}

// As one can paste it into a shell.
std::string shell_word(const std::string& text) {
    const bool plain = std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("-_.:/").find(c) != std::string_view::npos;
    });
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return plain && !text.empty() ? text : quoted + "'";
}

// "  700 messages: 690 delivered, 10 queued"
std::string expanded_text(const value& expanded, std::size_t shown) {
    const auto made = id_at(expanded, "messages");
    std::string out = "  " + made + (made == "1" ? " message" : " messages") +
                      (expanded.at("done").as_bool() ? "" : " so far");
    std::string states;
    for (const auto& [state, n] : expanded.at("states").as_object())
        states += (states.empty() ? ": " : ", ") + id_at(expanded.at("states"), state) + " " +
                  words(state);
    out += states + "\n";
    if (shown > 0 && std::to_string(shown) != made)
        out += "  some of them follow; all are in the source's result_recipient, and found with "
               "`posthorn search`\n";
    return out;
}

std::string event_text(const value& event) {
    const auto key = text_at(event, "key");
    const auto source = text_at(event, "source");
    const auto state = text_at(event, "state");
    std::string out = key + with("  ", text_at(event, "type")) + with(" from ", source) +
                      with(", run ", text_at(event, "run")) + "\n  " + words(state) +
                      with("; event ", id_at(event, "id")) +
                      with(", to ", text_at(event, "to_ref")) + "\n";
    const auto& messages = list_at(event, "messages");
    const auto* expanded = event.as_object().if_contains("expanded");
    if (text_at(event, "redacted") == "yes")
        out += "  redacted: its text and data are forgotten\n";
    if (messages.empty() || expanded != nullptr) // else each message says its own
        out += with("  why: ", text_at(event, "reason"), "\n");
    if (expanded != nullptr)
        out += expanded_text(*expanded, messages.size());
    if (state == "parked")
        out += "  next: mend the type or the settings and `posthorn retry --source " + source +
               " --key " + shell_word(key) + "`, or insert a corrected event under this key\n";
    for (const auto& message : messages)
        out += message_text(message, text_at(event, "received_at"));
    if (messages.empty())
        out += with("    ", shown_time(text_at(event, "received_at")), "  taken in\n");
    return out;
}

} // namespace

std::string story_page(const value& show) {
    std::string page;
    for (const auto& event : list_at(show, "events"))
        page += (page.empty() ? "" : "\n") + event_text(event);
    return page;
}

std::string uncertain_page(const value& parts) {
    table rows(
        {"part", "source", "key", "type", "to", "account", "sent", "resent at", "given up at"});
    for (const auto& u : list_at(parts, "uncertain"))
        rows.add({id_at(u, "message") + "/" + id_at(u, "part"), text_at(u, "source"),
                  text_at(u, "key"), text_at(u, "type"), text_at(u, "recipient"),
                  text_at(u, "account"), shown_time(text_at(u, "since")),
                  shown_time(text_at(u, "resend_at")), shown_time(text_at(u, "give_up_at"))});
    if (rows.empty())
        return "nothing is uncertain\n";
    return rows.text(0) +
           "\nresend one: `posthorn uncertain resend PART --reason TEXT` (the phone may "
           "get it twice)\nclose one:  `posthorn uncertain accept PART --reason TEXT`\n";
}

} // namespace posthorn::cli
