#include "store/archive.hpp"

#include "store/copied_numbers.hpp"
#include "store/fault_point.hpp"
#include "store/month_file.hpp"
#include "store/sqlite/keys.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace posthorn::store {

namespace {

std::chrono::year_month month_of(instant t) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(t)};
    return day.year() / day.month();
}

// "2026-11"
std::string name_of(std::chrono::year_month m) {
    const auto month = std::to_string(static_cast<unsigned>(m.month()));
    return std::to_string(static_cast<int>(m.year())) + (month.size() == 1 ? "-0" : "-") + month;
}

std::chrono::year_month month_called(std::string_view name) {
    const auto number = [&](std::size_t at, std::size_t octets) {
        return std::stoi(std::string(name.substr(at, octets)));
    };
    return std::chrono::year(number(0, 4)) /
           std::chrono::month(static_cast<unsigned>(number(5, 2)));
}

bool names_a_month(std::string_view name) {
    constexpr std::string_view shape = "0000-00";
    return std::ranges::equal(name, shape, [](char c, char like) {
        return like == '-' ? c == '-' : c >= '0' && c <= '9';
    });
}

bool has_events_above(const std::filesystem::path& file, posthorn::id last) {
    auto db = open_database(file, access::read_only, 1'000);
    if (!db.tableExists("event"))
        return false;
    statement above(db, "SELECT 1 FROM event WHERE id > ? LIMIT 1");
    return above.bind(last).row();
}

// With what a reader may have left beside it. The file first: without it nobody makes the others.
void unlink_month(const std::filesystem::path& file) {
    for (const auto* beside : {"", "-wal", "-shm"})
        std::filesystem::remove(file.string() + beside);
    std::filesystem::remove(index_of(file));
}

std::string places(int count) {
    std::string out = "?";
    while (--count > 0)
        out += ",?";
    return out;
}

} // namespace

struct archive::month {
    month(const std::filesystem::path& file, const std::filesystem::path& live)
        : db(open_month(file, live)), begin(db, "BEGIN IMMEDIATE"), commit(db, "COMMIT"),
          rollback(db, "ROLLBACK"), live_row(db, message_with_event("live", "live")),
          message(db,
                  "INSERT OR REPLACE INTO main.message VALUES(" + places(message_row_width) + ")"),
          event(db, "INSERT OR REPLACE INTO main.event VALUES(" + places(event_row_width) + ")"),
          parts(db, "INSERT OR REPLACE INTO main.part SELECT * FROM live.part WHERE message=?"),
          attempts(
              db, "INSERT OR REPLACE INTO main.attempt SELECT * FROM live.attempt WHERE message=?"),
          decisions(db, "INSERT OR REPLACE INTO main.decision SELECT * FROM live.decision "
                        "WHERE about IN (?1,?2)"),
          letter(db,
                 "INSERT OR REPLACE INTO main.letter SELECT * FROM live.letter WHERE message=?"),
          redact_message(db, "UPDATE main.message SET text='' WHERE id=?"),
          redact_event(db, "UPDATE main.event SET data='' WHERE id=?"),
          redact_parts(db, "UPDATE main.part SET octets=x'' WHERE message=?"),
          copied(db, "INSERT INTO main.copied(first, last, numbers) VALUES(?,?,?)"),
          ended_again(db, "DELETE FROM main.ended"), row(db, message_with_event("main", "live")),
          told_parts(db, told_parts_of("main")) {}

    void copy(told_message& told);
    void redact(const told_message& told);
    void roll_back() {
        if (sqlite3_get_autocommit(db.getHandle()) == 0)
            rollback.run();
    }

    SQLite::Database db;
    statement begin, commit, rollback, live_row, message, event, parts, attempts, decisions, letter,
        redact_message, redact_event, redact_parts, copied, ended_again, row, told_parts;
};

// The row on which live_row stands, and what belongs to it.
void archive::month::copy(told_message& told) {
    message.bind_row(live_row, message_row_first, message_row_width).run();
    event.bind_row(live_row, event_row_first, event_row_width).run();
    if (!told.long_text)
        return;
    parts.bind(told.message).run();
    attempts.bind(told.message).run();
    decisions.bind(told.message, told.event).run();
    letter.bind(told.message).run();
    if (told.row.parts > 1)
        read_parts(told_parts, told);
}

void archive::month::redact(const told_message& told) {
    redact_message.bind(told.message).run();
    redact_event.bind(told.event).run();
    if (told.row.parts > 1)
        redact_parts.bind(told.message).run();
}

archive::archive(std::filesystem::path live, std::filesystem::path folder)
    : live_(std::move(live)), folder_(std::move(folder)) {}
archive::~archive() = default;

archive::month& archive::open(const std::string& name) {
    auto& m = open_[name];
    if (!m)
        m = std::make_unique<month>(folder_ / (name + ".db"), live_);
    return *m;
}

std::vector<told_message> archive::copy(std::span<const posthorn::id> finished, instant now,
                                        const std::set<name_id>& redacted) {
    copying all{.redacted = redacted, .copied = {}, .others = {}};
    all.copied.reserve(finished.size());
    copy_into(month_of(now), finished, all);
    for (const auto& [when, ids] : std::exchange(all.others, {}))
        copy_into(when, ids, all);
    return std::move(all.copied);
}

void archive::copy_into(std::chrono::year_month when, std::span<const posthorn::id> ids,
                        copying& all) {
    auto& m = open(name_of(when));
    m.begin.run();
    try {
        copied_numbers numbers(ids.size());
        for (const auto id : ids) {
            if (!m.live_row.bind(id).row())
                continue;
            auto told = read_told(m.live_row);
            if (told.is_final && month_of(told.final_at) == when) {
                m.copy(told);
                if (all.redacted.contains(told.type))
                    m.redact(told);
                numbers.add(told.row.recipient, told.message);
                all.copied.push_back(std::move(told));
            } else if (told.is_final) {
                all.others[month_of(told.final_at)].push_back(id);
            }
            m.live_row.reset();
        }
        if (!numbers.empty()) {
            m.copied.bind(numbers.first(), numbers.last(), blob{numbers.packed()}).run();
            unseal(m.db.getFilename());
            m.ended_again.run();
        }
        fault_point("history copied");
        m.commit.run();
    } catch (...) {
        m.roll_back();
        throw;
    }
    fault_point("history committed");
}

std::map<std::string, std::filesystem::path, std::greater<>>
archive::months(const std::filesystem::path& folder) {
    std::map<std::string, std::filesystem::path, std::greater<>> out;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
        const auto& path = entry.path();
        const auto stem = path.stem().string();
        if (path.extension() == ".db" && names_a_month(stem))
            out[stem] = path;
    }
    return out;
}

std::vector<std::string> archive::drop(instant before, instant now,
                                       posthorn::id keys_sealed_through) {
    const auto first_kept =
        name_of(std::min(month_of(before), month_of(now) - std::chrono::months(1)));
    const auto without_keys = std::max(keys_sealed_through, first_id_at(now - key_memory));
    std::vector<std::string> gone;
    for (const auto& [name, file] : months(folder_)) {
        if (name >= first_kept || has_events_above(file, without_keys))
            continue;
        open_.erase(name); // an open one would leave its log behind
        unlink_month(file);
        gone.push_back(name);
    }
    return gone;
}

std::vector<posthorn::id> archive::missing(std::vector<posthorn::id> messages) const {
    for (const auto& [name, file] : months(folder_)) {
        auto db = open_database(file, access::read_only, 1'000);
        if (!db.tableExists("message"))
            continue;
        statement find(db, "SELECT 1 FROM message WHERE id = ?");
        std::erase_if(messages, [&](posthorn::id message) { return find.bind(message).row(); });
    }
    return messages;
}

std::optional<instant> archive::oldest() const {
    const auto all = months(folder_);
    if (all.empty())
        return std::nullopt;
    return std::chrono::sys_days(month_called(all.rbegin()->first) / 1);
}

instant archive::end_of(std::string_view month) {
    return std::chrono::sys_days((month_called(month) + std::chrono::months(1)) / 1);
}

std::string archive::month_named(instant t) { return name_of(month_of(t)); }

std::optional<archive::corrected> archive::correct(const late_receipt& receipt) {
    for (const auto& [name, path] : months(folder_)) {
        auto& m = open(name);
        statement find(m.db, "SELECT 1 FROM main.message WHERE id=?");
        if (find.bind(receipt.message).row())
            return correct_in(m, receipt);
    }
    return std::nullopt;
}

// Whoever died after it was corrected, and before live.db knew, finds what it was in its row.
archive::corrected archive::note_correction(month& m, const late_receipt& r, part_state part_was,
                                            message_state was) {
    statement(m.db, "INSERT OR IGNORE INTO main.corrected VALUES(?)").bind(r.message).run();
    statement(m.db, "INSERT OR IGNORE INTO main.correction VALUES(?,?,?,?,?,?)")
        .bind(r.receipt, r.message, r.n, r.at, part_was, was)
        .run();
    corrected out{.told = {}, .change = {.receipt = r.receipt, .message = r.message}};
    statement found(m.db, "SELECT c.part_was, c.was, m.account, m.state, ifnull(p.part_state, "
                          "m.part_state) FROM main.correction AS c "
                          "JOIN main.message AS m ON m.id=c.message LEFT JOIN main.part AS p "
                          "ON p.message=c.message AND p.n=c.n WHERE c.receipt=?");
    found.bind(r.receipt).row();
    out.change.part_was = static_cast<part_state>(found.number(0));
    out.change.was = static_cast<message_state>(found.number(1));
    out.change.account = static_cast<name_id>(found.number(2));
    out.change.is = static_cast<message_state>(found.number(3));
    out.change.part_is = static_cast<part_state>(found.number(4));
    return out;
}

archive::corrected archive::correct_in(month& m, const late_receipt& r) {
    const auto& [receipt, message, n, what, code, at] = r;
    SQLite::Transaction all(m.db, SQLite::TransactionBehavior::IMMEDIATE);
    std::vector<part_state> before, states;
    statement parts(m.db,
                    "SELECT n, part_state FROM main.part WHERE message=?1 UNION ALL "
                    "SELECT 1, part_state FROM main.message WHERE id=?1 AND parts=1 ORDER BY 1");
    parts.bind(message);
    while (parts.row()) {
        const auto s = before.emplace_back(static_cast<part_state>(parts.number(1)));
        states.push_back(parts.number(0) == n ? next(s, what) : s);
        if (parts.number(0) == n)
            statement(m.db, "UPDATE main.part SET part_state=?3, code=?4 WHERE message=?1 AND n=?2")
                .bind(message, n, states.back(), code)
                .run();
    }
    const auto now = fold(states);
    statement(m.db, "UPDATE main.message SET state=?2, version=version+1, final_at=?3, reason=?6, "
                    "part_state=CASE WHEN parts=1 THEN ?4 END, "
                    "code=CASE WHEN parts=1 THEN ?5 ELSE code END WHERE id=?1")
        .bind(message, now, at, states.front(), code,
              now == message_state::delivered ? std::string_view() : code)
        .run();
    auto out = note_correction(m, r, before.at(n - 1U), fold(before));
    m.row.bind(message).row();
    out.told = read_told(m.row);
    m.row.reset();
    if (out.told.row.parts > 1)
        read_parts(m.told_parts, out.told);
    all.commit();
    return out;
}

} // namespace posthorn::store
