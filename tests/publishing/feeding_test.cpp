// Events that are items of topics.
#include "publishing/feeding.hpp"

#include <doctest/doctest.h>

namespace feeding_test {

using namespace posthorn;
using namespace posthorn::publishing;

namespace {

constexpr instant noon =
    instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 26)) + std::chrono::hours(12);

topics::topic outages() {
    return {.name = "outage.area",
            .type = "outage.planned",
            .takes = topics::parameter{.name = "area", .from = {}},
            .feeds = {{.type = "outage.planned", .parameter = "area"}}};
}

topics::directory shipped() {
    return topics::directory({outages(),
                              {.name = "sales.daily", .type = "sales.daily"},
                              {.name = "tariff.new",
                               .type = "tariff.changed",
                               .feeds = {{.type = "tariff.changed", .parameter = {}}}},
                              {.name = "works.all",
                               .type = "outage.planned",
                               .feeds = {{.type = "outage.planned", .parameter = {}}}}});
}

event outage(std::string key, std::string to_kind, std::string to_ref, std::string data) {
    return {.source = "outages",
            .key = std::move(key),
            .type = "outage.planned",
            .to_kind = std::move(to_kind),
            .to_ref = std::move(to_ref),
            .data = std::move(data)};
}

} // namespace

TEST_CASE("feeding: an event is an item of each topic its type feeds, for the parameter it names") {
    const auto e = outage("o-1", "number", "+8613800000001", R"({"area": " ａbc区。"})");
    const auto items = items_of(e, shipped(), noon);
    REQUIRE(items.has_value());
    REQUIRE(items->size() == 2);
    CHECK(items->at(0).topic == "outage.area");
    CHECK(items->at(0).parameter == "ABC区");
    CHECK(items->at(0).data == e.data);
    CHECK(items->at(0).at == noon);
    CHECK(items->at(1).topic == "works.all");
    CHECK(items->at(1).parameter.empty());
}

TEST_CASE("feeding: an outage that is told to each customer is one item while it says the same") {
    const auto all = shipped();
    const auto item = [&](const char* key, const char* number, const char* data) {
        return items_of(outage(key, "number", number, data), all, noon)->at(0).item;
    };
    const auto first = item("o-1", "+8613800000001", R"({"area": "A"})");
    CHECK(first.starts_with("outages:outage.planned:"));
    CHECK(first == item("o-2", "+8613800000002", R"({"area": "A"})"));
    CHECK(first != item("o-1", "+8613800000001", R"({"area": "B"})"));
}

TEST_CASE("feeding: an event to a topic is an item of that one alone, named by its key") {
    auto e = outage("o-1", "topic", "outage.area", R"({"area": "A"})");
    e.not_before = noon;
    e.expires_at = noon + std::chrono::hours(1);
    const auto items = items_of(e, shipped(), noon);
    REQUIRE(items.has_value());
    REQUIRE(items->size() == 1);
    CHECK(items->at(0).topic == "outage.area");
    CHECK(items->at(0).item == "outages:o-1");
    CHECK(items->at(0).not_before == e.not_before);
    CHECK(items->at(0).expires_at == e.expires_at);
}

TEST_CASE("feeding: a type that feeds nothing, and an event without its parameter, are no items") {
    auto bill = outage("b-1", "number", "+8613800000001", "{}");
    bill.type = "bill.issued";
    CHECK(items_of(bill, shipped(), noon)->empty());
    const auto nowhere =
        items_of(outage("o-1", "number", "+86138", R"({"area": " "})"), shipped(), noon);
    REQUIRE(nowhere->size() == 1);
    CHECK(nowhere->front().topic == "works.all");
}

TEST_CASE("feeding: what cannot be published where it is for says why") {
    struct row {
        const char *to, *type, *data, *why;
    };
    for (const auto& r : {
             row{"outage.aera", "outage.planned", "{}",
                 "to_ref: there is no topic 'outage.aera' (did you mean 'outage.area'?)"},
             row{"sales.daily", "outage.planned", "{}",
                 "to_ref: topic 'sales.daily' takes no events of type 'outage.planned'"},
             row{"outage.area", "outage.planned", R"({"area": 7})",
                 "to_ref: topic 'outage.area' is for one area each, and data.area does not say"},
         }) {
        CAPTURE(r.why);
        auto e = outage("o-1", "topic", r.to, r.data);
        e.type = r.type;
        const auto items = items_of(e, shipped(), noon);
        REQUIRE_FALSE(items.has_value());
        CHECK(items.error().reason.find(r.why) != std::string::npos);
    }
}

} // namespace feeding_test
