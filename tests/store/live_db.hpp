// What the tests of the store and of delivery share: a folder that goes away, operations with sane
// fields, and an audit of live.db that knows every law its rows must obey.
#pragma once

#include "store/ops.hpp"
#include "store/row_books.hpp"
#include "store/sqlite/connection.hpp"

#include <array>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

namespace live_db {

using namespace posthorn;

class scratch_folder {
public:
    scratch_folder() {
        namespace fs = std::filesystem;
        const fs::path base = fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path();
        std::string name = (base / "posthorn-test-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::runtime_error("cannot make a folder in " + base.string());
        path_ = name;
    }
    ~scratch_folder() { std::filesystem::remove_all(path_); }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline constexpr instant start_of_time = from_micros(1'760'000'000'000'000);

inline event make_event(std::string key, std::int64_t outbox_id, std::uint64_t hash) {
    return {.source = "crm",
            .outbox_id = outbox_id,
            .key = std::move(key),
            .type = "bill.issued",
            .to_kind = "number",
            .to_ref = "8613800000000",
            .data = "{}",
            .received_at = start_of_time,
            .content_hash = hash};
}

inline message make_message(std::size_t parts, part_state state = part_state::queued) {
    message m{.type = 7,
              .pool = 3,
              .recipient = "8613800000000",
              .text = "text",
              .due_at = start_of_time,
              .expires_at = start_of_time + std::chrono::hours(1)};
    for (std::size_t n = 1; n <= parts; ++n)
        m.parts.push_back(
            {.n = static_cast<std::uint8_t>(n),
             .state = state,
             .attempts = static_cast<std::uint16_t>(state == part_state::queued ? 0 : 1),
             .octets = "octets " + std::to_string(n)});
    return m;
}

inline std::int64_t number(SQLite::Database& db, std::string_view sql) {
    store::statement s(db, sql);
    return s.row() ? s.number(0) : 0;
}

inline std::vector<part_state> parts_of(SQLite::Database& db, id message) {
    std::vector<part_state> out;
    store::statement single(db, "SELECT part_state FROM message WHERE id=? AND parts=1");
    single.bind(message);
    while (single.row())
        out.push_back(static_cast<part_state>(single.number(0)));
    store::statement parts(db, "SELECT part_state FROM part WHERE message=? ORDER BY n");
    parts.bind(message);
    while (parts.row())
        out.push_back(static_cast<part_state>(parts.number(0)));
    return out;
}

inline void audit_message(SQLite::Database& db, id m, message_state state, instant final_at,
                          std::vector<std::string>& wrong) {
    const auto say = [&](const std::string& what) {
        wrong.push_back("message " + std::to_string(m) + ": " + what);
    };
    const auto parts = parts_of(db, m);
    if (parts.empty())
        return say("has no parts");
    if (fold(parts) != state)
        say("is " + std::string(name_of(state)) + ", its parts fold to " +
            std::string(name_of(fold(parts))));
    if ((final_at != instant{}) != is_final(state))
        say("final_at disagrees with " + std::string(name_of(state)));
    bool queued = false;
    for (const auto p : parts)
        queued |= p == part_state::queued;
    queued |= number(db, "SELECT count(*) FROM failover WHERE waits AND message=" +
                             std::to_string(m)) > 0;
    store::statement rows(db,
                          "SELECT count(*), sum((pool, priority, source, due_at) = (SELECT pool, "
                          "priority, source, due_at FROM message WHERE id=?1)) "
                          "FROM (SELECT pool, priority, source, due_at, message FROM queue "
                          "UNION ALL SELECT pool, priority, source, due_at, message "
                          "FROM set_aside AS a JOIN message AS m ON m.id=a.message) "
                          "WHERE message=?1");
    rows.bind(m).row();
    if (rows.number(0) != (queued ? 1 : 0))
        say(std::to_string(rows.number(0)) +
            " queue rows, parts queued: " + (queued ? "yes" : "no"));
    else if (queued && rows.number(1) != 1)
        say("its queue row lies at another place than its own row says");
}

// Every law that rows of live.db obey between two commits; what is broken, in words. `forgotten`:
// messages have left, so tallies may be above the counts.
inline std::vector<std::string> audit(SQLite::Database& db, bool forgotten = false) {
    std::vector<std::string> wrong;
    store::statement messages(db, "SELECT id, state, final_at FROM message");
    while (messages.row())
        audit_message(db, messages.number(0), static_cast<message_state>(messages.number(1)),
                      messages.time(2), wrong);
    if (number(db, "SELECT count(*) FROM queue WHERE message NOT IN (SELECT id FROM message)"))
        wrong.emplace_back("queue rows of messages that are not there");
    if (number(db, "SELECT count(*) FROM part WHERE message NOT IN (SELECT id FROM message)"))
        wrong.emplace_back("parts of messages that are not there");

    std::map<std::string, std::string> counts{
        {"events", "SELECT count(*) FROM event"},
        {"parked", "SELECT count(*) FROM event WHERE parked IS NOT NULL"},
        {"messages", "SELECT count(*) FROM message"},
        {"repeats", "SELECT ifnull((SELECT sum(repeats) FROM message), 0) + "
                    "ifnull((SELECT sum(repeats) FROM part), 0)"},
        {"unmatched receipts", "SELECT count(*) FROM receipt"},
        {"inbound", "SELECT count(*) FROM inbound"},
        {"duplicate", "SELECT count(*) FROM refused WHERE what='duplicate'"},
        {"key_reused", "SELECT count(*) FROM refused WHERE what='key_reused'"}};
    for (int s = static_cast<int>(message_state::delivered); s <= 11; ++s)
        counts[std::string(name_of(static_cast<message_state>(s)))] =
            "SELECT count(*) FROM message WHERE state=" + std::to_string(s);
    for (const auto& [what, sql] : counts) {
        const auto counted = number(db, sql);
        const auto tallied = number(db, "SELECT n FROM tally WHERE what='" + what + "'");
        if (forgotten ? tallied < counted : tallied != counted)
            wrong.push_back("tally '" + what + "' says " + std::to_string(tallied) +
                            ", there are " + std::to_string(counted));
    }
    return wrong;
}

// The books say what there is.
inline std::vector<std::string> audit_books(SQLite::Database& db) {
    std::vector<std::string> wrong;
    store::all_books there;
    store::row_books books(db);
    store::statement rows(db,
                          "SELECT " + std::string(store::booked_columns) + " FROM message AS m");
    while (rows.row())
        books.add(store::read_booked(rows), there);
    store::all_books counted;
    store::statement lines(db, "SELECT slot, account, what, n FROM book");
    while (lines.row())
        counted[{lines.number(0), static_cast<name_id>(lines.number(1)),
                 static_cast<store::booked>(lines.number(2))}] = lines.number(3);
    const auto check = [&](const store::all_books& lists) {
        for (const auto& [line, n] : lists) {
            const auto what = static_cast<unsigned>(std::get<2>(line));
            const auto parts = static_cast<unsigned>(store::booked::part_states);
            const bool told = what >= parts
                                  ? store::rows_tell(static_cast<part_state>(what - parts))
                                  : what >= 20 && what < 40;
            if (told && counted[line] != there[line])
                wrong.push_back("book line " + std::to_string(what) + " of account " +
                                std::to_string(std::get<1>(line)) + " says " +
                                std::to_string(counted[line]) + ", there are " +
                                std::to_string(there[line]));
        }
    };
    // events; messages; parts handed over; parts accepted: what came in, and what became of it
    for (const auto* left_less_right :
         {"CASE WHEN what=1 THEN n WHEN what BETWEEN 2 AND 5 THEN -n ELSE 0 END",
          "CASE WHEN what BETWEEN 10 AND 12 THEN n WHEN what BETWEEN 20 AND 31 THEN -n ELSE 0 END",
          "CASE WHEN what=40 THEN n WHEN what IN (41,42,43,44,61,62,66,71) THEN -n ELSE 0 END",
          "CASE WHEN what=44 THEN n WHEN what IN (63,64,65,67,68,70) THEN -n ELSE 0 END"}) {
        store::statement sums(db,
                              "SELECT slot, account FROM book GROUP BY slot, account HAVING sum(" +
                                  std::string(left_less_right) + ")<>0");
        while (sums.row())
            wrong.push_back("account " + std::to_string(sums.number(1)) +
                            " does not balance: " + left_less_right);
    }
    const auto both = std::pair(counted, there);
    check(both.first);
    check(both.second);
    return wrong;
}

inline std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines)
        out += line + "\n";
    return out;
}

} // namespace live_db
