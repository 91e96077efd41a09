// What policy keeps back waits, is dropped or expires; what counts, counts over a crash. The rig's clock
// starts at 2025-10-09 08:53:20 UTC: 16:53:20 in Shanghai.
#include "delivery/rig.hpp"

#include <doctest/doctest.h>

#include <random>

namespace policy_test {

using namespace posthorn;
using namespace rig;

namespace {

constexpr duration to_nine = 4h + 6min + 40s; // 21:00
constexpr duration night = 11h;               // to 08:00

std::shared_ptr<policy::rules> rules() {
    auto r = std::make_shared<policy::rules>();
    r->zone = *templates::zone::named("Asia/Shanghai");
    return r;
}

policy::category_rules& billing(policy::rules& r) {
    return r.categories[static_cast<std::size_t>(category::billing)];
}

std::shared_ptr<policy::rules> quiet(policy::when_quiet messages = policy::when_quiet::wait) {
    auto r = rules();
    constexpr day_hours hours{21 * 60, 8 * 60};
    billing(*r).quiet.emplace(policy::hours_by_day{hours, hours, hours},
                              std::make_shared<policy::holidays>(), r->zone);
    billing(*r).messages = messages;
    return r;
}

std::shared_ptr<policy::rules> capped(unsigned per_day) {
    auto r = rules();
    billing(*r).per_day = per_day;
    return r;
}

std::shared_ptr<policy::rules> once() {
    auto r = rules();
    billing(*r).alike_within = 1h;
    return r;
}

setup under(std::shared_ptr<policy::rules> r, unsigned window = 5) {
    setup s{.window = window};
    s.rules.of = category::billing;
    s.policy = std::move(r);
    return s;
}

delivery::desk_settings settings(std::shared_ptr<policy::rules> r) {
    return {.retry = {.first = 1s, .longest = 10s},
            .types = {{type, under(nullptr).rules}},
            .policy = std::move(r)};
}

message bill(sending_side& s, duration validity = 24h, std::size_t parts = 1,
             priority p = priority::normal) {
    return s.new_message(parts, on_uncertain::resend, validity, p);
}

message with_text(message m, const std::string& text) {
    m.text = m.parts.front().octets = text;
    return m;
}

void answer_all(sending_side& s, answer what = answer::accepted) {
    for (std::size_t i = 0; i < s.at_carrier().seen.size(); ++i)
        if (s.at_carrier().seen[i].said == answer::none)
            s.tell(s.at_carrier().seen[i], what);
    s.pulse();
}

std::int64_t rows(sending_side& s, const std::string& where) {
    return live_db::number(s.db(), "SELECT count(*) FROM message WHERE " + where);
}

std::int64_t in_state(sending_side& s, message_state state, const std::string& reason = "%") {
    return rows(s, "state=" + std::to_string(static_cast<int>(state)) + " AND reason LIKE '" +
                       reason + "'");
}

std::int64_t counted(sending_side& s) {
    return live_db::number(s.db(), "SELECT count(*) FROM counted");
}

std::size_t sent(sending_side& s) { return s.at_carrier().seen.size(); }

std::string complaints(sending_side& s) { return live_db::joined(live_db::audit(s.db())); }

// Texts that may have reached the phone.
int most_a_day(sending_side& s) {
    std::map<std::string, std::chrono::year_month_day> first;
    const auto zone = *templates::zone::named("Asia/Shanghai");
    for (const auto& one : s.at_carrier().seen)
        if (one.said == answer::accepted || one.said == answer::uncertain ||
            one.said == answer::lost)
            first.emplace(one.octets, zone.date_at(one.at));
    std::map<std::chrono::year_month_day, int> days;
    for (const auto& [text, day] : first)
        ++days[day];
    int most = 0;
    for (const auto& [day, n] : days)
        most = std::max(most, n);
    return most;
}

const std::string waits = "quiet hours of billing, 21:00-08:00 Asia/Shanghai (policy.yaml): waits "
                          "until 2025-10-10 08:00";

} // namespace

TEST_CASE("policy: what comes at night waits in the store until eight, and says so") {
    sending_side s(under(quiet()));
    s.pass(to_nine + 1h);
    s.accept(bill(s));
    s.pulse();
    CHECK(sent(s) == 0);
    CHECK(s.taken_in == 1); // in nobody's way
    CHECK(in_state(s, message_state::queued, waits) == 1);
    CHECK(s.desk().in_hand() == 0);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM put_off") == 1);
    CHECK(s.desk().seen()["put off by quiet hours"] == 1);
    s.pass(night - 1h - 1s);
    CHECK(sent(s) == 0);
    s.pass(1s);
    CHECK(sent(s) == 1);
    CHECK(in_state(s, message_state::sending, "") == 1); // it waits no more
    answer_all(s);
    CHECK(complaints(s) == "");
}

TEST_CASE("policy: what was due at night already, and what a crash interrupts, waits likewise") {
    sending_side s(under(quiet()));
    auto later = bill(s);
    later.due_at = s.now + to_nine + 10min;
    s.accept(std::move(later));
    s.accept(bill(s, 24h, 3));
    s.pulse();
    REQUIRE(sent(s) == 3);
    answer_all(s);
    s.pass(to_nine + 10min);
    CHECK(sent(s) == 3);
    CHECK(in_state(s, message_state::queued, waits) == 1);
    s.crash();
    CHECK(sent(s) == 3);
    s.pass(night - 10min);
    CHECK(sent(s) == 4);
    CHECK(complaints(s) == "");
}

TEST_CASE("policy: others pass those that wait, whatever there are") {
    sending_side s(under(quiet(), 1));
    s.pass(to_nine);
    for (int i = 0; i < 50; ++i)
        s.accept(bill(s));
    auto other = bill(s);
    other.type = type + 1;
    s.accept(std::move(other));
    s.accept(bill(s, 24h, 1, priority::urgent));
    s.pulse();
    answer_all(s);
    answer_all(s);
    CHECK(sent(s) == 2);
    CHECK(in_state(s, message_state::queued, waits) == 50);
    CHECK(s.desk().in_hand() == 0);
    CHECK(complaints(s) == "");
}

TEST_CASE(
    "policy: what would be too old in the morning expires at once, and what may be dropped is") {
    sending_side s(under(quiet()));
    s.pass(to_nine);
    s.accept(bill(s, 3h));
    s.pulse();
    CHECK(in_state(s, message_state::expired, "quiet hours of billing, %its time is over before") ==
          1);
    s.desk().use(settings(quiet(policy::when_quiet::drop)));
    s.accept(bill(s));
    s.pulse();
    CHECK(in_state(s, message_state::suppressed,
                   "quiet hours of billing, 21:00-08:00 Asia/Shanghai (policy.yaml)") == 1);
    CHECK(sent(s) == 0);
    CHECK(complaints(s) == "");
}

TEST_CASE("policy: what may go by e-mail at night waits until somebody has looked for a mailbox") {
    sending_side s(under(quiet(policy::when_quiet::email)));
    s.pass(to_nine);
    s.accept(bill(s));
    s.accept(bill(s, 3h));
    s.pulse();
    CHECK(s.by_email == 2);
    CHECK(in_state(s, message_state::queued,
                   "quiet hours of billing, %by e-mail, or waits until %") == 2);
    message m;
    m.id = live_db::number(s.db(), "SELECT min(id) FROM message");
    m.type = type;
    CHECK(s.desk().by_email(m) ==
          "by e-mail: quiet hours of billing, 21:00-08:00 Asia/Shanghai (policy.yaml)");
    s.accept(bill(s, 24h, 1, priority::urgent));
    s.pulse();
    CHECK(s.by_email == 2);
    s.pass(night);
    CHECK(s.desk().by_email(m).empty());
    CHECK(sent(s) == 2);
    CHECK(in_state(s, message_state::expired) == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("policy: the carrier may deliver until quiet hours begin, or its time is over") {
    std::vector<duration> validity;
    auto how = under(quiet());
    how.before_submit = [&](const sdk::unit& u) { validity.push_back(u.validity); };
    sending_side s(how);
    s.accept(bill(s));
    s.accept(bill(s, 1h));
    s.accept(bill(s, 24h, 1, priority::urgent));
    s.pulse();
    std::ranges::sort(validity);
    CHECK(validity == std::vector<duration>{1h, to_nine, 24h});
}

TEST_CASE("policy: in the last second before the night nothing begins any more") {
    sending_side s(under(quiet()));
    s.pass(to_nine - 1s);
    s.accept(bill(s));
    s.pulse();
    CHECK(sent(s) == 0);
    CHECK(in_state(s, message_state::queued, waits) == 1);
}

TEST_CASE("policy: an intent whose bytes have not left when the night begins is taken back") {
    for (const std::size_t parts : {std::size_t{1}, std::size_t{3}}) {
        CAPTURE(parts);
        sending_side s(under(quiet()));
        s.pass(to_nine - 2s);
        s.accept(bill(s, 24h, parts));
        s.loop().poll_one(); // the lane's turn: the intent is on its way to the store
        s.now += 2s;
        s.pulse();
        CHECK(live_db::number(s.db(), "SELECT account FROM message") == account); // it was opened
        CHECK(sent(s) == 0);
        CHECK(in_state(s, message_state::queued, waits) == 1);
        CHECK(complaints(s) == "");
        s.pass(night);
        CHECK(sent(s) == parts);
        CHECK(complaints(s) == "");
    }
}

TEST_CASE(
    "policy: a long text that has begun goes on at night, an attempt put off by day does not") {
    sending_side s(under(quiet(), 1));
    s.pass(to_nine - 2s);
    s.accept(bill(s, 24h, 3));
    s.pulse();
    REQUIRE(sent(s) == 1);
    s.now += 1h;
    while (s.open_submission(s.at_carrier().seen.back().octets))
        answer_all(s);
    CHECK(sent(s) == 3);

    sending_side deferred(under(quiet(), 1));
    deferred.pass(to_nine - 2s);
    deferred.accept(bill(deferred));
    deferred.pulse();
    answer_all(deferred, answer::deferred);
    deferred.pass(1h);
    CHECK(sent(deferred) == 1);
    CHECK(in_state(deferred, message_state::queued, waits) == 1);
    deferred.pass(night - 1h + 2s);
    CHECK(sent(deferred) == 2);
    CHECK(complaints(deferred) == "");
}

TEST_CASE("policy: an uncertain part is not sent again at night, unless a person says so") {
    sending_side s(under(quiet()));
    s.pass(to_nine - 2s);
    s.accept(bill(s));
    s.accept(bill(s));
    s.pulse();
    answer_all(s, answer::uncertain);
    s.pass(10s);
    CHECK(sent(s) == 2);
    const auto first = live_db::number(s.db(), "SELECT min(id) FROM message");
    CHECK(s.desk().settle(first, 1, true, {.who = "li", .reason = "urgent", .at = s.now}));
    s.pulse();
    CHECK(sent(s) == 3);
    CHECK(complaints(s) == "");
}

TEST_CASE("policy: a cap holds for what is in hand together, and over a crash") {
    sending_side s(under(capped(2)));
    for (int i = 0; i < 5; ++i)
        s.accept(bill(s));
    s.pulse();
    CHECK(sent(s) == 2);
    CHECK(in_state(s, message_state::suppressed,
                   "cap of billing: 2 a day; this number had 2 since midnight") == 3);
    CHECK(counted(s) == 2);
    answer_all(s);
    s.crash();
    s.accept(bill(s));
    auto other = bill(s);
    other.recipient = "8613800000009";
    s.accept(std::move(other));
    s.pulse();
    answer_all(s);
    CHECK(sent(s) == 3);
    CHECK(in_state(s, message_state::suppressed) == 4);
    s.pass(7h + 6min + 40s); // midnight
    s.accept(bill(s));
    s.pulse();
    CHECK(sent(s) == 4);
    CHECK(complaints(s) == "");
}

TEST_CASE("policy: what died with its intent committed counts: it may have left") {
    sending_side s(under(capped(1)));
    s.accept(bill(s));
    s.open_unheard();
    s.crash();
    s.accept(bill(s));
    s.pulse();
    CHECK(in_state(s, message_state::suppressed) == 1);
    CHECK(counted(s) == 1);
}

TEST_CASE("policy: what never left counts for nothing") {
    SUBCASE("refused by the carrier") {
        sending_side s(under(capped(1)));
        s.accept(bill(s));
        s.pulse();
        answer_all(s, answer::rejected);
        s.accept(bill(s));
        s.pulse();
        CHECK(sent(s) == 2);
        CHECK(counted(s) == 1);
        CHECK(complaints(s) == "");
    }
    SUBCASE("throttled: it leaves once more, and counts once") {
        sending_side s(under(capped(1)));
        s.accept(bill(s));
        s.pulse();
        answer_all(s, answer::throttled);
        CHECK(counted(s) <= 1);
        s.pass(10s);
        answer_all(s);
        CHECK(sent(s) == 2);
        CHECK(counted(s) == 1);
        s.accept(bill(s));
        s.pulse();
        CHECK(in_state(s, message_state::suppressed) == 1);
        CHECK(complaints(s) == "");
    }
    SUBCASE("the link died between intent and bytes") {
        sending_side s(under(capped(1)));
        s.accept(bill(s));
        s.loop().poll_one(); // the lane's turn
        s.link_down();
        CHECK(sent(s) == 0);
        CHECK(counted(s) == 0);
        s.link_up();
        CHECK(sent(s) == 1);
        CHECK(counted(s) == 1);
        CHECK(complaints(s) == "");
    }
}

TEST_CASE("policy: what the carrier defers counts when it leaves after all") {
    sending_side s(under(capped(1)));
    s.accept(bill(s));
    s.pulse();
    answer_all(s, answer::deferred);
    CHECK(counted(s) == 0);
    s.pass(20s);
    answer_all(s);
    CHECK(sent(s) == 2);
    CHECK(counted(s) == 1);
    s.accept(bill(s));
    s.pulse();
    CHECK(in_state(s, message_state::suppressed) == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE(
    "policy: the same text goes once within its time, over a crash, unless a person sends it") {
    sending_side s(under(once()));
    s.accept(with_text(bill(s), "hello"));
    s.pulse();
    answer_all(s);
    CHECK(counted(s) == 1);
    s.crash();
    s.pass(59min);
    const auto again = with_text(bill(s), "hello");
    s.accept(with_text(bill(s), "hello again"));
    s.pulse();
    answer_all(s);
    CHECK(sent(s) == 2);
    s.accept_as("other", again);
    s.pulse();
    CHECK(sent(s) == 2);
    CHECK(in_state(
              s, message_state::suppressed,
              "the same text went to this number at 2025-10-09 16:53 (billing, policy.yaml)") == 1);
    const auto alike = s.desk().forgive(again);
    REQUIRE(alike);
    std::vector<store::op> ops;
    ops.emplace_back(store::forgive_text{*alike});
    s.desk().store().submit(std::move(ops));
    s.settle();
    s.crash(); // it is forgiven in the store, too
    s.accept_as("third", again);
    s.pulse();
    answer_all(s);
    CHECK(sent(s) == 3);
    s.pass(1h);
    s.accept_as("fourth", again);
    s.pulse();
    CHECK(sent(s) == 4);
    CHECK(complaints(s) == "");
}

TEST_CASE("policy: categories without caps leave no row behind, and what is old goes") {
    sending_side s(under(quiet()));
    for (int i = 0; i < 100; ++i)
        s.accept(bill(s));
    for (int i = 0; i < 25; ++i)
        answer_all(s);
    CHECK(sent(s) == 100);
    CHECK(counted(s) == 0);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM put_off") == 0);
    s.desk().use(settings(capped(1)));
    s.accept(bill(s));
    s.pulse();
    CHECK(counted(s) == 1);
    s.pass(8h); // midnight is over
    CHECK(counted(s) == 0);
}

TEST_CASE("policy: other rules count for what waits, too") {
    sending_side s(under(quiet()));
    s.pass(to_nine);
    s.accept(bill(s));
    s.pulse();
    CHECK(in_state(s, message_state::queued, waits) == 1);
    SUBCASE("longer") {
        auto longer = quiet();
        constexpr day_hours hours{21 * 60, 9 * 60};
        billing(*longer).quiet.emplace(policy::hours_by_day{hours, hours, hours},
                                       std::make_shared<policy::holidays>(), longer->zone);
        s.desk().use(settings(longer));
        s.look_at_policy();
        CHECK(in_state(s, message_state::queued, "%waits until 2025-10-10 09:00") == 1);
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM put_off") == 1);
        s.pass(night);
        CHECK(sent(s) == 0);
        s.pass(1h);
        CHECK(sent(s) == 1);
    }
    SUBCASE("no more") {
        s.desk().use(settings(nullptr));
        s.look_at_policy();
        CHECK(sent(s) == 1);
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM put_off") == 0);
    }
    SUBCASE("the same") {
        const auto version = live_db::number(s.db(), "SELECT version FROM message");
        s.look_at_policy();
        CHECK(live_db::number(s.db(), "SELECT version FROM message") == version);
        CHECK(in_state(s, message_state::queued, waits) == 1);
    }
    CHECK(complaints(s) == "");
}

TEST_CASE("policy: who cancels what waits, or pauses it, has his way") {
    sending_side s(under(quiet()));
    s.pass(to_nine);
    s.accept(bill(s));
    s.pulse();
    const auto m = live_db::number(s.db(), "SELECT id FROM message");
    s.desk().withdraw(m, {.who = "li", .reason = "wrong", .at = s.now}, [] {});
    s.settle();
    CHECK(in_state(s, message_state::cancelled, "cancelled: wrong") == 1);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM put_off") == 0);
    s.pass(night);
    CHECK(sent(s) == 0);
    CHECK(complaints(s) == "");
}

TEST_CASE("policy: whatever happens, no number has more than its cap, and none is woken at night") {
    for (unsigned seed = 0; seed < 40; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        auto r = quiet();
        billing(*r).per_day = 3;
        sending_side* side = nullptr;
        int at_night = 0;
        auto how = under(r, 3);
        how.before_submit = [&](const sdk::unit&) {
            const auto clock = billing(*r).quiet->zone().wall_clock(side->now);
            at_night += clock >= "21:00" || clock < "08:00";
        };
        sending_side s(how);
        side = &s;
        for (int step = 0; step < 80; ++step) {
            auto& seen = s.at_carrier().seen;
            switch (random() % 10) {
            case 0:
            case 1:
            case 2:
                s.accept(bill(s, random() % 2 == 0 ? 24h : 2h));
                break;
            case 3:
                s.pass(std::chrono::minutes(random() % 90));
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
        for (int i = 0; i < 60; ++i) {
            answer_all(s);
            s.pass(30min);
        }
        CHECK(at_night == 0);
        CHECK(most_a_day(s) <= 3);
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM queue") == 0);
        CHECK(complaints(s) == "");
    }
}

} // namespace policy_test
