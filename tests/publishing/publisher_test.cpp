// An item, made into an event for each subscriber, whatever comes between.
#include "publishing/publisher.hpp"

#include "publishing/world.hpp"

#include <doctest/doctest.h>

namespace publisher_test {

using namespace posthorn;
using namespace posthorn::publishing;

namespace {

using namespace std::chrono_literals;

std::shared_ptr<const topics::directory> shipped() {
    topics::topic tariff{
        .name = "tariff.new", .type = "tariff.changed", .default_language = "zh-CN"};
    topics::topic area{.name = "outage.area",
                       .type = "outage.planned",
                       .takes = topics::parameter{.name = "area", .from = {}},
                       .default_language = "zh-CN"};
    return std::make_shared<const topics::directory>(std::vector{area, tariff});
}

struct bench {
    world around;
    std::unique_ptr<publisher> at_work;

    bench() { begin(); }
    void begin() {
        at_work = std::make_unique<publisher>(around);
        at_work->use(shipped(), *templates::zone::named("Asia/Shanghai"));
    }
    void subscribe(int people, const char* topic = "tariff.new", const char* parameter = "") {
        for (int i = 0; i < people; ++i)
            around.subscriptions.push_back({.topic = topic,
                                            .number = std::to_string(8613800000000 + i),
                                            .parameter = parameter});
    }
    void publish(const char* item, const char* topic = "tariff.new", const char* parameter = "") {
        around.carry_out(store::add_publication{.topic = topic,
                                                .item = item,
                                                .parameter = parameter,
                                                .data = R"({"price": "0.61"})",
                                                .at = around.time});
    }
    std::string round() { return around.run(at_work->round()); }
};

} // namespace

TEST_CASE("publisher: every subscriber has an item once, in as many chunks as it takes") {
    bench b;
    b.subscribe(1000);
    b.subscribe(5, "outage.area", "A");
    b.publish("billing:t-1");
    CHECK(b.round() == "");
    CHECK(b.around.sent.size() == 1000);
    CHECK(b.around.publications.empty());
    CHECK(b.at_work->figures().texts == 1000);
    const auto& e = b.around.sent.front();
    CHECK(e.source == own_source);
    CHECK(e.key == "topic:tariff.new:1:8613800000000");
    CHECK(e.type == "tariff.changed");
    CHECK(e.to_kind == "number");
    CHECK(e.to_ref == "+8613800000000");
    CHECK(e.run == "topic:tariff.new:billing:t-1");
    CHECK(e.data == R"({"price":"0.61","language":"zh-CN"})");
    CHECK(b.around.logged ==
          std::vector<std::string>{"published topic=tariff.new item=billing:t-1 texts=1000"});
}

TEST_CASE("publisher: an item for one area goes to those who subscribed to it") {
    bench b;
    b.subscribe(3, "outage.area", "A");
    b.around.subscriptions.push_back(
        {.topic = "outage.area", .number = "8613900000000", .parameter = "B"});
    b.publish("outages:o-1", "outage.area", "B");
    CHECK(b.round() == "");
    REQUIRE(b.around.sent.size() == 1);
    CHECK(b.around.sent.front().to_ref == "+8613900000000");
}

TEST_CASE("publisher: after a death in any chunk nobody is left out and nobody has it twice") {
    for (const bool split : {false, true})
        for (std::size_t chunks = 1; chunks < 4; ++chunks) {
            CAPTURE(chunks);
            CAPTURE(split);
            bench b;
            b.subscribe(1000);
            b.publish("billing:t-1");
            b.around.dies_after = chunks;
            b.around.split = split;
            CHECK(b.round() == "killed");
            CHECK(b.around.sent.size() < 1000);
            b.around.dies_after = 0;
            b.begin();
            CHECK(b.round() == "");
            CHECK(b.around.sent.size() == 1000);
            CHECK(b.around.publications.empty());
        }
}

TEST_CASE("publisher: events that were all made before still bring the item on") {
    bench b;
    b.subscribe(2);
    b.publish("billing:t-1");
    b.around.keys = {"topic:tariff.new:1:8613800000000", "topic:tariff.new:1:8613800000001"};
    CHECK(b.round() == "");
    CHECK(b.around.sent.empty());
    CHECK(b.around.publications.empty());
}

TEST_CASE("publisher: it makes no more while thousands of messages wait before its own") {
    bench b;
    b.subscribe(2);
    b.publish("billing:t-1");
    b.around.queued = 3'000;
    CHECK(b.round() == "");
    CHECK(b.around.sent.empty());
    CHECK(b.at_work->figures().open == 1);
    b.around.queued = 2'999;
    CHECK(b.round() == "");
    CHECK(b.around.sent.size() == 2);
}

TEST_CASE("publisher: a large item does not keep a small one waiting") {
    bench b;
    b.subscribe(2000);
    b.subscribe(1, "outage.area", "A");
    b.publish("billing:t-1");
    b.publish("outages:o-1", "outage.area", "A");
    CHECK(b.round() == "");
    const auto small = std::ranges::find(b.around.sent, "outage.planned", &event::type);
    CHECK(small - b.around.sent.begin() == 300);
}

TEST_CASE("publisher: what cannot be made waits, is told once, and goes on when it is mended") {
    bench b;
    b.subscribe(2);
    b.publish("billing:t-1");
    b.around.refused = "data: price is missing";
    CHECK(b.round() == "");
    CHECK(b.round() == "");
    CHECK(b.around.sent.empty());
    CHECK(b.around.logged.size() == 1);
    REQUIRE(b.at_work->figures().stuck.size() == 1);
    CHECK(b.at_work->figures().stuck.front().why == "data: price is missing");
    b.around.refused.clear();
    CHECK(b.round() == "");
    CHECK(b.around.sent.size() == 2);
    CHECK(b.at_work->figures().stuck.empty());
}

TEST_CASE("publisher: items that cannot be made keep no other waiting, however many they are") {
    bench b;
    b.subscribe(2);
    b.around.held_source = "crm";
    b.around.how_held = {"paused: a wrong price", false};
    for (int i = 0; i < 250; ++i)
        b.publish(("crm:" + std::to_string(i)).c_str());
    b.publish("billing:t-1");
    CHECK(b.round() == "");
    CHECK(b.around.sent.size() == 2);
    CHECK(b.at_work->figures().open == 250);
    CHECK(b.at_work->figures().stuck.size() == 250);
    CHECK(b.at_work->figures().stuck.front().why == "paused: a wrong price");
    b.around.how_held = {};
    CHECK(b.round() == "");
    CHECK(b.around.sent.size() == 502);
}

TEST_CASE("publisher: what a source that is stopped has announced ends") {
    bench b;
    b.subscribe(2);
    b.around.held_source = "billing";
    b.around.how_held = {"stopped: wrong amounts", true};
    b.publish("billing:t-1");
    CHECK(b.round() == "");
    CHECK(b.around.sent.empty());
    CHECK(b.around.publications.empty());
}

TEST_CASE("publisher: a number's second subscription counts when the first is good no more") {
    bench b;
    for (const auto* parameter : {"A", "B"})
        b.around.subscriptions.push_back(
            {.topic = "tariff.new", .number = "8613800000000", .parameter = parameter});
    b.around.subscriptions[0].hours = {8 * 60, 19 * 60}; // it is 20:00 there
    b.publish("billing:t-1");
    b.around.publications.at(1).expires_at = thursday_noon + 2h;
    CHECK(b.round() == "");
    CHECK(b.around.sent.size() == 1);
    b.around.subscriptions[0].hours = {};
    b.publish("billing:t-2");
    CHECK(b.round() == "");
    CHECK(b.around.sent.size() == 2); // one each
}

TEST_CASE("publisher: a topic with an extension sends from the account's sender and those digits") {
    bench b;
    auto topics = shipped();
    std::vector<topics::topic> extended(topics->topics().begin(), topics->topics().end());
    for (auto& t : extended)
        t.extension = t.name == "tariff.new" ? "55" : "";
    b.at_work->use(std::make_shared<const topics::directory>(std::move(extended)),
                   *templates::zone::named("Asia/Shanghai"));
    b.subscribe(1);
    b.subscribe(1, "outage.area", "A");
    b.publish("billing:t-1");
    b.publish("outages:o-1", "outage.area", "A");
    CHECK(b.round() == "");
    CHECK(b.around.senders == std::vector<std::string>{"*55", ""});
}

TEST_CASE("publisher: an item ends where its topic is gone or its time is over") {
    bench b;
    b.subscribe(2);
    b.publish("x-1", "gone");
    b.publish("billing:t-1");
    b.around.publications.at(2).expires_at = b.around.time;
    CHECK(b.round() == "");
    CHECK(b.around.sent.empty());
    CHECK(b.around.publications.empty());
    CHECK(
        b.around.logged ==
        std::vector<std::string>{
            "published topic=gone item=x-1 texts=0, and no more: its topic is not configured any "
            "more",
            "published topic=tariff.new item=billing:t-1 texts=0, and no more: its time is over"});
}

TEST_CASE("publisher: hours, language and entitlement are those of each subscriber") {
    bench b;
    b.subscribe(4);
    auto& all = b.around.subscriptions;
    all[0].hours = {8 * 60, 19 * 60}; // it is 20:00 there
    all[1].language = "en";
    b.around.people["8613800000002"] = {.number = "8613800000002", .known = true, .language = "fr"};
    b.around.people["8613800000003"] = {.number = "8613800000003"}; // nobody knows who that is
    b.publish("billing:t-1");
    CHECK(b.round() == "");
    REQUIRE(b.around.sent.size() == 3);
    CHECK(b.around.sent[0].not_before == thursday_noon + 12h);
    CHECK(b.around.sent[1].not_before == instant{});
    CHECK(b.around.sent[1].data.find(R"("language":"en")") != std::string::npos);
    CHECK(b.around.sent[2].data.find(R"("language":"fr")") != std::string::npos);
}

TEST_CASE("publisher: who sleeps until its time is over does not have it") {
    bench b;
    b.subscribe(1);
    b.around.subscriptions[0].hours = {8 * 60, 19 * 60};
    b.publish("billing:t-1");
    b.around.publications.at(1).expires_at = thursday_noon + 2h;
    CHECK(b.round() == "");
    CHECK(b.around.sent.empty());
    CHECK(b.around.publications.empty());
}

TEST_CASE("publisher: nothing is begun while the house stands still") {
    bench b;
    b.subscribe(1);
    b.publish("billing:t-1");
    b.around.still = true;
    CHECK(b.round() == "");
    CHECK(b.around.publications.size() == 1);
}

} // namespace publisher_test
