// A later event of a subject makes earlier ones needless, whatever the order they come in.
#include "store/audience.hpp"
#include "store/changes.hpp"
#include "store/publications.hpp"
#include "store/store_bench.hpp"
#include "store/withdrawals.hpp"

#include <doctest/doctest.h>

namespace withdrawal_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;

namespace {

using namespace std::chrono_literals;

constexpr std::string_view ladder = "arrears.first arrears.second";

struct withdrawal_bench : bench {
    withdrawal_reader withdrawals{folder / "live.db"};
    name_id first = 0, payment = 0;

    add_event made(const std::string& key, const std::string& type, const std::string& subject,
                   duration ago, part_state state = part_state::queued) {
        auto e = adding(key, crm, 1);
        e.event.type = type;
        e.event.subject = subject;
        e.event.occurred_at = start_of_time - ago;
        auto& p = e.message.parts.front();
        p.state = state;
        p.attempts = state == part_state::queued ? 0 : 1;
        return e;
    }
    add_event paid(const std::string& key, const std::string& subject, duration ago) {
        auto e = made(key, "payment.received", subject, ago, part_state::sending);
        e.withdraws = ladder;
        return e;
    }
    std::string state_of(const outcome& o) {
        const auto story = read.story_of(o.event);
        REQUIRE(story);
        REQUIRE(story->messages.size() == 1);
        const auto& m = story->messages.front();
        return std::string(name_of(m.state)) + (m.reason.empty() ? "" : ": " + m.reason);
    }
    std::vector<needless_message> all_of(const open_withdrawal& w, std::size_t limit = 100) {
        std::vector<needless_message> out;
        for (withdrawal_reader::place from;;) {
            const auto some = withdrawals.messages(w, from, limit);
            out.insert(out.end(), some.begin(), some.end());
            if (some.size() < limit)
                return out;
        }
    }
};

} // namespace

TEST_CASE("withdrawal: what comes after it, and happened before it, is closed as it comes") {
    withdrawal_bench b;
    b.done(b.paid("p-1", "bill 7", 1h));
    struct row {
        const char* key;
        const char* type;
        const char* subject;
        duration ago;
        part_state state;
        const char* becomes;
    };
    const std::string gone = "cancelled: withdrawn by payment.received p-1";
    const row rows[] = {
        {"a-1", "arrears.first", "bill 7", 2h, part_state::queued, gone.c_str()},
        {"a-2", "arrears.second", "bill 7", 1h, part_state::queued, gone.c_str()},
        {"a-3", "arrears.first", "bill 7", 2h, part_state::sending, gone.c_str()},
        {"b-1", "arrears.first", "bill 7", 30min, part_state::queued, "queued"},
        {"b-2", "arrears.third", "bill 7", 2h, part_state::queued, "queued"},
        {"b-3", "arrears.first", "bill 8", 2h, part_state::queued, "queued"},
        {"b-4", "arrears.first", "", 2h, part_state::sending, "sending"},
    };
    for (const auto& r : rows) {
        INFO(r.key);
        const auto o = b.done(b.made(r.key, r.type, r.subject, r.ago, r.state));
        CHECK(o.what == outcome::code::applied);
        CHECK(b.state_of(o) == r.becomes);
        CHECK(name_of(o.state) ==
              std::string_view(r.becomes).substr(0, r.becomes == gone ? 9 : 99));
    }
    auto db = open_database(b.folder / "live.db", access::read_only);
    CHECK(number(db, "SELECT count(*) FROM queue") == 3);
    CHECK(audit(db).empty());
}

TEST_CASE("withdrawal: of another source, or without a subject, it withdraws nothing") {
    withdrawal_bench b;
    auto other = b.paid("p-1", "bill 7", 1h);
    other.source = other.message.source = b.billing;
    b.done(other);
    b.done(b.paid("p-2", "", 1h));
    CHECK(b.state_of(b.done(b.made("a-1", "arrears.first", "bill 7", 2h))) == "queued");
    CHECK(b.state_of(b.done(b.made("a-2", "arrears.first", "", 2h))) == "queued");
    CHECK(b.withdrawals.open(0, 10).empty());
}

TEST_CASE(
    "withdrawal: an event that says no time happened when it was written, and never later than "
    "it was taken in") {
    withdrawal_bench b;
    auto w = b.paid("p-1", "s", 0h);
    w.event.occurred_at = start_of_time + 24h * 365; // a clock that is wrong
    b.done(w);
    auto later = b.made("a-1", "arrears.first", "s", 0h);
    later.event.occurred_at = {};
    later.event.received_at = start_of_time + 1h;
    CHECK(b.state_of(b.done(later)) == "queued");
    auto earlier = b.made("a-2", "arrears.first", "s", 0h);
    earlier.event.occurred_at = {};
    earlier.event.received_at = start_of_time + 1h;
    earlier.event.created_at = start_of_time - 1h;
    CHECK(b.state_of(b.done(earlier)) == "cancelled: withdrawn by payment.received p-1");
}

TEST_CASE(
    "withdrawal: a parked event is closed when it is released, and withdraws when it is itself") {
    withdrawal_bench b;
    auto parked = b.made("a-1", "arrears.first", "s", 2h);
    const auto message = std::exchange(parked.message, {});
    parked.parked = "why";
    const auto a = b.done(parked);
    auto w = b.paid("p-1", "s", 1h);
    auto payment = std::exchange(w.message, {});
    w.parked = "why";
    const auto p = b.done(w);
    CHECK(b.state_of(b.done(b.made("a-2", "arrears.first", "s", 2h))) == "queued");

    payment.parts.front().state = part_state::queued;
    payment.parts.front().attempts = 0;
    b.done(release_event{.event = p.event,
                         .message = payment,
                         .parked = {},
                         .withdraws = std::string(ladder),
                         .at = start_of_time});
    REQUIRE(b.withdrawals.open(0, 10).size() == 1);
    b.done(release_event{.event = a.event, .message = message, .parked = {}, .at = start_of_time});
    CHECK(b.state_of(a) == "cancelled: withdrawn by payment.received p-1");
}

TEST_CASE("withdrawal: it is open while what it means is in live.db, and finds all of it") {
    withdrawal_bench b;
    std::vector<posthorn::id> waiting;
    for (const auto* key : {"a-1", "a-2", "a-3"})
        waiting.push_back(b.done(b.made(key, "arrears.first", "s", 2h)).message);
    b.done(b.made("b-1", "arrears.third", "s", 2h));
    b.done(b.made("b-2", "arrears.first", "s", 0h)); // later
    b.done(b.made("b-3", "arrears.first", "t", 2h));
    const auto sending = b.done(b.made("a-4", "arrears.second", "s", 2h, part_state::sending));
    b.done(b.paid("p-1", "s", 1h));
    auto open = b.withdrawals.open(0, 10);
    REQUIRE(open.size() == 1);
    CHECK(open[0].type == "payment.received");
    CHECK(open[0].reason == "withdrawn by payment.received p-1");
    for (const std::size_t limit : {1U, 2U, 3U, 4U, 100U}) {
        const auto found = b.all_of(open[0], limit);
        REQUIRE(found.size() == 4);
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK(found[i].id == waiting[i]);
            CHECK(found[i].waits);
            CHECK_FALSE(found[i].sending);
        }
        CHECK(found[3].id == sending.message);
        CHECK_FALSE(found[3].waits);
        CHECK(found[3].sending);
    }
    CHECK_FALSE(b.withdrawals.expanding(open[0]));
    CHECK(b.done(end_withdrawal{open[0].event}).what == outcome::code::applied);
    CHECK(b.done(end_withdrawal{open[0].event}).what == outcome::code::stale);
    CHECK(b.withdrawals.open(0, 10).empty());
    CHECK(b.state_of(b.done(b.made("a-5", "arrears.first", "s", 2h))) ==
          "cancelled: withdrawn by payment.received p-1");
}

TEST_CASE("withdrawal: nothing of its subject is there, so it is done at once") {
    withdrawal_bench b;
    b.done(b.made("b-1", "arrears.third", "s", 2h));
    b.done(b.paid("p-1", "s", 1h));
    CHECK(b.withdrawals.open(0, 10).empty());
}

TEST_CASE("withdrawal: what timers would make later is taken back, but not what the event begins "
          "itself") {
    withdrawal_bench b;
    const auto ladder_of = [&](duration ago) {
        return begin_timer{.timer = "arrears",
                           .source = b.crm,
                           .subject = "s",
                           .type = "bill.issued",
                           .key = "k",
                           .to_kind = "number",
                           .to_ref = "8613800000000",
                           .data = "{}",
                           .occurred_at = start_of_time - ago,
                           .steps = {{"arrears.first", start_of_time + 24h},
                                     {"arrears.second", start_of_time + 48h},
                                     {"arrears.third", start_of_time + 72h}},
                           .at = start_of_time};
    };
    const auto waiting = [&] {
        auto db = open_database(b.folder / "live.db", access::read_only);
        return number(db, "SELECT count(*) FROM timer_step WHERE made_at=0");
    };
    b.done(ladder_of(2h));
    REQUIRE(waiting() == 3);
    b.done(b.paid("p-1", "t", 1h));
    CHECK(waiting() == 3);
    auto w = b.paid("p-2", "s", 1h);
    w.parked = "why";
    w.message.parts.clear();
    b.done(w);
    CHECK(waiting() == 3);
    b.done(b.paid("p-3", "s", 1h));
    CHECK(waiting() == 1);
    w = b.paid("p-4", "s", 0h);
    auto along = std::make_shared<op_list>();
    along->ops.emplace_back(ladder_of(0h));
    w.along = along;
    b.done(w);
    CHECK(waiting() == 3);
}

TEST_CASE("withdrawal: a subject that very many share is gone through beside the writer") {
    withdrawal_bench b;
    for (int i = 0; i < 120; ++i)
        b.done(b.made("b-" + std::to_string(i), "arrears.third", "s", 2h));
    b.done(b.paid("p-1", "s", 1h));
    const auto open = b.withdrawals.open(0, 10);
    REQUIRE(open.size() == 1);
    CHECK(b.all_of(open[0]).empty());
}

TEST_CASE(
    "withdrawal: the latest of its kind counts, in whatever order they come, and never against "
    "itself") {
    withdrawal_bench b;
    const auto estimate = [&](const std::string& key, duration ago) {
        auto e = b.made(key, "outage.changed", "s", ago);
        e.withdraws = "outage.*";
        return b.done(e);
    };
    const auto second = estimate("c-2", 1h), first = estimate("c-1", 2h),
               third = estimate("c-3", 0h);
    CHECK(b.state_of(second) == "queued"); // until somebody goes through what c-3 withdraws
    CHECK(b.state_of(first) == "cancelled: withdrawn by outage.changed c-2");
    CHECK(b.state_of(third) == "queued");
    CHECK(b.state_of(b.done(b.made("p", "outage.planned", "s", 30min))) ==
          "cancelled: withdrawn by outage.changed c-3");
}

TEST_CASE("withdrawal: messages of an event for many are found, and whether more will be made") {
    withdrawal_bench b;
    auto taken = b.made("o-1", "arrears.first", "s", 2h);
    taken.message.parts.clear();
    taken.for_many = true;
    taken.event.to_kind = "area";
    const auto event = b.done(taken).event;
    for (int i = 0; i < 5; ++i)
        b.done(add_recipient{
            .event = event, .message = make_message(1), .reason = {}, .at = start_of_time});
    b.done(b.paid("p-1", "s", 1h));
    const auto open = b.withdrawals.open(0, 10);
    REQUIRE(open.size() == 1);
    CHECK(b.withdrawals.expanding(open[0]));
    for (const std::size_t limit : {1U, 2U, 5U, 6U})
        CHECK(b.all_of(open[0], limit).size() == 5);
    audience_reader audiences(b.folder / "live.db");
    const auto expansion = audiences.open(0, start_of_time, 10);
    REQUIRE(expansion.size() == 1);
    CHECK(expansion[0].withdrawn == "withdrawn by payment.received p-1");
    b.done(advance_expansion{.event = event, .done = true, .reason = "why", .at = start_of_time});
    CHECK_FALSE(b.withdrawals.expanding(open[0]));
}

TEST_CASE("withdrawal: an event for many that is cancelled is gone through by name, due or not") {
    withdrawal_bench b;
    auto taken = b.made("o-1", "outage.planned", "", 2h);
    taken.message.parts.clear();
    taken.for_many = true;
    taken.event.to_kind = "area";
    taken.event.not_before = start_of_time + 24h;
    const auto event = b.done(taken).event;
    for (int i = 0; i < 5; ++i)
        b.done(add_recipient{
            .event = event, .message = make_message(1), .reason = {}, .at = start_of_time});
    audience_reader audiences(b.folder / "live.db");
    CHECK(audiences.open(0, start_of_time, 10).empty());
    const cancel_event cancel{.event = event, .reason = "cancelled: why", .at = start_of_time};
    CHECK(b.done(cancel).what == outcome::code::applied);
    CHECK(b.done(cancel).what == outcome::code::stale);
    CHECK(b.read.is_being_cancelled(event));
    const auto open = b.withdrawals.open(0, 10);
    REQUIRE(open.size() == 1);
    CHECK(open[0].by_name);
    CHECK(open[0].reason == "cancelled: why");
    CHECK(open[0].since == start_of_time);
    CHECK(b.withdrawals.expanding(open[0]));
    for (const std::size_t limit : {1U, 2U, 5U, 6U})
        CHECK(b.all_of(open[0], limit).size() == 5);
    const auto expansion = audiences.open(0, start_of_time, 10);
    REQUIRE(expansion.size() == 1);
    CHECK(expansion[0].withdrawn == "cancelled: why");
    b.done(advance_expansion{.event = event, .done = true, .reason = "why", .at = start_of_time});
    CHECK_FALSE(b.withdrawals.expanding(open[0]));
    CHECK(b.done(end_withdrawal{.event = event}).what == outcome::code::stale);
    CHECK(b.done(end_withdrawal{.event = event, .by_name = true}).what == outcome::code::applied);
    CHECK_FALSE(b.read.is_being_cancelled(event));
}

TEST_CASE("withdrawal: a chunk that was under way when its event was cancelled is not made") {
    withdrawal_bench b;
    std::vector<posthorn::id> events;
    for (const auto* key : {"o-1", "o-2"}) {
        auto taken = b.made(key, "outage.planned", "", 2h);
        taken.message.parts.clear();
        taken.for_many = true;
        taken.event.to_kind = "area";
        events.push_back(b.done(taken).event);
    }
    b.done(cancel_event{.event = events[0], .reason = "cancelled: why", .at = start_of_time});
    for (const auto event : events) {
        const auto expected = event == events[0] ? outcome::code::stale : outcome::code::applied;
        const auto made = b.done(add_recipient{
            .event = event, .message = make_message(1), .reason = {}, .at = start_of_time});
        CHECK(made.what == expected);
        CHECK((made.message == 0) == (expected == outcome::code::stale));
        const auto come = b.done(advance_expansion{
            .event = event, .through_number = "1", .made = 1, .done = true, .at = start_of_time});
        CHECK(come.what == expected);
    }
    CHECK(b.read.story_of(events[0])->expanded->made == 0);
    CHECK(b.read.story_of(events[1])->expanded->made == 1);
    const advance_expansion end{
        .event = events[0], .done = true, .reason = "cancelled: why", .at = start_of_time};
    CHECK(b.done(end).what == outcome::code::applied);
}

namespace {

// Items of topics, each with one text made of it, that waits.
struct item_bench : withdrawal_bench {
    name_id own = 0;
    publications_reader publications{folder / "live.db"};

    item_bench() { own = done(add_name{.kind = "source", .name = std::string(own_source)}).name; }
    add_event feeding(const std::string& key, const std::string& type, const std::string& subject,
                      duration ago, const std::string& item) {
        auto e = made(key, type, subject, ago);
        op_list along;
        along.ops.emplace_back(add_publication{.topic = "t",
                                               .item = item,
                                               .data = "{}",
                                               .of = {.source = crm,
                                                      .subject = subject,
                                                      .what = type + " " + key,
                                                      .happened_at = happened_at(e.event)},
                                               .at = start_of_time});
        e.along = std::make_shared<const op_list>(std::move(along));
        return e;
    }
    posthorn::id item_named(const std::string& name) {
        for (const auto& p : publications.open(0, 100))
            if (p.item == name)
                return p.id;
        return 0;
    }
    posthorn::id text_of(posthorn::id item) {
        auto e = made("text of " + std::to_string(item), "arrears.first",
                      subject_of_item("t", item), 2h);
        e.source = e.message.source = own;
        return done(e).message;
    }
    std::string withdrawn(posthorn::id item) {
        for (const auto& p : publications.open(0, 100))
            if (p.id == item)
                return p.withdrawn;
        return "it is not open";
    }
};

} // namespace

TEST_CASE("withdrawal: an item of a topic goes the way of the events that it comes of") {
    item_bench b;
    b.done(b.feeding("a-1", "arrears.first", "s", 2h, "of s"));
    b.done(b.feeding("a-2", "arrears.first", "t", 2h, "of s and t"));
    b.done(b.feeding("a-3", "arrears.first", "s", 2h, "of s and t"));
    b.done(b.feeding("a-4", "arrears.third", "s", 2h, "of another type"));
    b.done(b.feeding("a-5", "arrears.first", "s", 0h, "later"));
    const auto of_s = b.item_named("of s");
    const auto text = b.text_of(of_s);
    for (const auto* name : {"of s and t", "of another type", "later"})
        b.text_of(b.item_named(name));
    b.done(b.paid("p-1", "s", 1h));
    CHECK(b.withdrawn(of_s) == "withdrawn by payment.received p-1");
    for (const auto* name : {"of s and t", "of another type", "later"})
        CHECK(b.withdrawn(b.item_named(name)).empty());

    const auto open = b.withdrawals.open(0, 10);
    REQUIRE(open.size() == 1);
    for (const std::size_t limit : {1U, 2U, 3U, 100U}) { // a-1, a-3 and the text
        const auto found = b.all_of(open[0], limit);
        REQUIRE(found.size() == 3);
        CHECK(found[2].id == text);
        CHECK(found[2].waits);
    }
    CHECK(b.withdrawals.expanding(open[0]));
    b.done(advance_publication{
        .publication = of_s, .done = true, .reason = "why", .at = start_of_time});
    CHECK_FALSE(b.withdrawals.expanding(open[0]));
    b.done(b.feeding("a-6", "arrears.first", "s", 3h, "too late"));
    CHECK(b.withdrawn(b.item_named("too late")) == "withdrawn by payment.received p-1");
}

TEST_CASE("withdrawal: an event that says the same as an item has it withdrawn by none before it") {
    item_bench b;
    const auto changed = [&](const std::string& key, duration ago) {
        auto e = b.feeding(key, "outage.changed", "s", ago, "the same words");
        e.withdraws = "outage.*";
        b.done(e);
    };
    changed("c-1", 2h);
    changed("c-2", 1h);
    CHECK(b.withdrawn(b.item_named("the same words")).empty());
    changed("c-3", 0h);
    CHECK(b.withdrawn(b.item_named("the same words")).empty());
}

TEST_CASE("withdrawal: cancelling an event for a topic ends its item, not one that others share") {
    item_bench b;
    const auto to_topic = [&](const std::string& key, const std::string& item) {
        auto e = b.feeding(key, "arrears.first", "", 2h, item);
        e.message.parts.clear();
        e.event.to_kind = "topic";
        return b.done(e).event;
    };
    const auto alone = to_topic("a-1", "alone"), shared = to_topic("a-2", "shared");
    b.done(b.feeding("a-3", "arrears.first", "", 2h, "shared"));
    const auto item = b.item_named("alone"), both = b.item_named("shared");
    const auto text = b.text_of(item);
    b.text_of(both);
    for (const auto event : {alone, shared})
        b.done(cancel_event{.event = event, .reason = "cancelled: why", .at = start_of_time});
    CHECK(b.withdrawn(item) == "cancelled: why");
    CHECK(b.withdrawn(both).empty());
    const auto open = b.withdrawals.open(0, 10);
    REQUIRE(open.size() == 2);
    REQUIRE(b.all_of(open[0]).size() == 1);
    CHECK(b.all_of(open[0])[0].id == text);
    CHECK(b.all_of(open[1]).empty());
}

TEST_CASE("withdrawal: the source of an event for a topic hears of it, also when all were served") {
    item_bench b;
    auto e = b.feeding("a-1", "arrears.first", "s", 2h, "item");
    e.message.parts.clear();
    e.event.to_kind = "topic";
    e.event.to_ref = "t";
    const auto event = b.done(e).event;
    b.done(advance_publication{
        .publication = b.item_named("item"), .made = 2, .done = true, .at = start_of_time});
    b.done(b.paid("p-1", "s", 1h));
    changes seen(b.folder / "live.db");
    seen.begin();
    const auto told = seen.published(event);
    seen.end();
    REQUIRE(told);
    CHECK(told->row.reason == "topic t: 2 texts, and no more: withdrawn by payment.received p-1");
}

TEST_CASE(
    "withdrawal: who was told is known while their messages are here, and when they have left") {
    withdrawal_bench b;
    const auto first = b.writer->names("type").front(); // of every message here: bill.issued
    REQUIRE(first.second == "bill.issued");
    const auto to = [&](const std::string& key, const std::string& number, part_state state) {
        auto e = b.made(key, "bill.issued", "s", 2h, state);
        e.message.recipient = number;
        return b.done(e);
    };
    const auto a = to("a", "1", part_state::sending), c = to("c", "3", part_state::sending);
    const auto waits = to("b", "2", part_state::queued);
    b.done(close_message{waits.message, part_event::cancel, "why", start_of_time});
    b.tell(c.message, part_event::accept);
    b.tell(c.message, part_event::deliver);
    b.done(note_told{.messages = {a.message, waits.message}, .at = start_of_time});

    audience_reader audiences(b.folder / "live.db");
    event later = make_event("l", 9, 1);
    later.subject = "s";
    const auto told = [&](const std::vector<std::string>& types) {
        std::string out;
        for (const auto& r :
             audiences.told(later, types, {{.number = "1"}, {.number = "2"}, {.number = "3"}}))
            out += r.number;
        return out;
    };
    CHECK(told({"bill.*"}) == "1");
    CHECK(told({"outage.*", "bill.issued"}) == "1");
    CHECK(told({"outage.*"}).empty());
    forget gone{.at = start_of_time};
    gone.messages.push_back({.message = c.message,
                             .event = c.event,
                             .version = 3,
                             .followed = true,
                             .state = message_state::delivered});
    b.done(gone);
    CHECK(told({"bill.*"}) == "13");
    later.subject = "another";
    CHECK(told({"bill.*"}).empty());
    later.subject = "s";
    b.done(forget{.withdrawals_before = start_of_time + 1h});
    CHECK(told({"bill.*"}).empty());
}

} // namespace withdrawal_test
