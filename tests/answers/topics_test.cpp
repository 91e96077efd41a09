// Subscriptions by text: the shipped query codes and topics, with a store that is a list.
#include "answers/rehearsal.hpp"
#include "answers/responder.hpp"
#include "answers/world.hpp"

#include "commands/command_file.hpp"
#include "topics/topic_file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>

namespace topics_test {

using namespace posthorn;
using namespace posthorn::answers;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

settings::consent_settings consent() {
    auto document = settings::document::parse("{}", "none");
    return settings::read_consent(document.root().optional_map("consent"));
}

// The shipped ones, and two that the tests need.
std::vector<topics::topic> topic_files(const lookups::catalogue& lookups) {
    const auto types = templates::load_types(PROJECT_DIR "/config/types", templates::zone::utc());
    REQUIRE(settings::format(types.problems) == "");
    const auto shapes = shapes_of(lookups);
    const auto words = consent();
    auto loaded = topics::load_topics(
        PROJECT_DIR "/config/topics",
        {.types = types.types, .lookups = shapes, .consent = words, .schedule_mistake = {}});
    REQUIRE(settings::format(loaded.problems) == "");
    loaded.topics.push_back({.name = "z.own",
                             .description = {{"en", "own things"}},
                             .words = {{"OWN", "en"}},
                             .takes = topics::parameter{"tier", topics::person_field::tier},
                             .entitled = {.own_parameter = true},
                             .default_language = "en"});
    loaded.topics.push_back({.name = "z.paid",
                             .description = {{"en", "paid things"}},
                             .words = {{"PAID", "en"}},
                             .entitled = {.registered = false},
                             .fee = {{"en", "CNY 3 a month"}},
                             .hours = {480, 1200},
                             .expires_after = 24h,
                             .default_language = "en"});
    return std::move(loaded.topics);
}

std::shared_ptr<const handbook> book() {
    const std::vector<settings::system_settings> systems{
        {.name = "billing", .kind = settings::system_kind::sqlite, .where = "none"}};
    auto lookups =
        lookups::load_lookups(PROJECT_DIR "/config/lookups", systems, templates::zone::utc());
    REQUIRE(settings::format(lookups.problems) == "");
    auto loaded = commands::load_commands(PROJECT_DIR "/config/commands", templates::zone::utc(),
                                          shapes_of(lookups.lookups));
    REQUIRE(settings::format(loaded.problems) == "");
    auto phrases = load_phrases(PROJECT_DIR "/config/phrases.yaml");
    REQUIRE(settings::format(phrases.problems) == "");
    auto topics = topic_files(lookups.lookups);
    destinations ours;
    ours.name_topic("10690000155", "outage.area");
    return std::make_shared<const handbook>(
        handbook{.matcher = commands::matcher(std::move(loaded.commands)),
                 .lookups = std::move(lookups.lookups),
                 .phrases = std::move(phrases.said),
                 .opt_words = policy::opt_words(consent()),
                 .rules = {.per_minute = 1000, .per_hour = 1000},
                 .destinations = std::move(ours),
                 .blocked = {},
                 .guesses = {.tries = 3},
                 .countries = {{"CN", "86", "0", "1[3-9]xxxxxxxxx"}},
                 .topics = std::make_shared<const topics::directory>(std::move(topics))});
}

struct bench {
    world around;
    std::shared_ptr<const handbook> pages = book();
    responder answers{pages, around};
    posthorn::id next = 1;

    bench() {
        around.people[phone] = {.known = true};
        around.people[phone].accounts = {{.account = "3100000001", .area = "城东"}};
    }
    inbound_text text(std::string what, std::string sender = phone, std::string to = "106900001") {
        return {.id = next++,
                .account = 5,
                .sender = std::move(sender),
                .recipient = std::move(to),
                .text = std::move(what),
                .at = around.time};
    }
    std::string ask(std::string what, std::string sender = phone, std::string to = "106900001") {
        const auto before = around.sent.size();
        std::vector<inbound::whole_text> one;
        const auto id = next;
        one.push_back(
            {.head = text(std::move(what), std::move(sender), std::move(to)), .parts = {id}});
        answers.handle(std::move(one));
        around.loop_.restart();
        around.loop_.run();
        CHECK(around.sent.size() <= before + 1);
        return around.sent.size() > before ? around.sent.back().text : "";
    }
    std::string has() const { // "topic parameter hours|paused; ..."
        std::string out;
        for (const auto& s : around.has)
            out += s.topic + (s.parameter.empty() ? "" : " " + s.parameter) +
                   (s.paused ? " paused" : "") + "; ";
        return out;
    }
};

} // namespace

TEST_CASE("topics by text: subscribed for the own area, for a named one, and listed") {
    bench b;
    CHECK(has(b.ask("订阅 停电信息"), "已订阅“所在区域停电信息”（城东）"));
    CHECK(b.has() == "outage.area 城东; ");
    CHECK(b.around.has[0].language == "zh-CN");
    CHECK(b.around.has[0].hours.all_day());
    CHECK(b.around.sent.back().at_once);
    CHECK(has(b.ask("sub outages 城西。"), "subscribed to outages in your area (城西)"));
    CHECK(b.has() == "outage.area 城东; outage.area 城西; ");
    CHECK(has(b.ask("DY电价"), "电价调整通知"));
    CHECK(b.around.has.back().expires_at == start + 730 * 24h);
    CHECK(b.around.has.back().hours == day_hours{480, 1260});
    const auto list = b.ask("我的订阅");
    CHECK(has(list, "1 所在区域停电信息（城东）"));
    CHECK(has(list, "3 电价调整通知08:00-21:00"));
    // Once more is no other subscription.
    b.ask("订阅 停电信息");
    CHECK(b.around.has.size() == 3);
}

TEST_CASE("topics by text: without a topic there is a list of what the phone may have") {
    bench b;
    const auto list = b.ask("SUB");
    CHECK(has(list, "outages in your area"));
    CHECK(has(list, "new tariffs"));
    CHECK(!has(list, "daily sales")); // for the staff
    CHECK(!has(list, "own things"));  // it has no tier
    const auto at = list.find(" new tariffs");
    REQUIRE(at != std::string::npos);
    CHECK(has(b.ask(std::string(1, list[at - 1])), "subscribed to new tariffs"));
    CHECK(b.has() == "tariff.new; ");
    // A topic that there is not: the list again, and numbers that are not in it three times.
    CHECK(has(b.ask("SUB nonsense"), "Which one?"));
    CHECK(has(b.ask("99"), "Which one?"));
    CHECK(has(b.ask("0"), "Which one?"));
    CHECK(has(b.ask("98"), "Which one?"));
    CHECK(b.answers.open_questions() == 0);
    CHECK(b.has() == "tariff.new; ");
}

TEST_CASE("topics by text: opt-out words come first, with a topic's word they end it") {
    bench b;
    b.ask("SUB OUTAGES");
    b.ask("订阅电价");
    CHECK(has(b.ask("退订 停电信息"), "已退订：所在区域停电信息"));
    CHECK(b.has() == "tariff.new; ");
    CHECK(!b.around.consent_changed);
    b.ask("SUB OUTAGES");
    CHECK(has(b.ask("STOP OUTAGES"), "You no longer get: outages in your area"));
    CHECK(!b.around.consent_changed);
    // Of who has not subscribed to it, outages are the category, which stays.
    CHECK(has(b.ask("STOP OUTAGES"), "always sent"));
    CHECK(!b.around.consent_changed);
    CHECK(has(b.ask("unsub tariffs"), "new tariffs"));
    CHECK(b.has().empty());
    CHECK(has(b.ask("UNSUB"), "has no subscriptions"));
    b.ask("SUB OUTAGES");
    b.ask("退订 账单");
    CHECK(b.around.consent_changed);
    b.around.consent_changed = false;
    b.ask("退订");
    CHECK(b.around.consent_changed);
    CHECK(b.has() == "outage.area 城东; "); // consent is another thing: README
}

TEST_CASE("topics by text: of several a numbered list is shown, and the choice is carried out") {
    bench b;
    b.ask("SUB OUTAGES");
    b.ask("SUB OUTAGES 城西");
    b.ask("SUB TARIFFS");
    CHECK(has(b.ask("UNSUB"), "2 outages in your area (城西)"));
    CHECK(has(b.ask("2"), "(城西)"));
    CHECK(b.has() == "outage.area 城东; tariff.new; ");
    CHECK(has(b.ask("PAUSE"), "Which one?"));
    CHECK(has(b.ask("２。"), "Paused: new tariffs"));
    CHECK(has(b.ask("SUBS"), "new tariffs 08:00-21:00, paused"));
    CHECK(has(b.ask("继续 电价"), "已恢复发送：电价调整通知"));
    CHECK(b.has() == "outage.area 城东; tariff.new; ");
    CHECK(has(b.ask("HOURS 9-18"), "Which one?"));
    CHECK(has(b.ask("1"), "outages in your area: 09:00-18:00"));
    CHECK(has(b.ask("时段 8点到20点 电价"), "08:00-20:00发送"));
    CHECK(has(b.ask("时段 全天 电价"), "全天发送"));
    CHECK(has(b.ask("HOURS 8-8"), "Please send it like this"));
    CHECK(has(b.ask("HOURS"), "Please send it like this"));
}

TEST_CASE("topics by text: who is not entitled is refused, politely or silently") {
    bench b;
    CHECK(has(b.ask("SUB OUTAGES 城东", "8613900000009"), "cannot subscribe")); // nobody knows it
    CHECK(has(b.ask("SUB WEEKLY STOCK"), "cannot subscribe to 'weekly stock'"));
    CHECK(b.ask("SUB DAILY SALES") == "");
    REQUIRE(!b.around.submitted.empty());
    const auto* settled = std::get_if<store::settle_inbound>(&b.around.submitted.back());
    REQUIRE(settled);
    CHECK(settled->what == inbound_outcome::ignored);
    CHECK(b.has().empty());
    b.around.people[phone].role = "sales";
    CHECK(has(b.ask("SUB DAILY SALES"), "daily sales"));
    CHECK(b.has() == "sales.daily; ");
}

TEST_CASE(
    "topics by text: a parameter may be only one's own, and is asked for where it is not known") {
    bench b;
    CHECK(has(b.ask("SUB OWN"), "cannot subscribe"));
    b.around.people[phone].tier = "gold";
    CHECK(has(b.ask("SUB OWN silver"), "cannot subscribe"));
    CHECK(has(b.ask("SUB OWN ｇｏｌｄ"), "own things (GOLD)"));
    b.around.people[phone].accounts.push_back({.account = "3100000006", .area = "城西"});
    CHECK(has(b.ask("SUB OUTAGES"), "2 outages in your area (城西)"));
    CHECK(has(b.ask("2"), "(城西)"));
    CHECK(b.has() == "z.own GOLD; outage.area 城西; ");
    b.around.people[phone].accounts.clear();
    CHECK(has(b.ask("SUB OUTAGES"), "'outages in your area', like: SUB OUTAGES ..."));
}

TEST_CASE("topics by text: who names none means the one whose number was texted") {
    bench b;
    const auto at = [&](const std::string& what) { return b.ask(what, phone, "10690000155"); };
    CHECK(has(at("SUB 城西"), "(城西)"));
    CHECK(has(at("SUB"), "(城东)")); // its own
    CHECK(has(at("SUB TARIFF"), "new tariffs"));
    CHECK(has(at("HOURS 8-20"), "08:00-20:00"));
    CHECK(has(at("PAUSE"), "outages in your area"));
    CHECK(b.has() == "tariff.new; outage.area 城西 paused; outage.area 城东 paused; ");
    CHECK(b.around.sent.back().to.recipient == "10690000155"); // and answered from there
}

TEST_CASE("topics by text: who has opted out of what would come is told so, and not subscribed") {
    bench b;
    b.around.out_of = categories_of(std::nullopt);
    CHECK(has(b.ask("SUB TARIFF"), "has opted out"));
    CHECK(b.has().empty());
    CHECK(has(b.ask("SUB OUTAGES 城东"), "(城东)")); // nobody can opt out of that
    b.around.out_of = {};
    CHECK(has(b.ask("SUB TARIFF"), "subscribed to new tariffs"));
}

TEST_CASE("topics by text: what costs something is agreed to first, once") {
    bench b;
    CHECK(has(b.ask("SUB PAID"), "costs CNY 3 a month"));
    CHECK(b.has().empty());
    CHECK(has(b.ask("no"), "nothing was subscribed"));
    CHECK(b.has().empty());
    CHECK(!has(b.ask("Y"), "subscribed")); // nothing is asked any more
    b.ask("SUB PAID");
    CHECK(has(b.ask(" 是。"), "You have subscribed to paid things, 08:00-20:00"));
    CHECK(b.has() == "z.paid; ");
    b.ask("HOURS 9-10 PAID");
    CHECK(has(b.ask("SUB PAID"), "09:00-10:00")); // it has agreed, and its hours stay
    b.around.time += 25h;                         // its time is over
    CHECK(has(b.ask("SUBS"), "has no subscriptions"));
    CHECK(has(b.ask("SUB PAID"), "costs CNY 3 a month"));
}

TEST_CASE("topics by text: a rehearsal says what would be changed, and changes nothing") {
    bench b;
    rehearsal tried(b.pages, b.around, [](reply&) { return std::string(); });
    auto run = asio::co_spawn(b.around.loop_, tried.run(b.text("SUB OUTAGES")), asio::use_future);
    b.around.loop_.restart();
    b.around.loop_.run();
    const auto told = boost::json::serialize(run.get());
    CHECK(has(told, "subscription to outage.area 城东, 00:00-24:00"));
    CHECK(b.has().empty());
}

} // namespace topics_test
