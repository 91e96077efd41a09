// Queries asked on schedule, once for each occurrence, whatever fails.
#include "publishing/scheduler.hpp"

#include "publishing/world.hpp"

#include <doctest/doctest.h>

namespace scheduler_test {

using namespace posthorn;
using namespace posthorn::publishing;

namespace {

using namespace std::chrono_literals;

constexpr auto evening = thursday_noon - 1h - 30min; // 18:30 there

lookups::answer rows(const char* json) { return boost::json::parse(json).as_array(); }
lookups::answer down() { return lookups::failed{lookups::failure::down, "billing is down"}; }

struct bench {
    world around;
    std::unique_ptr<scheduler> at_work;
    topics::topic topic{.name = "sales.daily", .type = "sales.daily"};

    explicit bench(bool by_brand = false, bool each_row = false) {
        if (by_brand)
            topic.takes = topics::parameter{.name = "brand", .from = {}};
        topic.query = topics::query{.lookup = "sales_of_today",
                                    .takes_parameter = by_brand,
                                    .at = {topics::schedule_kind::cron, {"30 18 * * *"}},
                                    .late = 6h,
                                    .each_row = each_row,
                                    .item = each_row ? "order_no" : ""};
        around.subscriptions = {
            {.topic = "sales.daily", .number = "1", .parameter = by_brand ? "A" : ""}};
        around.answers.emplace("", rows(R"([{"amount": 5}])"));
        around.time = evening - 1min;
    }
    void begin() {
        at_work = std::make_unique<scheduler>(around);
        at_work->use(std::make_shared<const topics::directory>(std::vector{topic}),
                     *templates::zone::named("Asia/Shanghai"));
        pulse(); // it is read how far the schedule has come
    }
    void pulse() {
        at_work->pulse();
        around.run();
    }
    void pulse_at(instant t) {
        around.time = t;
        pulse();
    }
};

} // namespace

TEST_CASE("scheduler: the lookup is asked once for each occurrence, and its rows are an item") {
    bench b;
    b.begin();
    CHECK(b.at_work->clocks().at("sales.daily").next == evening);
    b.pulse_at(evening - 1s);
    CHECK(b.around.asked.empty());
    b.pulse_at(evening);
    b.pulse_at(evening + 1s);
    CHECK(b.around.asked.size() == 1);
    REQUIRE(b.around.publications.size() == 1);
    const auto& p = b.around.publications.begin()->second;
    CHECK(p.topic == "sales.daily");
    CHECK(p.item == "2026-11-26T10:30:00Z");
    CHECK(p.data == R"({"amount":5,"rows":[{"amount":5}]})");
    CHECK(b.around.occurrences["sales.daily"] == evening);
    b.pulse_at(evening + 24h);
    CHECK(b.around.asked.size() == 2);
    CHECK(b.at_work->asked() == 2);
}

TEST_CASE("scheduler: an empty answer publishes nothing, and nobody is asked for no subscriber") {
    bench b;
    b.around.answers.at("") = rows("[]");
    b.begin();
    b.pulse_at(evening);
    CHECK(b.around.asked.size() == 1);
    CHECK(b.around.publications.empty());
    b.around.subscriptions.clear();
    b.pulse_at(evening + 24h);
    CHECK(b.around.asked.size() == 1);
    CHECK(b.around.occurrences["sales.daily"] == evening + 24h);
}

TEST_CASE("scheduler: a lookup that takes the parameter is asked for each that is subscribed to") {
    bench b(true);
    b.around.subscriptions.push_back({.topic = "sales.daily", .number = "2", .parameter = "B"});
    b.around.answers.emplace("A", rows(R"([{"amount": 1}])"));
    b.around.answers.emplace("B", rows(R"([{"amount": 2}])"));
    b.begin();
    b.pulse_at(evening);
    CHECK(b.around.asked == std::vector<std::string>{"A", "B"});
    CHECK(b.around.items == std::set<std::string>{"sales.daily 2026-11-26T10:30:00Z / A",
                                                  "sales.daily 2026-11-26T10:30:00Z / B"});
    CHECK(b.around.publications.at(2).parameter == "B");
    CHECK(b.around.publications.at(2).data == R"({"brand":"B","amount":2,"rows":[{"amount":2}]})");
}

TEST_CASE("scheduler: a parameter whose lookup fails does not keep the others waiting") {
    bench b(true);
    b.around.subscriptions.push_back({.topic = "sales.daily", .number = "2", .parameter = "B"});
    b.around.subscriptions.push_back({.topic = "sales.daily", .number = "3", .parameter = ""});
    b.around.answers.emplace("A", down());
    b.around.answers.emplace("B", rows(R"([{"amount": 2}])"));
    b.begin();
    b.pulse_at(evening);
    CHECK(b.around.asked == std::vector<std::string>{"A", "B"}); // and not for who named none
    CHECK(b.around.items == std::set<std::string>{"sales.daily 2026-11-26T10:30:00Z / B"});
    CHECK(b.around.occurrences["sales.daily"] < evening); // it is asked again
}

TEST_CASE("scheduler: each row may be an item, which is never published again") {
    bench b(false, true);
    b.around.answers.at("") = rows(R"([{"order_no": "P-1"}, {"order_no": 2}])");
    b.begin();
    b.pulse_at(evening);
    b.around.answers.at("") = rows(R"([{"order_no": 2}, {"order_no": "P-3"}])");
    b.pulse_at(evening + 24h);
    CHECK(b.around.items ==
          std::set<std::string>{"sales.daily P-1", "sales.daily 2", "sales.daily P-3"});
    CHECK(b.around.publications.size() == 3);
}

TEST_CASE("scheduler: a lookup that fails is asked again, less and less often, until it is late") {
    bench b;
    b.around.answers.at("") = down();
    b.begin();
    b.pulse_at(evening);
    b.pulse_at(evening + 29s);
    CHECK(b.around.asked.size() == 1);
    CHECK(b.at_work->clocks().at("sales.daily").failing ==
          "lookup sales_of_today: billing is down");
    b.pulse_at(evening + 30s);
    b.pulse_at(evening + 89s);
    CHECK(b.around.asked.size() == 2);
    b.pulse_at(evening + 90s);
    CHECK(b.around.asked.size() == 3);
    CHECK(b.around.logged.size() == 1); // once while it is the same
    b.pulse_at(evening + 6h);
    CHECK(b.around.asked.size() == 4);
    CHECK(b.at_work->missed() == 0);
    b.pulse_at(evening + 6h + 11min);
    CHECK(b.around.asked.size() == 4);
    CHECK(b.at_work->missed() == 1);
    CHECK(b.at_work->clocks().at("sales.daily").failing == "");
    CHECK(b.around.logged.back().find("billing is down, and `late` is over") != std::string::npos);
    b.around.answers.at("") = rows(R"([{"amount": 5}])");
    b.pulse_at(evening + 24h);
    CHECK(b.around.items == std::set<std::string>{"sales.daily 2026-11-27T10:30:00Z"});
}

TEST_CASE("scheduler: what failed and is mended is published under its own occurrence") {
    bench b;
    b.around.answers.at("") = down();
    b.begin();
    b.pulse_at(evening);
    b.around.answers.at("") = rows(R"([{"amount": 5}])");
    b.pulse_at(evening + 1min);
    CHECK(b.around.items == std::set<std::string>{"sales.daily 2026-11-26T10:30:00Z"});
    CHECK(b.at_work->clocks().at("sales.daily").failing == "");
}

TEST_CASE(
    "scheduler: of what was missed while nobody was there the newest is made good, if not late") {
    struct row {
        duration later;
        std::size_t asked;
        std::int64_t missed;
    };
    for (const auto& r : {row{5h, 1, 0}, row{7h, 0, 1}}) {
        bench b;
        b.around.occurrences["sales.daily"] = evening - 72h;
        b.around.time = evening + r.later;
        b.begin();
        b.pulse();
        CHECK(b.around.asked.size() == r.asked);
        CHECK(b.at_work->missed() == r.missed);
        CHECK(b.around.occurrences["sales.daily"] == evening);
        CHECK(b.around.items.size() == r.asked);
    }
}

TEST_CASE("scheduler: a topic that was never seen begins now") {
    bench b;
    b.around.time = evening + 1min;
    b.begin();
    b.pulse();
    CHECK(b.around.asked.empty());
    CHECK(b.around.occurrences["sales.daily"] == evening + 1min);
}

TEST_CASE("scheduler: after a death before the occurrence was noted nothing is published twice") {
    bench b;
    b.begin();
    b.pulse_at(evening);
    b.around.occurrences["sales.daily"] = evening - 24h; // what the death undid
    b.begin();
    b.pulse();
    CHECK(b.around.asked.size() == 2);
    CHECK(b.around.publications.size() == 1);
}

TEST_CASE("scheduler: nothing is asked while the house stands still") {
    bench b;
    b.begin();
    b.around.still = true;
    b.pulse_at(evening);
    CHECK(b.around.asked.empty());
}

} // namespace scheduler_test
