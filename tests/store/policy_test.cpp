// What policy has wait, and what counts: durable with what it belongs to.
#include "store/store_bench.hpp"

#include <doctest/doctest.h>

namespace policy_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

using code = outcome::code;

struct read_bench : bench {
    SQLite::Database db = open_database(folder / "live.db", access::read_only, 500);
};

const counted_text counted{.number = 8613800000000,
                           .what = category::survey,
                           .text = 0xFEDCBA9876543210,
                           .at = start_of_time};

add_event waiting(const std::string& key, std::int64_t row) {
    add_event op{.event = make_event(key, row, 1), .at = start_of_time};
    op.message = make_message(1);
    return op;
}

add_event intent(const std::string& key, std::int64_t row) {
    auto op = waiting(key, row);
    op.message = make_message(1, part_state::sending);
    op.counts = counted;
    return op;
}

std::vector<counted_text> found_at_start(bench& b) {
    b.writer.reset();
    b.writer = std::make_unique<store::store>(plain_store(b.folder.path()));
    auto found = b.writer->recover(start_of_time);
    std::vector<counted_text> out;
    found.each_counted([&](const counted_text& t) { out.push_back(t); });
    b.writer->start();
    return out;
}

} // namespace

TEST_CASE("policy: what is put off waits elsewhere in the queue, and says why") {
    read_bench b;
    const auto m = b.commit({waiting("a", 1)}).front().message;
    const auto until = start_of_time + 10h;
    CHECK(b.commit({put_off{m, until, "quiet hours", start_of_time}}).front().what ==
          code::applied);
    CHECK(number(b.db, "SELECT due_at FROM queue") == to_micros(until));
    CHECK(number(b.db, "SELECT count(*) FROM message WHERE reason='quiet hours'") == 1);
    CHECK(b.read.put_off(start_of_time) == 1);
    CHECK(b.read.put_off(until) == 0);
    const auto off = b.read.put_off_after({}, 10);
    REQUIRE(off.size() == 1);
    CHECK(off[0].recipient == make_message(1).recipient); // whose own times count
    CHECK(b.commit({put_off{m, until + 1h, "longer", start_of_time}}).front().what ==
          code::applied);
    CHECK(b.read.put_off(start_of_time) == 1);
    CHECK(b.commit({put_off{m, start_of_time, "", start_of_time}}).front().what == code::applied);
    CHECK(b.read.put_off(start_of_time) == 0);
    CHECK(number(b.db, "SELECT count(*) FROM message WHERE reason=''") == 1);
    CHECK(joined(audit(b.db)) == "");
    b.commit({close_message{m, part_event::cancel, "cancelled", start_of_time}});
    CHECK(b.commit({put_off{m, until, "quiet hours", start_of_time}}).front().what == code::stale);
    CHECK(joined(audit(b.db)) == "");
}

TEST_CASE("policy: a new event may be put off as it comes, and its reason goes when it leaves") {
    read_bench b;
    auto op = waiting("a", 1);
    op.put_off = true;
    op.reason = "quiet hours";
    op.message.due_at = start_of_time + 10h;
    const auto m = b.commit({op}).front().message;
    CHECK(number(b.db, "SELECT count(*) FROM put_off") == 1);
    open_parts open{.message = m, .account = 1, .first = true, .pool = 3, .at = start_of_time};
    open.parts.push_back({});
    open.due_at = op.message.due_at;
    open.counts = counted;
    CHECK(b.commit({open}).front().what == code::applied);
    CHECK(number(b.db, "SELECT count(*) FROM message WHERE reason=''") == 1);
    CHECK(found_at_start(b) == std::vector{counted});
    CHECK(b.commit({forget_counted{.before = {}, .now = op.message.due_at}}).front().what ==
          code::applied);
    CHECK(number(b.db, "SELECT count(*) FROM put_off") == 0);
    CHECK(joined(audit(b.db)) == "");
}

TEST_CASE("policy: what counts is committed with its intent, and goes with it") {
    read_bench b;
    const auto first = b.commit({intent("a", 1), waiting("b", 2)}).front();
    CHECK(found_at_start(b) == std::vector{counted});
    CHECK(b.commit({intent("a", 1)}).front().what == code::replay);
    CHECK(found_at_start(b).size() == 1);
    CHECK(b.commit({uncount{first.message, counted.at}}).front().what == code::applied);
    CHECK(b.commit({uncount{first.message, counted.at}}).front().what == code::stale);
    CHECK(found_at_start(b).empty());
}

TEST_CASE("policy: a text that a person sends again is remembered without its words") {
    read_bench b;
    b.commit({intent("a", 1)});
    auto other = counted;
    other.number += 1;
    b.commit({forgive_text{other}});
    CHECK(found_at_start(b).front().text == counted.text);
    auto later = counted;
    later.at += 1s;
    b.commit({forgive_text{later}});
    CHECK(found_at_start(b).front().text == counted.text);
    b.commit({forgive_text{counted}});
    CHECK(found_at_start(b).front().text == 0);
}

TEST_CASE("policy: what matters no more goes a thousand at a time") {
    read_bench b;
    std::vector<op> ops;
    for (int i = 1; i <= 1500; ++i)
        ops.emplace_back(intent("k" + std::to_string(i), i));
    b.commit(std::move(ops));
    const auto rows = [&] { return number(b.db, "SELECT count(*) FROM counted"); };
    CHECK(b.commit({forget_counted{counted.at, {}}}).front().what == code::stale);
    CHECK(rows() == 1500);
    CHECK(b.commit({forget_counted{counted.at + 1s, {}}}).front().what == code::applied);
    CHECK(rows() == 500);
    b.commit({forget_counted{counted.at + 1s, {}}});
    CHECK(rows() == 0);
}

namespace {

go_by_email letter(posthorn::id m) {
    go_by_email op{.message = m,
                   .letter = make_message(1),
                   .reason = "by e-mail: quiet hours",
                   .at = start_of_time + 1h};
    op.letter.pool = 7;
    op.letter.coding = coding::email;
    op.letter.recipient = "z@example.net";
    op.letter.text = "a letter";
    op.letter.phone = "8613800000001";
    op.letter.wording = 3;
    return op;
}

} // namespace

TEST_CASE("policy: what was put off goes by e-mail as the same message, once") {
    for (const std::size_t parts : {1U, 3U}) {
        CAPTURE(parts);
        read_bench b;
        auto e = waiting("a", 1);
        e.message = make_message(parts);
        const auto m = b.commit({e}).front().message;
        CHECK(b.done(letter(m)).what == code::stale); // it may leave at any moment
        b.done(put_off{m, start_of_time + 10h, "quiet hours", start_of_time});
        CHECK(b.done(letter(m)).what == code::applied);
        CHECK(b.done(letter(m)).what == code::stale);
        CHECK(b.read.put_off(start_of_time) == 0);
        CHECK(b.read.whole(m).value().message.phone == "8613800000001");
        CHECK(b.read.whole(m).value().message.wording == 3);
        CHECK(number(b.db, "SELECT count(*) FROM part") == 0);
        CHECK(number(b.db, "SELECT count(*) FROM queue WHERE pool=7 AND due_at=" +
                               std::to_string(to_micros(start_of_time + 1h))) == 1);
        const auto story = b.read.story_of(m);
        REQUIRE(story);
        REQUIRE(story->messages.size() == 1);
        const auto& now = story->messages.front();
        CHECK(now.recipient == "z@example.net");
        CHECK(now.coding == coding::email);
        CHECK(now.reason == "by e-mail: quiet hours");
        CHECK(now.parts.size() == 1);
        REQUIRE(now.decisions.size() == 2);
        CHECK(now.decisions[1].what == "by e-mail instead");
        CHECK(now.decisions[1].reason == "by e-mail: quiet hours");
        CHECK(joined(audit(b.db)) == "");

        open_parts open{.message = m, .parts = {{.n = 1}}, .account = b.sim, .pool = 7};
        open.due_at = open.at = start_of_time + 1h;
        CHECK(b.done(open).what == code::applied);
        b.tell(m, part_event::accept);
        b.tell(m, part_event::give_up);
        const auto after = b.read.story_of(m);
        REQUIRE(after);
        CHECK(after->messages.front().state == message_state::unconfirmed);
        CHECK(after->messages.front().reason == "by e-mail: quiet hours"); // still
        CHECK(joined(audit(b.db)) == "");
    }
}

TEST_CASE("policy: what has begun, is over or was set aside goes its way and not by e-mail") {
    read_bench b;
    const auto put_off_one = [&](const char* key, std::int64_t row) {
        const auto m = b.commit({waiting(key, row)}).front().message;
        b.done(put_off{m, start_of_time + 10h, "quiet hours", start_of_time});
        return m;
    };
    const auto opened = put_off_one("a", 1), closed = put_off_one("b", 2),
               aside = put_off_one("c", 3);
    open_parts open{.message = opened, .parts = {{.n = 1}}, .account = b.sim, .pool = 3};
    open.due_at = start_of_time + 10h;
    open.at = start_of_time + 10h;
    CHECK(b.done(open).what == code::applied);
    b.done(close_message{closed, part_event::cancel, "cancelled", start_of_time});
    b.done(set_aside{aside});
    for (const auto m : {opened, closed, aside})
        CHECK(b.done(letter(m)).what == code::stale);
    CHECK(number(b.db, "SELECT count(*) FROM message WHERE coding=2") == 0);
    CHECK(joined(audit(b.db)) == "");
}

} // namespace policy_test
