#include "api/metrics.hpp"

#include "api/metric_text.hpp"
#include "model/state.hpp"

#include <algorithm>
#include <array>

namespace posthorn::api {

namespace {

std::int64_t micros_since(instant t, instant now) {
    return t == instant{} ? 0 : std::max<std::int64_t>(0, (now - t).count());
}

std::int64_t at(const std::map<std::string, std::int64_t>& all, std::string_view name) {
    const auto found = all.find(std::string(name));
    return found == all.end() ? 0 : found->second;
}

void write_queue(metric_text& out, const status_snapshot& live, const stored_figures& stored,
                 instant now) {
    struct waiting {
        std::int64_t messages = 0;
        instant oldest{};
    };
    std::array<waiting, priority_names.size()> by_priority;
    for (const auto& w : stored.queue) {
        auto& p = by_priority[static_cast<std::size_t>(w.flow.priority)];
        p.messages += w.messages;
        if (w.oldest_due != instant{} && (p.oldest == instant{} || w.oldest_due < p.oldest))
            p.oldest = w.oldest_due;
    }
    for (const auto& [flow, messages] : live.unstored)
        by_priority[static_cast<std::size_t>(flow.priority)].messages += messages;
    out.gauge("queue_messages", "Messages that wait to be sent.");
    for (std::size_t i = 0; i < by_priority.size(); ++i)
        out.add(by_priority[i].messages, {{"priority", priority_names[i]}});
    out.gauge("queue_overdue_seconds", "How long the oldest message that is due has waited.");
    for (std::size_t i = 0; i < by_priority.size(); ++i)
        out.add_seconds(micros_since(by_priority[i].oldest, now),
                        {{"priority", priority_names[i]}});
    out.gauge("held_back_messages", "Messages that wait for the end of a pause.");
    out.add(stored.set_aside);
    out.gauge("put_off_messages",
              "Messages that wait for the end of quiet hours, or for a budget.");
    out.add(stored.put_off);
}

void write_budgets(metric_text& out, const status_snapshot& live) {
    constexpr millionths cent = 10'000; // sums are large
    out.gauge("budget_used_ratio", "How much of a budget is used in its day or month.");
    for (const auto& b : live.budgets)
        out.add_ratio(b.used / cent, b.of.amount / cent, {{"budget", b.of.name}});
}

void write_policy(metric_text& out, const status_snapshot& live) {
    out.counter("policy_total", "Messages that policy.yaml kept back, since the start.");
    struct row {
        std::string_view rule, outcome, total;
    };
    for (const auto& r : {row{"quiet hours", "put off", "put off by quiet hours"},
                          row{"quiet hours", "suppressed", "suppressed by quiet hours"},
                          row{"quiet hours", "expired", "expired by quiet hours"},
                          row{"cap", "suppressed", "suppressed by cap"},
                          row{"same text", "suppressed", "suppressed by same text"},
                          row{"budget", "put off", "put off by budget"},
                          row{"budget", "expired", "expired by budget"}})
        out.add(at(live.totals, r.total), {{"rule", r.rule}, {"outcome", r.outcome}});
}

void write_intake(metric_text& out, const status_snapshot& live, const stored_figures& stored) {
    out.counter("events_total", "Events taken in, by all ways.");
    out.add(at(stored.tallies, "events"));
    out.counter("events_refused_total", "Events under a key that was used before.");
    for (const std::string_view what : {"duplicate", "key_reused"})
        out.add(at(stored.tallies, what), {{"what", what}});
    out.gauge("events_parked", "Events that wait for a correction.");
    out.add(at(stored.tallies, "parked"));
    out.counter("messages_total", "Messages made.");
    out.add(at(stored.tallies, "messages"));
    out.gauge("outbox_problem", "1: the source's outbox is there and cannot be read.");
    for (const auto& s : live.sources)
        out.add(!s.problem.empty() && !s.missing ? 1 : 0, {{"source", s.name}});
    out.gauge("outbox_waiting_rows", "Rows read from the outbox and not yet committed.");
    for (const auto& s : live.sources)
        out.add(s.waiting, {{"source", s.name}});
    out.gauge("outbox_lag_seconds", "Age of the newest row read, while rows wait.");
    for (const auto& s : live.sources)
        out.add_seconds(s.lag.count(), {{"source", s.name}});
    out.gauge("outbox_kept_back_rows", "Rows that the source's quota keeps in the outbox; about.");
    for (const auto& s : live.sources)
        out.add(s.kept_back, {{"source", s.name}});
    out.gauge("source_quota_used_ratio", "How much of its quota the source has used.");
    for (const auto& s : live.sources)
        for (const auto& q : s.quota)
            out.add_ratio(q.used, q.limit, {{"source", s.name}, {"window", name_of(q.window)}});
}

void write_fates(metric_text& out, const status_snapshot& live, const stored_figures& stored,
                 const health_figures& health) {
    out.gauge("messages_final", "Messages that ended so; late receipts move them.");
    for (auto s = static_cast<int>(message_state::delivered);
         s <= static_cast<int>(message_state::uncertain); ++s) {
        const auto name = name_of(static_cast<message_state>(s));
        out.add(at(stored.tallies, name), {{"state", name}});
    }
    struct row {
        std::string_view label, total;
    };
    out.counter("verdicts_total", "What carriers answered to parts, since the start.");
    for (const auto& r : {row{"rejected", "rejected by carrier"}, row{"deferred", "deferred"},
                          row{"throttled", "throttled or not sent"}, row{"uncertain", "uncertain"},
                          row{"late", "answered late"}})
        out.add(at(live.totals, r.total), {{"verdict", r.label}});
    out.counter("receipts_total", "Receipts that came, since the start.");
    for (const auto& r : {row{"final", "receipts"}, row{"repeated", "receipts repeated"},
                          row{"enroute", "receipts not final"}})
        out.add(at(live.totals, r.total), {{"kind", r.label}});
    out.summary("receipt_delay_seconds",
                "From the carrier's answer to the receipt that ended a message.");
    out.add_sum(health.receipt_delay_micros, health.receipts_timed);
    out.gauge("receipts_awaited", "Parts that wait for a receipt.");
    out.add(at(live.totals, "waiting for receipts"));
    out.gauge("receipts_unmatched", "Receipts that fit no part.");
    out.add(at(stored.tallies, "unmatched receipts"));
    out.counter("receipts_given_up_total", "Of those, dropped: a week old, or too many.");
    out.add(at(live.totals, "receipts given up"));
    out.counter("repeats_total", "Parts sent again that were not known to have arrived.");
    out.add(at(stored.tallies, "repeats"));
    out.counter("failovers_total",
                "Texts that failed, or had no receipt, and were to go by another account.");
    out.add(at(stored.tallies, "failovers"));
    out.gauge("uncertain_parts", "Parts whose bytes left and that nobody answered.");
    out.add(at(live.totals, "uncertain now"));
    out.gauge("uncertain_held_parts", "Those of them that only a person settles.");
    out.add(live.held);
}

void write_inbound(metric_text& out, const stored_figures& stored, const answering_figures& now) {
    out.counter("inbound_total", "Texts from phones.");
    out.add(at(stored.tallies, "inbound"));
    out.counter("inbound_outcomes_total", "What became of them, and of parts of long ones.");
    for (const auto outcome : inbound_outcome_names)
        out.add(at(stored.tallies, "inbound " + std::string(outcome)), {{"outcome", outcome}});
    out.counter("passed_on_total", "Texts and reports that were handed on to a source.");
    out.add(at(stored.tallies, "passed on"));
    out.gauge("inbound_failed_waiting", "Those that failed and that no person has looked at.");
    out.add(failed_texts(stored));
    out.gauge("inbound_joining", "Long texts that wait for their other parts.");
    out.add(now.joining);
    out.gauge("inbound_in_hand", "Answers that are being worked on.");
    out.add(now.in_hand);
    out.gauge("inbound_held", "Texts that wait because too many came from all phones.");
    out.add(now.held);
    out.gauge("nuisances", "Numbers that are not answered for a time.");
    out.add(now.nuisances);
    out.gauge("questions_open", "Questions that phones were asked and have not answered.");
    out.add(now.questions);
}

void write_lookups(metric_text& out, const std::vector<lookup_figures>& all) {
    out.counter("lookups_asked_total", "Lookups in your own systems, since the start.");
    for (const auto& l : all)
        out.add(l.asked, {{"system", l.system}});
    out.counter("lookups_total", "What came of them, since the start.");
    for (const auto& l : all)
        for (const auto& [outcome, n] : l.outcomes)
            out.add(n, {{"system", l.system}, {"outcome", outcome}});
    out.summary("lookup_seconds", "Lookups that were answered or failed, and how long they took.");
    for (const auto& l : all)
        out.add_sum(l.took.count(), l.done, {{"system", l.system}});
    out.gauge("lookups_waiting", "Lookups under way.");
    for (const auto& l : all)
        out.add(l.waiting, {{"system", l.system}});
    out.gauge("lookup_breaker_open", "1: the system failed too often, and is left alone a while.");
    for (const auto& l : all)
        out.add(l.breaker_open ? 1 : 0, {{"system", l.system}});
}

void write_topics(metric_text& out, const stored_figures& stored, const publishing_figures& now,
                  instant at_time) {
    out.counter("publications_total", "Items of topics that were published.");
    out.add(at(stored.tallies, "publications"));
    out.counter("publication_texts_total", "Texts made of them, since the start.");
    out.add(now.texts);
    out.gauge("publications_open", "Items that have not been made into texts for everyone.");
    out.add(now.open);
    out.gauge("publication_oldest_seconds", "How long the oldest of those has waited.");
    out.add_seconds(micros_since(now.oldest, at_time));
    out.gauge("publications_stuck", "Those that cannot go on: `posthorn status` says why.");
    out.add(static_cast<std::int64_t>(now.stuck.size()));
    out.counter("topic_queries_total",
                "Queries on schedule by what came of them, since the start.");
    out.add(now.asked, {{"outcome", "published"}});
    out.add(now.missed, {{"outcome", "missed"}});
    out.gauge("topic_query_failing", "1: the query is due, and its lookup fails.");
    for (const auto& c : now.clocks)
        out.add(c.failing.empty() ? 0 : 1, {{"topic", c.topic}});
}

void write_timers(metric_text& out, const stored_figures& stored, instant due_since, instant now) {
    out.gauge("timer_steps_waiting", "Steps of timers that wait for their time.");
    out.add(at(stored.tallies, "timer steps waiting"));
    out.counter("timer_steps_total", "Those that wait no more, by what came of them.");
    for (const auto* what : {"made", "withdrawn", "cancelled"})
        out.add(at(stored.tallies, std::string("timer steps ") + what), {{"outcome", what}});
    out.gauge("timer_late_seconds", "How long the oldest that is due has not been made.");
    out.add_seconds(micros_since(due_since, now));
}

void write_accounts(metric_text& out, const status_snapshot& live) {
    out.gauge("account_up", "1: the account has a link.");
    for (const auto& a : live.accounts)
        out.add(a.slots > 0 ? 1 : 0, {{"account", a.name}});
    out.gauge("account_window_parts", "Parts that may be open at once.");
    for (const auto& a : live.accounts)
        out.add(a.slots, {{"account", a.name}});
    out.gauge("account_open_parts", "Parts sent and not yet answered.");
    for (const auto& a : live.accounts)
        out.add(a.open, {{"account", a.name}});
    out.counter("account_submitted_parts_total", "Parts handed to the carrier, since the start.");
    for (const auto& a : live.accounts)
        out.add(a.submitted, {{"account", a.name}});
}

void write_store(metric_text& out, const status_snapshot& live, const health_figures& health) {
    out.summary("commit_seconds", "Commits of the store, and how long they took in all.");
    out.add_sum(health.store.commit_micros, health.store.commits);
    out.counter("store_operations_total", "Operations committed, since the start.");
    out.add(health.store.operations);
    out.gauge("store_backlog_operations", "Operations not yet committed.");
    out.add(static_cast<std::int64_t>(health.backlog));
    out.gauge("store_silent_seconds", "How long the store has owed an answer to a question.");
    out.add_seconds(health.store_silent.count());
    out.gauge("wal_bytes", "Size of the database's log.");
    out.add(live.store.wal_octets);
    out.counter("checkpoints_total", "Checkpoints of it, since the start.");
    out.add(health.store.checkpoints);
    out.gauge("disk_free_bytes", "Room left where the database is.");
    out.add(health.disk_free);
    out.gauge("database_bytes", "Size of live.db.");
    out.add(health.database);
    out.gauge("results_blocked", "1 while results or history of a source cannot be written.");
    out.add(live.results_wait.empty() ? 0 : 1);
    out.gauge("history_unsealed_months", "Months that are over and could not be sealed.");
    out.add(health.months_unsealed);
}

void write_callbacks(metric_text& out, const health_figures& health) {
    out.counter("callbacks_total", "Posts to the sources' URLs by what came of them, since the "
                                   "start; one that failed comes again until it is given up.");
    out.add(health.callbacks_taken, {{"outcome", "taken"}});
    out.add(health.callbacks_failed, {{"outcome", "failed"}});
    out.add(health.callbacks_given_up, {{"outcome", "given_up"}});
    out.gauge("callbacks_waiting", "Results whose callback is not taken yet.");
    out.add(health.callbacks_waiting);
}

} // namespace

std::string metrics_of(const status_snapshot& live, const stored_figures& stored,
                       const health_figures& health, const http_figures& http, instant now) {
    metric_text out;
    out.gauge("build_info", "Always 1.");
    out.add(1, {{"version", health.version}});
    out.gauge("start_time_seconds", "When posthornd was started, since 1970.");
    out.add_seconds(to_micros(live.started_at));
    out.gauge("pauses", "What is paused or stopped, and by whom: `posthorn status` names it.");
    out.add(static_cast<std::int64_t>(live.pauses.size()) - live.braked, {{"by", "people"}});
    out.add(live.braked, {{"by", "brake"}});
    out.gauge("brake_warnings", "What the brake would pause, were it not statutory or urgent.");
    out.add(static_cast<std::int64_t>(live.warnings.size()));
    out.gauge("halted", "1: nothing may be sent (clock, disk): `posthorn status` says why.");
    out.add(live.halted.empty() ? 0 : 1);
    write_queue(out, live, stored, now);
    write_intake(out, live, stored);
    write_fates(out, live, stored, health);
    write_policy(out, live);
    write_budgets(out, live);
    write_inbound(out, stored, health.answering);
    write_lookups(out, health.answering.lookups);
    write_topics(out, stored, health.publishing, now);
    write_timers(out, stored, health.timers_due_since, now);
    write_accounts(out, live);
    write_store(out, live, health);
    write_callbacks(out, health);
    out.counter("http_answers_total", "Answers to the network by status, since the start.");
    for (const auto& [status, n] : http.answers)
        out.add(n, {{"status", std::to_string(status)}});
    out.gauge("http_connections", "Connections open from the network.");
    out.add(http.connections);
    out.counter("http_turned_away_total", "Connections turned away: there were too many.");
    out.add(http.turned_away);
    return out.text();
}

} // namespace posthorn::api
