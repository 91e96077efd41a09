// What is kept no longer leaves the months that are over, and what stays is found as before.
#include "store/pruner.hpp"

#include "store/copied_numbers.hpp"
#include "store/killed.hpp"
#include "store/month_file.hpp"
#include "store/octets.hpp"
#include "store/sealer.hpp"
#include "store/search.hpp"
#include "store/store_bench.hpp"

#include <limits>

namespace pruner_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

constexpr posthorn::id every_key = std::numeric_limits<posthorn::id>::max();
constexpr auto later = start_of_time + std::chrono::days(200);
constexpr std::string_view here_a_secret = "buy-two-get-one";

const keeping short_ads{.types = {{"ad", std::chrono::days(90)}, {"bill.issued", 1000 * 24h}},
                        .texts = 1000 * 24h};

// A sealed month with bills and advertisements in turn, A-1 in two parts, and a text from a phone.
struct old_month {
    bench b;
    fs::path history = b.folder / "history";
    fs::path month = history / "2025-10.db";
    fs::path index = history / "2025-10.index";
    std::vector<outcome> made;

    old_month() {
        name_id ad = 0;
        ad = b.done(add_name{"type", "ad"}).name;
        for (int i = 0; i < 6; ++i)
            finish(i % 2 == 0 ? "B-" + std::to_string(i) : "A-" + std::to_string(i),
                   i % 2 == 0 ? b.bills : ad, i == 1 ? 2 : 1);
        auto db = open_month(month, b.folder / "live.db");
        db.exec("INSERT INTO inbound VALUES(7, 1, '861380000', '95598', x'41', 'A', 0, 0, 7, "
                "'answered', 0, '')");
        db.exec("INSERT INTO letter SELECT id, recipient FROM message");
        seal();
    }

    void finish(const std::string& key, name_id type, std::size_t parts) {
        auto adding = b.adding(key, b.crm, parts);
        adding.event.type = type == b.bills ? "bill.issued" : "ad";
        adding.event.data = "{\"what\": \"" + std::string(here_a_secret) + "\"}";
        adding.message.type = type;
        adding.message.recipient = "8613800000000";
        if (type != b.bills)
            adding.message.text = here_a_secret;
        std::vector<op> ops;
        ops.emplace_back(std::move(adding));
        made.push_back(b.commit(std::move(ops)).front());
        for (std::uint8_t n = 1; n <= parts; ++n) {
            b.tell(made.back().message, part_event::accept, n, parts == 1);
            b.tell(made.back().message, part_event::deliver, n, parts == 1);
        }
        b.archive_it(made.back(), start_of_time, parts > 1, true);
    }

    void seal() {
        seal_next(history, "", later, {}, {.block = 2, .slice = 3, .spare = 0});
        REQUIRE(fs::exists(index));
    }

    pruned_month prune(const keeping& keep = short_ads, posthorn::id keys = every_key,
                       instant now = later) {
        return prune_next(history, "", now, keep, keys, {}, 2);
    }

    std::string found(const search_query& query = {}) {
        std::string out;
        for (const auto& row : search(b.folder / "live.db", history).find(query, "", 100).rows)
            out += row.event.key + " ";
        return out;
    }

    std::int64_t count(const std::string& what) {
        auto db = open_database(month, access::read_only);
        return number(db, "SELECT count(*) FROM " + what);
    }
};

} // namespace

TEST_CASE("pruner: messages of a type that is kept no longer go, the others are found as before") {
    old_month m;
    CHECK(m.found() == "A-5 B-4 A-3 B-2 A-1 B-0 ");
    const auto done = m.prune();
    CHECK(done.month == "2025-10");
    CHECK(done.wrong.empty());
    CHECK(done.messages == 3);
    CHECK(done.texts == 0);
    for (const auto& query :
         {search_query{}, search_query{.number = "8613800000000"}, search_query{.source = "crm"}}) {
        CHECK(m.found(query) == "B-4 B-2 B-0 ");
        CHECK(!fs::exists(m.index));
    }
    CHECK(m.count("event") == 3);
    CHECK(m.count("part") == 0);
    CHECK(m.count("letter") == 3);
    CHECK(m.count("inbound") == 1);
    CHECK(m.b.read.stories_of_key("A-1", "crm").empty());

    m.seal();
    CHECK(m.found({.number = "8613800000000"}) == "B-4 B-2 B-0 ");
    CHECK(m.b.read.stories_of_key("B-2", "crm").size() == 1);
    CHECK(m.prune().month.empty()); // there is no more to do
    CHECK(fs::exists(m.index));
}

TEST_CASE("pruner: nothing goes before its time, nor from a month that is not sealed") {
    old_month m;
    CHECK(m.prune(short_ads, every_key, start_of_time + std::chrono::days(80)).month.empty());
    CHECK(m.prune({.types = {{"never.sent", 24h}}, .texts = 1000 * 24h}).month.empty());
    fs::remove(m.index);
    CHECK(m.prune().month.empty());
    CHECK(m.count("message") == 6);
}

TEST_CASE("pruner: texts from phones go by themselves") {
    old_month m;
    const auto done = m.prune({.types = {}, .texts = 90 * 24h});
    CHECK(done.messages == 0);
    CHECK(done.texts == 1);
    CHECK(m.count("message") == 6);
    CHECK(m.count("inbound") == 0);
}

TEST_CASE("pruner: an event whose key stands nowhere else stays, and tells nothing any more") {
    old_month m;
    CHECK(m.prune(short_ads, 0).messages == 3);
    CHECK(m.count("event WHERE type='ad' AND key!='' AND hash!=0 AND data='' AND to_ref=''") == 3);
    CHECK(m.count("message") == 3);
}

TEST_CASE("pruner: `copied` names what is left, and pages hold nothing of what went") {
    old_month m;
    m.prune();
    auto db = open_database(m.month, access::read_only);
    statement rows(db, "SELECT numbers FROM copied");
    std::size_t named = 0;
    while (rows.row())
        each_copied(rows.text(0), [&](std::int32_t, posthorn::id) { ++named; });
    CHECK(named == 3);
    rows.reset();
    // Of bills' data it is still there: three times, and no more.
    const auto octets = octets_of(m.month) + octets_of(m.month.string() + "-wal");
    std::size_t times = 0;
    for (auto at = octets.find(here_a_secret); at != octets.npos;
         at = octets.find(here_a_secret, at + 1))
        ++times;
    CHECK(times == 3);
}

TEST_CASE("pruner: what comes to a month afterwards is looked at anew") {
    old_month m;
    m.prune();
    m.seal();
    m.finish("A-9", m.b.done(add_name{"type", "ad"}).name, 1);
    m.seal();
    CHECK(m.prune().messages == 1);
    CHECK(m.found() == "B-4 B-2 B-0 ");
}

#ifdef POSTHORN_FAULT_POINTS
TEST_CASE("pruner: in another process" * doctest::skip()) {
    const char* history = history_of_parent();
    REQUIRE(history);
    CHECK(prune_next(history, "", later, short_ads, every_key, {}, 2).wrong.empty());
}

TEST_CASE("pruner: one that is killed anywhere does it again") {
    for (const auto* where : {"history pruned:1", "history pruned:2", "month pruned:1"}) {
        CAPTURE(where);
        old_month m;
        REQUIRE(dies_at(where, "pruner: in another process", m.history));
        m.seal(); // its index may have gone just before
        CHECK(m.prune().wrong.empty());
        m.seal();
        CHECK(m.found({.number = "8613800000000"}) == "B-4 B-2 B-0 ");
        CHECK(m.prune().month.empty());
    }
}
#endif

} // namespace pruner_test
