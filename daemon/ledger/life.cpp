#include "ledger/life.hpp"

#include "model/number.hpp"
#include "model/time_text.hpp"

#include <algorithm>

namespace posthorn::ledger {

namespace {

std::string words(std::string_view name) {
    std::string out(name);
    std::ranges::replace(out, '_', ' ');
    return out;
}

// The two, with what joins them when both are there.
std::string joined(std::string first, std::string_view between, const std::string& second) {
    if (!first.empty() && !second.empty())
        first += between;
    return first + second;
}

class life {
public:
    life(const store::event_story& story, const known_beside& beside)
        : story_(story), beside_(beside) {}

    std::vector<moment> tell() {
        add_consents();
        add_arrival();
        add_decisions(0, story_.decisions);
        if (story_.parked)
            add(0, story_.event.received_at, "parked", *story_.parked);
        if (story_.expanded)
            add_expansion(*story_.expanded);
        for (const auto& m : story_.messages)
            add_message(m);
        add_operations();
        add_result();
        std::ranges::sort(moments_, {},
                          [](const auto& m) { return std::pair(m.first.at, m.second); });
        std::vector<moment> out;
        for (auto& m : moments_)
            out.push_back(std::move(m.first));
        return out;
    }

private:
    void add(posthorn::id message, instant at, std::string what, std::string why = {}) {
        if (at > instant{})
            moments_.emplace_back(
                moment{
                    .at = at, .message = message, .what = std::move(what), .why = std::move(why)},
                moments_.size());
    }

    void add_consents() {
        for (const auto& entry : beside_.consents) {
            const auto& said = entry.said;
            const std::string of =
                said.which ? std::string(name_of(*said.which)) : "all categories";
            add(0, said.at,
                masked(said.number) + (said.out ? " opted out of " : " opted in to ") + of +
                    " (entry " + std::to_string(entry.id) + " of the ledger of consent" +
                    (entry.in_force.bits != 0 ? ", in force)" : ")"),
                joined(joined("by " + words(name_of(said.how)), " ", said.who), ": ",
                       said.words.empty() ? said.reason : "'" + said.words + "'"));
        }
    }

    void add_arrival() {
        const auto& e = story_.event;
        add(0, e.occurred_at, "it happened, as " + e.source + " says");
        add(0, e.created_at, "written to the outbox of " + e.source,
            e.outbox_id > 0 ? "row " + std::to_string(e.outbox_id) : "");
        add(0, e.received_at, "taken in as event " + std::to_string(e.id),
            joined("its key is " + e.key, ", ", e.run.empty() ? "" : "its run " + e.run));
    }

    void add_decisions(posthorn::id message, const std::vector<store::decided>& all) {
        for (const auto& d : all)
            add(message, d.at, d.what, d.reason);
    }

    void add_expansion(const store::expanded_story& x) {
        add(0, story_.event.received_at,
            "for all of " + story_.event.to_kind + " " + story_.event.to_ref + ": " +
                std::to_string(x.made) + " messages" + (x.done ? "" : " so far"),
            x.reason);
    }

    void add_message(const store::message_story& m) {
        const auto parts =
            std::to_string(m.parts.size()) + (m.parts.size() == 1 ? " part" : " parts");
        add(m.id, made_at(m.id), "a text for " + masked(m.recipient) + " was made",
            joined(joined(joined(m.language, ", ", std::string(name_of(m.coding))), ", ", parts),
                   ", ", wording_of(m)));
        add_decisions(m.id, m.decisions);
        for (const auto& p : m.parts)
            add_part(m, p, m.parts.size() == 1 ? "" : "part " + std::to_string(p.n) + " ");
        for (const auto& c : m.corrections)
            add(m.id, c.at, "a receipt came after the month was written, and corrected it",
                "part " + std::to_string(c.n) + " had counted as " + words(name_of(c.was)));
        if (is_final(m.state))
            add(m.id, m.final_at, "it ended as " + words(name_of(m.state)),
                joined(m.reason, ": ", m.parts.size() == 1 ? meaning_of(m, m.parts[0].code) : ""));
    }

    // In plain words.
    std::string meaning_of(const store::message_story& m, const std::string& code) const {
        return code.empty() || !beside_.describe ? "" : beside_.describe(m.account, code);
    }

    std::string wording_of(const store::message_story& m) const {
        if (m.wording == 0)
            return {};
        return "version " + std::to_string(m.wording) + " of " + story_.event.type +
               (m.wording_since > instant{} ? ", in use since " + minute_in_utc(m.wording_since)
                                            : "");
    }

    void add_part(const store::message_story& m, const store::part_story& p,
                  const std::string& name) {
        for (const auto& a : p.attempts)
            add(m.id, a.closed_at, name + "attempt " + std::to_string(a.attempt) + ": " + a.outcome,
                joined(a.code, ": ", meaning_of(m, a.code)));
        const auto again = p.repeats > 0
                               ? "again, not known to have arrived: " + std::to_string(p.repeats) +
                                     (p.repeats == 1 ? " time" : " times")
                               : "";
        add(m.id, p.opened_at, name + "handed to " + m.account,
            joined(again, "; ", why_by_account(m, beside_.now)));
        add(m.id, p.submitted_at, name + "accepted by " + m.account,
            p.ref.empty() ? "" : "as " + p.ref);
        const bool said_with_the_message = m.parts.size() == 1 && is_final(m.state);
        if (!said_with_the_message || (m.reason.empty() && !p.code.empty()) || !p.mark.empty())
            add(m.id, p.final_at, name + words(name_of(p.state)),
                joined(joined(p.code, ": ", meaning_of(m, p.code)), ", ", words(p.mark)));
    }

    void add_operations() {
        for (const auto& o : beside_.operations)
            add(0, o.at, o.who + ": " + o.what + (o.which.empty() ? "" : " " + o.which),
                joined(o.reason, "; ", o.result));
    }

    void add_result() {
        if (!beside_.result)
            return;
        const auto& r = *beside_.result;
        std::string called;
        if (r.callback)
            called = "yet to be called about it";
        if (r.tries > 0)
            called += ", " + std::to_string(r.tries) + " calls failed";
        add(0, r.at,
            story_.event.source + " was told: " + words(r.state) +
                (r.is_final ? "" : ", not final"),
            joined(r.reason, "; ", called));
    }

    const store::event_story& story_;
    const known_beside& beside_;
    std::vector<std::pair<moment, std::size_t>> moments_; // with the order of causes
};

} // namespace

std::vector<std::string> names_of(const store::event_story& story) {
    const auto& e = story.event;
    std::vector<std::string> out{"everything", "source " + e.source,
                                 "event " + std::to_string(e.id)};
    for (const auto& [kind, name] : {std::pair("type ", &e.type), std::pair("run ", &e.run)})
        if (!name->empty()) {
            out.push_back(kind + *name);
            out.push_back(kind + *name + " of " + e.source);
        }
    for (const auto& m : story.messages) {
        const auto id = std::to_string(m.id);
        out.push_back("message " + id);
        for (const auto& p : m.parts)
            out.push_back("part " + id + "/" + std::to_string(p.n));
        if (!m.account.empty() && std::ranges::find(out, "account " + m.account) == out.end())
            out.push_back("account " + m.account);
    }
    return out;
}

std::pair<instant, instant> span_of(const store::event_story& story, instant now) {
    const bool goes_on =
        story.parked || (story.expanded && !story.expanded->done) ||
        std::ranges::any_of(story.messages, [](const auto& m) { return !is_final(m.state); });
    auto last = story.event.received_at;
    for (const auto& m : story.messages)
        last = std::max(last, m.final_at);
    return {story.event.received_at, goes_on ? now : last};
}

std::vector<moment> life_of(const store::event_story& story, const known_beside& beside) {
    return life(story, beside).tell();
}

} // namespace posthorn::ledger
