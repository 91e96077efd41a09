#include "store/pruner.hpp"

#include "store/archive.hpp"
#include "store/fault_point.hpp"
#include "store/month_file.hpp"
#include "store/row_books.hpp"
#include "store/sqlite/keys.hpp"

#include <limits>
#include <ranges>
#include <stdexcept>
#include <thread>
#include <vector>

namespace posthorn::store {

namespace {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;

constexpr std::string_view texts = "texts from phones"; // as `ended` calls them

struct over { // in one month
    std::vector<std::string> types;
    bool texts = false;
    bool nothing() const { return types.empty() && !texts; }
};

// That ended so long ago, by the names of months. The last one that is over stays whole, as all do.
bool is_over(const std::string& month, instant now, duration keep) {
    return month < archive::month_named(now - keep);
}

over over_in(SQLite::Database& month, const std::string& name, instant now, const keeping& keep) {
    const bool listed = month.tableExists("ended");
    const auto has_ended = [&](std::string_view what) {
        return listed && statement(month, "SELECT 1 FROM ended WHERE what=?").bind(what).row();
    };
    over out;
    statement used(month, "SELECT 1 FROM name WHERE kind='type' AND name=?");
    for (const auto& [type, kept] : keep.types)
        if (is_over(name, now, kept) && used.bind(type).row() && !has_ended(type))
            out.types.push_back(type);
    out.texts = is_over(name, now, keep.texts) && month.tableExists("inbound") && !has_ended(texts);
    return out;
}

class month_pruner {
public:
    month_pruner(const fs::path& month, posthorn::id without_keys, const std::stop_token& stop,
                 int rows_at_once)
        : db_(open_for_change(month)), without_keys_(without_keys), stop_(stop),
          rows_at_once_(rows_at_once) {
        db_.exec("CREATE TEMP TABLE over(type INTEGER PRIMARY KEY)");
        db_.exec("CREATE TEMP TABLE going(message INTEGER PRIMARY KEY, event INTEGER NOT NULL)");
    }

    void prune(const over& what, pruned_month& out) {
        for (const auto& type : what.types)
            statement(db_, "INSERT INTO temp.over SELECT id FROM name WHERE kind='type' AND name=?")
                .bind(type)
                .run();
        if (!what.types.empty())
            out.messages = prune_messages();
        if (what.texts)
            out.texts = prune_texts();
        note(what);
        empty_log(db_, std::chrono::seconds(1));
    }

private:
    std::int64_t prune_messages() {
        std::int64_t gone = 0;
        statement edge(db_, "SELECT id FROM main.message WHERE id>? ORDER BY id LIMIT 1 OFFSET ?");
        constexpr auto end = std::numeric_limits<posthorn::id>::max();
        for (posthorn::id last = 0; last != end; rest()) {
            const auto after = last;
            last = edge.bind(after, rows_at_once_ - 1).row() ? edge.number(0) : end;
            edge.reset();
            gone += prune_between(after, last);
        }
        return gone;
    }

    std::int64_t prune_between(posthorn::id after, posthorn::id last) {
        db_.exec("DELETE FROM temp.going");
        if (statement(db_, "INSERT INTO temp.going SELECT id, event FROM main.message WHERE id>? "
                           "AND id<=? AND type IN (SELECT type FROM temp.over)")
                .bind(after, last)
                .run() == 0)
            return 0;
        SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
        count_going();
        if (db_.tableExists("decision"))
            db_.exec("DELETE FROM main.decision WHERE about IN (SELECT message FROM temp.going) "
                     "OR about IN (SELECT event FROM temp.going)");
        db_.exec("DELETE FROM main.part WHERE message IN (SELECT message FROM temp.going)");
        db_.exec("DELETE FROM main.attempt WHERE message IN (SELECT message FROM temp.going)");
        if (db_.tableExists("letter"))
            db_.exec("DELETE FROM main.letter WHERE message IN (SELECT message FROM temp.going)");
        statement(db_, "DELETE FROM main.event WHERE id<=? AND id IN (SELECT event FROM "
                       "temp.going)")
            .bind(without_keys_)
            .run();
        db_.exec("UPDATE main.event SET run='', subject='', to_ref='', data='' "
                 "WHERE id IN (SELECT event FROM temp.going)");
        const int gone =
            statement(db_, "DELETE FROM main.message WHERE id IN (SELECT message FROM temp.going)")
                .run();
        mend_copied(db_, after, last);
        fault_point("history pruned");
        all.commit();
        return gone;
    }

    // Who compares books with rows finds in `gone` what is missing.
    void count_going() {
        db_.exec("CREATE TABLE IF NOT EXISTS main.gone(slot INTEGER NOT NULL, account INTEGER NOT "
                 "NULL, what INTEGER NOT NULL, n INTEGER NOT NULL, "
                 "PRIMARY KEY(slot, account, what)) STRICT, WITHOUT ROWID");
        all_books going;
        row_books rows(db_);
        statement messages(db_, "SELECT " + std::string(booked_columns) +
                                    " FROM temp.going AS g JOIN main.message AS m "
                                    "ON m.id=g.message");
        while (messages.row())
            rows.add(read_booked(messages), going);
        statement add(db_, "INSERT INTO main.gone VALUES(?1,?2,?3,?4) "
                           "ON CONFLICT(slot, account, what) DO UPDATE SET n=n+?4");
        for (const auto& [line, n] : going)
            add.bind(std::get<0>(line), std::get<1>(line), std::get<2>(line), n).run();
    }

    std::int64_t prune_texts() {
        std::int64_t gone = 0;
        statement some(db_, "DELETE FROM main.inbound WHERE id IN (SELECT id FROM main.inbound "
                            "ORDER BY id LIMIT ?)");
        for (int now = 1; now > 0; rest())
            gone += now = some.bind(rows_at_once_).run();
        return gone;
    }

    // With its index, which names what is there no more.
    void note(const over& what) {
        SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
        db_.exec("CREATE TABLE IF NOT EXISTS main.ended(what TEXT PRIMARY KEY) "
                 "STRICT, WITHOUT ROWID");
        statement add(db_, "INSERT OR IGNORE INTO main.ended VALUES(?)");
        for (const auto& type : what.types)
            add.bind(type).run();
        if (what.texts)
            add.bind(texts).run();
        unseal(db_.getFilename());
        fault_point("month pruned");
        all.commit();
    }

    // As long as it has worked.
    void rest() {
        if (stop_.stop_requested())
            throw std::runtime_error("posthornd is stopping");
        std::this_thread::sleep_for(clock::now() - began_);
        began_ = clock::now();
    }

    SQLite::Database db_;
    posthorn::id without_keys_;
    const std::stop_token& stop_;
    int rows_at_once_;
    clock::time_point began_ = clock::now();
};

} // namespace

pruned_month prune_next(const fs::path& history, std::string_view after, instant now,
                        const keeping& keep, posthorn::id keys_sealed_through,
                        const std::stop_token& stop, int rows_at_once) {
    const auto without_keys = std::max(keys_sealed_through, first_id_at(now - key_memory));
    const auto months = archive::months(history);
    for (const auto& [name, file] : months | std::views::reverse) { // the oldest first
        if (name <= after)
            continue;
        pruned_month out;
        try {
            month_file month(file, 1'000);
            if (!month.sealed)
                continue;
            const auto what = over_in(month.db, name, now, keep);
            if (what.nothing())
                continue;
            out.month = name;
            month_pruner(file, without_keys, stop, rows_at_once).prune(what, out);
        } catch (const std::exception& e) { // the disk, the file: whatever it is, others go on
            out.month = name;
            out.wrong = e.what();
        }
        return out;
    }
    return {};
}

} // namespace posthorn::store
