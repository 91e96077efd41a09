#include "store/many_results.hpp"

namespace posthorn::store {

many_results::many_results(SQLite::Database& db)
    : db_(db), event_of_(db_, "SELECT event FROM result_row WHERE id=?"),
      counts_(db_, "SELECT made, done, told, ended, delivered, parts, repeats "
                   "FROM recipient_count WHERE id=?"),
      put_counts_(db_, "INSERT OR REPLACE INTO recipient_count VALUES(?,?,?,?,?,?,?,?)"),
      known_(db_, "SELECT version, final, state='delivered', parts, repeats "
                  "FROM recipient_row WHERE id=? AND message=?"),
      put_(db_, "INSERT OR REPLACE INTO recipient_row VALUES(?,?,?,?,?,?,?,?,?,?,?)"),
      put_sum_(db_, "UPDATE result_row SET state=?2, final=?3, parts=?4, repeats=?5, "
                    "final_at=CASE WHEN ?3 THEN ?6 ELSE 0 END, version=version+1, updated_at=?6 "
                    "WHERE id=?1 AND (state, parts, repeats)<>(?2, ?4, ?5)"),
      put_reason_(db_, "UPDATE result_row SET reason=?2 WHERE id=?1 AND reason<>?2"),
      states_(db_, "SELECT min(state), max(state) FROM recipient_row WHERE id=?") {}

// Its row may be there from when the event was parked: then nothing has been counted.
void many_results::read_counts(sum& s) {
    s.has_row = counts_.bind(s.row.outbox_id).row();
    if (s.has_row) {
        s.all = {.made = counts_.number(0),
                 .done = counts_.number(1) != 0,
                 .ended = counts_.number(3),
                 .delivered = counts_.number(4)};
        s.told = counts_.number(2);
        s.parts = counts_.number(5);
        s.repeats = counts_.number(6);
    }
    counts_.reset();
}

// What comes later of the event does not undo what its messages have come to. Nothing: the row tells
// of a newer event by now.
many_results::sum* many_results::sum_of(const result_row& of_event) {
    const auto known = told_.find(of_event.outbox_id);
    if (known != told_.end() && known->second.row.event >= of_event.event)
        return known->second.row.event == of_event.event ? &known->second : nullptr;
    const bool there = event_of_.bind(of_event.outbox_id).row();
    const auto event = there ? event_of_.number(0) : 0;
    event_of_.reset();
    if (event > of_event.event)
        return nullptr;
    auto& s = told_[of_event.outbox_id] = {.row = of_event};
    if (event == of_event.event)
        read_counts(s);
    return &s;
}

void many_results::put(const recipient_row& r) {
    auto* const of = sum_of(r.row);
    if (of == nullptr)
        return;
    auto& s = *of;
    const auto row = r.row.outbox_id;
    std::int64_t version = -1, ended = 0, delivered = 0, parts = 0, repeats = 0;
    if (s.told > 0 && known_.bind(row, r.message).row()) {
        version = known_.number(0);
        ended = known_.number(1);
        delivered = known_.number(2);
        parts = known_.number(3);
        repeats = known_.number(4);
    }
    known_.reset();
    if (version > r.row.version)
        return;
    put_.bind(row, r.message, r.row.version, r.row.recipient, r.row.state, r.row.is_final,
              r.row.reason, r.row.parts, r.row.repeats, r.row.submitted_at, r.row.final_at)
        .run();
    s.told += version < 0 ? 1 : 0;
    s.all.ended += (r.row.is_final ? 1 : 0) - ended;
    s.all.delivered += (r.row.state == name_of(message_state::delivered) ? 1 : 0) - delivered;
    s.parts += r.row.parts - parts;
    s.repeats += r.row.repeats - repeats;
}

void many_results::put(const expansion_row& r) {
    auto* const s = sum_of(r.row);
    if (s == nullptr)
        return;
    s->all.made = r.made;
    s->all.done = r.done;
    s->reason = r.row.reason;
}

void many_results::write(instant now, const std::function<void(const result_row&)>& put_row,
                         const std::function<void(std::int64_t)>& ended) {
    for (auto& [row, s] : told_) {
        put_counts_
            .bind(row, s.all.made, s.all.done, s.told, s.all.ended, s.all.delivered, s.parts,
                  s.repeats)
            .run();
        const auto state = state_of(s.all, [&] { return alike(row); });
        bool changed = true;
        if (s.has_row)
            changed = update(s, state, now);
        else
            put_row(new_row(s, state, now));
        if (changed && s.all.is_final())
            ended(row);
    }
}

bool many_results::update(const sum& s, std::string_view state, instant now) {
    const auto row = s.row.outbox_id;
    if (s.reason)
        put_reason_.bind(row, *s.reason).run();
    return put_sum_.bind(row, state, s.all.is_final(), s.parts, s.repeats, now).run() > 0;
}

result_row many_results::new_row(const sum& s, std::string_view state, instant now) {
    auto out = s.row;
    out.state = state;
    out.is_final = s.all.is_final();
    out.reason = s.reason.value_or("");
    out.recipient.clear();
    out.parts = static_cast<int>(s.parts);
    out.repeats = static_cast<int>(s.repeats);
    out.submitted_at = {};
    out.final_at = out.is_final ? now : instant{};
    return out;
}

std::optional<message_state> many_results::alike(std::int64_t row) {
    states_.bind(row).row();
    const auto least = message_state_named(states_.text(0));
    const auto most = message_state_named(states_.text(1));
    states_.reset();
    return least == most ? least : std::nullopt;
}

void many_results::prune() {
    constexpr std::string_view gone = "(SELECT c.id FROM recipient_count AS c WHERE NOT EXISTS "
                                      "(SELECT 1 FROM result_row AS r WHERE r.id = c.id) LIMIT 2)";
    statement(db_, "DELETE FROM recipient_row WHERE id IN " + std::string(gone)).run();
    statement(db_, "DELETE FROM recipient_count WHERE id IN " + std::string(gone)).run();
}

} // namespace posthorn::store
