// Items of topics: who is next, how far each has gone, and what the source of one is told.
#include "store/publications.hpp"

#include "store/changes.hpp"
#include "store/store_bench.hpp"

#include <doctest/doctest.h>

namespace publications_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

struct topics_bench : bench {
    publications_reader publications{folder / "live.db"};
    instant time = start_of_time;

    void subscribe(subscription s) {
        time += 1s;
        done(put_subscription{.subscription = std::move(s), .by = {.at = time}});
    }
    posthorn::id publish(const char* topic, const char* item, const char* parameter = "") {
        time += 1s;
        return done(add_publication{.topic = topic,
                                    .item = item,
                                    .parameter = parameter,
                                    .data = "{}",
                                    .at = time})
            .event;
    }
    open_publication open_one(posthorn::id which) {
        for (auto& p : publications.open(0, 100))
            if (p.id == which)
                return p;
        FAIL("it is not open");
        return {};
    }
    // "1 A, 2 B"
    std::string next_of(posthorn::id which, std::size_t limit = 100) {
        std::string out;
        for (const auto& s : publications.subscribers(open_one(which), time, limit))
            out += (out.empty() ? "" : ", ") + s.number +
                   (s.parameter.empty() ? "" : " " + s.parameter);
        return out;
    }
    // An event to a topic, with its publication along.
    add_event to_topic(const std::string& key) {
        auto op = adding(key, crm, 1);
        op.event.to_kind = "topic";
        op.event.to_ref = "tariff";
        op.message.parts.clear();
        op_list along;
        along.ops.emplace_back(add_publication{
            .topic = "tariff", .item = "crm:" + key, .data = "{}", .at = start_of_time});
        op.along = std::make_shared<const op_list>(std::move(along));
        return op;
    }
};

} // namespace

TEST_CASE("publications: an item is open until it is done, and is never published again") {
    topics_bench b;
    const auto id = b.publish("tariff", "crm:t-1");
    CHECK(b.publish("tariff", "crm:t-1") == id);
    CHECK(b.publish("sales", "crm:t-1") != id);
    CHECK(b.publications.open(0, 100).size() == 2);
    b.done(advance_publication{
        .publication = id, .through_number = "5", .made = 3, .at = start_of_time});
    CHECK(b.open_one(id).made == 3);
    CHECK(b.open_one(id).through_number == "5");
    b.done(advance_publication{.publication = id, .made = 1, .done = true, .at = start_of_time});
    CHECK(b.publications.open(0, 100).size() == 1);
    const auto story = b.publications.newest("tariff");
    REQUIRE(story);
    CHECK(story->item == "crm:t-1");
    CHECK(story->made == 4);
    CHECK(story->done);
    CHECK_FALSE(b.publications.newest("stock"));
    CHECK(b.publish("tariff", "crm:t-1") == id);
    CHECK(b.publications.open(0, 100).size() == 1);
}

TEST_CASE("publications: subscribers come in order, from where it stopped") {
    topics_bench b;
    for (const auto* number : {"3", "1", "2"})
        b.subscribe({.topic = "outage", .number = number, .parameter = "A"});
    b.subscribe({.topic = "outage", .number = "2", .parameter = "B"});
    b.subscribe({.topic = "tariff", .number = "4", .parameter = ""});
    const auto of_all = b.publish("outage", "x-1");
    CHECK(b.next_of(of_all) == "1 A, 2 A, 2 B, 3 A");
    CHECK(b.next_of(of_all, 2) == "1 A, 2 A");
    b.done(advance_publication{.publication = of_all,
                               .through_number = "2",
                               .through_parameter = "A",
                               .made = 2,
                               .at = start_of_time});
    CHECK(b.next_of(of_all) == "2 B, 3 A");
    CHECK(b.next_of(b.publish("outage", "x-2", "B")) == "2 B");
    CHECK(b.next_of(b.publish("outage", "x-3", "C")) == "");
}

TEST_CASE("publications: who has paused or come since, or whose time is over, has no older item") {
    topics_bench b;
    b.subscribe({.topic = "tariff", .number = "1"});
    b.subscribe({.topic = "tariff", .number = "2", .paused = true});
    b.subscribe({.topic = "tariff", .number = "3", .expires_at = b.time});
    b.subscribe({.topic = "tariff", .number = "4", .expires_at = b.time + 1h});
    b.subscribe({.topic = "tariff", .number = "5"});
    const auto id = b.publish("tariff", "x-1");
    b.subscribe({.topic = "tariff", .number = "2"}); // resumed
    b.subscribe({.topic = "tariff", .number = "6"});
    b.subscribe({.topic = "tariff", .number = "5", .hours = {480, 1200}}); // only changed
    CHECK(b.next_of(id) == "1, 4, 5");
    CHECK(b.next_of(b.publish("tariff", "x-2")) == "1, 2, 4, 5, 6");
}

TEST_CASE(
    "publications: the parameters that anybody is subscribed for, and how far a schedule is") {
    topics_bench b;
    b.subscribe({.topic = "outage", .number = "1", .parameter = "B"});
    b.subscribe({.topic = "outage", .number = "2", .parameter = "A"});
    b.subscribe({.topic = "outage", .number = "3", .parameter = "A"});
    b.subscribe({.topic = "outage", .number = "4", .parameter = "C", .paused = true});
    CHECK(b.publications.parameters("outage", b.time) == std::vector<std::string>{"A", "B"});
    CHECK(b.publications.parameters("sales", b.time).empty());
    CHECK(b.publications.occurrence("sales") == instant{});
    b.done(note_occurrence{"sales", start_of_time + 2h});
    b.done(note_occurrence{"sales", start_of_time + 1h});
    CHECK(b.publications.occurrence("sales") == start_of_time + 2h);
}

TEST_CASE("publications: messages that wait are counted as far as somebody wants to know") {
    topics_bench b;
    for (int i = 0; i < 5; ++i) {
        auto op = b.adding("k-" + std::to_string(i), b.crm, 1);
        op.message.parts.front() = {.n = 1, .state = part_state::queued};
        op.message.due_at = start_of_time + std::chrono::hours(i);
        b.done(std::move(op));
    }
    const flow_name flow{b.sms, make_message(1, part_state::queued).priority, b.crm};
    CHECK(b.publications.waiting(flow, start_of_time + 2h, 100) == 3);
    CHECK(b.publications.waiting(flow, start_of_time + 2h, 2) == 2);
    CHECK(b.publications.waiting({b.sms, flow.priority, b.billing}, start_of_time + 2h, 2) == 0);
}

TEST_CASE("publications: the source of an event to a topic is told how many texts it has become") {
    topics_bench b;
    changes told(b.folder / "live.db");
    const auto added = b.done(b.to_topic("t-1"));
    CHECK(added.what == outcome::code::applied);
    CHECK(added.message == 0);
    auto row = told.published(added.event);
    REQUIRE(row);
    CHECK(row->source == b.crm);
    CHECK(row->row.key == "t-1");
    CHECK(row->row.state == "published");
    CHECK(row->row.reason == "topic tariff: 0 texts so far");
    CHECK_FALSE(row->row.is_final);
    const auto so_far = row->row.version;

    CHECK(b.done(b.to_topic("t-1")).what != outcome::code::applied);
    REQUIRE(b.publications.open(0, 100).size() == 1);
    const auto seen = told.after(0, 100).through;
    b.done(advance_publication{.publication = b.publications.open(0, 1).front().id,
                               .made = 12,
                               .done = true,
                               .at = start_of_time + 1h});
    CHECK(told.after(seen, 100).entries ==
          std::vector<change>{{added.event, change::kind::published}});
    row = told.published(added.event);
    REQUIRE(row);
    CHECK(row->row.reason == "topic tariff: 12 texts");
    CHECK(row->row.is_final);
    CHECK(row->row.version > so_far); // another word than the one before
    CHECK(row->row.final_at == start_of_time + 1h);

    const auto story = b.read.story_of(added.event);
    REQUIRE(story);
    REQUIRE(story->published);
    CHECK(story->published->texts == 12);
    CHECK(story->published->done);
    CHECK(story->messages.empty());
    CHECK(story->complete);
}

TEST_CASE("publications: an event to a topic that was parked is published when it is released") {
    topics_bench b;
    changes told(b.folder / "live.db");
    auto op = b.to_topic("t-1");
    op.parked = "there is no topic 'tariff'";
    op.along.reset();
    const auto parked = b.done(std::move(op));
    CHECK_FALSE(told.published(parked.event));
    std::vector<store::op> ops;
    ops.emplace_back(release_event{.event = parked.event, .at = start_of_time});
    ops.emplace_back(add_publication{.topic = "tariff",
                                     .item = "crm:t-1",
                                     .data = "{}",
                                     .event = parked.event,
                                     .at = start_of_time});
    CHECK(b.commit(std::move(ops)).front().what == outcome::code::applied);
    const auto row = told.published(parked.event);
    REQUIRE(row);
    CHECK(row->row.version > combined_version(1, 0));
    CHECK_FALSE(told.parked(parked.event));
}

} // namespace publications_test
