#include "store/archive.hpp"

#include "embedded/history.hpp"
#include "store/fault_point.hpp"

#include <vector>

namespace posthorn::store {

namespace {

std::string name_of_month(instant t) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(t)};
    const auto month = std::to_string(static_cast<unsigned>(day.month()));
    return std::to_string(static_cast<int>(day.year())) + (month.size() == 1 ? "-0" : "-") + month;
}

SQLite::Database open_month(const std::filesystem::path& file, const std::filesystem::path& live) {
    std::filesystem::create_directories(file.parent_path());
    auto db = open_database(file, access::read_write, 8'192);
    db.exec("PRAGMA wal_autocheckpoint = 4000");
    db.exec(std::string(embedded::history_sql));
    statement(db, "ATTACH ? AS live").bind("file:" + live.string() + "?mode=ro").run();
    db.exec("INSERT OR IGNORE INTO main.name SELECT * FROM live.name");
    return db;
}

} // namespace

struct archive::month {
    month(const std::filesystem::path& file, const std::filesystem::path& live)
        : db(open_month(file, live)), begin(db, "BEGIN IMMEDIATE"), commit(db, "COMMIT"),
          rollback(db, "ROLLBACK"),
          message(db, "INSERT OR REPLACE INTO main.message SELECT * FROM live.message WHERE id=?"),
          event(db, "INSERT OR REPLACE INTO main.event SELECT * FROM live.event WHERE id=?"),
          parts(db, "INSERT OR REPLACE INTO main.part SELECT * FROM live.part WHERE message=?"),
          attempts(
              db,
              "INSERT OR REPLACE INTO main.attempt SELECT * FROM live.attempt WHERE message=?") {}

    SQLite::Database db;
    statement begin, commit, rollback, message, event, parts, attempts;
};

archive::archive(std::filesystem::path live, std::filesystem::path folder)
    : live_(std::move(live)), folder_(std::move(folder)) {}
archive::~archive() = default;

archive::month& archive::open(const std::string& name) {
    auto& m = open_[name];
    if (!m)
        m = std::make_unique<month>(folder_ / (name + ".db"), live_);
    return *m;
}

void archive::copy(std::span<const item> items) {
    std::map<std::string, std::vector<const item*>> by_month;
    for (const auto& i : items)
        by_month[name_of_month(i.final_at)].push_back(&i);
    for (const auto& [name, list] : by_month) {
        auto& m = open(name);
        m.begin.run();
        try {
            for (const auto* i : list) {
                m.message.bind(i->message).run();
                m.event.bind(i->event).run();
                if (!i->long_text)
                    continue;
                m.parts.bind(i->message).run();
                m.attempts.bind(i->message).run();
            }
            fault_point("history copied");
            m.commit.run();
        } catch (...) {
            if (sqlite3_get_autocommit(m.db.getHandle()) == 0)
                m.rollback.run();
            throw;
        }
        fault_point("history committed");
    }
}

std::map<std::string, std::filesystem::path, std::greater<>>
archive::months(const std::filesystem::path& folder) {
    std::map<std::string, std::filesystem::path, std::greater<>> out;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
        const auto& path = entry.path();
        const auto stem = path.stem().string();
        if (path.extension() == ".db" && stem.size() == 7 && stem[4] == '-')
            out[stem] = path;
    }
    return out;
}

std::optional<archive::corrected> archive::correct(posthorn::id message, std::uint8_t n,
                                                   part_event what, std::string_view code,
                                                   instant at) {
    for (const auto& [name, path] : months(folder_)) {
        auto& m = open(name);
        statement find(m.db, "SELECT 1 FROM main.message WHERE id=?");
        if (find.bind(message).row())
            return correct_in(m, message, n, what, code, at);
    }
    return std::nullopt;
}

archive::corrected archive::correct_in(month& m, posthorn::id message, std::uint8_t n,
                                       part_event what, std::string_view code, instant at) {
    SQLite::Transaction all(m.db, SQLite::TransactionBehavior::IMMEDIATE);
    std::vector<part_state> states;
    statement parts(m.db,
                    "SELECT n, part_state FROM main.part WHERE message=?1 UNION ALL "
                    "SELECT 1, part_state FROM main.message WHERE id=?1 AND parts=1 ORDER BY 1");
    parts.bind(message);
    while (parts.row()) {
        const auto s = static_cast<part_state>(parts.number(1));
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
    corrected out;
    statement row(m.db,
                  "SELECT m.source, m.event, m.parts, m.recipient, m.version, e.outbox_id, e.key, "
                  "e.type, e.run, e.received_at, e.version, m.submitted_at "
                  "FROM main.message AS m JOIN main.event AS e ON e.id=m.event WHERE m.id=?");
    if (row.bind(message).row()) {
        out.source = static_cast<name_id>(row.number(0));
        out.row = {.outbox_id = row.number(5),
                   .key = std::string(row.text(6)),
                   .type = std::string(row.text(7)),
                   .run = std::string(row.text(8)),
                   .event = row.number(1),
                   .version = (row.number(10) << 20) + row.number(4),
                   .state = name_of(now),
                   .is_final = is_final(now),
                   .reason = now == message_state::delivered ? "" : std::string(code),
                   .recipient = std::string(row.text(3)),
                   .parts = static_cast<int>(row.number(2)),
                   .received_at = row.time(9),
                   .submitted_at = row.time(11),
                   .final_at = at};
    }
    row.reset();
    all.commit();
    return out;
}

} // namespace posthorn::store
