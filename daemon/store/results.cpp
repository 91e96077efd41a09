#include "store/results.hpp"

#include "embedded/result.hpp"
#include "model/many.hpp"
#include "store/shared_file.hpp"

namespace posthorn::store {

namespace {

SQLite::Database open_results(const std::filesystem::path& file) {
    std::filesystem::create_directories(file.parent_path());
    make_shared_file(file); // where it cannot, SQLite cannot either, and says so
    auto db = open_database(file, access::read_write, 16'384);
    db.exec("PRAGMA wal_autocheckpoint = 4000");
    make_tables(db, embedded::result_sql);
    return db;
}

} // namespace

result_file::result_file(const std::filesystem::path& file, bool call)
    : path_(file), db_(open_results(file)), identity_(identity_of(file)),
      begin_(db_, "BEGIN IMMEDIATE"), commit_(db_, "COMMIT"),
      put_(db_,
           "INSERT INTO result_row "
           "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17) "
           "ON CONFLICT(id) DO UPDATE SET key=?2, type=?3, run=?4, event=?5, version=?6, state=?7, "
           "final=?8, "
           "reason=?9, recipient=?10, parts=?11, repeats=?12, received_at=?13, submitted_at=?14, "
           "final_at=?15, updated_at=?16 WHERE ?5 > event OR (?5 = event AND ?6 >= version)"),
      event_of_(db_, "SELECT event FROM result_row WHERE id=?"),
      corrected_(db_, "DELETE FROM result_row WHERE key=? AND event=? AND id<>? "
                      "AND state='parked'"),
      slice_(db_, "INSERT OR IGNORE INTO result_slice VALUES(?)"),
      refused_(db_, "INSERT OR IGNORE INTO result_refused VALUES(?,?,?,?,?,?,?)"),
      call_(db_, "INSERT OR IGNORE INTO callback VALUES(?1,?2,?2,0)"),
      inbox_(db_, "INSERT OR IGNORE INTO inbox VALUES(?,?,?,?,?,?,?,?)"),
      call_inbox_(db_, "INSERT INTO inbox_callback VALUES(?1,?2,?3,?3,0)"), has_callback_(call),
      known_recipient_(db_, "SELECT version, final, state='delivered', parts, repeats "
                            "FROM recipient_row WHERE id=? AND message=?"),
      put_recipient_(db_, "INSERT OR REPLACE INTO recipient_row VALUES(?,?,?,?,?,?,?,?,?,?,?)"),
      count_(db_, "INSERT INTO recipient_count VALUES(?1,0,0,?2,?3,?4,?5,?6) "
                  "ON CONFLICT(id) DO UPDATE SET told=told+?2, ended=ended+?3, "
                  "delivered=delivered+?4, parts=parts+?5, repeats=repeats+?6"),
      expanded_(db_, "INSERT INTO recipient_count VALUES(?1,?2,?3,0,0,0,0,0) "
                     "ON CONFLICT(id) DO UPDATE SET made=?2, done=?3"),
      counts_(db_, "SELECT made, done, ended, delivered, parts, repeats FROM recipient_count "
                   "WHERE id=?"),
      put_sum_(db_, "UPDATE result_row SET state=?2, final=?3, parts=?4, repeats=?5, "
                    "final_at=CASE WHEN ?3 THEN ?6 ELSE 0 END, version=version+1, updated_at=?6 "
                    "WHERE id=?1 AND (state, parts, repeats)<>(?2, ?4, ?5)"),
      states_(db_, "SELECT min(state), max(state) FROM recipient_row WHERE id=?") {}

bool result_file::in_place() const { return identity_of(path_) == identity_; }

void result_file::try_to_write() {
    begin();
    statement(db_,
              "UPDATE result_row SET version=version WHERE id=(SELECT max(id) FROM result_row)")
        .run();
    commit();
}

void result_file::begin() { begin_.run(); }

void result_file::put(const result_row& r, instant now) {
    put_row(r, now);
    if (has_callback_)
        call_.bind(r.outbox_id, now).run();
}

void result_file::put_row(const result_row& r, instant now) {
    const auto slice = r.outbox_id >> 15;
    if (slice != last_slice_)
        slice_.bind(slice).run();
    last_slice_ = slice;
    if (r.version >= combined_version(2, 0)) // the event was parked once, perhaps as another row
        corrected_.bind(r.key, r.event, r.outbox_id).run();
    put_.bind(r.outbox_id, r.key, r.type, r.run, r.event, r.version, r.state, r.is_final, r.reason,
              r.recipient, r.parts, r.repeats, r.received_at, r.submitted_at, r.final_at, now,
              slice)
        .run();
}

// What comes later of the event does not undo what its messages have come to.
void result_file::begin_row(const result_row& of_event, instant now) {
    const bool there =
        event_of_.bind(of_event.outbox_id).row() && event_of_.number(0) == of_event.event;
    event_of_.reset();
    if (there && counts_.bind(of_event.outbox_id).row()) {
        counts_.reset();
        return;
    }
    counts_.reset();
    result_row begun = of_event;
    begun.state = expanding;
    begun.is_final = false;
    begun.recipient.clear();
    begun.reason.clear();
    begun.parts = begun.repeats = 0;
    begun.submitted_at = begun.final_at = {};
    put_row(begun, now);
    expanded_.bind(of_event.outbox_id, 0, 0).run();
}

void result_file::put(const recipient_row& r, instant now) {
    const auto row = r.row.outbox_id;
    begin_row(r.row, now);
    std::int64_t version = -1, ended = 0, delivered = 0, parts = 0, repeats = 0;
    if (known_recipient_.bind(row, r.message).row()) {
        version = known_recipient_.number(0);
        ended = known_recipient_.number(1);
        delivered = known_recipient_.number(2);
        parts = known_recipient_.number(3);
        repeats = known_recipient_.number(4);
    }
    known_recipient_.reset();
    if (version > r.row.version)
        return;
    put_recipient_
        .bind(row, r.message, r.row.version, r.row.recipient, r.row.state, r.row.is_final,
              r.row.reason, r.row.parts, r.row.repeats, r.row.submitted_at, r.row.final_at)
        .run();
    count_
        .bind(row, version < 0 ? 1 : 0, (r.row.is_final ? 1 : 0) - ended,
              (r.row.state == name_of(message_state::delivered) ? 1 : 0) - delivered,
              r.row.parts - parts, r.row.repeats - repeats)
        .run();
    add_up(row, now);
}

void result_file::put(const expansion_row& r, instant now) {
    begin_row(r.row, now);
    expanded_.bind(r.row.outbox_id, r.made, r.done).run();
    statement(db_, "UPDATE result_row SET reason=? WHERE id=?")
        .bind(r.row.reason, r.row.outbox_id)
        .run();
    add_up(r.row.outbox_id, now);
}

// The event's own state: that of its messages together.
void result_file::add_up(std::int64_t row, instant now) {
    counts_.bind(row).row();
    const many_messages all{.made = counts_.number(0),
                            .done = counts_.number(1) != 0,
                            .ended = counts_.number(2),
                            .delivered = counts_.number(3)};
    const auto parts = counts_.number(4), repeats = counts_.number(5);
    counts_.reset();
    const auto state = state_of(all, [&] { return alike(row); });
    const bool changed = put_sum_.bind(row, state, all.is_final(), parts, repeats, now).run() > 0;
    if (changed && all.is_final() && has_callback_)
        call_.bind(row, now).run();
}

std::optional<message_state> result_file::alike(std::int64_t row) {
    states_.bind(row).row();
    const auto least = message_state_named(states_.text(0));
    const auto most = message_state_named(states_.text(1));
    states_.reset();
    return least == most ? least : std::nullopt;
}

void result_file::put(const refused_row& r) {
    refused_.bind(r.id, r.outbox_id, r.key, r.type, r.what, r.reason, r.at).run();
}

void result_file::put(const inbox_row& r, instant now) {
    const bool fresh =
        inbox_.bind(r.id, r.kind, r.number, r.recipient, r.text, r.data, r.received_at, now)
            .run() != 0;
    if (fresh && has_callback_)
        call_inbox_.bind(r.id, r.number, now).run();
}

void result_file::commit() { commit_.run(); }

int result_file::prune(instant before, int limit) {
    const int rows = statement(db_, "DELETE FROM result_row WHERE id IN (SELECT id FROM result_row "
                                    "WHERE updated_at < ? AND final ORDER BY id LIMIT ?)")
                         .bind(before, limit)
                         .run();
    statement(db_, "DELETE FROM result_refused WHERE at < ?").bind(before).run();
    statement(db_, "DELETE FROM callback WHERE since < ?").bind(before).run();
    if (!has_callback_)
        statement(db_, "DELETE FROM inbox_callback WHERE since < ?").bind(before).run();
    statement(db_, "DELETE FROM inbox WHERE id IN (SELECT id FROM (SELECT id, written_at "
                   "FROM inbox ORDER BY id LIMIT ?2) WHERE written_at < ?1) "
                   "AND id NOT IN (SELECT id FROM inbox_callback)")
        .bind(before, limit)
        .run();
    prune_recipients();
    if (rows > 0)
        statement(db_,
                  "DELETE FROM result_slice WHERE slice < (SELECT min(id) >> 15 FROM result_row)")
            .run();
    return rows;
}

// Of events whose row has gone; a few at a time, for one may have a million.
void result_file::prune_recipients() {
    constexpr std::string_view gone = "(SELECT c.id FROM recipient_count AS c WHERE NOT EXISTS "
                                      "(SELECT 1 FROM result_row AS r WHERE r.id = c.id) LIMIT 2)";
    statement(db_, "DELETE FROM recipient_row WHERE id IN " + std::string(gone)).run();
    statement(db_, "DELETE FROM recipient_count WHERE id IN " + std::string(gone)).run();
}

} // namespace posthorn::store
