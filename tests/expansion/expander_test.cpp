// Each recipient of an event for many has one message, whatever dies when.
#include "expansion/expander.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

namespace expander_test {

using namespace posthorn;
using namespace posthorn::expansion;

namespace {

namespace asio = boost::asio;

constexpr instant noon = from_micros(1'760'000'000'000'000);

// A house that is made of maps: what is committed there happens at once.
struct world final : surroundings {
    asio::io_context loop;
    std::shared_ptr<templates::event_type> type = std::make_shared<templates::event_type>();
    std::map<posthorn::id, store::open_expansion> open;
    std::map<posthorn::id, std::string> ended; // with the reason
    std::vector<store::recipient> people;      // sorted
    std::vector<store::add_recipient> messages;
    std::vector<std::string> data; // they were made of
    std::vector<std::string> logged;
    std::set<std::string> were_told;
    std::vector<std::string> told_by;
    std::string nobody_called; // of whom no text can be made
    std::string opted_out;     // a number
    std::string vulnerable;    // an account
    std::string comes_first;   // a number
    bool writes = true;        // an account carries e-mail
    bool known = true, still = false;
    hold how_held;
    std::size_t queued = 0, dies_after = 0, chunks = 0, commits = 0;
    instant time = noon;

    world() {
        type->name = "outage.planned";
        type->channels = {channel::sms};
        for (const auto* name : {"account", "name", "area"}) {
            templates::field f;
            f.name = name;
            type->fields.push_back(f);
        }
    }

    instant now() const override { return time; }
    bool stands_still() const override { return still; }
    std::shared_ptr<const templates::event_type>
    type_named(const std::string& name) const override {
        return name == type->name ? type : nullptr;
    }
    hold held(const event&) const override { return how_held; }
    asio::awaitable<std::vector<store::open_expansion>> open_expansions(posthorn::id after,
                                                                        std::size_t most) override {
        std::vector<store::open_expansion> out;
        for (const auto& [id, e] : open)
            if (id > after && out.size() < most)
                out.push_back(e);
        co_return out;
    }
    asio::awaitable<std::vector<store::some_recipients>>
    recipients(std::vector<store::rest_of_audience> rests, std::size_t limit) override {
        std::vector<store::some_recipients> out;
        std::size_t found = 0;
        for (auto rest = rests.begin(); rest != rests.end() && found < limit; ++rest) {
            auto& some = out.emplace_back();
            for (const auto& r : people)
                if (r.number > (rest->first ? "" : rest->after_number) &&
                    some.whom.size() < limit && r.number != comes_first &&
                    (rest->of.kind != to_kind::account || r.account == rest->of.ref))
                    some.whom.push_back(r);
            some.last = some.whom.size() < limit;
            if (rest->first && rest->after_number.empty() && !comes_first.empty())
                some = {.whom = {{.number = comes_first}}, .last = false, .first = true};
            found += some.whom.size();
        }
        co_return out;
    }
    asio::awaitable<std::vector<store::recipient>>
    told(const event&, std::vector<std::string> types,
         std::vector<store::recipient> among) override {
        told_by = std::move(types);
        std::erase_if(among, [&](const auto& r) { return !were_told.contains(r.number); });
        co_return among;
    }
    asio::awaitable<bool> is_known(to_kind, std::string) override { co_return known; }
    asio::awaitable<std::size_t> waiting(const event&, std::size_t most) override {
        co_return std::min(queued + messages.size(), most); // nothing leaves
    }
    result<message> made(const event&, channel by, const std::string& recipient,
                         const boost::json::object& of) override {
        if (const auto* name = of.if_contains("name");
            name != nullptr && name->as_string() == nobody_called)
            return refuse("data: name: is too long");
        if (by == channel::email && !writes)
            return refuse("no account carries e-mail");
        data.push_back(boost::json::serialize(of));
        message m;
        m.recipient = recipient;
        m.coding = by == channel::email ? coding::email : coding::gsm7;
        m.parts.push_back({});
        return m;
    }
    std::string spared(const event&, const std::string& account) const override {
        return account == vulnerable ? "is vulnerable" : "";
    }
    std::string forbidden(const message& m) const override {
        return m.recipient == opted_out || m.phone == opted_out ? "opted out" : "";
    }
    asio::awaitable<void> add(std::vector<store::add_recipient> all,
                              std::vector<store::advance_expansion> so_far) override {
        co_await asio::post(loop, asio::use_awaitable);
        if (dies_after != 0 && ++chunks > dies_after)
            throw std::runtime_error("killed");
        ++commits;
        std::ranges::move(all, std::back_inserter(messages));
        for (const auto& one : so_far) {
            auto& e = open.at(one.event);
            e.through_number = one.through_number;
            e.through_account = one.through_account;
            e.made += one.made;
            e.others = one.others;
            if (!one.done)
                continue;
            ended[one.event] = one.reason;
            open.erase(one.event);
        }
    }
    void log(level, std::string_view what) override { logged.emplace_back(what); }

    void begin(posthorn::id id, std::string given = R"({"area":"x","account":"1","name":"n"})") {
        store::open_expansion e;
        e.event = {.id = id,
                   .source = "oms",
                   .key = "o-" + std::to_string(id),
                   .type = "outage.planned",
                   .to_kind = "area",
                   .to_ref = "t1",
                   .data = std::move(given)};
        open[id] = std::move(e);
    }
    void add_people(int count) {
        for (int i = 0; i < count; ++i)
            people.push_back({.number = std::to_string(10'000 + i),
                              .account = "A" + std::to_string(i),
                              .customer = {},
                              .account_name = {},
                              .name = "N" + std::to_string(i),
                              .language = i % 2 == 0 ? "en" : ""});
    }
    // Rounds until it stands; whether one was killed.
    bool round(expander& e) {
        bool killed = false;
        asio::co_spawn(loop, e.round(), [&](std::exception_ptr why) { killed = why != nullptr; });
        loop.run();
        loop.restart();
        return killed;
    }
    std::size_t numbers() const {
        std::map<std::string, int> each;
        for (const auto& m : messages)
            ++each[m.message.recipient];
        return each.size();
    }
};

} // namespace

TEST_CASE("expander: all are told once, each in a chunk's turn") {
    world w;
    w.add_people(700);
    w.begin(1);
    w.begin(2);
    expander e(w);
    CHECK_FALSE(w.round(e));
    CHECK(w.messages.size() == 1400);
    CHECK(w.ended.at(1).empty());
    CHECK(w.ended.at(2).empty());
    CHECK(w.messages[0].event == 1);
    CHECK(w.messages[300].event == 2); // not after all of the first
    CHECK(e.figures().texts == 1400);
}

TEST_CASE(
    "expander: events for a few each share their commits, and nobody reads of them in the log") {
    world w;
    w.add_people(700);
    for (int i = 0; i < 700; ++i) {
        w.begin(i + 1);
        w.open.at(i + 1).event.to_kind = "account";
        w.open.at(i + 1).event.to_ref = "A" + std::to_string(i);
    }
    expander e(w);
    CHECK_FALSE(w.round(e));
    CHECK(w.numbers() == 700);
    CHECK(w.messages.size() == 700);
    CHECK(w.ended.size() == 700);
    CHECK(w.commits == 3);
    CHECK(w.logged.empty());
}

TEST_CASE("expander: one text in each language is made for those it is the same for") {
    world w;
    w.add_people(200);
    w.begin(1);
    expander e(w);
    w.round(e);
    CHECK(w.messages.size() == 200);
    CHECK(w.numbers() == 200);
    CHECK(w.data.size() == 2);
}

TEST_CASE("expander: what data leaves out is the recipient's own") {
    world w;
    w.add_people(2);
    w.people[1].name.clear();
    w.people[1].account_name = "Li";
    w.begin(1, R"({"area":"x"})");
    expander e(w);
    w.round(e);
    REQUIRE(w.data.size() == 2);
    CHECK(w.data[0] == R"({"area":"x","account":"A0","name":"N0","language":"en"})");
    CHECK(w.data[1] == R"({"area":"x","account":"A1","name":"Li"})");
}

TEST_CASE("expander: who cannot be told is a message all the same, and in nobody's way") {
    world w;
    w.add_people(3);
    w.nobody_called = "N1";
    w.begin(1, R"({"area":"x"})");
    expander e(w);
    w.round(e);
    REQUIRE(w.messages.size() == 3);
    CHECK(w.messages[1].message.recipient == "10001");
    CHECK(w.messages[1].message.parts.front().state == part_state::rejected);
    CHECK(w.messages[1].reason == "data: name: is too long");
    CHECK(w.messages[2].message.parts.front().state == part_state::queued);
}

TEST_CASE("expander: killed between any two chunks it leaves nobody out and tells nobody twice") {
    for (std::size_t dies = 1; dies <= 3; ++dies) {
        world w;
        w.add_people(700);
        w.begin(1);
        w.dies_after = dies;
        {
            expander first(w);
            CHECK(w.round(first) == (dies < 3));
        }
        w.dies_after = 0;
        expander second(w);
        w.round(second);
        CHECK(w.messages.size() == 700);
        CHECK(w.numbers() == 700);
        CHECK(w.ended.contains(1));
    }
}

TEST_CASE("expander: who comes first is told before the others, wherever it is killed") {
    for (std::size_t dies = 1; dies <= 3; ++dies) {
        world w;
        w.add_people(500);
        w.comes_first = "99999";
        w.begin(1);
        w.dies_after = dies;
        {
            expander first(w);
            w.round(first);
        }
        w.dies_after = 0;
        expander second(w);
        w.round(second);
        REQUIRE(w.messages.size() == 501);
        CHECK(w.numbers() == 501);
        CHECK(w.messages[0].message.recipient == "99999");
        CHECK(w.messages[0].first);
        CHECK_FALSE(w.messages[1].first);
        CHECK(w.ended.contains(1));
    }
}

TEST_CASE("expander: an event ends early when its time is over or it is stopped, and says why") {
    world w;
    w.add_people(1);
    w.begin(1);
    w.open.at(1).event.expires_at = noon;
    w.begin(2);
    expander e(w);
    w.how_held = {"stopped: wrong", true};
    w.round(e);
    CHECK(w.messages.empty());
    CHECK(w.ended.at(1) == "its time was over before all were told");
    CHECK(w.ended.at(2) == "stopped: wrong");
}

TEST_CASE("expander: an event that is paused, or whose type is gone, waits and says so once") {
    world w;
    w.add_people(1);
    w.begin(1);
    expander e(w);
    w.how_held = {"paused: lunch", false};
    w.round(e);
    w.round(e);
    CHECK(w.logged == std::vector<std::string>{"source=oms key=o-1 waits: paused: lunch"});
    CHECK(e.figures().stuck.at(1) == "paused: lunch");
    w.how_held = {};
    w.type->name = "other";
    w.round(e);
    CHECK(e.figures().stuck.at(1) == "its type 'outage.planned' is not configured any more");
    w.type->name = "outage.planned";
    w.round(e);
    CHECK(w.messages.size() == 1);
    CHECK(e.figures().stuck.empty());
}

TEST_CASE("expander: it makes no more than can leave soon") {
    world w;
    w.add_people(10);
    w.begin(1);
    w.queued = 3'000;
    expander e(w);
    w.round(e);
    CHECK(w.messages.empty());
    CHECK(e.figures().open == 1);
}

TEST_CASE("expander: nor does a page of events make more together") {
    world w;
    w.add_people(300);
    for (int i = 1; i <= 20; ++i)
        w.begin(i);
    expander e(w);
    w.round(e);
    CHECK(w.messages.size() == 3'000);
    CHECK(e.figures().waits_for_room);
}

TEST_CASE("expander: nobody to tell, or nothing of that name") {
    world w;
    w.begin(1);
    expander e(w);
    w.round(e);
    CHECK(w.ended.at(1).empty());
    w.begin(2);
    w.known = false;
    w.round(e);
    CHECK(w.ended.at(2) == "to_ref: no area 't1' is known");
}

TEST_CASE("expander: what a later event has withdrawn is told to nobody more") {
    world w;
    w.add_people(2);
    w.begin(1);
    w.open.at(1).withdrawn = "withdrawn by outage.restored o-9";
    expander e(w);
    w.round(e);
    CHECK(w.messages.empty());
    CHECK(w.ended.at(1) == "withdrawn by outage.restored o-9");
}

TEST_CASE("expander: a follow-up is for those who were told, once it is known who they are") {
    world w;
    w.add_people(700);
    w.were_told = {"10000", "10299", "10650"};
    w.type->withdraws = {"outage.*"};
    w.type->only_told = true;
    w.begin(1);
    w.open.at(1).event.subject = "outage 1";
    w.open.at(1).withdraws = true;
    expander e(w);
    w.round(e);
    CHECK(w.messages.empty());
    CHECK_FALSE(w.ended.contains(1));
    CHECK(e.figures().stuck.empty()); // that takes a moment, and nobody need do anything
    w.open.at(1).withdraws = false;
    w.round(e);
    CHECK(w.messages.size() == 3);
    CHECK(w.told_by == std::vector<std::string>{"outage.*"});
    CHECK(w.ended.at(1).empty());
}

TEST_CASE("expander: without a subject nobody knows who was told, and all are") {
    world w;
    w.add_people(2);
    w.type->withdraws = {"outage.*"};
    w.type->only_told = true;
    w.begin(1);
    expander e(w);
    w.round(e);
    CHECK(w.messages.size() == 2);
}

TEST_CASE("expander: who prefers e-mail and has an address is written to, where the type is") {
    world w;
    w.add_people(4);
    for (std::size_t i = 0; i < 3; ++i)
        w.people[i].email = "p" + std::to_string(i) + "@example.net";
    w.people[0].channel = w.people[3].channel = "email"; // the last one has no address
    w.people[1].channel = "sms";
    expander e(w);
    w.begin(1);
    w.round(e);
    CHECK(w.messages[0].message.recipient == "10000"); // the type knows nothing of e-mail
    w.messages.clear();
    w.type->channels = {channel::sms, channel::email};
    w.begin(2);
    w.round(e);
    REQUIRE(w.messages.size() == 4);
    CHECK(w.messages[0].message.recipient == "p0@example.net");
    CHECK(w.messages[0].message.coding == coding::email);
    for (std::size_t i = 1; i < 4; ++i)
        CHECK(w.messages[i].message.recipient == w.people[i].number);
}

TEST_CASE("expander: where no account carries e-mail, who prefers it has a text") {
    world w;
    w.add_people(1);
    w.people[0].email = "p@example.net";
    w.people[0].channel = "email";
    w.type->channels = {channel::sms, channel::email};
    w.writes = false;
    expander e(w);
    w.begin(1);
    w.round(e);
    REQUIRE(w.messages.size() == 1);
    CHECK(w.messages[0].message.recipient == "10000");
    CHECK(w.messages[0].reason == "");
}

TEST_CASE("expander: where a type goes by e-mail alone, who has no address is rejected") {
    world w;
    w.add_people(2);
    w.people[0].email = "p@example.net";
    w.type->channels = {channel::email};
    expander e(w);
    w.begin(1);
    w.round(e);
    REQUIRE(w.messages.size() == 2);
    CHECK(w.messages[0].message.recipient == "p@example.net");
    CHECK(w.messages[1].message.recipient == "10001");
    CHECK(w.messages[1].message.parts.front().state == part_state::rejected);
    CHECK(w.messages[1].reason == "goes by e-mail alone, and no address of **001 is known");
}

TEST_CASE("expander: a phone's word about consent holds for the address, too") {
    world w;
    w.add_people(1);
    w.people[0].email = "p@example.net";
    w.type->channels = {channel::email};
    w.opted_out = "10000";
    expander e(w);
    w.begin(1);
    w.round(e);
    REQUIRE(w.messages.size() == 1);
    CHECK(w.messages[0].reason == "opted out");
    CHECK(w.messages[0].message.parts.front().state == part_state::suppressed);
}

TEST_CASE("expander: a vulnerable account is spared, with the reason, and all others are told") {
    world w;
    w.add_people(2);
    w.people[0].account = "31";
    w.people[1].account = "32";
    w.vulnerable = "31";
    expander e(w);
    w.begin(1);
    w.round(e);
    REQUIRE(w.messages.size() == 2);
    CHECK(w.messages[0].reason == "is vulnerable");
    CHECK(w.messages[0].message.parts.front().state == part_state::suppressed);
    CHECK(w.messages[1].reason.empty());
    CHECK(w.messages[1].message.parts.front().state == part_state::queued);
}

TEST_CASE("expander: a message says whose household it is where its type collapses by that") {
    for (const auto by : {one_per::number, one_per::account, one_per::customer}) {
        world w;
        w.type->collapse = {by, std::chrono::seconds(30)};
        w.add_people(2);
        w.people[0].customer = "C";
        w.begin(1);
        expander e(w);
        w.round(e);
        REQUIRE(w.messages.size() == 2);
        const auto account = household_named(w.people[0].account);
        CHECK(w.messages[0].message.household == (by == one_per::number    ? 0
                                                  : by == one_per::account ? account
                                                                           : household_named("C")));
        CHECK((w.messages[1].message.household == 0) == (by != one_per::account)); // of no customer
    }
}

} // namespace expander_test
