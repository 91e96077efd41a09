// Makes the files of a posthornd that has been at work for five months: finished messages in
// history/, their keys in live.db, their results in result/bench.db; and what waits in its queue. For
// scripts/bench only: the rows are what posthornd would have written, without what led to them.
//
//     fill_history VAR COUNT [QUEUED]      (so many messages of one part, from the source `bench`)
#include "embedded/history.hpp"
#include "embedded/result.hpp"
#include "model/id.hpp"
#include "model/state.hpp"
#include "store/copied_numbers.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/keys.hpp"
#include "store/sqlite/schema.hpp"

#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>

namespace {

using namespace posthorn;
using store::statement;
namespace fs = std::filesystem;

constexpr std::size_t keys_per_slice = 50'000;
constexpr std::int64_t rows_per_commit = 100'000;
constexpr std::size_t copied_at_once = 2'000;

SQLite::Database open_fast(const fs::path& file) {
    fs::create_directories(file.parent_path());
    auto db = store::open_database(file, store::access::read_write);
    db.exec("PRAGMA synchronous = OFF");
    db.exec("PRAGMA wal_autocheckpoint = 10000");
    return db;
}

std::string month_of(instant t) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(t)};
    char name[16];
    std::snprintf(name, sizeof name, "%04d-%02u", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()));
    return name;
}

struct finished {
    std::int64_t outbox_id = 0;
    posthorn::id event = 0, message = 0;
    instant at{};
    std::string key, recipient, reference;
};

struct month {
    explicit month(const fs::path& file) : db(open_fast(file)) {
        db.exec(std::string(embedded::history_sql));
        db.exec("PRAGMA user_version = 1");
        copied.emplace(db, "INSERT INTO copied(first, last, numbers) VALUES(?,?,?)");
        event.emplace(db, "INSERT INTO event VALUES(?,1,?,?,?,'bench.short','2026','','number',?,"
                          "'{\"n\":\"00000000\",\"amount\":\"128.50\"}',0,0,0,?,?,1,NULL)");
        message.emplace(db,
                        "INSERT INTO message VALUES(?,?,3,3,1,1,2,3,4,1,0,0,?,'10690000','en',"
                        "'[Minghu Power] Your bill 00000000 is ready: CNY 128.50, due by 15 "
                        "August. Please pay in time. Thank you.',?,?,?,'',4,1,0,?,?,?,'000','',1)");
        db.exec("BEGIN");
    }
    void note(std::string_view recipient, posthorn::id message_id) {
        numbers.add(recipient, message_id);
        if (++noted % copied_at_once == 0)
            write_numbers();
    }
    void write_numbers() {
        if (!numbers.empty())
            copied->bind(numbers.first(), numbers.last(), store::blob{numbers.packed()}).run();
        numbers = store::copied_numbers();
    }
    SQLite::Database db;
    std::optional<statement> event, message, copied;
    store::copied_numbers numbers;
    std::size_t noted = 0;
};

// What waits in live.db.
struct backlog {
    explicit backlog(SQLite::Database& live)
        : event(live, "INSERT INTO event VALUES(?,1,?,?,?,'bench.short','2026','','number',?,"
                      "'{\"n\":\"00000000\",\"amount\":\"128.50\"}',0,0,0,?,?,1,NULL)"),
          message(live,
                  "INSERT INTO message(id, event, version, state, parts, source, type, pool, "
                  "account, priority, coding, on_uncertain, recipient, sender, language, text, "
                  "due_at, expires_at, final_at, reason, part_state, attempts, repeats, "
                  "opened_at, submitted_at, ref, code, mark) "
                  "VALUES(?1,?2,1,0,1,1,2,3,0,1,0,1,?3,'','en',"
                  "'[Minghu Power] Your bill 00000000 is ready: CNY 128.50, due by 15 August. "
                  "Please pay in time. Thank you.',?4,?5,0,'',0,0,0,0,0,'','','')"),
          queue(live, "INSERT INTO queue VALUES(3,1,1,?,?)") {}
    statement event, message, queue;
};

class filler {
public:
    explicit filler(const fs::path& folder)
        : folder_(folder), live_(open_fast(folder / "live.db")),
          result_(open_fast(folder / "result" / "bench.db")) {
        store::migrate(live_, folder / "live.db");
        live_.exec("INSERT INTO name(id, kind, name) VALUES(1, 'source', 'bench'), "
                   "(2, 'type', 'bench.short'), (3, 'pool', 'sms')");
        backlog_.emplace(live_);
        live_.exec("BEGIN");
        keys_ = std::make_unique<store::key_index>(live_, keys_per_slice, folder / "history");
        result_.exec(std::string(embedded::result_sql));
        slice_.emplace(result_, "INSERT OR IGNORE INTO result_slice VALUES(?)");
        row_.emplace(result_, "INSERT INTO result_row VALUES(?,?,'bench.short','2026',?,1048579,"
                              "'delivered',1,'',?,1,0,?,?,?,?,?)");
        result_.exec("BEGIN");
    }

    void add(const finished& f) {
        auto& m = months_[month_of(f.at)];
        if (!m)
            m = std::make_unique<month>(folder_ / "history" / (month_of(f.at) + ".db"));
        m->event->bind(f.event, f.outbox_id, f.key, f.outbox_id, f.recipient, f.at, f.at).run();
        m->message->bind(f.message, f.event, f.recipient, f.at, f.at, f.at, f.at, f.at, f.reference)
            .run();
        m->note(f.recipient, f.message);
        const auto slice = f.outbox_id >> 15;
        slice_->bind(slice).run();
        row_->bind(f.outbox_id, f.key, f.event, f.recipient, f.at, f.at, f.at, f.at, slice).run();
        add_key(f);
    }

    void queue(const finished& f) {
        backlog_->event.bind(f.event, f.outbox_id, f.key, f.outbox_id, f.recipient, f.at, f.at)
            .run();
        backlog_->message.bind(f.message, f.event, f.recipient, f.at, f.at + std::chrono::days(30))
            .run();
        backlog_->queue.bind(f.at, f.message).run();
        add_key(f);
    }

    // To the end. The newest keys must be in a slice, too: their events are in history.
    void finish(instant now) {
        seal(now);
        live_.exec("COMMIT");
        result_.exec("COMMIT");
        for (const auto& [name, m] : months_) {
            m->write_numbers();
            m->db.exec("COMMIT");
        }
    }

private:
    void add_key(const finished& f) {
        keys_->add(1, f.key, {f.event, f.outbox_id, static_cast<std::uint64_t>(f.outbox_id)});
        if (f.outbox_id % static_cast<std::int64_t>(keys_per_slice) == 0)
            seal(f.at);
        if (f.outbox_id % rows_per_commit == 0)
            commit();
    }
    void seal(instant now) {
        keys_->keep();
        keys_->seal_some(keys_per_slice, to_micros(now));
        live_.exec("COMMIT; BEGIN");
        keys_->keep();
    }
    void commit() {
        result_.exec("COMMIT; BEGIN");
        for (const auto& [name, m] : months_)
            m->db.exec("COMMIT; BEGIN");
    }

    fs::path folder_;
    SQLite::Database live_, result_;
    std::unique_ptr<store::key_index> keys_;
    std::optional<statement> slice_, row_;
    std::optional<backlog> backlog_;
    std::map<std::string, std::unique_ptr<month>> months_;
};

class maker {
public:
    finished next(instant at) {
        finished f;
        f.outbox_id = ++made_;
        f.at = at;
        f.event = ids_.next(f.at);
        f.message = ids_.next(f.at);
        char hex[40];
        std::snprintf(hex, sizeof hex, "%016lx", random_());
        f.key = hex;
        std::snprintf(hex, sizeof hex, "%016lx%016lx", random_(), random_());
        f.reference = hex;
        f.recipient = "8613" + std::to_string(100'000'000 + random_() % 900'000'000);
        return f;
    }

private:
    id_source ids_;
    std::mt19937_64 random_{20'260'101};
    std::int64_t made_ = 0;
};

void fill(const fs::path& folder, std::int64_t count, std::int64_t queued) {
    const auto now = std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
    const duration all = std::chrono::days(150);
    filler to(folder);
    maker make;
    for (std::int64_t i = 1; i <= count; ++i)
        to.add(make.next(now - std::chrono::hours(1) - all + all / count * i));
    for (std::int64_t i = 1; i <= queued; ++i)
        to.queue(make.next(now - std::chrono::hours(1) + std::chrono::microseconds(100) * i));
    to.finish(now);
}

} // namespace

int main(int argc, char** argv) try {
    const std::span words(argv, static_cast<std::size_t>(argc));
    const auto number = [&](std::size_t at) {
        return words.size() > at ? std::stoll(words[at]) : 0;
    };
    // Multiples of a slice, so that every slice is a full one.
    const auto fits = [](std::int64_t n) {
        return n >= 0 && n % static_cast<std::int64_t>(keys_per_slice) == 0;
    };
    if (words.size() < 3 || words.size() > 4 || !fits(number(2)) || !fits(number(3))) {
        std::cerr << "usage: fill_history VAR COUNT [QUEUED]   (multiples of 50000)\n";
        return 2;
    }
    fill(words[1], number(2), number(3));
    return 0;
} catch (const std::exception& e) {
    std::cerr << "fill_history: " << e.what() << '\n';
    return 1;
}
