#include "api/shapes.hpp"

#include "api/verdict.hpp"
#include "model/many.hpp"
#include "model/number.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace posthorn::api {

namespace {

using boost::json::array;
using boost::json::object;

void put_time(object& to, const char* name, instant t) {
    if (t > instant{}) // a parked event may hold times that are none
        to[name] = rfc3339(t);
}

void put_text(object& to, const char* name, std::string_view text) {
    if (!text.empty())
        to[name] = text;
}

std::string name_at(const stored_figures& stored, name_id number) {
    const auto found = stored.names.find(number);
    return found == stored.names.end() ? std::to_string(number) : found->second;
}

// A reference to a customer is no phone number; whatever else was written may be one.
std::string shown_recipient(const event& e) {
    const auto kind = value_named<to_kind>(to_kind_names, e.to_kind);
    const bool a_person = !kind || *kind == to_kind::number || *kind == to_kind::email;
    return a_person ? masked(e.to_ref) : e.to_ref;
}

object part_shape(const store::part_story& p, const std::string& account) {
    object out{{"n", p.n}, {"state", name_of(p.state)}, {"repeats", p.repeats}};
    put_text(out, "account", account);
    put_text(out, "ref", p.ref);
    put_text(out, "code", p.code);
    put_text(out, "mark", p.mark);
    array attempts;
    for (const auto& a : p.attempts) {
        object& attempt = attempts.emplace_back(object{{"attempt", a.attempt}}).get_object();
        attempt["outcome"] = a.outcome;
        put_text(attempt, "code", a.code);
        put_time(attempt, "closed_at", a.closed_at);
    }
    out["attempts"] = std::move(attempts);
    put_time(out, "opened_at", p.opened_at);
    put_time(out, "submitted_at", p.submitted_at);
    put_time(out, "final_at", p.final_at);
    return out;
}

object message_shape(const store::message_story& m) {
    object out{{"id", std::to_string(m.id)}, {"state", name_of(m.state)}};
    put_text(out, "reason", m.reason);
    out["recipient"] = masked(m.recipient);
    out["language"] = m.language;
    out["coding"] = name_of(m.coding);
    if (m.wording != 0)
        out["wording"] = m.wording;
    put_time(out, "wording_since", m.wording_since);
    put_text(out, "account", m.account);
    array parts;
    for (const auto& p : m.parts)
        parts.push_back(part_shape(p, m.account));
    out["parts"] = std::move(parts);
    put_time(out, "due_at", m.due_at);
    put_time(out, "expires_at", m.expires_at);
    put_time(out, "final_at", m.final_at);
    return out;
}

object scope_shape(const scope& s) {
    object out{{"scope", name_of(s.kind)}, {"name", s.name}};
    put_text(out, "source", s.source);
    return out;
}

array pauses_shape(const status_snapshot& live) {
    array out;
    for (const auto& p : live.pauses) {
        auto& row = out.emplace_back(scope_shape(p.scope)).get_object();
        row["stopped"] = p.stopped;
        row["who"] = p.who;
        row["reason"] = p.reason;
        row["since"] = rfc3339(p.at);
    }
    return out;
}

array warnings_shape(const status_snapshot& live) {
    array out;
    for (const auto& w : live.warnings) {
        auto& row = out.emplace_back(scope_shape(w.scope)).get_object();
        row["reason"] = w.reason;
    }
    return out;
}

// What waits in the store, and what is in hand and not there yet.
std::map<store::flow_name, store::flow_waiting> all_waiting(const status_snapshot& live,
                                                            const stored_figures& stored) {
    std::map<store::flow_name, store::flow_waiting> out;
    for (const auto& w : stored.queue)
        out[w.flow] = w;
    for (const auto& [flow, messages] : live.unstored) {
        if (messages == 0)
            continue;
        auto& w = out[flow];
        w.flow = flow;
        w.messages += messages;
    }
    return out;
}

std::int64_t tally_of(const stored_figures& stored, const std::string& what) {
    const auto found = stored.tallies.find(what);
    return found == stored.tallies.end() ? 0 : found->second;
}

object store_shape(const store_status& s) {
    using std::chrono::ceil;
    using std::chrono::milliseconds;
    constexpr std::int64_t mib = 1 << 20;
    return {{"commits_per_second", s.commits_per_second},
            {"operations_per_commit", s.operations_per_commit},
            {"commit_ms", ceil<milliseconds>(s.commit).count()},
            {"wal_mib", (s.wal_octets + mib - 1) / mib}};
}

} // namespace

object status_shape(const status_snapshot& live, const stored_figures& stored, instant now) {
    situation s{.pauses = live.pauses,
                .warnings = live.warnings,
                .budgets = live.budgets,
                .halted = live.halted,
                .results_wait = live.results_wait,
                .unsealed = live.unsealed,
                .unexpanded = live.unexpanded,
                .unpublished = live.unpublished,
                .timers_wait = live.timers_wait,
                .accounts = live.accounts,
                .sources = live.sources,
                .held = live.held,
                .set_aside = stored.set_aside,
                .now = now};
    s.parked = tally_of(stored, "parked");
    s.failed_texts = failed_texts(stored);
    if (!stored.parked_reasons.empty())
        s.commonest = stored.parked_reasons.front().reason;

    array queue;
    std::map<std::string, std::int64_t> uncarried;
    for (const auto& [flow, w] : all_waiting(live, stored)) {
        object& row = queue.emplace_back(object{{"pool", name_at(stored, flow.pool)}}).get_object();
        row["priority"] = name_of(flow.priority);
        row["source"] = name_at(stored, flow.source);
        row["waiting"] = w.messages;
        put_time(row, "oldest_due", w.oldest_due);
        s.first_due = s.queued == 0 ? w.oldest_due : std::min(s.first_due, w.oldest_due);
        s.queued += w.messages;
        s.queued_more |= w.more;
        if (live.uncarried.contains(name_at(stored, flow.pool)))
            uncarried[name_at(stored, flow.pool)] += w.messages;
    }
    std::int64_t most = 0;
    for (const auto& [pool, messages] : uncarried) {
        s.uncarried += messages;
        if (messages > most)
            s.uncarried_pool = pool;
        most = std::max(most, messages);
    }
    array reasons;
    for (const auto& r : stored.parked_reasons)
        reasons.push_back(object{{"reason", r.reason}, {"events", r.events}});
    object totals;
    for (const auto& [what, n] : stored.tallies)
        totals[what] = n;
    for (const auto& [what, n] : live.totals)
        totals[what] = n;

    object out{{"verdict", verdict(s)}};
    put_time(out, "started_at", live.started_at);
    out["paused"] = std::ranges::any_of(
        live.pauses, [](const store::pause& p) { return p.scope.kind == scope_kind::everything; });
    out["pauses"] = pauses_shape(live);
    out["held_back"] = stored.set_aside;
    out["put_off"] = stored.put_off;
    out["warnings"] = warnings_shape(live);
    out["budgets"] = budgets_shape(live.budgets);
    out["failed_texts"] = s.failed_texts;
    put_text(out, "halted", live.halted);
    put_text(out, "results_wait", live.results_wait);
    out["unsealed_months"] = array(live.unsealed.begin(), live.unsealed.end());
    out["unexpanded"] = array(live.unexpanded.begin(), live.unexpanded.end());
    out["unpublished"] = array(live.unpublished.begin(), live.unpublished.end());
    put_text(out, "timers_wait", live.timers_wait);
    out["accounts"] = accounts_shape(live);
    out["sources"] = sources_shape(live);
    out["queue"] = std::move(queue);
    out["parked"] = std::move(reasons);
    out["totals"] = std::move(totals);
    out["store"] = store_shape(live.store);
    return out;
}

std::int64_t failed_texts(const stored_figures& stored) {
    return tally_of(stored, "inbound failed") - tally_of(stored, "inbound handled");
}

array budgets_shape(const std::vector<policy::budget_use>& all) {
    array out;
    for (const auto& b : all)
        out.push_back(object{{"budget", b.of.name},
                             {"per", name_of(b.of.per)},
                             {"amount", shown_price(b.of.amount)},
                             {"used", shown_price(b.used)},
                             {"on_its_way", shown_price(b.on_its_way)},
                             {"currency", b.of.currency},
                             {"percent", b.percent()},
                             {"step", name_of(b.step())},
                             {"stops", !b.of.stops.empty()},
                             {"until", b.until}});
    return out;
}

array accounts_shape(const status_snapshot& live) {
    array out;
    for (const auto& a : live.accounts) {
        object learned;
        for (const auto& [what, value] : a.learned)
            learned[what] = value;
        out.push_back(object{{"name", a.name},
                             {"adapter", a.adapter},
                             {"delivery", a.delivery},
                             {"state", a.paused      ? "paused"
                                       : a.slots > 0 ? "up"
                                                     : "down"},
                             {"slots", a.slots},
                             {"open", a.open},
                             {"rate", a.rate},
                             {"why", a.why},
                             {"submitted_per_second", a.submitted_per_second},
                             {"learned", std::move(learned)}});
    }
    return out;
}

std::string grouped(std::int64_t n) {
    std::string digits = std::to_string(n);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (n < 0 ? 1 : 0); at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

std::string limit_of(const quota_use& quota) {
    return grouped(quota.limit) + " a " + std::string(name_of(quota.window));
}

array sources_shape(const status_snapshot& live) {
    array out;
    for (const auto& s : live.sources) {
        array quota;
        for (const auto& q : s.quota)
            quota.push_back(object{{"window", name_of(q.window)},
                                   {"limit", q.limit},
                                   {"used", q.used},
                                   {"ends", rfc3339(q.ends)}});
        out.push_back(object{{"name", s.name},
                             {"problem", s.problem},
                             {"waiting", s.waiting},
                             {"quota", std::move(quota)},
                             {"kept_back", s.kept_back}});
    }
    return out;
}

object found_shape(const store::search_row& row) {
    object out{{"event", std::to_string(row.event.id)}};
    if (row.message != 0)
        out["message"] = std::to_string(row.message);
    out["source"] = row.event.source;
    out["key"] = row.event.key;
    out["type"] = row.event.type;
    put_text(out, "run", row.event.run);
    out["state"] = row.state;
    put_text(out, "reason", row.reason);
    out["recipient"] = row.recipient.empty() ? shown_recipient(row.event) : masked(row.recipient);
    put_time(out, "received_at", row.event.received_at);
    put_time(out, "final_at", row.final_at);
    return out;
}

object operation_shape(const store::operation& o) {
    object out{{"at", rfc3339(o.at)}, {"who", o.who}, {"what", o.what}};
    put_text(out, "which", o.which);
    put_text(out, "reason", o.reason);
    put_text(out, "result", o.result);
    return out;
}

namespace {

std::string reason_of(const store::published_story& p) {
    return std::to_string(p.texts) + " texts" + (p.done ? "" : " so far") + no_more(p.reason);
}

// As result files tell it.
std::string_view state_of(const store::expanded_story& x) {
    many_messages all{.made = x.made, .done = x.done, .ended = x.made};
    for (const auto& [state, n] : x.states) {
        all.ended -= is_final(state) ? 0 : n;
        all.delivered += state == message_state::delivered ? n : 0;
    }
    return posthorn::state_of(all, [&] {
        return x.states.size() == 1 ? std::optional(x.states.begin()->first) : std::nullopt;
    });
}

std::string reason_of(const store::expanded_story& x) {
    return x.reason.empty() && x.done && x.made == 0 ? std::string(nobody_to_tell) : x.reason;
}

object shape_of(const store::expanded_story& x) {
    object states;
    for (const auto& [state, n] : x.states)
        states[name_of(state)] = n;
    return {{"messages", x.made}, {"done", x.done}, {"states", std::move(states)}};
}

} // namespace

object story_shape(const store::event_story& story, const ledger::standing* now) {
    const auto& e = story.event;
    object out{
        {"id", std::to_string(e.id)}, {"source", e.source}, {"key", e.key}, {"type", e.type}};
    put_text(out, "run", e.run);
    put_text(out, "subject", e.subject);
    out["to_kind"] = e.to_kind;
    out["to_ref"] = shown_recipient(e);
    const auto* last = story.messages.empty() ? nullptr : &story.messages.back();
    out["state"] = story.parked      ? "parked"
                   : story.published ? "published"
                   : story.expanded  ? state_of(*story.expanded)
                   : last            ? name_of(last->state)
                                     : "unknown";
    put_text(out, "reason",
             story.parked      ? *story.parked
             : story.published ? reason_of(*story.published)
             : story.expanded  ? reason_of(*story.expanded)
             : last            ? last->reason
             : !story.complete ? "its message was not found in time: ask by the message's id"
                               : "its message is kept no longer");
    put_time(out, "received_at", e.received_at);
    put_time(out, "created_at", e.created_at);
    if (story.expanded)
        out["expanded"] = shape_of(*story.expanded);
    array messages;
    for (const auto& m : story.messages) {
        auto& row = messages.emplace_back(message_shape(m)).get_object();
        if (now != nullptr)
            put_text(row, "waits_for", ledger::waits_for(e, m, *now));
    }
    if (e.data.empty() && !messages.empty())
        out["redacted"] = true;
    out["messages"] = std::move(messages);
    return out;
}

object message_with_event_shape(const store::message_story& message, const event& event) {
    auto out = message_shape(message);
    out["event"] = std::to_string(event.id);
    out["source"] = event.source;
    out["key"] = event.key;
    out["type"] = event.type;
    return out;
}

object uncertain_shape(const uncertain_part& part, const std::optional<event>& event) {
    object out{{"message", std::to_string(part.message)},
               {"part", part.n},
               {"account", part.account},
               {"recipient", masked(part.recipient)}};
    put_time(out, "since", part.since);
    put_time(out, "resend_at", part.resend_at);
    put_time(out, "give_up_at", part.give_up_at);
    out["on_uncertain"] = name_of(part.on_uncertain);
    if (event) {
        out["source"] = event->source;
        out["key"] = event->key;
        out["type"] = event->type;
    }
    return out;
}

} // namespace posthorn::api
