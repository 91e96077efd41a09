#include "store/callbacks.hpp"

#include "embedded/result.hpp"

#include <algorithm>

namespace posthorn::store {

namespace {

// A view that outlives the row.
std::string_view state_named(std::string_view text) {
    const auto state = message_state_named(text);
    return state ? name_of(*state) : text == "published" ? "published" : "parked";
}

// With our tables, also where the file is older than they are.
SQLite::Database open_results(const std::filesystem::path& file) {
    auto db = open_database(file, access::read_write, 2'048);
    make_tables(db, embedded::result_sql);
    return db;
}

result_row read_result(statement& row) {
    result_row r;
    r.outbox_id = row.number(3);
    r.key = row.text(4);
    r.type = row.text(5);
    r.run = row.text(6);
    r.event = row.number(7);
    r.version = row.number(8);
    r.state = state_named(row.text(9));
    r.is_final = row.number(10) != 0;
    r.reason = row.text(11);
    r.parts = static_cast<int>(row.number(12));
    r.repeats = static_cast<int>(row.number(13));
    r.received_at = row.time(14);
    r.submitted_at = row.time(15);
    r.final_at = row.time(16);
    return r;
}

inbox_row read_inbox(statement& row) {
    return {.id = row.number(3),
            .kind = std::string(row.text(4)),
            .number = std::string(row.text(5)),
            .recipient = std::string(row.text(6)),
            .text = std::string(row.text(7)),
            .data = std::string(row.text(8)),
            .received_at = row.time(9)};
}

} // namespace

std::pair<bool, std::int64_t> name_of(const due_callback& c) {
    if (const auto* result = std::get_if<result_row>(&c.what))
        return {true, result->outbox_id};
    return {false, std::get<inbox_row>(c.what).id};
}

callback_queue::callback_queue(const std::filesystem::path& file)
    : db_(open_results(file)),
      results_{.due = {db_,
                       "SELECT c.since, c.due_at, c.tries, r.id, r.key, r.type, r.run, r.event, "
                       "r.version, r.state, r.final, r.reason, r.parts, r.repeats, r.received_at, "
                       "r.submitted_at, r.final_at FROM callback AS c CROSS JOIN result_row AS r "
                       "ON r.id = c.id WHERE c.due_at <= ? ORDER BY c.due_at, c.id LIMIT ?"},
               .failed = {db_, "UPDATE callback SET due_at=?2, tries=tries+1 WHERE id=?1"},
               .drop = {db_, "DELETE FROM callback WHERE id=?"}},
      inbox_{.due = {db_,
                     "SELECT c.since, c.due_at, c.tries, i.id, i.kind, i.number, i.recipient, "
                     "i.text, i.data, i.received_at FROM inbox_callback AS c CROSS JOIN inbox AS i "
                     "ON i.id = c.id WHERE c.due_at <= ? AND NOT EXISTS (SELECT 1 FROM "
                     "inbox_callback AS e WHERE e.number = c.number AND e.id < c.id) "
                     "ORDER BY c.due_at, c.id LIMIT ?"},
             .failed = {db_, "UPDATE inbox_callback SET due_at=?2, tries=tries+1 WHERE id=?1"},
             .drop = {db_, "DELETE FROM inbox_callback WHERE id=?"}},
      told_(db_, "DELETE FROM callback WHERE id=?1 AND EXISTS (SELECT 1 FROM result_row "
                 "WHERE id=?1 AND event=?2 AND version=?3)"),
      newer_(db_, "UPDATE callback SET since=?2, due_at=?2, tries=0 WHERE id=?1"),
      waiting_(db_, "SELECT (SELECT count(*) FROM callback) + "
                    "(SELECT count(*) FROM inbox_callback)") {}

std::vector<due_callback> callback_queue::due(instant now, std::size_t limit) {
    std::vector<due_callback> out;
    const auto read = [&](statement& rows, auto row_of) {
        rows.bind(now, limit);
        while (rows.row())
            out.push_back({.what = row_of(rows),
                           .since = rows.time(0),
                           .due_at = rows.time(1),
                           .tries = static_cast<int>(rows.number(2))});
    };
    read(results_.due, read_result);
    read(inbox_.due, read_inbox);
    std::ranges::stable_sort(out, {}, &due_callback::due_at);
    return out;
}

void callback_queue::told(const due_callback& c, instant now) {
    const auto* row = std::get_if<result_row>(&c.what);
    if (row == nullptr)
        return give_up(c);
    if (told_.bind(row->outbox_id, row->event, row->version).run() == 0)
        newer_.bind(row->outbox_id, now).run();
}

void callback_queue::failed(const due_callback& c, instant due_at) {
    of(c).failed.bind(name_of(c).second, due_at).run();
}

void callback_queue::give_up(const due_callback& c) { of(c).drop.bind(name_of(c).second).run(); }

std::int64_t callback_queue::waiting() {
    waiting_.bind().row();
    const auto n = waiting_.number(0);
    waiting_.reset();
    return n;
}

} // namespace posthorn::store
