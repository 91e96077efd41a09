// Whose a number of ours is.
#include "answers/destinations.hpp"

#include <doctest/doctest.h>

namespace destinations_test {

using namespace posthorn::answers;

namespace {

std::string owner_in(const destinations& ours, std::string_view number) {
    const auto* found = ours.owner_of(number);
    return found == nullptr ? "" : found->source;
}

} // namespace

TEST_CASE("destinations: a number belongs to whom it was given, and the longest beginning says") {
    destinations ours;
    CHECK(ours.give("1069000001", false, {"crm", {}}));
    CHECK(ours.give("1069", true, {"survey", {}}));
    CHECK(ours.give("10691", true, {"billing", {}}));
    CHECK(ours.ask_from("10690000", "1069000071"));
    CHECK(ours.name_topic("1069000055", "outage.area"));
    CHECK(ours.topic_of("1069000055") == "outage.area");
    CHECK(ours.topic_of("10690000").empty());
    const struct {
        const char* number;
        const char* owner;
    } rows[] = {{"1069000001", "crm"},  {"10690000011", "survey"}, {"10691", "billing"},
                {"1069123", "billing"}, {"1069", "survey"},        {"106", ""},
                {"1069000071", ""},     {"1069000055", ""},        {"", ""}};
    for (const auto& row : rows) {
        CAPTURE(row.number);
        CHECK(owner_in(ours, row.number) == row.owner);
    }
}

TEST_CASE("destinations: no number belongs to two, and the same may be said twice") {
    destinations ours;
    CHECK(ours.give("1069000001", false, {"crm", {}}));
    CHECK(ours.give("1069000001", false, {"crm", {}}));
    CHECK_FALSE(ours.give("1069000001", false, {"billing", {}}));
    CHECK_FALSE(ours.name_topic("1069000001", "outage.area"));
    CHECK(ours.name_topic("1069000055", "outage.area"));
    CHECK(ours.name_topic("1069000055", "outage.area"));
    CHECK_FALSE(ours.name_topic("1069000055", "tariff.new"));
    CHECK_FALSE(ours.give("1069000055", false, {"billing", {}}));
    CHECK_FALSE(ours.ask_from("10690000", "1069000055"));
    CHECK_FALSE(ours.ask_from("10690000", "1069000001"));
    CHECK(ours.ask_from("10690000", "1069000071"));
    CHECK(ours.ask_from("10690000", "1069000071")); // another account with this sender
    CHECK_FALSE(ours.ask_from("106900", "1069000071"));
    CHECK_FALSE(ours.give("1069000071", false, {"crm", {}}));
    CHECK(owner_in(ours, "1069000001") == "crm");
    CHECK(ours.askers("10690000") == std::vector<std::string>{"1069000071"});
}

TEST_CASE("destinations: a question's number leads to the plain one") {
    destinations ours;
    ours.ask_from("10690000", "1069000071");
    ours.ask_from("10690000", "1069000072");
    CHECK(ours.plain("1069000072") == "10690000");
    CHECK(ours.plain("10690000") == "10690000");
    CHECK(ours.plain("123") == "123");
    CHECK(ours.askers("10690000").size() == 2);
    CHECK(ours.askers("123").empty());
}

} // namespace destinations_test
