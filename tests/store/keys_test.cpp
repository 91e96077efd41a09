#include "store/sqlite/keys.hpp"

#include "store/live_db.hpp"
#include "store/sqlite/schema.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <random>

namespace keys_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;

namespace {

constexpr std::size_t per_slice = 50;
constexpr std::size_t rows_per_commit = 7;

// The index with its `event` table, as the writer drives it: a few rows of a slice per commit.
struct bench {
    scratch_folder folder;
    std::unique_ptr<SQLite::Database> db;
    std::unique_ptr<key_index> keys;
    std::map<std::pair<name_id, std::string>, key_entry> truth;
    id next_event = 1;

    bench() { open(); }

    void open() {
        keys.reset();
        db = std::make_unique<SQLite::Database>(
            open_database(folder / "live.db", access::read_write));
        migrate(*db, folder / "live.db");
        keys = std::make_unique<key_index>(*db, per_slice, folder / "history");
    }
    // As after a power cut: nothing the object holds is written, the files are what they are.
    void crash() {
        namespace fs = std::filesystem;
        for (const auto* name : {"live.db", "live.db-wal"})
            if (fs::exists(folder / name))
                fs::copy_file(folder / name, folder / (std::string("kept-") + name));
        keys.reset();
        db.reset();
        for (const auto* name : {"live.db", "live.db-wal", "live.db-shm"})
            fs::remove(folder / name);
        for (const auto* name : {"live.db", "live.db-wal"})
            if (fs::exists(folder / (std::string("kept-") + name)))
                fs::rename(folder / (std::string("kept-") + name), folder / name);
        open();
    }
    void begin() {
        db->exec("BEGIN IMMEDIATE");
        keys->seal_some(rows_per_commit, 1);
    }
    void commit() {
        db->exec("COMMIT");
        keys->keep();
    }
    void fail() {
        db->exec("ROLLBACK");
        keys->undo();
    }
    key_entry add(name_id source, const std::string& key, std::int64_t outbox_id) {
        const key_entry e{next_event++, outbox_id, static_cast<std::uint64_t>(outbox_id) * 3};
        statement(
            *db,
            "INSERT INTO event(id, source, outbox_id, key, hash, type, run, subject, "
            "to_kind, to_ref, data, occurred_at, not_before, expires_at, created_at, "
            "received_at, version, parked) VALUES(?,?,?,?,?,'','','','','','',0,0,0,0,0,1,'x')")
            .bind(e.event, source, outbox_id, key, static_cast<std::int64_t>(e.hash))
            .run();
        keys->add(source, key, e);
        return e;
    }
    key_entry replace(name_id source, const std::string& key, std::int64_t outbox_id) {
        auto e = truth.at({source, key});
        e.outbox_id = outbox_id;
        e.hash = static_cast<std::uint64_t>(outbox_id) * 3;
        statement(*db, "UPDATE event SET outbox_id=?, hash=? WHERE id=?")
            .bind(outbox_id, static_cast<std::int64_t>(e.hash), e.event)
            .run();
        keys->replace(source, key, e);
        return e;
    }
    void add_committed(name_id source, const std::string& key, std::int64_t outbox_id) {
        begin();
        truth[{source, key}] = add(source, key, outbox_id);
        commit();
    }
    // Keys whose entry is not what it should be, and strangers that are found.
    std::size_t mistakes() {
        std::size_t wrong = 0;
        for (const auto& [name, e] : truth) {
            const auto found = keys->find(name.first, name.second);
            wrong += !found || found->event != e.event || found->outbox_id != e.outbox_id ||
                     found->hash != e.hash;
        }
        for (int i = 0; i < 200; ++i)
            wrong += keys->find(1, "stranger" + std::to_string(i)).has_value();
        return wrong;
    }
    // Events that have left live.db are remembered by sealed slices alone.
    void forget_sealed() {
        statement(*db, "DELETE FROM event WHERE id<=?").bind(keys->sealed_through()).run();
    }
};

} // namespace

TEST_CASE(
    "store: thousands of keys are found while hot, being sealed, sealed, and after a restart") {
    bench b;
    std::size_t most_hot = 0;
    for (int i = 0; i < 3000; ++i) {
        b.add_committed(i % 3 + 1, "key" + std::to_string(i * 7919 % 3001), i);
        most_hot = std::max(most_hot, b.keys->hot());
        if (i % 500 == 250)
            CHECK(b.mistakes() == 0);
    }
    CHECK(most_hot < 3 * per_slice);
    CHECK(b.keys->sealed_through() > 2000);
    b.forget_sealed();
    CHECK(b.mistakes() == 0);
    b.open();
    CHECK(b.mistakes() == 0);
    CHECK(b.keys->hot() < 3 * per_slice);
}

TEST_CASE("store: a crash at any moment of sealing loses no key") {
    bench b;
    std::mt19937 dice(5);
    int row = 0;
    for (int round = 0; round < 60; ++round) {
        const auto commits = 1 + dice() % 25;
        for (unsigned i = 0; i < commits; ++i, ++row)
            b.add_committed(1, "key" + std::to_string(row), row);
        if (round % 4 == 0)
            b.forget_sealed();
        b.crash();
        CAPTURE(round);
        REQUIRE(b.mistakes() == 0);
    }
    CHECK(number(*b.db, "SELECT count(*) FROM key_slice") > 5);
    CHECK(number(*b.db, "SELECT count(*) FROM key_slice WHERE sealed_at=0") == 0);
    CHECK(number(*b.db, "SELECT count(*) FROM key WHERE slice NOT IN "
                        "(SELECT slice FROM key_slice)") == 0);
}

TEST_CASE("store: a commit that fails leaves the keys as they were") {
    bench b;
    std::mt19937 dice(11);
    int row = 0;
    for (int i = 0; i < 1500; ++i, ++row) {
        b.begin();
        const auto key = "key" + std::to_string(row);
        const bool again = !b.truth.empty() && dice() % 4 == 0;
        const auto old = "key" + std::to_string(dice() % static_cast<unsigned>(row + 1));
        std::optional<key_entry> replaced;
        if (again && b.truth.contains({1, old}))
            replaced = b.replace(1, old, 100'000 + row);
        const auto added = b.add(1, key, row);
        if (dice() % 3 == 0) {
            b.fail();
            CHECK_FALSE(b.keys->find(1, key).has_value());
        } else {
            b.commit();
            b.truth[{1, key}] = added;
            if (replaced)
                b.truth[{1, old}] = *replaced;
        }
        if (i % 100 == 0)
            REQUIRE(b.mistakes() == 0);
    }
    CHECK(b.mistakes() == 0);
    b.open();
    CHECK(b.mistakes() == 0);
}

TEST_CASE("store: a replaced event is found under its new row wherever its key lies") {
    bench b;
    for (int i = 0; i < 400; ++i)
        b.add_committed(2, "key" + std::to_string(i), i);
    for (int i = 0; i < 400; ++i) { // sealing goes on meanwhile
        b.begin();
        b.truth[{2, "key" + std::to_string(i)}] = b.replace(2, "key" + std::to_string(i), 1000 + i);
        b.add(1, "new" + std::to_string(i), i);
        b.commit();
    }
    CHECK(b.mistakes() == 0);
    b.forget_sealed();
    b.crash();
    CHECK(b.mistakes() == 0);
}

} // namespace keys_test
