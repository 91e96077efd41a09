#include "intake/drain_rig.hpp"

#include <sqlite3.h>

#include <fstream>
#include <set>

namespace drain_test {

using namespace posthorn;
using namespace posthorn::intake;
using namespace posthorn::intake::tests;

namespace {

// A writer that can leave a transaction open.
class stranger {
public:
    explicit stranger(const std::filesystem::path& path) {
        REQUIRE(sqlite3_open(path.c_str(), &db_) == SQLITE_OK);
        sqlite3_busy_timeout(db_, 10'000);
    }
    ~stranger() { sqlite3_close(db_); }
    stranger(const stranger&) = delete;
    stranger& operator=(const stranger&) = delete;
    void operator()(const char* sql) {
        REQUIRE(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    }

private:
    sqlite3* db_ = nullptr;
};

constexpr const char* one_bill =
    "INSERT INTO outbox(type,key,to_ref) VALUES('bill.issued','held','1')";

} // namespace

TEST_CASE("intake: rows are handed on in order and deleted once they are committed") {
    const scratch dir;
    file billing(dir / "billing.db");
    billing.insert("k", 1, 700);
    {
        running drain(dir, {.directory = {}, .capacity = 4096, .batch = 100});
        auto keys = drain.seen.keys("billing", 700);
        billing.insert("k", 701, 705);
        keys = drain.seen.keys("billing", 705);
        for (std::size_t i = 0; i < 705; ++i)
            CHECK(keys[i] == "k" + std::to_string(i + 1));
        CHECK(billing.waiting() == 705); // nothing is deleted before it is committed
        auto ids = drain.seen.ids("billing");
        ids.erase(ids.begin() + 41); // k42 is not
        drain.at.committed("billing", ids);
        drain.at.stop();
    }
    REQUIRE(billing.waiting() == 1);
    CHECK(billing.box().read(0, 10)[0].event.key == "k42");
}

TEST_CASE("intake: after a restart everything comes again that was not committed") {
    const scratch dir;
    file billing(dir / "billing.db");
    billing.insert("k", 1, 10);
    {
        running drain(dir);
        drain.seen.keys("billing", 10);
        drain.at.committed("billing", {1, 2, 3, 9});
    }
    running drain(dir);
    CHECK(drain.seen.keys("billing", 6) ==
          std::vector<std::string>{"k4", "k5", "k6", "k7", "k8", "k10"});
}

TEST_CASE("intake: no more rows are in flight than the capacity, and credit lets more come") {
    const scratch dir;
    file billing(dir / "billing.db");
    file codes(dir / "codes.db");
    billing.insert("k", 1, 50);
    running drain(dir, {.directory = {}, .capacity = 8, .batch = 5});
    // Another source shows that the drain goes round, and leaves this one alone.
    auto rounds = [&, n = 0]() mutable {
        for (int i = 0; i < 3; ++i) {
            codes.insert("c", n + 1, n + 1);
            drain.seen.keys("codes", static_cast<std::size_t>(++n));
            drain.at.credit("codes", 1);
        }
    };
    drain.seen.keys("billing", 8);
    rounds();
    CHECK(drain.seen.keys("billing", 8).size() == 8);
    drain.at.credit("billing", 3);
    drain.seen.keys("billing", 11);
    rounds();
    CHECK(drain.seen.keys("billing", 11).size() == 11);
    drain.at.credit("billing", 100);
    drain.at.credit("nobody", 100);
    drain.seen.keys("billing", 19);
}

TEST_CASE("intake: an urgent row overtakes a bill run that fills the capacity, and comes once") {
    const scratch dir;
    file billing(dir / "billing.db");
    billing.insert("k", 1, 300);
    billing.insert("first", 1, 1, "code.verification");
    billing.insert("k", 301, 600);
    running drain(dir, {.directory = {}, .capacity = 16, .batch = 16});
    auto keys = drain.seen.keys("billing", 17);
    CHECK(std::set<std::string>(keys.begin(), keys.end()).contains("first1"));

    billing.insert("second", 1, 2, "code.verification");
    keys = drain.seen.keys("billing", 19);
    CHECK(keys.size() == 19);
    CHECK(keys[17] == "second1");
    CHECK(keys[18] == "second2");

    for (std::size_t credited = 0; credited < 603;) {
        const auto now = drain.seen.ids("billing").size();
        drain.at.credit("billing", now - credited);
        credited = now;
        if (credited < 603)
            drain.seen.keys("billing", credited + 1);
    }
    billing.insert("end", 1, 1);
    keys = drain.seen.keys("billing", 604);
    CHECK(keys.back() == "end1");
    CHECK(keys.size() == 604);
    CHECK(std::set<std::string>(keys.begin(), keys.end()).size() == 604);
}

TEST_CASE("intake: urgent rows, too, have a limit") {
    const scratch dir;
    file billing(dir / "billing.db");
    billing.insert("k", 1, 40);
    billing.insert("c", 1, 100, "code.verification");
    running drain(dir, {.directory = {}, .capacity = 16, .batch = 16});
    const auto before = drain.seen.keys("billing", 32); // capacity and 16 more
    file codes(dir / "codes.db");
    codes.insert("x", 1, 1);
    drain.seen.keys("codes", 1);
    CHECK(drain.seen.keys("billing", 32).size() == 32);
    drain.at.credit("billing", 20);
    drain.seen.keys("billing", 52);
}

TEST_CASE("intake: a file may appear while the drain runs, and its folder too") {
    const scratch dir;
    running drain(dir, {.directory = dir / "outbox"});
    auto& seen = drain.seen;
    CHECK(seen.problem((dir / "outbox").string(), 1).find("mkdir -m 2770") != std::string::npos);
    CHECK(seen.problem("billing.db", 1).find("is not there yet") != std::string::npos);
    std::filesystem::create_directory(dir / "outbox");
    CHECK(seen.problem((dir / "outbox").string(), 2).empty());
    file billing(dir / "outbox/billing.db");
    CHECK(seen.problem("billing.db", 2).empty());
    billing.insert("k", 1, 1);
    CHECK(seen.keys("billing", 1) == std::vector<std::string>{"k1"});
}

TEST_CASE("intake: what is wrong with a file is told once, and listed until it is mended") {
    const scratch dir;
    std::ofstream(dir / "billing.db") << std::string(2000, 'x');
    std::ofstream(dir / "bilings.db") << "somebody's";
    std::ofstream(dir / "README") << "not a database, and nobody says so";
    file codes(dir / "codes.db");
    file mute(dir / "mute.db");
    running drain(dir);
    CHECK(drain.seen.problem("billing.db", 1).find("is not a SQLite database") !=
          std::string::npos);
    CHECK(drain.seen.problem("bilings.db", 1).find("names no source 'bilings'") !=
          std::string::npos);
    codes.insert("c", 1, 1); // others are undisturbed
    drain.seen.keys("codes", 1);
    CHECK(drain.seen.problem_count() == 2);
    const auto listed = drain.at.problems();
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].file == "bilings.db");
    CHECK(listed[1].file == "billing.db");

    std::filesystem::remove(dir / "billing.db");
    CHECK(drain.seen.problem("billing.db", 2).find("is not there yet") != std::string::npos);
    std::filesystem::remove(dir / "bilings.db");
    CHECK(drain.seen.problem("bilings.db", 2).empty());
    file billing(dir / "billing.db");
    CHECK(drain.seen.problem("billing.db", 3).empty());
    billing.insert("k", 1, 1);
    drain.seen.keys("billing", 1);
    CHECK(drain.at.problems().empty());
}

TEST_CASE("intake: a writer with an open transaction delays only the deletions of its own file") {
    const scratch dir;
    file billing(dir / "billing.db");
    file codes(dir / "codes.db");
    billing.insert("k", 1, 3);
    stranger writer(dir / "billing.db");
    {
        running drain(dir);
        drain.seen.keys("billing", 3);
        writer("BEGIN IMMEDIATE");
        writer(one_bill);
        drain.commit("billing");
        codes.insert("c", 1, 5, "code.verification");
        drain.seen.keys("codes", 5);
        drain.commit("codes");
        drain.at.stop(); // tries once more, and does not wait for the writer
        CHECK(codes.waiting() == 0);
        CHECK(billing.waiting() == 3);
        writer("COMMIT");
    }
    running drain(dir);
    CHECK(drain.seen.keys("billing", 4).back() == "held");
    drain.commit("billing");
    drain.at.stop();
    CHECK(billing.waiting() == 0);
}

TEST_CASE("intake: ids of a file that was replaced delete nothing in the new one") {
    const scratch dir;
    file old(dir / "billing.db");
    old.insert("old", 1, 3);
    running drain(dir);
    drain.seen.keys("billing", 3);
    {
        file fresh(dir / "fresh.db");
        fresh.insert("new", 1, 3);
        stranger closing(dir / "fresh.db");
        closing("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    for (const auto* rest : {"-wal", "-shm"})
        std::filesystem::remove(dir / (std::string("billing.db") + rest));
    std::filesystem::rename(dir / "fresh.db", dir / "billing.db");
    // Its rows wait until those of the old file are through, because their ids are the same.
    file codes(dir / "codes.db");
    codes.insert("c", 1, 1);
    drain.seen.keys("codes", 1);
    CHECK(drain.seen.keys("billing", 3).size() == 3);
    drain.commit("billing");
    CHECK(drain.seen.keys("billing", 6).back() == "new3");
    drain.at.stop();
    store::outbox now("billing", dir / "billing.db");
    REQUIRE(now.open());
    CHECK(now.waiting() == 3);
}

TEST_CASE("intake: a row that appears below those already taken is not lost") {
    const scratch dir;
    file billing(dir / "billing.db");
    stranger writer(dir / "billing.db");
    writer("INSERT INTO outbox(id,type,key,to_ref) VALUES(20,'bill.issued','k','1')");
    running drain(dir);
    drain.seen.keys("billing", 1);
    writer("INSERT INTO outbox(id,type,key,to_ref) VALUES(5,'bill.issued','late','1')");
    writer("INSERT INTO outbox(id,type,key,to_ref) VALUES(21,'bill.issued','next','1')");
    CHECK(drain.seen.keys("billing", 2).back() == "next");
    drain.commit("billing");
    CHECK(drain.seen.keys("billing", 3).back() == "late");
}

TEST_CASE(
    "intake: rows stay where they are, and it is told, until the person's choice can be read") {
    const scratch dir;
    auto known = some_catalogue();
    known->people = dir / "people" / "live.db";
    known->letters = true;
    std::filesystem::create_directory(dir / "people");
    std::ofstream(known->people) << "this is no database, however long one looks at it";
    file billing(dir / "billing.db");
    billing.insert("k", 1, 3);
    running drain(dir, {}, known);
    CHECK(drain.seen.problem("billing.db", 1).find("cannot be read") != std::string::npos);
    CHECK(drain.seen.ids("billing").empty());
    std::filesystem::remove(known->people);
    CHECK(drain.seen.keys("billing", 3).size() == 3);
    CHECK(drain.seen.problem("billing.db", 2).empty());
    std::ofstream(known->people) << "this is no database, however long one looks at it";
    billing.insert("l", 1, 1);
    CHECK(drain.seen.problem("billing.db", 3).find("cannot be read") != std::string::npos);
    drain.at.stop(); // it does not wait for that
    CHECK(drain.seen.ids("billing").size() == 3);
    CHECK(billing.waiting() == 4);
}

TEST_CASE("intake: a row is handed on soon after it was committed") {
    const scratch dir;
    file billing(dir / "billing.db");
    running drain(dir);
    std::vector<duration> waits;
    for (int i = 1; i <= 200; ++i) {
        billing.insert("k", i, i);
        const auto begin = std::chrono::steady_clock::now();
        drain.seen.keys("billing", static_cast<std::size_t>(i));
        waits.push_back(
            std::chrono::duration_cast<duration>(std::chrono::steady_clock::now() - begin));
        drain.at.committed("billing", {i});
    }
    std::ranges::sort(waits);
    MESSAGE("from commit to delivery: p50 ", waits[100].count(), " us, p99 ", waits[198].count(),
            " us");
    CHECK(waits[100] < 1s);
}

} // namespace drain_test
