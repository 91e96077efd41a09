#include "ledger/life.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace life_test {

using namespace posthorn;
using namespace posthorn::ledger;
using namespace std::chrono_literals;

namespace {

const auto start = from_micros(1'764'000'000'000'000);

store::event_story one_bill() {
    store::event_story out;
    out.event = {.id = first_id_at(start),
                 .source = "billing",
                 .outbox_id = 7,
                 .key = "B-1",
                 .type = "bill.issued",
                 .run = "2026-11",
                 .to_kind = "number",
                 .to_ref = "8613800138000",
                 .created_at = start - 2s,
                 .received_at = start};
    store::message_story m{.id = first_id_at(start) + 1,
                           .state = message_state::delivered,
                           .recipient = "8613800138000",
                           .language = "zh-CN",
                           .account = "sim",
                           .coding = coding::ucs2,
                           .final_at = start + 9s};
    m.parts.push_back({.state = part_state::delivered,
                       .opened_at = start + 5s,
                       .submitted_at = start + 6s,
                       .final_at = start + 9s,
                       .ref = "9A01"});
    m.parts.front().attempts.push_back(
        {.attempt = 1, .outcome = "deferred", .code = "ESME_RTHROTTLED", .closed_at = start + 4s});
    m.decisions.push_back({.at = start + 1s, .what = "put off", .reason = "quiet hours"});
    out.messages.push_back(m);
    return out;
}

std::string lines_of(const std::vector<moment>& moments) {
    std::string out;
    for (const auto& m : moments)
        out += m.what + (m.why.empty() ? "" : " | " + m.why) + "\n";
    return out;
}

} // namespace

TEST_CASE("ledger: a life is told in the order in which things happened, each with its reason") {
    known_beside beside;
    beside.result = store::told_result{.state = "delivered", .is_final = true, .at = start + 10s};
    const auto told = lines_of(life_of(one_bill(), beside));
    std::size_t last = 0;
    for (const auto* line :
         {"written to the outbox of billing | row 7", "taken in as event ",
          "its key is B-1, its run 2026-11", "was made | zh-CN, ucs2, 1 part",
          "put off | quiet hours", "attempt 1: deferred | ESME_RTHROTTLED", "handed to sim",
          "accepted by sim | as 9A01", "it ended as delivered", "billing was told: delivered"}) {
        const auto at = told.find(line, last);
        CHECK_MESSAGE(at != std::string::npos, line << " is missing, or too early, in:\n" << told);
        last = at == std::string::npos ? last : at;
    }
    CHECK(told.find("13800138000") == std::string::npos);
}

TEST_CASE("ledger: a life says by which wording, over which account and why, and what codes mean") {
    auto story = one_bill();
    auto& m = story.messages.front();
    m.wording = 3;
    m.wording_since = from_micros(1'763'999'940'000'000);
    m.pool = "sms";
    known_beside beside;
    beside.now.accounts.push_back({.name = "sim", .pool = "sms", .own_pool = "account sim"});
    beside.describe = [](const std::string& account, const std::string& code) {
        return account + " explains " + code;
    };
    const auto told = lines_of(life_of(story, beside));
    for (const auto* line :
         {"zh-CN, ucs2, 1 part, version 3 of bill.issued, in use since 2025-11-24 15:59 UTC",
          "handed to sim | it is the only account that carries sms",
          "attempt 1: deferred | ESME_RTHROTTLED: sim explains ESME_RTHROTTLED"})
        CHECK_MESSAGE(told.find(line) != std::string::npos, line << " is missing in:\n" << told);
    m.state = message_state::undelivered;
    m.reason = "the carrier reports: UNDELIV";
    m.parts.front().code = "UNDELIV";
    CHECK(
        lines_of(life_of(story, beside))
            .find("it ended as undelivered | the carrier reports: UNDELIV: sim explains UNDELIV") !=
        std::string::npos);
}

TEST_CASE("ledger: what people ordered and said about it stands between what happened") {
    known_beside beside;
    beside.operations.push_back({.who = "li",
                                 .what = "pause",
                                 .which = "run 2026-11",
                                 .reason = "wrong amounts",
                                 .at = start + 2s});
    beside.consents.push_back({.id = 12,
                               .said = {.number = "8613800138000",
                                        .out = true,
                                        .which = category::marketing,
                                        .how = consent_way::text,
                                        .words = "TD",
                                        .at = start - 1h},
                               .in_force = {}});
    const auto told = lines_of(life_of(one_bill(), beside));
    CHECK(told.find("opted out") < told.find("taken in"));
    CHECK(told.find("opted out of marketing (entry 12 of the ledger of consent) | by text: 'TD'") !=
          std::string::npos);
    const auto order = told.find("li: pause run 2026-11 | wrong amounts");
    CHECK(order > told.find("put off"));
    CHECK(order < told.find("handed to sim"));
}

TEST_CASE("ledger: what is parked says why and goes on until now") {
    auto story = one_bill();
    story.messages.clear();
    story.parked = "type: 'bill.isued' is unknown";
    CHECK(lines_of(life_of(story, {})).ends_with("parked | type: 'bill.isued' is unknown\n"));
    CHECK(span_of(story, start + 1h) == std::pair(start, start + 1h));
    CHECK(span_of(one_bill(), start + 1h) == std::pair(start, start + 9s));
}

TEST_CASE("ledger: orders are found under every name that covers the event") {
    const auto names = names_of(one_bill());
    const auto id = std::to_string(first_id_at(start) + 1);
    for (const auto& name :
         {std::string("everything"), std::string("source billing"), std::string("run 2026-11"),
          std::string("run 2026-11 of billing"), std::string("type bill.issued"),
          std::string("account sim"), "message " + id, "part " + id + "/1"})
        CHECK_MESSAGE(std::ranges::find(names, name) != names.end(), name);
}

} // namespace life_test
