#include "ledger/standing.hpp"

#include <doctest/doctest.h>

namespace standing_test {

using namespace posthorn;
using namespace posthorn::ledger;
using namespace std::chrono_literals;

namespace {

const auto now = from_micros(1'764'000'000'000'000);

store::message_story waiting(const std::string& pool = "sms", const std::string& account = "") {
    store::message_story m{
        .id = 1, .state = message_state::queued, .account = account, .pool = pool};
    m.due_at = now - 1s;
    m.parts.push_back({.state = part_state::queued});
    return m;
}

account_standing account(const std::string& name, unsigned slots, unsigned open = 0) {
    return {.name = name,
            .pool = "sms",
            .own_pool = "account " + name,
            .slots = slots,
            .open = open,
            .rate = 100,
            .why = slots > 0 ? "" : "bind refused"};
}

const event bill{.source = "billing", .type = "bill.issued", .run = "2026-11"};

} // namespace

TEST_CASE("ledger: what a message waits for is what is in its way") {
    auto later = waiting();
    later.due_at = now + 1h;
    auto put_off = later;
    put_off.reason = "quiet hours of billing";
    auto paused = account("a", 10);
    paused.paused = true;
    auto throttled = account("a", 10);
    throttled.throttled = true;
    const store::pause run{
        .scope = {scope_kind::run, "2026-11", "billing"}, .who = "li", .reason = "wrong"};
    const store::pause other{
        .scope = {scope_kind::run, "2026-11", "crm"}, .who = "li", .reason = "x"};
    const struct {
        store::message_story message;
        standing s;
        const char* what;
    } rows[] = {
        {waiting(),
         {.now = now, .halted = "the disk is full", .pauses = {}, .accounts = {}},
         "sending to go on: the disk is full"},
        {waiting(),
         {.now = now, .halted = {}, .pauses = {other, run}, .accounts = {account("a", 10)}},
         "the end of a pause: run 2026-11 of billing was paused by li (wrong); `posthorn resume "
         "--run "
         "2026-11 --source billing` ends it"},
        {later,
         {.now = now, .halted = {}, .pauses = {}, .accounts = {account("a", 10)}},
         "its time, 2025-11-24 17:00 UTC"},
        {put_off,
         {.now = now, .halted = {}, .pauses = {}, .accounts = {account("a", 10)}},
         "quiet hours of billing"},
        {waiting("email"),
         {.now = now, .halted = {}, .pauses = {}, .accounts = {account("a", 10)}},
         "an account that carries email: none is configured"},
        {waiting(),
         {.now = now, .halted = {}, .pauses = {}, .accounts = {account("a", 0)}},
         "a link: a has none (bind refused)"},
        {waiting(),
         {.now = now, .halted = {}, .pauses = {}, .accounts = {paused}},
         "the end of a pause: account a is paused"},
        {waiting(),
         {.now = now, .halted = {}, .pauses = {}, .accounts = {throttled}},
         "a: its carrier said that we are too fast"},
        {waiting(),
         {.now = now,
          .halted = {},
          .pauses = {},
          .accounts = {account("a", 0), account("b", 5, 5)}},
         "a link: a has none (bind refused); or room in the window of b: all 5 places are taken"},
        {waiting(),
         {.now = now, .halted = {}, .pauses = {}, .accounts = {account("a", 10, 3)}},
         "its turn: others are before it, a sends 100 parts a second"},
    };
    for (const auto& row : rows)
        CHECK(waits_for(bill, row.message, row.s) == row.what);
}

TEST_CASE("ledger: what has left waits for its carrier, and what has ended for nothing") {
    auto m = waiting("sms", "a");
    const standing s{
        .now = now, .halted = "whatever", .pauses = {}, .accounts = {account("a", 10)}};
    m.parts.front().state = part_state::sending;
    CHECK(waits_for(bill, m, s) == "the answer of a");
    m.parts.front().state = part_state::submitted;
    CHECK(waits_for(bill, m, s) == "a receipt of a");
    m.parts.front().state = part_state::uncertain;
    CHECK(waits_for(bill, m, s).starts_with("a receipt, or a person: no answer of a came"));
    m.state = message_state::delivered;
    CHECK(waits_for(bill, m, s).empty());
}

TEST_CASE("ledger: why an account has a message is told from what it carries") {
    const standing one{.now = now, .halted = {}, .pauses = {}, .accounts = {account("a", 1)}};
    const standing two{
        .now = now, .halted = {}, .pauses = {}, .accounts = {account("a", 1), account("b", 1)}};
    CHECK(why_by_account(waiting(), one).empty());
    CHECK(why_by_account(waiting("sms", "a"), one) == "it is the only account that carries sms");
    CHECK(why_by_account(waiting("sms", "b"), two) ==
          "it was the first of those that carry sms to have room: a, b");
    CHECK(why_by_account(waiting("account b", "b"), two) ==
          "it is bound to it: ordered so, or the text it answers came over it");
    CHECK(why_by_account(waiting("sms", "gone"), two) == "it carried sms then");
}

TEST_CASE("ledger: by routes, who comes first is told, and who stood in") {
    auto first = account("a", 10), then = account("b", 10), other = account("c", 10);
    first.ranks = {{"sms marketing", 0}};
    then.ranks = {{"sms marketing", 1}, {"sms billing", 0}};
    other.pool = "trial";
    const standing s{.now = now, .halted = {}, .pauses = {}, .accounts = {then, other, first}};
    CHECK(why_by_account(waiting("sms marketing", "a"), s) ==
          "by the routes it comes first for sms marketing: a, b");
    CHECK(why_by_account(waiting("sms marketing", "b"), s) ==
          "those before it could not carry sms marketing then: a");
    CHECK(why_by_account(waiting("sms billing", "b"), s) ==
          "it is the only account that carries sms billing");
    CHECK(waits_for(bill, waiting("sms survey"), s) ==
          "an account that carries sms survey: none is configured");
}

} // namespace standing_test
