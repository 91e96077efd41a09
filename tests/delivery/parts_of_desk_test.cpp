#include "delivery/doubts.hpp"
#include "delivery/references.hpp"
#include "delivery/shares.hpp"
#include "delivery/strange_receipts.hpp"
#include "model/pacing.hpp"

#include "store/live_db.hpp"

#include <doctest/doctest.h>

#include <map>

namespace parts_of_desk_test {

using namespace posthorn;
using namespace posthorn::delivery;
using namespace std::chrono_literals;

namespace {

constexpr instant noon = live_db::start_of_time;

struct bench {
    in_hand_ids in_hand;
    shares flows;
    id next = 1;

    outgoing_ptr make(priority p, name_id source, std::size_t parts = 1, name_id pool = 1) {
        auto o = std::make_shared<outgoing>(in_hand);
        o->message = live_db::make_message(parts);
        o->message.id = next++;
        o->message.pool = pool;
        o->message.priority = p;
        o->message.source = source;
        return o;
    }
    void add(priority p, name_id source, int count, std::size_t parts = 1, name_id pool = 1) {
        for (int i = 0; i < count; ++i)
            flows.push_back(make(p, source, parts, pool));
    }
};

doubt about(const outgoing_ptr& o, std::string text, name_id account = 5, instant at = noon) {
    return {.out = o, .account = account, .opened_at = at, .text = std::move(text)};
}

store::add_receipt receipt_for(std::string recipient, std::string excerpt, name_id account = 5) {
    return {.account = account,
            .recipient = std::move(recipient),
            .excerpt = std::move(excerpt),
            .at = noon + 1s};
}

} // namespace

TEST_CASE("delivery: normal and bulk messages of all sources share four to one, in parts") {
    bench b;
    b.add(priority::normal, 1, 1000);
    b.add(priority::normal, 2, 500, 2);
    b.add(priority::bulk, 1, 1000);
    std::map<std::pair<priority, name_id>, unsigned> parts;
    for (int turn = 0; turn < 10; ++turn)
        for (const auto& o : b.flows.take(1, 45))
            parts[{o->message.priority, o->message.source}] += o->queued_parts();
    CHECK(parts[{priority::normal, 1}] == doctest::Approx(200).epsilon(0.05));
    CHECK(parts[{priority::normal, 2}] == doctest::Approx(200).epsilon(0.05));
    CHECK(parts[{priority::bulk, 1}] == doctest::Approx(50).epsilon(0.05));
}

TEST_CASE("delivery: urgent goes first, but leaves half while others wait") {
    for (const unsigned room :
         {100U, 11U, 2U, 1U}) { // slots come one by one when the window is full
        CAPTURE(room);
        bench b;
        b.add(priority::urgent, 1, 3000);
        b.add(priority::bulk, 2, 3000);
        unsigned urgent = 0, others = 0;
        while (urgent + others < 1000)
            for (const auto& o : b.flows.take(1, room))
                ++(o->message.priority == priority::urgent ? urgent : others);
        CHECK(urgent == doctest::Approx(others).epsilon(0.03));
    }
    bench alone;
    alone.add(priority::urgent, 1, 100);
    CHECK(alone.flows.take(1, 60).size() == 60);
    bench few;
    few.add(priority::urgent, 1, 3);
    few.add(priority::bulk, 2, 100);
    const auto taken = few.flows.take(1, 50);
    CHECK(taken.size() == 50);
    CHECK(taken.front()->message.priority == priority::urgent);
}

TEST_CASE(
    "delivery: within a flow the order stays, and another pool's messages stay where they are") {
    bench b;
    b.add(priority::normal, 1, 20);
    b.add(priority::normal, 1, 5, 1, 9);
    id last = 0;
    std::size_t count = 0;
    while (b.flows.any_waiting(1))
        for (const auto& o : b.flows.take(1, 3)) {
            CHECK(o->message.id > last);
            last = o->message.id;
            ++count;
        }
    CHECK(count == 20);
    CHECK(b.flows.take(1, 3).empty());
    CHECK(b.flows.any_waiting(9));
}

TEST_CASE("delivery: an account is never faster than its contract, and not slower either") {
    for (const unsigned rate : {1U, 7U, 10U, 500U, 1000U})
        for (const duration late : {0us, 300us}) { // a lane wakes a little after the next token
            CAPTURE(rate);
            CAPTURE(late.count());
            pacing p(rate);
            unsigned sent = 0;
            const auto burst = std::max(1U, rate / 10);
            for (instant now = noon; now < noon + 20s; now = p.next(now) + late) {
                const auto granted = p.take(1000, now);
                sent += granted;
                const auto passed = static_cast<std::uint64_t>((now - noon).count());
                CHECK(sent <= burst + passed * rate / 1'000'000);
                if (granted > 0) // the lane waits only when there is no token left
                    CHECK(p.take(1, now) == 0);
            }
            CHECK(sent >= rate * 20 * 99 / 100);
        }
    pacing changing(10); // however often its rate changes
    unsigned sent = 0;
    for (unsigned i = 0; i < 1000; ++i) {
        changing.change(10 + i % 2);
        sent += changing.take(100, noon + i * 1ms);
    }
    CHECK(sent <= 1 + 11);
    pacing unlimited(0);
    CHECK(unlimited.take(5000, noon) == 5000);
}

TEST_CASE(
    "delivery: the next token is there when pacing says, and a clock set back stops nothing") {
    pacing p(10);
    CHECK(p.take(5, noon) == 1);
    CHECK(p.take(5, noon) == 0);
    const auto at = p.next(noon);
    CHECK(at > noon);
    CHECK(p.take(1, at - 2us) == 0);
    CHECK(p.take(1, at) == 1);
    CHECK(p.take(1, noon - 1h) == 0);
    CHECK(p.take(1, noon - 1h + 200ms) == 1);
}

TEST_CASE("delivery: a second receipt is recognised, an id used again means the newer part") {
    references r;
    r.add(5, "A", {1, 1, true});
    r.add(5, "B", {2, 1, true});
    CHECK(r.waiting() == 2);
    CHECK(r.find(6, "A") == nullptr);
    REQUIRE(r.find(5, "A") != nullptr);
    CHECK(r.find(5, "A")->message == 1);
    r.done(5, "A");
    r.done(5, "A");
    CHECK(r.waiting() == 1);
    CHECK(r.find(5, "A")->done);
    r.add(5, "A", {3, 1, true});
    CHECK(r.waiting() == 2);
    CHECK_FALSE(r.find(5, "A")->done);
    CHECK(r.find(5, "A")->message == 3);
    r.done(5, "A");
    r.done(5, "B");
    CHECK(r.waiting() == 0);
}

TEST_CASE("delivery: references do not grow for ever, and forget no part that still waits") {
    references r;
    for (int i = 0; i < 250'000; ++i) {
        const auto key = std::to_string(i);
        r.add(5, key, {i + 1, 1, true});
        if (i % 1000 != 0)
            r.done(5, key);
    }
    CHECK(r.waiting() == 250);
    for (int i = 0; i < 250'000; i += 1000)
        CHECK(r.find(5, std::to_string(i)) != nullptr);
    CHECK(r.find(5, "1") == nullptr);
    CHECK(r.find(5, "249999") != nullptr);
}

TEST_CASE(
    "delivery: of parts that have a receipt only when they fail the newest 500,000 are known") {
    references r;
    for (int i = 0; i < 500'010; ++i)
        r.add(5, std::to_string(i), {.message = i + 1, .unlikely = true});
    CHECK(r.waiting() == 500'000);
    CHECK(r.find(5, "9") == nullptr);
    CHECK(r.find(5, "10") != nullptr);
    r.done(5, "10");
    CHECK(r.find(5, "10")->done);
    CHECK(r.waiting() == 499'999);
}

TEST_CASE("delivery: of receipts that fit no part the newest 20,000 are kept, for a week") {
    strange_receipts strangers;
    const auto add = [&](int n, instant at) {
        strangers.add(std::make_shared<strange_receipt>(strange_receipt{
                          .receipt = {.account = 5, .recipient = std::to_string(n % 3), .at = at}}),
                      std::to_string(n));
    };
    for (int n = 0; n < 21'000; ++n)
        add(n, noon);
    CHECK(strangers.drop_old(noon).size() == 1'000);
    CHECK(!strangers.contains(5, "999"));
    CHECK(strangers.contains(5, "1000"));
    CHECK(!strangers.take(6, "1000"));
    CHECK(strangers.take(5, "1000"));
    CHECK(!strangers.take(5, "1000"));

    const auto any = [](const auto&, const auto&) { return true; };
    const auto second = [](const auto&, const auto& key) { return key != "1001"; };
    CHECK(strangers.take_of(5, "2", second)->receipt.recipient == "2"); // 1001 % 3 is 2
    CHECK(strangers.contains(5, "1001"));
    CHECK(!strangers.take_of(5, "7", any));

    add(1001, noon + 1h); // again: the newer one counts
    CHECK(strangers.size() == 19'998);
    CHECK(strangers.drop_old(noon + 7 * 24h).size() == 19'997);
    CHECK(strangers.size() == 1);
    CHECK(strangers.drop_old(noon + 8 * 24h).size() == 1);
    CHECK(strangers.empty());
}

TEST_CASE("delivery: an excerpt fits a text whose letters begin like it") {
    struct {
        const char* excerpt;
        const char* text;
        bool fits;
    } const rows[] = {{"", "anything", true},
                      {"Your bill", "Your bill is 12.50", true},
                      {"Your bill is 12.50", "Your bill", true},
                      {"Your-bill.is", "Your bill is", true}, // carriers mangle what is between
                      {"your bill", "Your bill", false},
                      {"Your code", "Your bill", false},
                      {"您的电费", "您的电费12元", true},
                      {"您的水费", "您的电费12元", false}};
    for (const auto& row : rows) {
        CAPTURE(row.excerpt);
        CAPTURE(row.text);
        CHECK(excerpt_fits(row.excerpt, row.text) == row.fits);
    }
}

TEST_CASE("delivery: a receipt settles a doubt only when it can be about no other") {
    bench b;
    const auto one = b.make(priority::normal, 1), two = b.make(priority::normal, 1);
    const auto& phone = one->message.recipient;
    doubt found;
    struct {
        const char* text_one;
        const char* text_two;
        const char* excerpt;
        id settles; // 0: none
    } const rows[] = {{"bill 1", "bill 2", "bill", 0},
                      {"bill 1", "bill 2", "bill 2", two->message.id},
                      {"bill 1", "bill 2", "", 0},
                      {"bill 1", "bill 2", "code", 0},
                      {"bill 1", "code 2", "bill", one->message.id}};
    for (const auto& row : rows) {
        CAPTURE(row.excerpt);
        doubts d;
        d.add(about(one, row.text_one));
        d.add(about(two, row.text_two));
        CHECK(d.take_fitting(receipt_for(phone, row.excerpt), found) == (row.settles != 0));
        if (row.settles != 0)
            CHECK(found.out->message.id == row.settles);
        CHECK(d.size() == (row.settles != 0 ? 1 : 2));
    }
    doubts d;
    d.add(about(one, "bill"));
    CHECK_FALSE(d.take_fitting(receipt_for(phone, "bill", 6), found)); // another account
    CHECK_FALSE(d.take_fitting(receipt_for("8613999999999", "bill"), found));
    auto early = receipt_for(phone, "bill");
    early.at = noon - 1s; // before it was sent
    CHECK_FALSE(d.take_fitting(early, found));
    CHECK(d.take_fitting(receipt_for(phone, "bill"), found));
}

TEST_CASE("delivery: a doubt is due when its wait is over and its link is up, or at its end") {
    bench b;
    const auto o = b.make(priority::normal, 1);
    const auto due = [&](instant resend_at, instant give_up_at, bool up) {
        doubts d;
        auto one = about(o, "");
        one.resend_at = resend_at;
        one.give_up_at = give_up_at;
        d.add(std::move(one));
        return d.take_due(noon, [up](const delivery::doubt&) { return up; }).size() == 1;
    };
    CHECK(due(noon, noon + 1h, true));
    CHECK_FALSE(due(noon, noon + 1h, false));
    CHECK_FALSE(due(noon + 1s, noon + 1h, true));
    CHECK_FALSE(due(instant{}, noon + 1h, true)); // hold
    CHECK(due(instant{}, noon, false));
}

} // namespace parts_of_desk_test
