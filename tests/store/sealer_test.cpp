// Months that are over get an index, and whatever happens meanwhile, search finds the same.
#include "store/sealer.hpp"

#include "store/killed.hpp"
#include "store/month_file.hpp"
#include "store/search.hpp"
#include "store/store_bench.hpp"

#include <fstream>

namespace sealer_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

constexpr auto end_of_month = instant(std::chrono::sys_days(std::chrono::year(2025) / 11 / 1));
constexpr auto due = end_of_month + 24h * 8;
constexpr seal_sizes small{.block = 2, .slice = 3, .spare = 0};

using words = std::vector<std::string>;

// A month with messages of two sources; K-0 has ended unconfirmed, the others were delivered.
struct old_month {
    bench b;
    fs::path history = b.folder / "history";
    fs::path month = history / "2025-10.db";
    fs::path index = history / "2025-10.index";
    std::vector<outcome> made;

    explicit old_month(int messages = 7) {
        for (int i = 0; i < messages; ++i)
            finish("K-" + std::to_string(i), i % 2 == 0 ? b.crm : b.billing,
                   "861380000000" + std::to_string(i % 3), "run-" + std::to_string(i / 4),
                   i == 0 ? part_event::give_up : part_event::deliver);
    }

    void finish(const std::string& key, name_id source, const std::string& number,
                const std::string& run, part_event end, instant at = start_of_time) {
        auto adding = b.adding(key, source, 1);
        adding.event.run = run;
        adding.message.recipient = number;
        std::vector<op> ops;
        ops.emplace_back(std::move(adding));
        made.push_back(b.commit(std::move(ops)).front());
        b.tell(made.back().message, part_event::accept, 1, true, at);
        b.tell(made.back().message, end, 1, true, at);
        b.archive_it(made.back(), at, false, true);
    }

    sealed_month seal(instant now = due, const std::string& after = "",
                      const std::stop_token& stop = {}, const seal_sizes& sizes = small) {
        return seal_next(history, after, now, stop, sizes);
    }

    // All pages, three rows each.
    words found(const search_query& query) {
        search look(b.folder / "live.db", history);
        words out;
        std::string after;
        do {
            const auto page = look.find(query, after, 3);
            for (const auto& row : page.rows)
                out.push_back(row.event.key + " " + row.state);
            after = page.after;
        } while (!after.empty());
        return out;
    }

    // What many questions find; the same before and after.
    std::vector<words> answers() {
        return {found({}),
                found({.source = "crm"}),
                found({.type = "bill.issued", .run = "run-1"}),
                found({.run = "run-0"}),
                found({.number = "8613800000000"}),
                found({.source = "billing", .number = "8613800000001"}),
                found({.number = "8613800000009"}),
                found({.state = message_state::unconfirmed}),
                found({.number = "8613800000001", .state = message_state::delivered}),
                found({.since = made_at(made[2].message), .until = made_at(made[5].message)}),
                found({.number = "8613800000000", .until = made_at(made[5].message)}),
                found({.state = message_state::rejected})};
    }
};

} // namespace

TEST_CASE("sealer: a month is sealed eight days after its end, once, and the newer ones later") {
    old_month m;
    m.finish("K-9", m.b.crm, "8613800000000", "run-9", part_event::deliver, end_of_month + 1h);
    CHECK(m.seal(due - 1us).month.empty());
    CHECK(!fs::exists(m.index));
    const auto done = m.seal(due);
    CHECK(done.month == "2025-10");
    CHECK(done.wrong.empty());
    CHECK(done.messages == 7);
    CHECK(done.octets == static_cast<std::int64_t>(fs::file_size(m.index)));
    CHECK(m.seal(due).month.empty());
    CHECK(m.seal(due + 24h * 30).month == "2025-11");
}

TEST_CASE("sealer: a sealed month tells the same as before") {
    old_month m;
    const auto before = m.answers();
    CHECK(before[0].size() == 7);
    CHECK(before[4] == words{"K-6 delivered", "K-3 delivered", "K-0 unconfirmed"});
    REQUIRE(m.seal().wrong.empty());
    CHECK(month_file(m.month, 1'000).sealed);
    CHECK(m.answers() == before);
}

TEST_CASE("sealer: a month from before `copied` is read through, and sealed like any other") {
    old_month m;
    const auto before = m.answers();
    {
        auto db = open_database(m.month, access::read_write);
        db.exec("DROP TABLE copied; DROP TABLE corrected; PRAGMA user_version = 0");
    }
    CHECK(!month_file(m.month, 1'000).listed);
    CHECK(m.answers() == before);
    REQUIRE(m.seal().wrong.empty());
    CHECK(m.answers() == before);
    m.finish("K-9", m.b.crm, "8613800000000", "run-0", part_event::deliver);
    CHECK(!month_file(m.month, 1'000).listed); // it does not have the others
    CHECK(m.found({.number = "8613800000000"}).size() == 4);
}

TEST_CASE("sealer: a late receipt reaches a sealed month, and its new state is found") {
    old_month m;
    REQUIRE(m.seal().wrong.empty());
    archive months(m.b.folder / "live.db", m.history);
    REQUIRE(months.correct({7, m.made[0].message, 1, part_event::fail, "x", due + 1h}));
    CHECK(fs::exists(m.index));
    CHECK(m.found({.state = message_state::undelivered}) == words{"K-0 undelivered"});
    CHECK(m.found({.state = message_state::unconfirmed}).empty());
}

TEST_CASE(
    "sealer: what is copied to a sealed month takes its index away until it is sealed again") {
    old_month m;
    REQUIRE(m.seal().wrong.empty());
    m.finish("K-9", m.b.crm, "8613800000000", "run-9", part_event::deliver);
    CHECK(!fs::exists(m.index));
    const auto before = m.answers();
    CHECK(before[4].size() == 4);
    CHECK(m.seal().messages == 8);
    CHECK(m.answers() == before);
}

TEST_CASE("sealer: keys and events without a neighbour are found in a sealed month") {
    old_month m;
    // as a parked event that became a message later
    open_database(m.month, access::read_write)
        .exec("UPDATE message SET id = id + 5 WHERE id = " + std::to_string(m.made[6].message));
    REQUIRE(m.seal().wrong.empty());
    const auto stories = m.b.read.stories_of_key("K-6", "crm");
    REQUIRE(stories.size() == 1);
    REQUIRE(stories[0].messages.size() == 1);
    CHECK(stories[0].messages[0].id == m.made[6].message + 5);
    CHECK(m.b.read.stories_of_key("K-6", "billing").empty());
    CHECK(m.b.read.stories_of_key("K-7").empty());
}

TEST_CASE("sealer: one that is told to stop leaves nothing behind, and begins again") {
    old_month m;
    std::stop_source stop;
    stop.request_stop();
    CHECK(!m.seal(due, "", stop.get_token()).wrong.empty());
    CHECK(!fs::exists(m.index));
    CHECK(!fs::exists(m.index.string() + ".unfinished"));
    CHECK(m.seal().wrong.empty());
}

TEST_CASE("sealer: on a disk with little room a month waits, and others are tried") {
    old_month m;
    m.finish("K-9", m.b.crm, "8613800000000", "run-9", part_event::deliver, end_of_month + 1h);
    const auto later = due + 24h * 30;
    const auto full = m.seal(later, "", {}, {.spare = std::int64_t{1} << 60});
    CHECK(full.month == "2025-10");
    CHECK(full.wrong.find("free space") != std::string::npos);
    CHECK(!fs::exists(m.index));
    CHECK(!fs::exists(m.index.string() + ".unfinished"));
    CHECK(m.seal(later, full.month).month == "2025-11");
    CHECK(m.seal(later).month == "2025-10");
}

TEST_CASE("sealer: an index that is not whole counts for nothing, and is made again") {
    old_month m;
    const auto before = m.answers();
    REQUIRE(m.seal().wrong.empty());
    SUBCASE("rubbish") { std::ofstream(m.index, std::ios::trunc) << "not an index at all"; }
    SUBCASE("empty") { std::ofstream(m.index, std::ios::trunc).flush(); }
    SUBCASE("of another format") {
        SQLite::Database db(m.index.string(), SQLite::OPEN_READWRITE);
        db.exec("PRAGMA user_version = 99");
    }
    CHECK(m.answers() == before);
    CHECK(m.seal().month == "2025-10");
    CHECK(month_file(m.month, 1'000).sealed);
    CHECK(m.answers() == before);
}

TEST_CASE("sealer: an index goes with its month, and one without a month goes too") {
    old_month m;
    REQUIRE(m.seal().wrong.empty());
    archive months(m.b.folder / "live.db", m.history);
    constexpr auto every_key = first_id_at(start_of_time + std::chrono::days(10'000));
    CHECK(months.drop(due + 24h * 90, due + 24h * 90, every_key).size() == 1);
    CHECK(!fs::exists(m.index));
    std::ofstream(m.index) << "left by a crash";
    std::ofstream(m.index.string() + ".unfinished") << "also";
    CHECK(m.seal().month.empty());
    CHECK(!fs::exists(m.index));
    CHECK(!fs::exists(m.index.string() + ".unfinished"));
}

#ifdef POSTHORN_FAULT_POINTS
TEST_CASE("sealer: in another process" * doctest::skip()) {
    const char* history = history_of_parent();
    REQUIRE(history);
    CHECK(seal_next(history, "", due, {}, small).wrong.empty());
}

TEST_CASE("sealer: one that is killed anywhere begins again") {
    old_month m;
    const auto before = m.answers();
    for (const auto* where : {"slice of a month sealed:1", "slice of a month sealed:3",
                              "month sealed:1", "month has its index:1"}) {
        CAPTURE(where);
        REQUIRE(dies_at(where, "sealer: in another process", m.history));
        CHECK(m.answers() == before);
        m.seal();
        CHECK(fs::exists(m.index));
        CHECK(!fs::exists(m.index.string() + ".unfinished"));
        CHECK(m.answers() == before);
        fs::remove(m.index);
    }
}
#endif

} // namespace sealer_test
