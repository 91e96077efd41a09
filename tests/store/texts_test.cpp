// Texts from phones as people list them.
#include "store/texts.hpp"

#include "store/store_bench.hpp"
#include "store/text_archive.hpp"

#include <doctest/doctest.h>

namespace texts_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

struct texts_bench : bench {
    texts_reader texts{folder / "live.db", folder / "history"};
    const std::vector<country> china{{"CN", "86", "0", "1[3-9]xxxxxxxxx"}};

    posthorn::id came(std::string sender, std::string what, duration later) {
        std::vector<op> ops;
        ops.emplace_back(add_inbound{.text = {.account = sim,
                                              .sender = std::move(sender),
                                              .recipient = "10690000",
                                              .octets = what,
                                              .text = what,
                                              .at = start_of_time + later},
                                     .settled = {}});
        return commit(std::move(ops)).front().event;
    }
    void settle(posthorn::id text, inbound_outcome what, std::string command = "") {
        std::vector<op> ops;
        ops.emplace_back(
            settle_inbound{.texts = {text}, .what = what, .command = std::move(command)});
        commit(std::move(ops));
    }
    std::vector<std::string> said(const texts_query& q, std::size_t limit = 10) {
        std::vector<std::string> out;
        for (const auto& t : texts.find(q, limit).texts)
            out.push_back(t.text);
        return out;
    }
};

using words = std::vector<std::string>;

} // namespace

TEST_CASE("texts: the newest first, of one phone in any spelling, of one outcome, since a time") {
    texts_bench b;
    const auto first = b.came("8613800000001", "YE", 0s);
    const auto second = b.came("13800000001", "DF", 10s);
    b.came("8613900000001", "HH", 20s);
    b.settle(first, inbound_outcome::answered, "balance");
    b.settle(second, inbound_outcome::failed, "bill");

    CHECK(b.said({}) == words{"HH", "DF", "YE"});
    CHECK(b.said({.number = "8613800000001", .countries = b.china}) == words{"DF", "YE"});
    CHECK(b.said({.outcome = "failed"}) == words{"DF"});
    CHECK(b.said({.outcome = "waiting"}) == words{"HH"});
    CHECK(b.said({.since = start_of_time + 10s}) == words{"HH", "DF"});
    CHECK(b.said({.before = second}) == words{"YE"});

    const auto row = b.texts.text_of(second);
    REQUIRE(row);
    CHECK(row->account == "sim");
    CHECK(row->recipient == "10690000");
    CHECK(row->command == "bill");
    CHECK(row->outcome == "failed");
    CHECK_FALSE(b.texts.text_of(7));
}

TEST_CASE("texts: pages follow each other without a gap, and the last one says so") {
    texts_bench b;
    for (int i = 0; i < 5; ++i)
        b.came("8613800000001", std::to_string(i), std::chrono::seconds(i));
    texts_query q;
    std::vector<std::string> all;
    std::vector<std::size_t> sizes;
    do {
        const auto page = b.texts.find(q, 2);
        CHECK(page.in_time);
        for (const auto& t : page.texts)
            all.push_back(t.text);
        sizes.push_back(page.texts.size());
        q.before = page.next;
    } while (q.before != 0);
    CHECK(all == words{"4", "3", "2", "1", "0"});
    CHECK(sizes == std::vector<std::size_t>{2, 2, 1});
}

TEST_CASE("texts: old ones lie in their months, and are listed with the others in one order") {
    texts_bench b;
    const auto day = [](int n) { return std::chrono::days(n); };
    const auto failed = b.came("8613800000001", "0", day(0)); // 2025-10-09
    const auto october = b.came("13800000001", "1", day(1));
    b.came("8613900000001", "2", day(2)); // waits
    const auto november = b.came("+8613800000001", "3", day(30));
    const auto fresh = b.came("8613800000001", "4", day(40));
    b.settle(failed, inbound_outcome::failed, "bill");
    for (const auto text : {october, november, fresh})
        b.settle(text, inbound_outcome::answered, "balance");

    text_archive moved(b.folder / "live.db", b.folder / "history");
    const auto now = start_of_time + day(41);
    CHECK(moved.copy(0, now, 1) == std::vector{october});
    CHECK(moved.copy(october, now, 10) == std::vector{november});
    const auto listed = [&] {
        CHECK(b.said({}) == words{"4", "3", "2", "1", "0"});
        CHECK(b.said({.number = "8613800000001", .countries = b.china}) ==
              words{"4", "3", "1", "0"});
        CHECK(b.said({.outcome = "answered"}) == words{"4", "3", "1"});
        CHECK(b.said({.since = start_of_time + day(2)}) == words{"4", "3", "2"});
        CHECK(b.said({.before = november}) == words{"2", "1", "0"});
        const auto row = b.texts.text_of(october);
        REQUIRE(row);
        CHECK(row->account == "sim");
        CHECK(row->command == "balance");
    };
    listed(); // copied, and not yet forgotten
    const auto forget_moved = [&](std::vector<posthorn::id> texts) {
        std::vector<op> ops;
        ops.emplace_back(forget{.texts = std::move(texts)});
        b.commit(std::move(ops));
    };
    forget_moved({failed + 1, october, november});
    auto live = open_database(b.folder / "live.db", access::read_only);
    CHECK(number(live, "SELECT count(*) FROM inbound") == 3);
    listed();

    CHECK(moved.copy(0, now, 10).empty()); // one waits, one failed, one is new
    std::vector<op> ops;
    ops.emplace_back(handle_inbound{failed, {.who = "li", .what = "inbound done", .at = now}});
    b.commit(std::move(ops));
    CHECK(moved.copy(0, now, 10) == std::vector{failed});
    forget_moved({failed});
    CHECK(b.texts.text_of(failed)->outcome == "handled");
    CHECK(b.said({.outcome = "handled"}) == words{"0"});
}

TEST_CASE("texts: a month from before texts were moved to months has none, and gets its table") {
    texts_bench b;
    const auto month = b.folder / "history/2025-10.db";
    std::filesystem::create_directories(month.parent_path());
    {
        SQLite::Database old(month.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        old.exec("CREATE TABLE message(id INTEGER PRIMARY KEY) STRICT");
    }
    const auto came = b.came("8613800000001", "YE", 0s);
    b.settle(came, inbound_outcome::answered);
    CHECK(b.said({}) == words{"YE"});
    CHECK_FALSE(b.texts.text_of(came + 1));
    text_archive moved(b.folder / "live.db", b.folder / "history");
    CHECK(moved.copy(0, start_of_time + 72h, 10) == std::vector{came});
    auto db = open_database(month, access::read_only);
    CHECK(number(db, "SELECT count(*) FROM inbound") == 1);
}

TEST_CASE("texts: where there is no database, it is named") {
    const scratch_folder folder;
    texts_reader texts(folder / "none.db", folder / "history");
    CHECK_THROWS_AS(texts.find({}, 1), read_failed);
    CHECK_THROWS_AS(texts.text_of(1), read_failed);
}

} // namespace texts_test
