// Numbers, customer accounts and bindings: operations through the writer, and the reader of them.
#include "store/people.hpp"

#include "store/store_bench.hpp"

#include <doctest/doctest.h>

namespace people_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

const std::string li = "8613800000001", wang = "8613800000002";
const std::string home = "3100000001", shop = "3100000002";

struct people_bench : bench {
    people_reader people{folder / "live.db"};

    outcome put(op o) { return bench::done(std::move(o)); }
    outcome::code done(op o) { return put(std::move(o)).what; }
    void code_for(const std::string& account, const std::string& hash, instant expires_at) {
        done(put_binding_code{account, hash, expires_at, start_of_time});
    }
    outcome::code guess(const std::string& number, const std::string& account, duration later) {
        return done(count_try{number, account, {}, start_of_time + later});
    }
};

posthorn::store::bind binding_of(const std::string& number, const std::string& account,
                                 duration later = {}) {
    return {number,     account,          binding_way::agent,
            "agent li", "asked by phone", start_of_time + later};
}

constexpr auto applied = outcome::code::applied, stale = outcome::code::stale;

std::vector<std::string> accounts_of(const person& p) {
    std::vector<std::string> out;
    for (const auto& a : p.accounts)
        out.push_back(a.account);
    return out;
}

using words = std::vector<std::string>;

} // namespace

TEST_CASE("people: what is put is added, changed, or unchanged; what is not given stays") {
    people_bench b;
    const auto first = b.put(put_person{.number = li, .name = "李", .at = start_of_time});
    CHECK(first.what == applied);
    CHECK(first.added);
    CHECK(b.put(put_person{.number = li, .name = "李", .at = start_of_time}).what == stale);
    CHECK(b.put(put_person{.number = li, .at = start_of_time}).what == stale);
    const auto second = b.put(put_person{.number = li, .role = "sales", .at = start_of_time});
    CHECK(second.what == applied);
    CHECK_FALSE(second.added);
    const auto p = b.people.person_of(li);
    CHECK(p.known);
    CHECK(p.name == "李");
    CHECK(p.role == "sales");
    CHECK(p.pin == "");

    CHECK(b.put(put_customer_account{.account = home, .name = "A", .at = start_of_time}).added);
    CHECK(b.put(put_customer_account{.account = home, .name = "A"}).what == stale);
    CHECK(b.put(put_customer_account{.account = home, .area = "east"}).what == applied);
    const auto story = b.people.by_account(home, start_of_time);
    CHECK(story.known);
    CHECK(story.account.name == "A");
    CHECK(story.account.area == "east");
    CHECK(story.numbers.empty());
    CHECK_FALSE(b.people.by_account(shop, start_of_time).known);
}

TEST_CASE("people: binding or unbinding twice changes and logs nothing") {
    people_bench b;
    b.done(put_customer_account{.account = home, .name = "A", .tier = "vip", .language = "en"});
    CHECK(b.done(binding_of(li, home)) == applied);
    CHECK(b.done(binding_of(li, home, 1h)) == stale);
    CHECK(b.done(binding_of(li, shop, 2h)) == applied); // of an account nothing else is known of
    CHECK(b.done(binding_of(wang, home, 3h)) == applied);
    auto p = b.people.person_of(li);
    CHECK_FALSE(p.known);
    REQUIRE(accounts_of(p) == words{home, shop});
    CHECK(p.accounts[0].name == "A");
    CHECK(p.accounts[0].tier == "vip");
    CHECK(p.accounts[0].language == "en");
    const auto numbers = b.people.by_account(home, start_of_time).numbers;
    REQUIRE(numbers.size() == 2);
    CHECK(numbers[0].number == li);
    CHECK(numbers[0].how == binding_way::agent);
    CHECK(numbers[0].who == "agent li");
    CHECK(numbers[0].at == start_of_time);

    const unbind away{li, home, binding_way::text, li, "UNBIND", start_of_time + 4h};
    CHECK(b.done(away) == applied);
    CHECK(b.done(away) == stale);
    CHECK(accounts_of(b.people.person_of(li)) == words{shop});
    const auto changes = b.people.changes_of_account(home, 10);
    REQUIRE(changes.size() == 3);
    CHECK_FALSE(changes[0].bound);
    CHECK(changes[0].how == binding_way::text);
    CHECK(changes[0].reason == "UNBIND");
    CHECK(changes[0].at == start_of_time + 4h);
    CHECK(changes[1].number == wang);
    CHECK(changes[2].bound);
    CHECK(changes[2].reason == "asked by phone");
    CHECK(b.people.changes_of_number(li, 2).size() == 2);
}

TEST_CASE("people: what an import has bound is told, and stays in the log when it goes") {
    people_bench b;
    const posthorn::store::bind import{li,     home,           binding_way::import,
                                       "root", "billing, May", start_of_time + 1h};
    CHECK(b.done(import) == applied);
    CHECK(b.done(import) == stale);
    auto changes = b.people.changes_of_number(li, 10);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].how == binding_way::import);
    CHECK(changes[0].who == "root");
    CHECK(changes[0].reason == "billing, May");
    CHECK(changes[0].at == start_of_time + 1h);

    CHECK(b.done(unbind{li, home, binding_way::agent, "li", "moved", start_of_time + 2h}) ==
          applied);
    CHECK(b.done(binding_of(li, home, 3h)) == applied);
    changes = b.people.changes_of_account(home, 10);
    REQUIRE(changes.size() == 3);
    CHECK(changes[0].reason == "asked by phone");
    CHECK_FALSE(changes[1].bound);
    CHECK(changes[2].bound);
    CHECK(changes[2].reason == "billing, May");
    CHECK(changes[2].at == start_of_time + 1h);
    CHECK(b.people.changes_of_account(home, 2).size() == 2);
}

TEST_CASE("people: zone, hours and vulnerable are kept, stay when nothing is said, and are found "
          "at start") {
    people_bench b;
    b.done(put_person{.number = li, .name = "李", .zone = "Asia/Urumqi", .hours = "09:00-20:00"});
    b.done(put_person{.number = wang, .name = "王"});
    CHECK(b.done(put_person{.number = li, .role = "sales"}) == applied);
    CHECK(b.done(put_person{.number = li, .zone = "Asia/Urumqi"}) == stale);
    CHECK(b.people.person_of(li).zone == "Asia/Urumqi");
    CHECK(b.people.person_of(li).hours == "09:00-20:00");
    b.done(put_customer_account{.account = home, .vulnerable = true});
    b.done(put_customer_account{.account = shop, .vulnerable = true});
    CHECK(b.done(put_customer_account{.account = home, .name = "张"}) == applied);
    CHECK(b.people.by_account(home, start_of_time).account.vulnerable);
    CHECK(b.done(put_customer_account{.account = shop, .vulnerable = false}) == applied);
    CHECK_FALSE(b.people.by_account(shop, start_of_time).account.vulnerable);

    b.writer->stop();
    b.writer = std::make_unique<store::store>(plain_store(b.folder.path()));
    auto found = b.writer->recover(start_of_time);
    CHECK(found.vulnerable == words{home});
    std::vector<std::string> with_times;
    found.each_with_times([&](auto number, auto zone, auto hours) {
        with_times.push_back(std::string(number) + " " + std::string(zone) + " " +
                             std::string(hours));
    });
    CHECK(with_times == words{li + " Asia/Urumqi 09:00-20:00"});
}

TEST_CASE("people: many numbers are read at once, in the order they were asked in") {
    people_bench b;
    b.done(put_person{.number = wang, .name = "王"});
    b.done(binding_of(li, home));
    const std::vector<std::string> asked{"8613999999999", wang, li, wang};
    const auto found = b.people.persons(asked);
    REQUIRE(found.size() == 4);
    for (std::size_t i = 0; i < asked.size(); ++i)
        CHECK(found[i].number == asked[i]);
    CHECK_FALSE(found[0].known);
    CHECK(found[0].accounts.empty());
    CHECK(found[1].name == "王");
    CHECK(accounts_of(found[2]) == words{home});
    CHECK(found[3].name == "王");
    CHECK(b.people.persons({}).empty());
}

TEST_CASE("people: a PIN is set, replaced and cleared, and each forgets the tries") {
    people_bench b;
    CHECK(b.done(set_pin{li, "", start_of_time}) == stale);
    CHECK(b.done(set_pin{li, "hash 1", start_of_time}) == applied);
    CHECK(b.guess(li, "", 0s) == applied);
    CHECK(b.people.person_of(li).tries == 1);
    CHECK(b.done(set_pin{li, "hash 2", start_of_time}) == applied);
    CHECK(b.people.person_of(li).tries == 0);
    CHECK(b.people.person_of(li).pin == "hash 2");
    CHECK(b.done(set_pin{li, "", start_of_time}) == applied);
    CHECK(b.people.person_of(li).pin == "");
    CHECK(b.people.person_of(li).known);
}

TEST_CASE("people: a nuisance is listed until it is taken off, and start finds it") {
    people_bench b;
    const nuisance first{li, start_of_time, start_of_time + 24h, "", "beyond its limits"};
    const nuisance second{wang, start_of_time, start_of_time + 1h, "agent li", "abuse"};
    CHECK(b.done(put_nuisance{second}) == applied);
    CHECK(b.done(put_nuisance{first}) == applied);
    CHECK(b.done(put_nuisance{{li, start_of_time, start_of_time + 48h, "agent li", "again"}}) ==
          applied);
    const auto found = b.people.nuisances("", 10);
    REQUIRE(found.size() == 2);
    CHECK(found[0].number == li);
    CHECK(found[0].until == start_of_time + 48h);
    CHECK(found[0].reason == "again");
    CHECK(b.people.nuisances(li, 10).size() == 1);
    CHECK(b.people.nuisances("", 1).size() == 1);
    b.writer.reset();
    b.writer = std::make_unique<store::store>(plain_store(b.folder.path()));
    CHECK(b.writer->recover(start_of_time).nuisances.size() == 2);
    b.writer->start();
    CHECK(b.done(put_nuisance{{.number = li}}) == applied);
    CHECK(b.done(put_nuisance{{.number = li}}) == stale);
    CHECK(b.people.nuisances("", 10).front().number == wang);
}

TEST_CASE("people: a PIN may be tried five times, then not before the lock is over") {
    people_bench b;
    for (int i = 0; i < 5; ++i)
        CHECK(b.guess(li, "", 1s * i) == applied);
    CHECK(b.people.person_of(li).locked_until == start_of_time + 4s + 15min);
    CHECK(b.guess(li, "", 5s) == stale);
    CHECK(b.guess(li, "", 4s + 15min - 1us) == stale);
    CHECK(b.people.person_of(li).tries == 5); // what is not looked at is not counted
    CHECK(b.guess(li, "", 4s + 15min) == applied);
    CHECK(b.people.person_of(li).locked_until == start_of_time + 4s + 45min);
    CHECK(b.guess(wang, "", 5s) == applied); // another number's tries are its own
    CHECK(b.done(clear_tries{li}) == applied);
    CHECK(b.done(clear_tries{li}) == stale);
    CHECK(b.guess(li, "", 1h) == applied);
}

TEST_CASE("people: tries in one commit are counted one by one") {
    people_bench b;
    std::vector<op> ops;
    for (int i = 0; i < 8; ++i)
        ops.emplace_back(count_try{li, "", {}, start_of_time});
    const auto outcomes = b.commit(std::move(ops));
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        CAPTURE(i);
        CHECK(outcomes[i].what == (i < 5 ? applied : stale));
    }
}

TEST_CASE("people: a code binds once, in its time, when it is the one that was given") {
    people_bench b;
    const auto over = start_of_time + 1h;
    b.code_for(home, "old", over);
    b.code_for(home, "hash", over); // the old one is void
    CHECK(b.people.by_account(home, start_of_time).has_code);
    CHECK_FALSE(b.people.by_account(home, over).has_code);
    REQUIRE(b.people.code_of(home));
    CHECK(b.people.code_of(home)->hash == "hash");
    CHECK_FALSE(b.people.code_of(shop));

    const auto use = [&](const char* hash, instant at) {
        return b.done(use_binding_code{li, home, hash, "text 17", at});
    };
    CHECK(b.guess(li, home, 0s) == applied);
    CHECK(use("old", start_of_time) == stale);
    CHECK(use("hash", over) == stale);
    CHECK(accounts_of(b.people.person_of(li)).empty());
    CHECK(use("hash", start_of_time + 1s) == applied);
    CHECK(use("hash", start_of_time + 1s) == stale);
    CHECK(accounts_of(b.people.person_of(li)) == words{home});
    CHECK(b.people.person_of(li).tries == 0);
    CHECK_FALSE(b.people.code_of(home));
    const auto changes = b.people.changes_of_number(li, 10);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].how == binding_way::text);
    CHECK(changes[0].who == li);
    CHECK(changes[0].reason == "text 17");
}

TEST_CASE("people: a code may be tried five times by all numbers together; each number is locked "
          "for guesses at any account") {
    people_bench b;
    b.code_for(home, "hash", start_of_time + 1h);
    CHECK(b.guess(li, shop, 0s) == stale); // there is none, and the guess counts
    CHECK(b.people.person_of(li).tries == 1);
    for (int i = 0; i < 5; ++i)
        CHECK(b.guess("861390000000" + std::to_string(i), home, 0s) == applied);
    CHECK(b.guess("8613900000005", home, 0s) == stale);
    b.code_for(home, "hash 2", start_of_time + 1h); // a new one may be tried again
    CHECK(b.guess("8613900000005", home, 0s) == applied);
    CHECK(b.guess(li, home, 2h) == stale); // its time is over
    for (int i = 0; i < 3; ++i)
        b.guess(li, shop, 0s);
    b.code_for(home, "hash 3", start_of_time + 1h);
    CHECK(b.guess(li, home, 1s) == stale); // locked
    CHECK(b.people.code_of(home)->tries == 0);
}

TEST_CASE(
    "people: all of it is there again after a restart, and later changes come after earlier") {
    people_bench b;
    b.done(binding_of(li, home, 24h)); // the clock goes back before the restart
    b.writer.reset();
    b.writer = std::make_unique<store::store>(plain_store(b.folder.path()));
    b.writer->recover(start_of_time);
    b.writer->start();
    CHECK(accounts_of(b.people.person_of(li)) == words{home});
    b.done(unbind{li, home, binding_way::agent, "li", "moved", start_of_time});
    const auto changes = b.people.changes_of_number(li, 10);
    REQUIRE(changes.size() == 2);
    CHECK_FALSE(changes[0].bound);
}

TEST_CASE("people: a store that cannot be read says so, and is tried again") {
    const scratch_folder folder;
    people_reader people(folder / "live.db");
    CHECK_THROWS_AS(people.person_of(li), read_failed);
    posthorn::store::store s(plain_store(folder.path()));
    CHECK_FALSE(people.person_of(li).known);
}

} // namespace people_test
