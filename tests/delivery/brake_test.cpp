// What the brake decides, without a desk.
#include "delivery/brake.hpp"

#include <doctest/doctest.h>

namespace brake_test {

using namespace posthorn;
using namespace posthorn::delivery;
using namespace std::chrono_literals;

namespace {

constexpr name_id bills = 7, notices = 8, other_source = 2;
constexpr instant noon = from_micros(1'760'000'000'000'000);

struct braked {
    // notices are statutory
    brake b{{.enabled = true, .most_in_an_hour = {{bills, 1'000}}},
            [](const message& m) { return m.type == notices; }};
    posthorn::id last = 0;
    instant now = noon;

    static message of(std::string run, name_id type = bills, name_id source = 1) {
        message m;
        m.source = source;
        m.type = type;
        m.run = std::move(run);
        return m;
    }
    // One more wants to leave, and does if it may.
    brake::word leave(message m) {
        const auto may = b.ask(m, now);
        if (may == brake::word::go) {
            m.id = ++last;
            if (b.opened(m))
                b.left(m);
        }
        return may;
    }
    unsigned leave(unsigned n, const message& m) {
        unsigned gone = 0;
        while (gone < n && leave(m) == brake::word::go)
            ++gone;
        return gone;
    }
    void receipts(posthorn::id from, unsigned n, bool delivered) {
        for (unsigned i = 0; i < n; ++i)
            b.ended(from + i, delivered);
    }
    std::string orders() {
        std::string out;
        for (const auto& o : b.take_orders())
            out += std::string(out.empty() ? "" : "; ") +
                   (o.what == brake_order::kind::pause   ? "pause "
                    : o.what == brake_order::kind::go_on ? "go on "
                                                         : "warn ") +
                   std::to_string(o.which.source) + "/" + std::to_string(o.which.type) + "/" +
                   o.which.run + ": " + o.reason;
        return out;
    }
};

} // namespace

TEST_CASE_FIXTURE(braked, "brake: a run's first decide, when enough is known of them") {
    const struct {
        unsigned delivered, failed; // of its first; those that failed are told first
        const char* told;
    } rows[] = {
        {0, 0, ""},
        {19, 0, ""},
        {20, 0, "go on 1/0/bills: 20 of 20 of its first messages were delivered"},
        {15, 5, ""},
        {79, 21, ""},
        {80, 20, "go on 1/0/bills: 80 of 100 of its first messages were delivered"},
        {0, 100, ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.delivered);
        braked one;
        CHECK(one.leave(1'000, of("bills")) == 100);
        CHECK(one.orders() == "pause 1/0/bills: its first 100 messages have left");
        one.receipts(1, row.failed, false);
        one.receipts(1 + row.failed, row.delivered, true);
        CHECK(one.orders() == row.told);
        CHECK((one.leave(of("bills")) == brake::word::go) == (*row.told != '\0'));
    }
}

TEST_CASE_FIXTURE(braked, "brake: bad ones first need more good ones") {
    leave(101, of("bills"));
    receipts(1, 10, false);
    receipts(11, 39, true); // 39 of 49
    CHECK(orders() == "pause 1/0/bills: its first 100 messages have left");
    CHECK(b.progress({1, 0, "bills"}) == "39 of 49 that have ended were delivered; it goes on by "
                                         "itself from 20 with 80 %");
    receipts(50, 1, true);
    CHECK(orders() == "go on 1/0/bills: 40 of 50 of its first messages were delivered");
    CHECK(b.progress({1, 0, "bills"}) == "");
    CHECK_FALSE(b.follows(51)); // its receipt says nothing more
}

TEST_CASE_FIXTURE(braked, "brake: receipts that are faster than the run never stop it") {
    CHECK(leave(100, of("bills")) == 100);
    receipts(1, 20, true);
    CHECK(leave(800, of("bills")) == 800);
    CHECK(orders() == "");
}

TEST_CASE_FIXTURE(braked, "brake: a rejected message has ended, and was not delivered") {
    leave(101, of("bills"));
    orders();
    for (posthorn::id id = 1; id <= 30; ++id) {
        auto m = of("bills");
        m.id = id;
        b.answered(m, true);
    }
    receipts(31, 70, true); // 70 of 100
    CHECK(orders() == "");
}

TEST_CASE_FIXTURE(braked, "brake: what is being committed is waited for, and may come to nothing") {
    std::vector<message> opening;
    for (int i = 0; i < 100; ++i) {
        auto m = of("bills");
        REQUIRE(b.ask(m, now) == brake::word::go);
        REQUIRE(b.opened(m));
        opening.push_back(m);
    }
    CHECK(b.ask(of("bills"), now) == brake::word::wait);
    b.not_left(opening.back()); // the store knew it: a duplicate
    CHECK(leave(of("bills")) == brake::word::go);
    CHECK(leave(of("bills")) == brake::word::wait);
    CHECK(orders() == "");
    for (int i = 0; i < 99; ++i)
        b.left(opening[static_cast<std::size_t>(i)]);
    CHECK(leave(of("bills")) == brake::word::stop);
}

TEST_CASE_FIXTURE(braked, "brake: a run is that of one source, and without one the type is it") {
    CHECK(leave(200, of("bills")) == 100);
    CHECK(leave(200, of("bills", bills, other_source)) == 100);
    CHECK(leave(200, of("")) == 100);
    CHECK(leave(200, of("", 9)) == 100);
    orders();
    CHECK_FALSE(b.let_go({1, 0, "bills"}));
    CHECK(leave(of("bills")) == brake::word::go);
    CHECK(leave(of("bills", bills, other_source)) == brake::word::stop);
    b.let_go({0, 0, "bills"}); // of every source
    CHECK(leave(of("bills", bills, other_source)) == brake::word::go);
    CHECK(leave(of("")) == brake::word::stop);
    b.let_go({1, bills, ""});
    CHECK(leave(of("")) == brake::word::go);
}

TEST_CASE_FIXTURE(braked, "brake: who was let go before it was known is trusted") {
    b.let_go({1, 0, "bills"}); // paused before a restart
    CHECK(leave(900, of("bills")) == 900);
}

TEST_CASE_FIXTURE(braked, "brake: statutory messages are warned of once, and leave") {
    CHECK(leave(900, of("cut off", notices)) == 900);
    CHECK(orders() == "warn 1/0/cut off: its first 100 messages have left");
    REQUIRE(b.warnings().size() == 1);
    receipts(1, 20, true);
    CHECK(b.warnings().empty());
    CHECK(orders() == "");
    leave(101, of("no receipts", notices));
    CHECK(b.warnings().size() == 1);
    CHECK(b.let_go({1, 0, "no receipts"}));
    CHECK(b.warnings().empty());
}

TEST_CASE_FIXTURE(braked, "brake: too many refusals among the last 200 answers pause a run") {
    const auto m = of("bills");
    for (int i = 0; i < 1'000; ++i) // one in five is not too many
        b.answered(m, i % 5 == 0);
    CHECK(orders() == "");
    for (int i = 0; i < 2; ++i)
        b.answered(m, true);
    CHECK(orders() == "pause 1/0/bills: 41 of its last 200 parts were refused by the carrier");
    b.answered(m, true); // it is told once
    CHECK(orders() == "");
    CHECK(b.progress({1, 0, "bills"}) == ""); // no receipt lets it go on
    b.let_go({1, 0, "bills"});
    for (int i = 0; i < 40; ++i) // counted anew
        b.answered(m, true);
    CHECK(orders() == "");
    for (int i = 0; i < 41; ++i)
        b.answered(of("short"), true);
    CHECK(orders() == "pause 1/0/short: 41 of its last 41 parts were refused by the carrier");
}

TEST_CASE_FIXTURE(braked, "brake: a warning of refusals ends when half of them are left") {
    const auto m = of("cut off", notices);
    for (int i = 0; i < 100; ++i)
        b.answered(m, true);
    CHECK(orders() == "warn 1/0/cut off: 41 of its last 41 parts were refused by the carrier");
    for (int i = 0; i < 179; ++i)
        b.answered(m, false);
    CHECK(b.warnings().size() == 1);
    b.answered(m, false);
    CHECK(b.warnings().empty());
}

TEST_CASE_FIXTURE(braked, "brake: a type's hour has so many messages, whatever their runs") {
    const char* too_many = "pause 1/7/: within an hour 1000 messages of it have left, and "
                           "most_in_an_hour is 1000";
    b.let_go({1, 0, "a"});
    b.let_go({1, 0, "b"});
    CHECK(leave(600, of("a")) == 600);
    CHECK(leave(600, of("b")) == 400);
    CHECK(orders() == too_many);
    CHECK(leave(10, of("a", bills, other_source)) == 10);
    CHECK(leave(10, of("c", 9)) == 10);
    now += 1h;
    CHECK(leave(2'000, of("a")) == 1'000);
    CHECK(orders() == too_many);
    b.let_go({1, bills, ""});
    CHECK(leave(10, of("b")) == 10);
}

TEST_CASE_FIXTURE(braked, "brake: switched off it forgets, and counts anew when it is on again") {
    leave(101, of("bills"));
    auto m = of("bills");
    b.use({});
    CHECK_FALSE(b.enabled());
    CHECK_FALSE(b.has_orders());
    CHECK_FALSE(b.follows(1));
    b.use({.enabled = true});
    b.left(m); // opened before
    CHECK(leave(200, of("bills")) == 100);
}

TEST_CASE_FIXTURE(braked, "brake: it remembers the runs seen last, and a bounded number of them") {
    CHECK(leave(50, of("bills")) == 50);
    for (int i = 0; i < 3'000; ++i) {
        leave(of("run " + std::to_string(i), 9));
        if (i == 1'500)
            CHECK(leave(10, of("bills")) == 10);
    }
    CHECK(leave(39, of("bills")) == 39);
    CHECK(b.follows(1));
    for (int i = 0; i < 2'000; ++i)
        leave(of("another " + std::to_string(i), 9));
    CHECK_FALSE(b.follows(1));
    CHECK(leave(200, of("bills")) == 100); // of which nothing is known any more
}

TEST_CASE_FIXTURE(braked, "brake: a paused run is not forgotten, however many others come") {
    CHECK(leave(200, of("bills")) == 100);
    b.take_orders();
    for (int i = 0; i < 5'000; ++i)
        leave(of("run " + std::to_string(i), 9));
    receipts(1, 100, true);
    CHECK(orders().starts_with("go on 1/0/bills: "));
}

} // namespace brake_test
