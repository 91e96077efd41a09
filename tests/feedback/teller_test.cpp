// What the teller clears away, by a clock of the test.
#include "feedback/teller.hpp"

#include "store/callbacks.hpp"
#include "store/octets.hpp"
#include "store/store_bench.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <semaphore>
#include <thread>

namespace teller_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

// One run of the teller's thread, from start to stop.
void tell_once(bench& b, instant now, duration keep_history) {
    feedback::teller teller({.live = b.folder / "live.db",
                             .history = b.folder / "history",
                             .results = b.folder / "result",
                             .sources = {.names = {{b.crm, "crm"}},
                                         .keep_history = keep_history,
                                         .keep_operations = keep_history},
                             .now = [now] { return now; },
                             .complain = [](std::string_view what) { FAIL(what); }},
                            *b.writer);
    teller.start();
    teller.stop();
    b.commit({}); // what it submitted is committed
}

operation deed(std::string what, instant at) {
    return {.who = "li", .what = std::move(what), .at = at};
}

// How many rows there are; -1 while the file is being made, when nobody can read it yet.
std::int64_t count_in(const fs::path& file, const std::string& from) {
    if (!fs::exists(file))
        return -1;
    try {
        auto db = open_database(file, access::read_only);
        return number(db, "SELECT count(*) FROM " + from);
    } catch (const SQLite::Exception&) {
        return -1;
    }
}

} // namespace

TEST_CASE("teller: months and operations older than keep_history go, and that is noted") {
    bench b;
    const auto old = b.add("K-1", b.crm);
    b.tell(old.message, part_event::accept);
    b.tell(old.message, part_event::deliver);
    b.archive_it(old, start_of_time, false, true);
    std::vector<op> ops;
    ops.emplace_back(deed("pause", start_of_time));
    ops.emplace_back(deed("resume", start_of_time + 9600h));
    b.commit(std::move(ops));
    const auto month = b.folder / "history/2025-10.db";
    REQUIRE(fs::exists(month));

    const auto later = start_of_time + 24h * 420;
    tell_once(b, later, 24h * 500);
    CHECK(fs::exists(month));
    CHECK(b.read.operations({}, 10).size() == 2);

    tell_once(b, later, 24h * 30);
    CHECK(!fs::exists(month));
    CHECK(!fs::exists(month.string() + "-wal"));
    CHECK(!fs::exists(month.string() + "-shm"));
    const auto left = b.read.operations({}, 10);
    REQUIRE(left.size() == 2);
    CHECK(left[0].done.what == "forget");
    CHECK(left[0].done.which == "history 2025-10");
    CHECK(left[0].done.reason == "keep_history is 30d");
    CHECK(left[1].done.what == "resume");
}

TEST_CASE(
    "teller: a source whose file cannot be written delays nobody, and is told everything later") {
    bench b;
    const auto blocked = b.folder / "result/crm.db";
    fs::create_directories(blocked); // a folder in the place of its file
    std::atomic<std::int64_t> now_us{to_micros(start_of_time)};
    std::atomic<int> complaints{0};
    const auto teller = std::make_unique<feedback::teller>(
        feedback::teller_settings{.live = b.folder / "live.db",
                                  .history = b.folder / "history",
                                  .results = b.folder / "result",
                                  .sources = {.names = {{b.crm, "crm"}, {b.billing, "billing"}}},
                                  .now = [&] { return from_micros(now_us); },
                                  .complain = [&](std::string_view) { ++complaints; }},
        *b.writer);
    const auto comes_true = [](const auto& what) {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (!what() && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(10ms);
        CHECK(what());
    };
    const auto delivered = [&](const std::string& key, name_id source) {
        const auto made = b.add(key, source);
        b.tell(made.message, part_event::accept);
        b.tell(made.message, part_event::deliver);
        teller->fed();
        return made;
    };
    const auto rows = [&](const std::string& source, const std::string& from) {
        auto db = open_database(b.folder / ("result/" + source + ".db"), access::read_only);
        return number(db, "SELECT count(*) FROM " + from);
    };
    auto live = open_database(b.folder / "live.db", access::read_only);

    delivered("C-1", b.crm);
    b.add("C-1", b.crm); // refused as a duplicate
    b.add("C-2", b.crm, 1, "parked");
    delivered("B-1", b.billing);
    teller->start();
    // all of billing is told and leaves live.db; all of crm stays
    comes_true([&] {
        return number(live, "SELECT count(*) FROM event") == 2 &&
               count_in(b.folder / "result/billing.db", "result") == 1;
    });
    comes_true([&] { return teller->trouble().starts_with("of source crm alone: "); });
    delivered("C-3", b.crm);
    delivered("B-2", b.billing);
    comes_true([&] { return rows("billing", "result WHERE state='delivered'") == 2; });
    CHECK(complaints == 1);
    CHECK(number(live, "SELECT count(*) FROM refused") == 1);

    fs::remove(blocked);
    now_us += 11'000'000;
    teller->fed();
    comes_true([&] { return teller->trouble().empty(); });
    CHECK(rows("crm", "result WHERE state='delivered'") == 2);
    CHECK(rows("crm", "result WHERE state='parked'") == 1);
    CHECK(rows("crm", "result_refused") == 1);
    CHECK(rows("billing", "result") == 2);
    comes_true([&] { // and then let go of
        teller->fed();
        return number(live, "SELECT count(*) FROM event") == 1 &&
               number(live, "SELECT count(*) FROM refused") == 0 &&
               number(live, "SELECT count(*) FROM feedback") == 0;
    });
    teller->stop();
}

TEST_CASE("teller: a result file that was moved away is begun again") {
    bench b;
    const auto file = b.folder / "result/crm.db";
    std::atomic<int> complaints{0};
    feedback::teller teller({.live = b.folder / "live.db",
                             .history = b.folder / "history",
                             .results = b.folder / "result",
                             .sources = {.names = {{b.crm, "crm"}}},
                             .now = [] { return start_of_time; },
                             .complain = [&](std::string_view) { ++complaints; }},
                            *b.writer);
    const auto told = [&](const std::string& key) {
        const auto made = b.add(key, b.crm);
        b.tell(made.message, part_event::accept);
        b.tell(made.message, part_event::deliver);
        teller.fed();
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (std::chrono::steady_clock::now() < end) {
            if (count_in(file, "result WHERE key='" + key + "'") == 1)
                return true;
            std::this_thread::sleep_for(10ms);
        }
        return false;
    };
    teller.start();
    CHECK(told("C-1"));
    for (const auto* beside : {"", "-wal", "-shm"})
        if (fs::exists(file.string() + beside))
            fs::rename(file.string() + beside, b.folder / ("moved.db" + std::string(beside)));
    CHECK(told("C-2"));
    CHECK(complaints == 1);
    teller.stop();
}

TEST_CASE(
    "teller: what a phone texted to a source is in its inbox once, however often it is told") {
    bench b;
    const auto pass = [&](const std::string& text) {
        std::vector<op> ops;
        ops.emplace_back(pass_on{.source = b.crm,
                                 .kind = "text",
                                 .number = "8613800000001",
                                 .recipient = "1069000001",
                                 .text = text,
                                 .data = "{}",
                                 .at = start_of_time});
        b.commit(std::move(ops));
    };
    const auto blocked = b.folder / "result/crm.db";
    fs::create_directories(blocked);
    const auto run = [&] {
        feedback::teller teller({.live = b.folder / "live.db",
                                 .history = b.folder / "history",
                                 .results = b.folder / "result",
                                 .sources = {.names = {{b.crm, "crm"}}, .called = {"crm"}},
                                 .now = [] { return start_of_time; },
                                 .complain = [](std::string_view) {}},
                                *b.writer);
        teller.start();
        teller.stop();
        b.commit({});
    };
    auto live = open_database(b.folder / "live.db", access::read_only);
    pass("一");
    run();
    CHECK(number(live, "SELECT count(*) FROM passed") == 1); // it has nowhere to go yet
    fs::remove(blocked);
    pass("二");
    run();
    CHECK(number(live, "SELECT count(*) FROM passed") == 0);
    auto crm = open_database(blocked, access::read_only);
    CHECK(number(crm, "SELECT count(*) FROM inbox WHERE kind='text' AND number='8613800000001' "
                      "AND recipient='1069000001' AND data='{}'") == 2);
    CHECK(number(crm, "SELECT text='二' FROM inbox ORDER BY id DESC LIMIT 1") == 1);
    CHECK(number(crm, "SELECT count(*) FROM inbox_callback") == 2);

    store::result_file file(blocked, true); // told again, as after a crash
    file.begin();
    file.put(inbox_row{.id = number(crm, "SELECT min(id) FROM inbox")}, start_of_time);
    file.commit(start_of_time);
    CHECK(number(crm, "SELECT count(*) FROM inbox_callback") == 2);
    file.prune(start_of_time + 1h, 100); // those still to be told stay
    CHECK(number(crm, "SELECT count(*) FROM inbox") == 2);
    store::callback_queue queue(blocked);
    for (int n = 0; n < 2; ++n)
        for (const auto& due : queue.due(start_of_time, 10))
            queue.told(due, start_of_time);
    CHECK(queue.waiting() == 0);
    file.prune(start_of_time + 1h, 100);
    CHECK(number(crm, "SELECT count(*) FROM inbox") == 0);
}

TEST_CASE("teller: texts that are settled and two days old leave for their month") {
    bench b;
    const auto came = [&](std::optional<inbound_outcome> settled, duration later) {
        std::vector<op> ops;
        ops.emplace_back(add_inbound{
            .text = {.sender = "8613800000001", .text = "YE", .at = start_of_time + later},
            .settled = settled});
        b.commit(std::move(ops));
    };
    for (int i = 0; i < 600; ++i) // more than at once
        came(inbound_outcome::kept, std::chrono::seconds(i));
    came(std::nullopt, 1h);
    came(inbound_outcome::kept, 48h);
    feedback::teller teller({.live = b.folder / "live.db",
                             .history = b.folder / "history",
                             .results = b.folder / "result",
                             .sources = {},
                             .now = [] { return start_of_time + 49h; },
                             .complain = [](std::string_view what) { FAIL(what); }},
                            *b.writer);
    teller.start();
    auto live = open_database(b.folder / "live.db", access::read_only);
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (number(live, "SELECT count(*) FROM inbound") > 2 &&
           std::chrono::steady_clock::now() < end)
        teller.fed();
    teller.stop();
    CHECK(number(live, "SELECT count(*) FROM inbound") == 2);
    auto month = open_database(b.folder / "history/2025-10.db", access::read_only);
    CHECK(number(month, "SELECT count(*) FROM inbound") == 600);
}

TEST_CASE("teller: what a source is owed outlives a restart") {
    bench b;
    const auto blocked = b.folder / "result/crm.db";
    fs::create_directories(blocked);
    const auto run = [&](int* complaints) {
        feedback::teller teller({.live = b.folder / "live.db",
                                 .history = b.folder / "history",
                                 .results = b.folder / "result",
                                 .sources = {.names = {{b.crm, "crm"}, {b.billing, "billing"}}},
                                 .now = [] { return start_of_time; },
                                 .complain = [&](std::string_view) { ++*complaints; }},
                                *b.writer);
        teller.start();
        teller.stop();
        b.commit({});
    };
    for (const auto& [key, source] : {std::pair("C-1", b.crm), {"B-1", b.billing}}) {
        const auto made = b.add(key, source);
        b.tell(made.message, part_event::accept);
        b.tell(made.message, part_event::deliver);
    }
    b.add("C-1", b.crm);
    int complaints = 0;
    run(&complaints);
    CHECK(complaints == 1);
    fs::remove(blocked);
    run(&complaints);
    CHECK(complaints == 1);
    auto crm = open_database(b.folder / "result/crm.db", access::read_only);
    CHECK(number(crm, "SELECT count(*) FROM result WHERE state='delivered'") == 1);
    CHECK(number(crm, "SELECT count(*) FROM result_refused") == 1);
    auto billing = open_database(b.folder / "result/billing.db", access::read_only);
    CHECK(number(billing, "SELECT count(*) FROM result") == 1);
}

TEST_CASE("teller: nobody waits for receipts of messages whose month is gone") {
    bench b;
    const auto finish = [&](const std::string& key) {
        const auto made = b.add(key, b.crm);
        b.tell(made.message, part_event::accept);
        b.tell(made.message, part_event::give_up);
        return made;
    };
    const auto copy = [&](const outcome& o, instant at) {
        archive months(b.folder / "live.db", b.folder / "history");
        REQUIRE(months.copy(std::span(&o.message, 1), at).size() == 1);
        auto db = open_database(b.folder / "live.db", access::read_only);
        forget f;
        f.messages.push_back(
            {o.message, o.event,
             number(db, "SELECT version FROM message WHERE id=" + std::to_string(o.message)), false,
             true});
        std::vector<op> ops;
        ops.emplace_back(std::move(f));
        b.commit(std::move(ops));
    };
    copy(finish("K-1"), start_of_time);
    const auto late = [&] {
        auto db = open_database(b.folder / "live.db", access::read_only);
        return number(db, "SELECT count(*) FROM late");
    };
    REQUIRE(late() == 1);
    const auto later = start_of_time + 24h * 420;
    tell_once(b, later, 24h * 500);
    CHECK(late() == 1);

    // made before the oldest month that stays, but it ended in one that does
    const auto slow = b.add("K-2", b.crm);
    b.tell(slow.message, part_event::accept);
    b.tell(slow.message, part_event::give_up, 1, true, later);
    copy(slow, later);
    CHECK(late() == 2);
    tell_once(b, later, 24h * 30);
    CHECK(!fs::exists(b.folder / "history/2025-10.db"));
    CHECK(late() == 1);
    CHECK(b.tell(slow.message, part_event::deliver, 1, true, later).what != outcome::code::stale);
}

TEST_CASE("teller: texts and data of a redacted type are nowhere once it is final") {
    constexpr std::string_view secret = "482913";
    bench b;
    std::vector<outcome> made;
    for (const std::size_t parts : {1U, 2U}) {
        auto adding = b.adding("K-" + std::to_string(parts), b.crm, parts);
        adding.event.data = R"({"code": "482913", "more": ")" + std::string(20'000, 'x') + "\"}";
        adding.message.text = "Your code is 482913";
        for (auto& p : adding.message.parts)
            p.octets = "code is 482913";
        std::vector<op> ops;
        ops.emplace_back(std::move(adding));
        made.push_back(b.commit(std::move(ops)).front());
        for (std::uint8_t n = 1; n <= parts; ++n) {
            b.tell(made.back().message, part_event::accept, n, parts == 1);
            b.tell(made.back().message, part_event::deliver, n, parts == 1);
        }
    }
    const auto open = b.add("K-3", b.crm); // goes on
    CHECK(!files_with(b.folder.path(), secret).empty());
    feedback::teller teller({.live = b.folder / "live.db",
                             .history = b.folder / "history",
                             .results = b.folder / "result",
                             .sources = {.names = {{b.crm, "crm"}}, .redacted = {b.bills}},
                             .now = [] { return start_of_time; },
                             .complain = [](std::string_view what) { FAIL(what); }},
                            *b.writer);
    teller.start();
    teller.stop();
    const auto story = b.read.story_of(made[1].event);
    REQUIRE(story);
    CHECK(story->event.data.empty());
    CHECK(story->messages.front().state == message_state::delivered);
    CHECK(b.read.whole(open.message)->message.text == "text");
    // The same again is still known.
    auto again = b.adding("K-1", b.crm, 1);
    again.event.outbox_id = 99;
    CHECK(b.done(std::move(again)).what == outcome::code::duplicate);
    std::binary_semaphore answered{0};
    bool emptied = false;
    b.writer->empty_log([&](bool done) {
        emptied = done;
        answered.release();
    });
    answered.acquire();
    CHECK(emptied);
    CHECK(files_with(b.folder.path(), secret) == std::vector<std::string>{});
}

} // namespace teller_test
