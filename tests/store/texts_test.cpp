// Texts from phones as people list them.
#include "store/texts.hpp"

#include "store/store_bench.hpp"

#include <doctest/doctest.h>

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

struct texts_bench : bench {
    texts_reader texts{folder / "live.db"};
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

TEST_CASE("texts: where there is no database, it is named") {
    const scratch_folder folder;
    texts_reader texts(folder / "none.db");
    CHECK_THROWS_AS(texts.find({}, 1), read_failed);
    CHECK_THROWS_AS(texts.text_of(1), read_failed);
}
