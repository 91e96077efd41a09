#include "subscriptions/subscribing.hpp"

#include "model/hours_text.hpp"
#include "subscriptions/entitlement.hpp"

#include <doctest/doctest.h>

namespace subscribing_test {

using namespace posthorn;
using namespace posthorn::subscriptions;
using namespace std::chrono_literals;

TEST_CASE("subscriptions: all that a topic says of who may have it must hold") {
    const topics::topic all{
        .name = "t",
        .takes = topics::parameter{"area", topics::person_field::area},
        .entitled = {.roles = {"sales", "manager"}, .tiers = {"gold"}, .areas = {"East"}}};
    store::person who{
        .number = "86139", .known = true, .role = "sales", .tier = "gold", .area = "East"};
    CHECK(refusal_of(all, who, "") == "");
    CHECK(may_have(all, who));
    who.tier = "silver";
    CHECK(refusal_of(all, who, "") == "it is for the tier gold, and the number has silver");
    who.accounts = {{.account = "1", .tier = "gold"}};
    CHECK(refusal_of(all, who, "") == "");
    who.role.clear();
    CHECK(refusal_of(all, who, "") == "it is for the role sales, manager, and the number has none");
    const topics::topic known{.name = "k"};
    CHECK(refusal_of(known, {.number = "86139"}, "") != "");
    const topics::topic open{.name = "o", .entitled = {.registered = false}};
    CHECK(refusal_of(open, {.number = "86139"}, "") == "");
}

TEST_CASE("subscriptions: only the own value of the parameter, where the topic says so") {
    const topics::topic own{.name = "t",
                            .takes = topics::parameter{"area", topics::person_field::area},
                            .entitled = {.own_parameter = true}};
    store::person who{.number = "86139", .known = true, .area = "east"};
    who.accounts = {{.account = "1", .area = "West"}, {.account = "2", .area = "East"}};
    CHECK(own_parameters(own, who) == std::vector<std::string>{"EAST", "WEST"});
    CHECK(refusal_of(own, who, "WEST") == "");
    CHECK(refusal_of(own, who, "NORTH") != "");
    CHECK(!may_have(own, {.number = "86139", .known = true}));
}

TEST_CASE("subscriptions: what a text names of those a number has") {
    std::vector<topics::topic> all(1);
    all[0] = {.name = "a.b",
              .words = {{"NEWS", "en"}},
              .takes = topics::parameter{.name = "area", .from = {}}};
    const topics::directory topics(std::move(all));
    const std::vector<subscription> has{{.topic = "a.b", .parameter = "EAST"},
                                        {.topic = "a.b", .parameter = "WEST"},
                                        {.topic = "gone", .parameter = "X"}};
    CHECK(named_in("news", has, topics).size() == 2);
    CHECK(named_in("news west", has, topics).size() == 1);
    CHECK(named_in("news north", has, topics).empty());
    CHECK(named_in("gone", has, topics).size() == 1);
    CHECK(named_in("gone X", has, topics).size() == 1);
    CHECK(named_in("", has, topics).empty());
    for (const auto& s : has)
        CHECK(named_in(naming(s), has, topics) == std::vector{s});
}

TEST_CASE("subscriptions: hours as phones write them, and what follows") {
    struct row {
        const char *text, *hours, *rest;
    };
    for (const auto& r : {row{"8-20", "08:00-20:00", ""},
                          {"８－２０ 电价", "08:00-20:00", "电价"},
                          {"8点到20点电价", "08:00-20:00", "电价"},
                          {"8:30至20:15 news 3", "08:30-20:15", "news 3"},
                          {"8点30分-20点 news", "08:30-20:00", "news"},
                          {"22~6", "22:00-06:00", ""},
                          {"8.30-20", "08:30-20:00", ""},
                          {"8 - 20 NEWS", "08:00-20:00", "NEWS"},
                          {"全天 电价", "00:00-24:00", "电价"},
                          {"all day", "00:00-24:00", ""}}) {
        CAPTURE(r.text);
        const auto found = hours_in(r.text);
        REQUIRE(found);
        CHECK(shown(found->hours) == r.hours);
        CHECK(found->rest == r.rest);
    }
    for (const auto* bad : {"", "news", "8", "8-8", "8-25", "25-8", "news 8-20", "\xff"}) {
        CAPTURE(bad);
        CHECK(!hours_in(bad));
    }
}

} // namespace subscribing_test
