#include "store/callbacks.hpp"

#include "embedded/result.hpp"

namespace posthorn::store {

namespace {

// A view that outlives the row.
std::string_view state_named(std::string_view text) {
    const auto state = message_state_named(text);
    return state ? name_of(*state) : "parked";
}

// With our tables, also where the file is older than they are.
SQLite::Database open_results(const std::filesystem::path& file) {
    auto db = open_database(file, access::read_write, 2'048);
    make_tables(db, embedded::result_sql);
    return db;
}

} // namespace

callback_queue::callback_queue(const std::filesystem::path& file)
    : db_(open_results(file)),
      due_(db_,
           "SELECT r.id, r.key, r.type, r.run, r.event, r.version, r.state, r.final, r.reason, "
           "r.parts, r.repeats, r.received_at, r.submitted_at, r.final_at, c.since, c.tries "
           "FROM callback AS c CROSS JOIN result_row AS r ON r.id = c.id "
           "WHERE c.due_at <= ? ORDER BY c.due_at, c.id LIMIT ?"),
      told_(db_, "DELETE FROM callback WHERE id=?1 AND EXISTS (SELECT 1 FROM result_row "
                 "WHERE id=?1 AND event=?2 AND version=?3)"),
      newer_(db_, "UPDATE callback SET since=?2, due_at=?2, tries=0 WHERE id=?1"),
      failed_(db_, "UPDATE callback SET due_at=?2, tries=tries+1 WHERE id=?1"),
      give_up_(db_, "DELETE FROM callback WHERE id=?"),
      waiting_(db_, "SELECT count(*) FROM callback") {}

std::vector<due_callback> callback_queue::due(instant now, std::size_t limit) {
    std::vector<due_callback> out;
    due_.bind(now, limit);
    while (due_.row()) {
        auto& c = out.emplace_back();
        auto& r = c.row;
        r.outbox_id = due_.number(0);
        r.key = due_.text(1);
        r.type = due_.text(2);
        r.run = due_.text(3);
        r.event = due_.number(4);
        r.version = due_.number(5);
        r.state = state_named(due_.text(6));
        r.is_final = due_.number(7) != 0;
        r.reason = due_.text(8);
        r.parts = static_cast<int>(due_.number(9));
        r.repeats = static_cast<int>(due_.number(10));
        r.received_at = due_.time(11);
        r.submitted_at = due_.time(12);
        r.final_at = due_.time(13);
        c.since = due_.time(14);
        c.tries = static_cast<int>(due_.number(15));
    }
    return out;
}

void callback_queue::told(const result_row& row, instant now) {
    if (told_.bind(row.outbox_id, row.event, row.version).run() == 0)
        newer_.bind(row.outbox_id, now).run();
}

void callback_queue::failed(std::int64_t outbox_id, instant due_at) {
    failed_.bind(outbox_id, due_at).run();
}

void callback_queue::give_up(std::int64_t outbox_id) { give_up_.bind(outbox_id).run(); }

std::int64_t callback_queue::waiting() {
    waiting_.bind().row();
    const auto n = waiting_.number(0);
    waiting_.reset();
    return n;
}

} // namespace posthorn::store
