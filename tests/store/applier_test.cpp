#include "store/sqlite/applier.hpp"

#include "store/empty_database.hpp"
#include "store/live_db.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace applier_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using code = outcome::code;
using namespace std::chrono_literals;

namespace {

// An applier on a database in memory, each operation in a transaction of its own.
struct bench {
    SQLite::Database db = empty_database();
    tally tallies{db};
    id_source ids;
    key_index keys{db, 50'000, {}};
    applier a{db, keys, tallies, ids};
    instant now = start_of_time;
    std::vector<change> changes; // of the last operation
    std::int64_t next_row = 1;

    outcome apply(const op& operation) {
        db.exec("BEGIN IMMEDIATE");
        const auto out = a.apply(operation);
        tallies.write();
        db.exec("COMMIT");
        keys.keep();
        tallies.clear();
        changes = unpack_changes(a.changes());
        a.keep();
        return out;
    }
    outcome add(const std::string& key, std::int64_t row, std::uint64_t hash,
                const std::string& parked = "", name_id source = 1) {
        add_event o{
            .event = make_event(key, row, hash), .parked = parked, .source = source, .at = now};
        if (parked.empty())
            o.message = make_message(1);
        return apply(o);
    }
    id add_message(std::size_t parts, part_state state = part_state::queued) {
        const auto row = next_row++;
        add_event o{.event = make_event("k" + std::to_string(row), row, 1), .source = 1, .at = now};
        o.message = make_message(parts, state);
        return apply(o).message;
    }
    void put(id message, std::uint8_t n, part_state s) { // whatever the table says
        const auto where =
            " WHERE message=" + std::to_string(message) + " AND n=" + std::to_string(n);
        const auto set = "part_state=" + std::to_string(static_cast<int>(s));
        db.exec("UPDATE part SET " + set + where);
        db.exec("UPDATE message SET " + set + " WHERE parts=1 AND id=" + std::to_string(message));
        const auto folded = fold(parts_of(db, message));
        db.exec("UPDATE message SET state=" + std::to_string(static_cast<int>(folded)) +
                ", final_at=" + (is_final(folded) ? "1" : "0") +
                " WHERE id=" + std::to_string(message));
        const auto parts = parts_of(db, message);
        db.exec("DELETE FROM queue WHERE message=" + std::to_string(message));
        if (std::ranges::count(parts, part_state::queued))
            db.exec("INSERT INTO queue SELECT pool, priority, source, due_at, id FROM message "
                    "WHERE id=" +
                    std::to_string(message));
    }
    message_state state_of(id message) {
        return static_cast<message_state>(
            number(db, "SELECT state FROM message WHERE id=" + std::to_string(message)));
    }
    std::int64_t version_of(id message) {
        return number(db, "SELECT version FROM message WHERE id=" + std::to_string(message));
    }
    std::string complaints(bool forgotten = false) { return joined(audit(db, forgotten)); }
};

open_parts opening(id message, std::vector<open_parts::which> parts, bool single,
                   bool more = false) {
    return {.message = message,
            .single = single,
            .parts = std::move(parts),
            .account = 5,
            .sender = "10690001",
            .more_queued = more,
            .pool = 3,
            .priority = priority::normal,
            .source = 1,
            .due_at = start_of_time,
            .at = start_of_time + 1s};
}

tell_part telling(id message, std::uint8_t n, bool single, part_event what,
                  std::uint16_t attempts = 0) {
    return {.message = message,
            .n = n,
            .single = single,
            .attempts = attempts,
            .what = what,
            .ref = "ref",
            .code = "code",
            .reason = "reason",
            .pool = 3,
            .priority = priority::normal,
            .source = 1,
            .due_at = start_of_time + 30s,
            .was_due_at = start_of_time,
            .at = start_of_time + 2s};
}

constexpr int states = 12, events = 12;
part_state state_at(int i) { return static_cast<part_state>(i); }

bool surely_failed(part_state p) {
    return is_final(p) && p != part_state::delivered && p != part_state::unconfirmed;
}

// What the design says becomes of the parts of a message when one of them is told something.
std::vector<part_state> told(std::vector<part_state> parts, std::size_t which, part_event what) {
    parts[which] = next(parts[which], what);
    if (std::ranges::any_of(parts, surely_failed))
        std::ranges::replace(parts, part_state::queued, part_state::cancelled);
    return parts;
}

} // namespace

TEST_CASE("store: a name gets its number once, also while running") {
    bench b;
    const auto first = b.apply(add_name{"account", "mobile-a"}).name;
    CHECK(first > 0);
    CHECK(b.apply(add_name{"account", "mobile-b"}).name != first);
    CHECK(b.apply(add_name{"account", "mobile-a"}).name == first);
    CHECK(b.apply(add_name{"pool", "mobile-a"}).name != first);
}

TEST_CASE("store: an outbox row is taken in once, whatever it is called the second time") {
    bench b;
    const auto first = b.add("A", 1, 100);
    CHECK(first.what == code::applied);
    CHECK(first.message != 0);
    CHECK(b.changes == std::vector<change>{{first.message, change::kind::message}});

    const auto again = b.add("A", 1, 100);
    CHECK(again.what == code::replay);
    CHECK(again.event == first.event);
    CHECK(b.changes.empty()); // a replay is silent

    CHECK(b.add("A", 2, 100).what == code::duplicate);
    REQUIRE(b.changes.size() == 1);
    CHECK(b.changes[0].what == change::kind::refused);
    CHECK(b.add("A", 3, 200).what == code::reused);
    CHECK(b.add("A", 1, 200).what == code::reused); // an emptied outbox began again at 1

    CHECK(b.add("A", 1, 100, "", 2).what == code::applied); // another source, another key
    CHECK(number(b.db, "SELECT count(*) FROM message") == 2);
    CHECK(number(b.db, "SELECT count(*) FROM refused") == 3);
    CHECK(b.complaints() == "");
}

TEST_CASE("store: other content replaces a parked event, and only a parked one") {
    bench b;
    const auto parked = b.add("A", 1, 100, "type unknown");
    CHECK(parked.message == 0);
    CHECK(b.changes == std::vector<change>{{parked.event, change::kind::event_parked}});
    CHECK(b.complaints() == "");
    CHECK(b.add("A", 2, 100, "type unknown").what == code::duplicate);

    const auto still = b.add("A", 3, 200, "data bad");
    CHECK(still.what == code::applied);
    CHECK(still.event == parked.event);
    CHECK(b.complaints() == "");
    CHECK(b.add("A", 3, 200, "data bad").what == code::replay);

    const auto good = b.add("A", 4, 300);
    CHECK(good.what == code::applied);
    CHECK(good.event == parked.event);
    CHECK(good.message != 0);
    CHECK(b.complaints() == "");
    CHECK(number(b.db, "SELECT outbox_id FROM event") == 4);
    CHECK(number(b.db, "SELECT version FROM event") == 3);
    CHECK(b.add("A", 5, 400).what == code::reused);
    CHECK(b.complaints() == "");
}

TEST_CASE("store: a parked event is released once") {
    bench b;
    const auto parked = b.add("A", 1, 100, "type unknown");
    auto m = make_message(2);
    m.source = 1;
    CHECK(b.apply(release_event{.event = parked.event, .parked = "still", .at = b.now}).what ==
          code::applied);
    const auto out = b.apply(release_event{.event = parked.event, .message = m, .at = b.now});
    CHECK(out.what == code::applied);
    CHECK(out.message != 0);
    CHECK(b.apply(release_event{.event = parked.event, .message = m, .at = b.now}).what ==
          code::stale);
    CHECK(b.apply(release_event{.event = parked.event, .parked = "x", .at = b.now}).what ==
          code::stale);
    CHECK(number(b.db, "SELECT count(*) FROM message") == 1);
    CHECK(b.complaints() == "");
}

TEST_CASE("store: an intent is opened only for a part that is as the lane thinks") {
    struct {
        part_state is;
        std::uint16_t attempts;
        bool as_uncertain;
        bool opens;
    } const rows[] = {
        {part_state::queued, 0, false, true},     {part_state::queued, 1, false, false},
        {part_state::queued, 0, true, false},     {part_state::uncertain, 0, true, true},
        {part_state::uncertain, 0, false, false}, {part_state::uncertain, 1, true, false},
        {part_state::sending, 0, false, false},   {part_state::submitted, 0, false, false},
        {part_state::delivered, 0, false, false}, {part_state::expired, 0, false, false}};
    for (const std::size_t parts : {1U, 2U})
        for (const auto& row : rows) {
            CAPTURE(parts);
            CAPTURE(name_of(row.is));
            CAPTURE(row.attempts);
            CAPTURE(row.as_uncertain);
            bench b;
            const auto id = b.add_message(parts);
            b.put(id, 1, row.is);
            auto o = opening(id, {{1, row.attempts, row.as_uncertain}}, parts == 1, parts == 2);
            const auto before = parts_of(b.db, id);
            const auto out = b.apply(o);
            CHECK((out.what == code::applied) == row.opens);
            auto expected = before;
            if (row.opens)
                expected[0] = part_state::sending;
            CHECK(parts_of(b.db, id) == expected);
            CHECK(number(b.db, "SELECT n FROM tally WHERE what='repeats'") ==
                  (row.opens && row.as_uncertain ? 1 : 0));
            if (row.opens)
                CHECK(b.complaints() == "");
        }
}

TEST_CASE("store: of several parts all are opened or none") {
    bench b;
    const auto id = b.add_message(3);
    b.put(id, 2, part_state::submitted);
    auto o = opening(id, {{1, 0}, {2, 0}}, false, true);
    CHECK(b.apply(o).what == code::stale);
    CHECK(parts_of(b.db, id)[0] == part_state::queued);
    o.parts = {{1, 0}, {3, 0}};
    o.more_queued = false;
    CHECK(b.apply(o).what == code::applied);
    CHECK(b.state_of(id) == message_state::sending);
    CHECK(b.complaints() == "");
}

TEST_CASE("store: whatever a single part is told, its row goes where the table says") {
    bench b;
    for (int s = 0; s < states; ++s)
        for (int e = 1; e < events; ++e) {
            const auto what = static_cast<part_event>(e);
            const auto id = b.add_message(1);
            b.put(id, 1, state_at(s));
            const auto to = next(state_at(s), what);
            CAPTURE(name_of(state_at(s)));
            CAPTURE(e);
            const auto version = b.version_of(id);
            CHECK(b.apply(telling(id, 1, true, what, 9)).what == code::stale); // another attempt's
            const auto out = b.apply(telling(id, 1, true, what));
            CHECK(parts_of(b.db, id) == std::vector{to});
            CHECK((out.what == code::applied) == (to != state_at(s)));
            CHECK(b.version_of(id) == version + (to != state_at(s) ? 1 : 0));
            CHECK(b.changes.size() == (to != state_at(s) ? 1 : 0));
            if (out.what == code::applied) {
                CHECK(out.state == fold(std::span(&to, 1)));
                std::vector<std::string> wrong;
                audit_message(b.db, id, out.state, is_final(to) ? b.now : instant{}, wrong);
                CHECK(joined(wrong) == "");
            }
        }
}

TEST_CASE("store: whatever one part of two is told, the message is folded from both") {
    bench b;
    for (int s = 0; s < states; ++s)
        for (int other = 0; other < states; ++other)
            for (int e = 1; e < events; ++e) {
                const auto what = static_cast<part_event>(e);
                const std::vector before{state_at(s), state_at(other)};
                // a failed part never leaves another one queued
                if ((surely_failed(before[0]) && before[1] == part_state::queued) ||
                    (surely_failed(before[1]) && before[0] == part_state::queued))
                    continue;
                const auto id = b.add_message(2);
                b.put(id, 1, before[0]);
                b.put(id, 2, before[1]);
                CAPTURE(name_of(before[0]));
                CAPTURE(name_of(before[1]));
                CAPTURE(e);
                CHECK(b.apply(telling(id, 1, false, what, 9)).what == code::stale);
                const auto out = b.apply(telling(id, 1, false, what));
                const auto after = told(before, 0, what);
                const bool changes = next(before[0], what) != before[0];
                CHECK((out.what == code::applied) == changes);
                CHECK(parts_of(b.db, id) == (changes ? after : before));
                if (!changes)
                    continue;
                CHECK(out.state == fold(after));
                std::vector<std::string> wrong;
                audit_message(b.db, id, b.state_of(id), is_final(fold(after)) ? b.now : instant{},
                              wrong);
                CHECK(joined(wrong) == "");
                CHECK(number(b.db, "SELECT final_at != 0 FROM message WHERE id=" +
                                       std::to_string(id)) == is_final(fold(after)));
            }
}

TEST_CASE(
    "store: throttling takes the attempt back, a real deferral keeps it in a row of its own") {
    for (const std::size_t parts : {1U, 2U}) {
        CAPTURE(parts);
        bench b;
        const auto id = b.add_message(parts, part_state::sending);
        auto o = telling(id, 1, parts == 1, part_event::defer, 1);
        o.counts = false;
        CHECK(b.apply(o).what == code::applied);
        const auto attempts =
            parts == 1 ? "SELECT attempts FROM message" : "SELECT attempts FROM part WHERE n=1";
        CHECK(number(b.db, attempts) == 0);
        CHECK(number(b.db, "SELECT count(*) FROM attempt") == 0);
        auto open = opening(id, {{1, 0}}, parts == 1);
        open.due_at = o.due_at;
        CHECK(b.apply(open).what == code::applied);
        CHECK(b.complaints() == "");
        o.counts = true;
        CHECK(b.apply(o).what == code::applied);
        CHECK(number(b.db, attempts) == 1);
        CHECK(number(b.db, "SELECT count(*) FROM attempt WHERE outcome='deferred'") == 1);
        CHECK(b.complaints() == "");
    }
}

TEST_CASE("store: closing a message closes what has not left, and nothing else") {
    for (const auto what : {part_event::expire, part_event::cancel, part_event::suppress})
        for (int s = 0; s < states; ++s)
            for (int other = -1; other < states; ++other) {
                bench b;
                const bool single = other < 0;
                const auto id = b.add_message(single ? 1 : 2);
                b.put(id, 1, state_at(s));
                if (!single)
                    b.put(id, 2, state_at(other));
                auto parts = parts_of(b.db, id);
                const bool changes = std::ranges::count(parts, part_state::queued) > 0;
                const auto before = b.version_of(id);
                const auto out = b.apply(close_message{id, what, "why", b.now});
                std::ranges::replace(parts, part_state::queued, next(part_state::queued, what));
                CAPTURE(s);
                CAPTURE(other);
                CHECK(parts_of(b.db, id) == parts);
                CHECK((out.what == code::applied) == changes);
                CHECK((b.version_of(id) > before) == changes);
                CHECK(number(b.db, "SELECT count(*) FROM queue") == 0);
                if (changes)
                    CHECK(b.state_of(id) == fold(parts));
                s = single ? s : std::min(s + 1, states); // every pair would only repeat itself
                if (s == states)
                    break;
            }
}

TEST_CASE("store: a message is forgotten only as it was copied") {
    bench b;
    const auto single = b.add_message(1, part_state::sending);
    b.apply(telling(single, 1, true, part_event::accept));
    b.apply(telling(single, 1, true, part_event::give_up));
    const auto copied = b.version_of(single);
    b.apply(telling(single, 1, true, part_event::deliver)); // its receipt came while it was copied
    const auto event = number(b.db, "SELECT event FROM message");
    forget o;
    o.messages.push_back({single, event, copied, false, true});
    b.apply(o);
    CHECK(number(b.db, "SELECT count(*) FROM message") == 1);
    CHECK(number(b.db, "SELECT count(*) FROM event") == 1);
    CHECK(number(b.db, "SELECT count(*) FROM late") == 0);
    o.messages[0].version = b.version_of(single);
    o.messages[0].late = false;
    b.apply(o);
    CHECK(number(b.db, "SELECT count(*) FROM message") == 0);
    CHECK(number(b.db, "SELECT count(*) FROM event") == 0);
    CHECK(b.apply(telling(single, 1, true, part_event::fail)).what == code::stale);
    CHECK(b.complaints(true) == "");
}

TEST_CASE("store: a receipt for a message in history is kept once, for its month") {
    for (const std::size_t parts : {1U, 2U}) {
        CAPTURE(parts);
        bench b;
        const auto id = b.add_message(parts, part_state::sending);
        for (std::uint8_t n = 1; n <= parts; ++n) {
            b.apply(telling(id, n, parts == 1, part_event::accept));
            b.apply(telling(id, n, parts == 1, part_event::give_up));
        }
        CHECK(b.state_of(id) == message_state::unconfirmed);
        const auto event = number(b.db, "SELECT event FROM message");
        forget stale, right;
        stale.messages.push_back({id, event, b.version_of(id) - 1, parts > 1, true});
        right.messages.push_back({id, event, b.version_of(id), parts > 1, true});
        b.apply(stale);
        CHECK(number(b.db, "SELECT count(*) FROM late") == 0);
        b.apply(right);
        CHECK(number(b.db, "SELECT count(*) FROM message") == 0);
        CHECK(number(b.db, "SELECT count(*) FROM part") == 0);
        CHECK(number(b.db, "SELECT count(*) FROM late") == static_cast<std::int64_t>(parts));
        CHECK(b.apply(telling(id, 1, true, part_event::deliver)).what == code::applied);
        REQUIRE(b.changes.size() == 1);
        CHECK(b.changes[0].what == change::kind::late);
        CHECK(b.apply(telling(id, 1, true, part_event::deliver)).what == code::stale);
        CHECK(number(b.db, "SELECT count(*) FROM late_receipt") == 1);
        forget taken;
        taken.late_receipts.push_back({.receipt = number(b.db, "SELECT id FROM late_receipt")});
        b.apply(taken);
        CHECK(number(b.db, "SELECT count(*) FROM late_receipt") == 0);
    }
}

TEST_CASE("store: after thousands of operations in any order every law still holds") {
    constexpr auto all_events = [] {
        std::array<part_event, events - 1> out{};
        for (int e = 1; e < events; ++e)
            out[static_cast<std::size_t>(e - 1)] = static_cast<part_event>(e);
        return out;
    }();
    for (const unsigned seed : {1U, 2U, 3U}) {
        CAPTURE(seed);
        std::mt19937 dice(seed);
        const auto roll = [&](std::size_t sides) {
            return static_cast<std::size_t>(dice() % sides);
        };
        bench b;
        std::vector<std::pair<id, std::size_t>> all;
        std::map<id, std::vector<part_state>> model;
        for (int step = 0; step < 4000; ++step) {
            if (all.size() < 40 || roll(50) == 0) {
                const auto parts = roll(3) + 1;
                const auto s = roll(2) ? part_state::queued : part_state::sending;
                all.emplace_back(b.add_message(parts, s), parts);
                model[all.back().first].assign(parts, s);
                continue;
            }
            const auto [m, parts] = all[roll(all.size())];
            const auto n = static_cast<std::uint8_t>(roll(parts) + 1);
            auto& shadow = model[m];
            if (roll(4) == 0) { // open it as it is
                const auto row = "SELECT attempts FROM " +
                                 (parts == 1 ? "message WHERE id=" + std::to_string(m)
                                             : "part WHERE n=" + std::to_string(n) +
                                                   " AND message=" + std::to_string(m));
                const bool doubtful = shadow[n - 1] == part_state::uncertain;
                const bool opens = doubtful || shadow[n - 1] == part_state::queued;
                auto o = opening(m, {{n, static_cast<std::uint16_t>(number(b.db, row)), doubtful}},
                                 parts == 1);
                o.more_queued = std::ranges::count(shadow, part_state::queued) > (doubtful ? 0 : 1);
                o.due_at = from_micros(
                    number(b.db, "SELECT due_at FROM message WHERE id=" + std::to_string(m)));
                CHECK((b.apply(o).what == code::applied) == opens);
                if (opens)
                    shadow[n - 1] = part_state::sending;
            } else if (roll(12) == 0) {
                b.apply(close_message{m, part_event::cancel, "withdrawn", b.now});
                std::ranges::replace(shadow, part_state::queued, part_state::cancelled);
            } else {
                auto o = telling(m, n, parts == 1, all_events[roll(all_events.size())]);
                o.due_at = start_of_time + std::chrono::seconds(roll(5));
                o.counts = true;
                b.apply(o);
                if (next(shadow[n - 1], o.what) != shadow[n - 1])
                    shadow = told(shadow, n - 1U, o.what);
            }
            if (parts_of(b.db, m) != shadow)
                FAIL_CHECK("message " << m << " left its table at step " << step);
            if (step % 200 == 0)
                CHECK(b.complaints() == "");
        }
        CHECK(b.complaints() == "");
        CHECK(joined(audit_books(b.db)) == "");
    }
}

TEST_CASE(
    "applier: an event without a row gets a number of its own, and may come again in silence") {
    bench b;
    const auto first = b.add("a", 0, 1);
    const auto second = b.add("b", 0, 1, "no such type");
    CHECK(number(b.db, "SELECT outbox_id FROM event WHERE key='a'") == -1);
    CHECK(number(b.db, "SELECT outbox_id FROM event WHERE key='b'") == -2);
    const auto again = b.add("a", 0, 1);
    CHECK(again.what == code::replay);
    CHECK(again.event == first.event);
    CHECK(b.changes.empty());
    // from an outbox it is a repeat like any other, and the other way round
    CHECK(b.add("a", 9, 1).what == code::duplicate);
    CHECK(b.add("c", 10, 1).what == code::applied);
    CHECK(b.add("c", 0, 1).what == code::duplicate);
    CHECK(b.add("a", 0, 2).what == code::reused);
    CHECK(number(b.db, "SELECT count(*) FROM refused") == 1); // whoever waits is told at once
    // a correction of a parked one is another row, so that its result is another
    CHECK(b.add("b", 0, 2).event == second.event);
    CHECK(number(b.db, "SELECT outbox_id FROM event WHERE key='b'") == -3);
}

} // namespace applier_test
