// A backup of a store that works: complete, consistent, paused, and a store starts on it.
#include "store/backup.hpp"

#include "store/store_bench.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <fstream>
#include <thread>

namespace backup_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;

namespace fs = std::filesystem;

namespace {

const posthorn::store::pause when_restored{
    .scope = {}, .who = "li", .reason = "restored from a backup", .at = start_of_time};

backup_places places(const bench& b) {
    return {.live = b.folder / "live.db",
            .history = b.folder / "history",
            .outbox = b.folder / "outbox",
            .results = b.folder / "result",
            .small = {b.folder / "tokens"}};
}

void make_outbox(const fs::path& file) {
    fs::create_directories(file.parent_path());
    auto db = open_database(file, access::read_write);
    db.exec("CREATE TABLE outbox(id INTEGER PRIMARY KEY, key TEXT)");
    db.exec("INSERT INTO outbox VALUES(1, 'K-1')");
}

std::string why_not(const bench& b, const fs::path& into, std::stop_token stop = {}) {
    try {
        back_up(places(b), into, when_restored, stop);
    } catch (const backup_failed& e) {
        return e.what();
    }
    return {};
}

std::int64_t count(const fs::path& file, const std::string& table) {
    auto db = open_database(file, access::read_only);
    return number(db, "SELECT count(*) FROM " + table);
}

bool sound(const fs::path& file) {
    auto db = open_database(file, access::read_only);
    statement check(db, "PRAGMA integrity_check");
    return check.row() && check.text(0) == "ok";
}

std::unique_ptr<store::store> start_on(const fs::path& folder) {
    return std::make_unique<store::store>(plain_store(folder));
}

} // namespace

TEST_CASE("backup: a store that starts on it knows everything, and is paused until resumed") {
    bench b;
    make_outbox(b.folder / "outbox/crm.db");
    std::ofstream(b.folder / "tokens") << "a token\n";
    const auto gone = b.add("K-1", b.crm);
    b.tell(gone.message, part_event::accept);
    b.tell(gone.message, part_event::deliver);
    b.archive_it(gone, start_of_time, false, true);
    const auto left = b.add("K-2", b.crm); // its bytes may have left
    b.add("K-3", b.crm, 1, "no such field");

    const auto into = b.folder / "saved";
    const auto made = back_up(places(b), into, when_restored, {});
    CHECK(made.files == 4);
    CHECK(made.octets > 0);
    CHECK(!fs::exists(b.folder / "saved.unfinished"));
    CHECK(count(into / "outbox/crm.db", "outbox") == 1);
    CHECK(count(into / "history/2025-10.db", "message") == 1);
    CHECK(fs::exists(into / "tokens"));
    CHECK(fs::status(into).permissions() == fs::perms::owner_all);
    CHECK(!fs::exists(into / "live.db-wal"));
    for (const auto* file : {"live.db", "outbox/crm.db", "history/2025-10.db"})
        CHECK(sound(into / file));

    auto restored = start_on(into);
    const auto found = restored->recover(start_of_time);
    REQUIRE(found.pauses.size() == 1);
    CHECK(found.pauses[0].what.scope.kind == scope_kind::everything);
    CHECK(found.pauses[0].what.reason == "restored from a backup");
    CHECK(!found.pauses[0].what.stopped);
    REQUIRE(found.uncertain.size() == 1);
    CHECK(found.uncertain[0].message.id == left.message);
    restored->start();
    std::vector<outcome> again;
    std::binary_semaphore committed{0};
    std::vector<op> ops;
    ops.emplace_back(
        add_event{.event = make_event("K-1", 1, 1), .source = b.crm, .at = start_of_time});
    ops.emplace_back(resume{});
    restored->submit(std::move(ops), [&](std::span<const outcome> all) {
        again.assign(all.begin(), all.end());
        committed.release();
    });
    committed.acquire();
    CHECK(again[0].what == outcome::code::replay); // the row of the copied outbox
    CHECK(again[0].event == gone.event);
    CHECK(again[1].what == outcome::code::applied);
    restored->stop();

    // and the one that was copied goes on, not paused
    CHECK(count(b.folder / "live.db", "pause") == 0);
}

TEST_CASE("backup: a stop of everything stays a stop, and both reasons are told") {
    bench b;
    std::vector<op> ops;
    ops.emplace_back(posthorn::store::pause{
        .scope = {}, .stopped = true, .who = "wang", .reason = "wrong amounts"});
    b.commit(std::move(ops));
    back_up(places(b), b.folder / "saved", when_restored, {});
    auto restored = start_on(b.folder / "saved");
    const auto found = restored->recover(start_of_time);
    REQUIRE(found.pauses.size() == 1);
    CHECK(found.pauses[0].what.stopped);
    CHECK(found.pauses[0].what.reason == "restored from a backup; before: wrong amounts");
}

TEST_CASE("backup: it ends while the writer never rests, and holds whole commits") {
    bench b;
    for (int i = 0; i < 500; ++i)
        b.add("K-" + std::to_string(i), b.crm);
    std::atomic<bool> enough{false};
    std::atomic<int> written{0};
    std::thread busy([&] {
        for (int i = 0; !enough; ++i, ++written) { // two events in each commit
            std::vector<op> ops;
            ops.emplace_back(b.adding("L-" + std::to_string(i), b.crm, 1));
            ops.emplace_back(b.adding("M-" + std::to_string(i), b.crm, 1));
            b.commit(std::move(ops));
        }
    });
    while (written == 0)
        std::this_thread::yield();
    back_up(places(b), b.folder / "saved", when_restored, {});
    enough = true;
    busy.join();
    const auto copy = b.folder / "saved/live.db";
    CHECK(sound(copy));
    CHECK(count(copy, "event") >= 502);
    CHECK(count(copy, "event WHERE key LIKE 'L-%'") == count(copy, "event WHERE key LIKE 'M-%'"));
}

TEST_CASE("backup: what it cannot do is said, and nothing is left of it") {
    bench b;
    fs::create_directory(b.folder / "taken");
    CHECK(why_not(b, b.folder / "taken").find("never overwritten") != std::string::npos);
    fs::create_directory(b.folder / "other.unfinished");
    CHECK(why_not(b, b.folder / "other").find("remove it") != std::string::npos);
    CHECK(fs::exists(b.folder / "other.unfinished"));
    CHECK(why_not(b, "saved").find("absolute") != std::string::npos);
    CHECK(why_not(b, b.folder / "nowhere/saved").find("nowhere") != std::string::npos);

    fs::create_directory(b.folder / "outbox");
    std::ofstream(b.folder / "outbox/crm.db") << std::string(4096, 'x');
    const auto why = why_not(b, b.folder / "saved");
    CHECK(why.find("outbox/crm.db") != std::string::npos);
    CHECK(!fs::exists(b.folder / "saved"));
    CHECK(!fs::exists(b.folder / "saved.unfinished"));
}

TEST_CASE("backup: one that is told to stop ends, and nothing is left of it") {
    bench b;
    std::stop_source stopping;
    stopping.request_stop();
    CHECK(why_not(b, b.folder / "saved", stopping.get_token()).find("stopping") !=
          std::string::npos);
    CHECK(!fs::exists(b.folder / "saved"));
    CHECK(!fs::exists(b.folder / "saved.unfinished"));
}

} // namespace backup_test
