#include "store/results.hpp"

#include "embedded/result.hpp"
#include "store/shared_file.hpp"

namespace posthorn::store {

namespace {

SQLite::Database open_results(const std::filesystem::path& file) {
    std::filesystem::create_directories(file.parent_path());
    make_shared_file(file); // where it cannot, SQLite cannot either, and says so
    auto db = open_database(file, access::read_write, 8'192);
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
      corrected_(db_, "DELETE FROM result_row WHERE key=? AND event=? AND id<>? "
                      "AND state='parked'"),
      slice_(db_, "INSERT OR IGNORE INTO result_slice VALUES(?)"),
      refused_(db_, "INSERT OR IGNORE INTO result_refused VALUES(?,?,?,?,?,?,?)"),
      call_(db_, "INSERT OR IGNORE INTO callback VALUES(?1,?2,?2,0)"),
      inbox_(db_, "INSERT OR IGNORE INTO inbox VALUES(?,?,?,?,?,?,?,?)"),
      call_inbox_(db_, "INSERT INTO inbox_callback VALUES(?1,?2,?3,?3,0)"), has_callback_(call),
      many_(db_) {}

bool result_file::in_place() const { return identity_of(path_) == identity_; }

void result_file::try_to_write() {
    begin();
    statement(db_,
              "UPDATE result_row SET version=version WHERE id=(SELECT max(id) FROM result_row)")
        .run();
    commit({});
}

void result_file::begin() {
    many_.begin();
    begin_.run();
}

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

void result_file::commit(instant now) {
    many_.write(
        now, [&](const result_row& r) { put_row(r, now); },
        [&](std::int64_t row) {
            if (has_callback_)
                call_.bind(row, now).run();
        });
    commit_.run();
}

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
    many_.prune();
    if (rows > 0)
        statement(db_,
                  "DELETE FROM result_slice WHERE slice < (SELECT min(id) >> 15 FROM result_row)")
            .run();
    return rows;
}

} // namespace posthorn::store
