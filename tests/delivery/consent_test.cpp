// What a number has opted out of does not leave; what has begun goes on.
#include "delivery/rig.hpp"

#include <doctest/doctest.h>

#include <random>

namespace consent_test {

using namespace posthorn;
using namespace rig;

namespace {

const std::string recipient = "8613800000000"; // of every message of the rig

setup asking(category c = category::billing, unsigned window = 1) {
    setup s{.window = window};
    s.rules.asks_consent = c;
    return s;
}

store::set_consent word(sending_side& s, bool out, std::optional<category> which = {}) {
    return {.number = recipient, .out = out, .which = which, .words = "TD", .at = s.now};
}

store::outcome say(sending_side& s, bool out, std::optional<category> which = {}) {
    std::optional<store::outcome> got;
    s.desk().set_consent(word(s, out, which), {}, [&](const auto& o) { got = o; });
    s.settle();
    REQUIRE(got);
    return *got;
}

void answer_all(sending_side& s, answer what = answer::accepted) {
    for (std::size_t i = 0; i < s.at_carrier().seen.size(); ++i)
        if (s.at_carrier().seen[i].said == answer::none)
            s.tell(s.at_carrier().seen[i], what);
    s.pulse();
}

message bill(sending_side& s, std::size_t parts = 1) {
    return s.new_message(parts, on_uncertain::resend, 1h);
}

std::int64_t suppressed(sending_side& s, const store::outcome& by) {
    const auto reason = policy::reason_of(category::billing, {by.event, consent_way::text});
    return live_db::number(s.db(), "SELECT count(*) FROM message WHERE state=" +
                                       std::to_string(static_cast<int>(message_state::suppressed)) +
                                       " AND reason='" + reason + "'");
}

std::string complaints(sending_side& s) { return live_db::joined(live_db::audit(s.db())); }

} // namespace

TEST_CASE("consent: what waits and what comes later is suppressed and names the entry") {
    sending_side s(asking());
    for (int i = 0; i < 3; ++i)
        s.accept(bill(s));
    s.pulse();
    REQUIRE(s.at_carrier().seen.size() == 1);
    const auto out = say(s, true);
    CHECK(out.what == store::outcome::code::applied);
    s.accept(bill(s));
    answer_all(s); // the one that had left
    s.pulse();
    CHECK(s.at_carrier().seen.size() == 1);
    CHECK(suppressed(s, out) == 3);
    CHECK(live_db::number(s.db(), "SELECT n FROM tally WHERE what='suppressed'") == 3);
    CHECK(s.taken_in == 4); // their rows leave the outbox
    CHECK(complaints(s) == "");
}

TEST_CASE("consent: what lies in the store's queue is suppressed when it is claimed") {
    sending_side s(asking());
    auto later = bill(s);
    later.due_at = s.now + 10s;
    s.accept(std::move(later));
    s.pulse();
    const auto out = say(s, true, category::billing);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM queue") == 1);
    s.pass(11s);
    s.pulse();
    CHECK(s.at_carrier().seen.empty());
    CHECK(suppressed(s, out) == 1);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM queue") == 0);
    CHECK(complaints(s) == "");
}

TEST_CASE("consent: it is in force after a crash, and until the number comes back") {
    sending_side s(asking());
    const auto out = say(s, true);
    CHECK(say(s, true).what == store::outcome::code::stale);
    s.crash();
    s.accept(bill(s));
    s.pulse();
    CHECK(suppressed(s, out) == 1);
    CHECK(say(s, false, category::billing).what == store::outcome::code::applied);
    CHECK(say(s, false, category::billing).what == store::outcome::code::stale);
    s.accept(bill(s));
    s.pulse();
    CHECK(s.at_carrier().seen.size() == 1);
    s.crash();
    s.accept(bill(s));
    answer_all(s);
    CHECK(suppressed(s, out) == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("consent: other categories, other numbers and what asks for none leave") {
    sending_side s(asking(category::survey));
    say(s, true, category::billing);
    s.accept(bill(s));
    s.pulse();
    CHECK(s.at_carrier().seen.size() == 1);
    answer_all(s);
    say(s, true);
    auto other = bill(s);
    other.recipient = "8613800000009";
    s.accept(std::move(other));
    s.pulse();
    CHECK(s.at_carrier().seen.size() == 2);

    sending_side statutory({.window = 1});
    say(statutory, true);
    statutory.accept(bill(statutory));
    statutory.pulse();
    CHECK(statutory.at_carrier().seen.size() == 1);
}

TEST_CASE("consent: an intent whose bytes have not left when the number opts out is taken back") {
    for (const std::size_t parts : {std::size_t{1}, std::size_t{3}}) {
        CAPTURE(parts);
        sending_side s(asking(category::billing, 3));
        std::vector<store::op> ops;
        ops.emplace_back(word(s, true));
        store::outcome out;
        s.desk().store().submit(std::move(ops), [&](auto outcomes) { out = outcomes.front(); });
        s.settle();
        s.accept(bill(s, parts));
        s.loop().poll_one(); // the lane's turn: the intent is on its way to the store
        s.desk().heed(word(s, true), out);
        s.pulse();
        s.pulse();
        CHECK(live_db::number(s.db(), "SELECT account FROM message") == account); // it was opened
        CHECK(s.at_carrier().seen.empty());
        CHECK(suppressed(s, out) == 1);
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM queue") == 0);
        CHECK(complaints(s) == "");
    }
}

TEST_CASE("consent: a long text that has begun goes on, and so do its retries") {
    sending_side s(asking());
    s.accept(bill(s, 3));
    s.pulse();
    REQUIRE(s.at_carrier().seen.size() == 1);
    say(s, true);
    answer_all(s);
    REQUIRE(s.at_carrier().seen.size() == 2);
    answer_all(s, answer::deferred);
    s.pass(20s);
    while (s.open_submission(s.at_carrier().seen.back().octets))
        answer_all(s);
    CHECK(s.at_carrier().seen.size() == 4); // one of them twice
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM message WHERE state=" +
                                      std::to_string(static_cast<int>(message_state::submitted))) ==
          1);
    CHECK(complaints(s) == "");
}

TEST_CASE("consent: an uncertain part is sent again, whatever its number has said since") {
    sending_side s(asking());
    s.accept(bill(s));
    s.pulse();
    answer_all(s, answer::uncertain);
    say(s, true);
    s.pass(5s);
    CHECK(s.at_carrier().seen.size() == 2);
    answer_all(s);
    CHECK(complaints(s) == "");
}

TEST_CASE("consent: what a carrier only throttled has not begun") {
    sending_side s(asking());
    s.accept(bill(s));
    s.pulse();
    const auto out = say(s, true);
    answer_all(s, answer::throttled);
    s.pass(5s);
    s.pulse();
    CHECK(s.at_carrier().seen.size() == 1);
    CHECK(suppressed(s, out) == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("consent: another configuration counts from then on") {
    sending_side s(asking(category::survey));
    const auto out = say(s, true, category::billing);
    auto later = bill(s);
    later.due_at = s.now + 10s;
    s.accept(std::move(later));
    s.pulse();
    auto rules = asking(category::billing).rules;
    s.desk().use({.retry = {.first = 1s, .longest = 10s}, .types = {{type, rules}}});
    s.pass(11s);
    s.pulse();
    CHECK(suppressed(s, out) == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("consent: a text of a type that is gone does not go to who has opted out of anything") {
    sending_side s(asking());
    auto m = bill(s);
    m.type = type + 1;
    s.accept(std::move(m));
    s.pulse();
    CHECK(s.at_carrier().seen.size() == 1); // nobody has
    answer_all(s);
    const auto out = say(s, true, category::billing);
    m = bill(s);
    m.type = type + 1;
    s.accept(std::move(m));
    s.pulse();
    CHECK(s.at_carrier().seen.size() == 1);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM message WHERE reason LIKE '%(entry " +
                                      std::to_string(out.event) + "), and %'") == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("consent: what a person has paused is set aside, and suppressed when it goes on") {
    sending_side s(asking());
    auto m = bill(s);
    m.run = "a";
    m.due_at = s.now + 10s;
    s.accept(std::move(m));
    s.pulse();
    const scope run_a{scope_kind::run, "a"};
    s.desk().pause({run_a, false, "li", "", s.now}, {0, source}, {.who = "li"});
    const auto out = say(s, true);
    s.pass(11s);
    s.pulse();
    CHECK(suppressed(s, out) == 0);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM set_aside") == 1);
    CHECK(s.at_carrier().seen.empty());
    CHECK(complaints(s) == "");
}

TEST_CASE("consent: what belongs to a word is in its commit") {
    sending_side s(asking());
    std::vector<store::op> more;
    more.emplace_back(store::operation{.who = "zhao", .what = "consent out", .at = s.now});
    bool done = false;
    s.desk().set_consent(word(s, true), std::move(more), [&](const auto&) {
        done = true;
        CHECK(s.desk().opted_out().of(recipient) == asks_consent);
    });
    CHECK(s.desk().opted_out().empty()); // not before it is committed
    s.settle();
    CHECK(done);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM operation WHERE who='zhao'") == 1);
}

TEST_CASE("consent: whatever happens, nothing begins after a word against it") {
    for (unsigned seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        sending_side* side = nullptr;
        int begun_against = 0;
        auto how = asking(category::billing, 3);
        how.before_submit = [&](const sdk::unit& u) { // of one part each: attempt 1 is the first
            begun_against +=
                u.attempt == 1 && side->desk().opted_out().of(recipient).has(category::billing);
        };
        sending_side s(how);
        side = &s;
        for (int step = 0; step < 80; ++step) {
            auto& seen = s.at_carrier().seen;
            switch (random() % 10) {
            case 0:
            case 1:
            case 2:
                s.accept(bill(s));
                break;
            case 3:
                s.desk().set_consent(word(s, random() % 2 == 0), {}, [](const auto&) {});
                break;
            case 4:
                s.loop().poll_one();
                break;
            case 5:
                s.pass(1s);
                break;
            case 6:
                random() % 2 == 0 ? s.link_down() : s.link_up();
                break;
            case 7:
                if (random() % 4 == 0)
                    s.crash();
                break;
            default:
                if (!seen.empty() && seen.back().said == answer::none)
                    s.tell(seen.back(), static_cast<answer>(1 + random() % 5));
                s.pulse();
            }
        }
        s.link_up();
        say(s, false);
        for (int i = 0; i < 40; ++i) {
            answer_all(s);
            s.pass(3s);
        }
        CHECK(begun_against == 0);
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM queue") == 0);
        CHECK(complaints(s) == "");
    }
}

TEST_CASE("consent: a carrier that says that a number wants no more is believed, once") {
    sending_side s(asking(category::billing, 3));
    for (int i = 0; i < 3; ++i)
        s.accept(bill(s));
    s.settle();
    REQUIRE(s.at_carrier().seen.size() == 3);
    answer_all(s, answer::opted_out);
    s.settle();
    REQUIRE(s.words.size() >= 1);
    CHECK(s.words[0].number == recipient);
    CHECK(s.words[0].how == consent_way::carrier);
    CHECK(s.words[0].words == "a: 21610");
    CHECK_FALSE(s.words[0].which);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM consent") == 1);
    const auto said = s.words.size();
    s.accept(bill(s));
    s.settle();
    CHECK(s.at_carrier().seen.size() == 3);
    CHECK(live_db::number(s.db(),
                          "SELECT count(*) FROM message WHERE state=" +
                              std::to_string(static_cast<int>(message_state::suppressed))) == 1);
    CHECK(s.words.size() == said); // nothing more was asked of the carrier
    CHECK(complaints(s) == "");
}

} // namespace consent_test
