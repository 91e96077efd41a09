#include "api/verdict.hpp"

#include "api/shapes.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace verdict_test {

using namespace posthorn;
using namespace posthorn::api;

namespace {

const instant noon = from_micros(1'793'620'800'000'000); // 2026-11-02T12:00:00Z

situation calm() {
    situation s;
    s.accounts.push_back(
        {.name = "sim", .adapter = "smpp", .slots = 10, .submitted_per_second = 50});
    s.sources.push_back({.name = "billing"});
    s.now = noon;
    return s;
}

quota_use a_day(std::int64_t used) {
    return {.window = quota_window::day,
            .limit = 10'000,
            .used = used,
            .ends_at = "00:00 Asia/Shanghai"};
}

quota_use a_minute(std::int64_t used) {
    return {.window = quota_window::minute, .limit = 100, .used = used, .ends_at = "12:01 UTC"};
}

policy::budget_use offers(millionths used, bool stops = true) {
    policy::budget_use out{.of = {.name = "offers", .amount = 10'000'000, .currency = "CNY"},
                           .used = used,
                           .until = "2026-12-01 00:00 UTC"};
    if (stops)
        out.of.stops = {category::marketing};
    return out;
}

} // namespace

TEST_CASE("api: the verdict says what is wrong and why, or when all will be done") {
    struct row {
        const char* said;
        void (*make)(situation&);
    };
    for (const auto& r : {
             row{"all well: idle", [](situation&) {}},
             row{"2 items of topics cannot be published: sales.daily: billing is down",
                 [](situation& s) {
                     s.unpublished = {"sales.daily: billing is down", "x"};
                 }},
             row{"steps of timers that are due are not made: live.db: disk I/O error",
                 [](situation& s) { s.timers_wait = "live.db: disk I/O error"; }},
             row{"2 messages wait for an account that carries sms elsewhere: none is configured "
                 "(`carries` of accounts, routes.yaml); 2 queued, done in about 1 minute (12:01 "
                 "UTC) at 50 a second",
                 [](situation& s) {
                     s.queued = s.uncarried = 2;
                     s.uncarried_pool = "sms elsewhere";
                 }},
             row{"all well: 12,000 queued, done in about 4 minutes (12:04 UTC) at 50 a second",
                 [](situation& s) { s.queued = 12'000; }},
             row{"all well: 1 queued, done in about 1 minute (12:01 UTC) at 50 a second",
                 [](situation& s) { s.queued = 1; }},
             row{"all well: 300 queued, done in about 1 minute (12:01 UTC) at 50 of 80 a second",
                 [](situation& s) {
                     s.queued = 300;
                     s.accounts[0].rate = 80;
                 }},
             row{"no link on account b; 300 queued, done in about 1 minute (12:01 UTC) at 50 of 80 "
                 "a second",
                 [](situation& s) { // what cannot be sent through now counts for nothing
                     s.queued = 300;
                     s.accounts[0].rate = 80;
                     s.accounts.push_back({.name = "b", .rate = 500});
                 }},
             row{"sending is paused: `posthorn resume`; 886 messages held back by pauses",
                 [](situation& s) {
                     s.pauses.push_back({});
                     s.set_aside = 886;
                 }},
             row{"the carrier of account sim says that it is sent too much at once: give it a "
                 "`rate:` by "
                 "its contract",
                 [](situation& s) { s.accounts[0].throttled = true; }},
             row{"source billing has used 84 % of its quota of 10,000 a day",
                 [](situation& s) { s.sources[0].quota = {a_day(8'499)}; }},
             row{"all well: idle", [](situation& s) { s.sources[0].quota = {a_day(7'999)}; }},
             row{"source billing has used its quota of 10,000 a day: about 1,234 rows must wait "
                 "until 00:00 Asia/Shanghai",
                 [](situation& s) {
                     s.sources[0].quota = {a_minute(5), a_day(10'000)};
                     s.sources[0].kept_back = 1234;
                 }},
             row{"source billing has used its quota of 10,000 a day: its events must wait until "
                 "00:00 Asia/Shanghai",
                 [](situation& s) { s.sources[0].quota = {a_day(10'001)}; }},
             row{"source billing is kept to its quota of 100 a minute: about 900 rows wait",
                 [](situation& s) {
                     s.sources[0].quota = {a_minute(100)};
                     s.sources[0].kept_back = 900;
                 }},
             row{"all well: idle", [](situation& s) { s.sources[0].quota = {a_minute(100)}; }},
             row{"all well: idle", [](situation& s) { s.budgets = {offers(7'900'000)}; }},
             row{"budget offers (10.00 CNY a month) is used to 80 %",
                 [](situation& s) { s.budgets = {offers(8'000'000)}; }},
             row{"budget offers (10.00 CNY a month) is used up: its messages wait until 2026-12-01 "
                 "00:00 UTC, or until it is raised",
                 [](situation& s) { s.budgets = {offers(10'000'000)}; }},
             row{"budget offers (10.00 CNY a month) is used up, and stops nothing",
                 [](situation& s) { s.budgets = {offers(10'000'000, false)}; }},
             row{"all well: more than 1,000,000 queued, done in more than 6 hours at 50 a second",
                 [](situation& s) {
                     s.queued = 1'000'000;
                     s.queued_more = true;
                 }},
             row{"all well: 5 queued, none sent in the last seconds",
                 [](situation& s) {
                     s.queued = 5;
                     s.accounts[0].submitted_per_second = 0;
                 }},
             row{"all well: 5 queued for later, the first at 2026-11-02T12:00:01Z",
                 [](situation& s) {
                     s.queued = 5;
                     s.first_due = noon + std::chrono::microseconds(1'000'001);
                 }},
             row{"sending is paused: `posthorn resume`; 5 queued",
                 [](situation& s) {
                     s.pauses.push_back({});
                     s.queued = 5;
                     s.accounts[0].submitted_per_second = 0;
                 }},
             row{"run bills of billing is paused by the brake (its first 100 messages have left): "
                 "`posthorn resume --run bills --source billing`; the brake warns of type outage "
                 "of "
                 "crm (too many): `posthorn resume --type outage --source crm` when it is right",
                 [](situation& s) {
                     s.pauses.push_back({.scope = {scope_kind::run, "bills", "billing"},
                                         .who = "the brake",
                                         .reason = "its first 100 messages have left"});
                     s.warnings.push_back({{scope_kind::type, "outage", "crm"}, "too many"});
                 }},
             row{"sending stopped: the disk of /var is full: free space",
                 [](situation& s) { s.halted = "the disk of /var is full: free space"; }},
             row{"results and history wait: disk I/O error",
                 [](situation& s) { s.results_wait = "disk I/O error"; }},
             row{"history is slow to search, for 1 month cannot be sealed: 2026-10 (no room)",
                 [](situation& s) { s.unsealed = {"2026-10 (no room)"}; }},
             row{"no link on account sim: connection refused",
                 [](situation& s) {
                     s.accounts[0].slots = 0;
                     s.accounts[0].why = "connection refused";
                 }},
             row{"no account is configured: nothing can be sent",
                 [](situation& s) { s.accounts.clear(); }},
             row{"outbox of billing cannot be read: not there",
                 [](situation& s) { s.sources[0].problem = "not there"; }},
             row{"1 uncertain part waits for a person: `posthorn uncertain list`",
                 [](situation& s) { s.held = 1; }},
             row{"2 texts from phones that could not be answered wait for a person: `posthorn "
                 "inbound --outcome failed`",
                 [](situation& s) { s.failed_texts = 2; }},
             row{"2 uncertain parts wait for a person: `posthorn uncertain list`; 1 parked event, "
                 "because no such type: fix and `posthorn retry`",
                 [](situation& s) {
                     s.held = 2;
                     s.parked = 1;
                     s.commonest = "no such type";
                 }},
             row{"1,234 parked events, most because no such type: fix and `posthorn retry`",
                 [](situation& s) {
                     s.parked = 1'234;
                     s.commonest = "no such type";
                 }},
         }) {
        auto s = calm();
        r.make(s);
        CHECK(verdict(s) == r.said);
    }
}

TEST_CASE("api: a long reason in the verdict is cut between characters") {
    auto s = calm();
    s.parked = 1;
    s.commonest = "x";
    for (int i = 0; i < 100; ++i)
        s.commonest += "电";
    const auto said = verdict(s);
    CHECK(said.find("电...: fix") != std::string::npos);
    CHECK(said.size() < 230);
}

TEST_CASE("api: times are RFC 3339 in UTC, with microseconds where there are some") {
    CHECK(rfc3339(noon) == "2026-11-02T12:00:00Z");
    CHECK(rfc3339(noon + duration(1'500)) == "2026-11-02T12:00:00.001500Z");
    CHECK(rfc3339(instant{} - duration(1)) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("api: status adds what is in hand to what the store has, and names flows") {
    status_snapshot live;
    const store::flow_name bills{1, priority::bulk, 2};
    const store::flow_name codes{1, priority::urgent, 2};
    live.unstored = {{bills, 5}, {codes, 1}, {{1, priority::normal, 2}, 0}};
    live.totals = {{"uncertain now", 3}};
    live.accounts = calm().accounts;
    live.store.commit = duration(1'001);
    live.pauses.push_back({.scope = {scope_kind::run, "bills", "billing"}});
    live.warnings.push_back({{scope_kind::type, "outage", "crm"}, "too many"});
    stored_figures stored;
    stored.queue = {{bills, 10, false, noon}};
    stored.names = {{1, "sms"}, {2, "billing"}};
    stored.tallies = {{"events", 16}};
    const auto out = status_shape(live, stored, noon);
    CHECK(out.at("pauses").at(0).at("source") == "billing");
    CHECK(out.at("warnings").at(0).at("reason") == "too many");
    CHECK(out.at("verdict").as_string().find(
              "; 16 queued, done in about 1 minute (12:01 UTC) at 50 a "
              "second") != std::string::npos);
    const auto& queue = out.at("queue").as_array();
    REQUIRE(queue.size() == 2);
    CHECK(queue[0].at("priority") == "urgent");
    CHECK(queue[0].at("waiting") == 1);
    CHECK_FALSE(queue[0].as_object().contains("oldest_due"));
    CHECK(queue[1].at("pool") == "sms");
    CHECK(queue[1].at("source") == "billing");
    CHECK(queue[1].at("waiting") == 15);
    CHECK(queue[1].at("oldest_due") == "2026-11-02T12:00:00Z");
    CHECK(out.at("totals").at("events") == 16);
    CHECK(out.at("totals").at("uncertain now") == 3);
    CHECK(out.at("store").at("commit_ms") == 2);
    CHECK_FALSE(out.contains("started_at"));
}

TEST_CASE("api: a story masks numbers, shows references, and has no text") {
    store::event_story story;
    story.event = {.id = (1LL << 60) + 1,
                   .source = "billing",
                   .key = "B-1",
                   .type = "bill.issued",
                   .to_kind = "number",
                   .to_ref = "+8613800005678",
                   .data = R"({"name":"secret"})",
                   .received_at = noon};
    store::message_story m{.id = 7, .state = message_state::rejected, .recipient = "8613800005678"};
    m.reason = "refused by sim: 8";
    m.parts.push_back({.state = part_state::rejected, .repeats = 1, .code = "8"});
    m.parts[0].attempts.push_back({1, "deferred", "88", noon});
    story.messages.push_back(m);
    const auto out = story_shape(story);
    const auto text = boost::json::serialize(out);
    CHECK(text.find("13800005678") == std::string::npos);
    CHECK(text.find("secret") == std::string::npos);
    CHECK(out.at("id") == "1152921504606846977");
    CHECK(out.at("state") == "rejected");
    CHECK(out.at("reason") == "refused by sim: 8");
    CHECK_FALSE(out.contains("created_at"));
    const auto& part = out.at("messages").at(0).at("parts").at(0);
    CHECK(part.at("repeats") == 1);
    CHECK(part.at("attempts").at(0).at("closed_at") == "2026-11-02T12:00:00Z");

    for (const auto& [kind, shown] : {std::pair{"customer", true}, std::pair{"nubmer", false}}) {
        CAPTURE(kind);
        story.event.to_kind = kind;
        CHECK((story_shape(story).at("to_ref") == "+8613800005678") == shown);
    }
    story.parked = "unknown type";
    CHECK(story_shape(story).at("state") == "parked");
    CHECK(story_shape(story).at("reason") == "unknown type");
}

} // namespace verdict_test
