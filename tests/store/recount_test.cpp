// Rows against books: what leaves, and what comes late, is accounted for; what is lost is named.
#include "store/recount.hpp"

#include "store/pruner.hpp"
#include "store/sealer.hpp"
#include "store/store_bench.hpp"

#include <limits>

namespace recount_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

struct counted_bench {
    bench b;
    archive months{b.folder / "live.db", b.folder / "history"};

    recounted count(const recount_wish& wish = {
                        .span = {}, .run = {}, .results_since = start_of_time + 24h * 9999}) {
        return recount({b.folder / "live.db", b.folder / "history", b.folder / "result"}, wish, {});
    }
    std::string differing() {
        std::string out;
        for (const auto& d : count().differences)
            out += d.what + "\n";
        return out;
    }
    void move(const outcome& made, bool late = false) {
        const auto told = months.copy(std::span(&made.message, 1), start_of_time);
        REQUIRE(told.size() == 1);
        forget op;
        op.messages.push_back({.message = made.message,
                               .event = made.event,
                               .version = told[0].version,
                               .long_text = told[0].long_text,
                               .late = late,
                               .state = told[0].state});
        b.done(std::move(op));
    }
    outcome delivered(const std::string& key) {
        const auto made = b.add(key, b.crm);
        b.tell(made.message, part_event::accept);
        b.tell(made.message, part_event::deliver);
        return made;
    }
    void in(const std::filesystem::path& file, const std::string& sql) {
        SQLite::Database(file.string(), SQLite::OPEN_READWRITE, 5'000).exec(sql);
    }
};

} // namespace

TEST_CASE("recount: live.db and history together are what the books say") {
    counted_bench c;
    c.b.add("parked", c.b.crm, 1, "no such type");
    c.b.add("open", c.b.crm, 2);
    const auto one = c.delivered("one");
    CHECK(c.differing() == "");
    c.months.copy(std::span(&one.message, 1), start_of_time); // in both
    CHECK(c.differing() == "");
    c.move(one);
    CHECK(c.differing() == "");
    const auto all = c.count();
    CHECK(all.messages == 2);
    CHECK(all.rows.at({0, in(message_state::delivered)}) == 1);
    CHECK(all.rows.at({c.b.sim, in(part_state::sending)}) == 2);
    CHECK(read_books(c.b.folder / "live.db", {}).page.at({0, booked::event}) == 3);
    CHECK(read_books(c.b.folder / "live.db", {.from = start_of_time + 24h, .until = {}})
              .page.empty());
}

TEST_CASE("recount: what a long text is told within one commit comes to the same") {
    counted_bench c;
    const auto one = c.b.add("one", c.b.crm, 3), two = c.b.add("two", c.b.crm, 2);
    const auto tell = [](const outcome& o, std::uint8_t n, part_event what) {
        return tell_part{
            .message = o.message, .n = n, .single = false, .what = what, .at = start_of_time};
    };
    std::vector<op> ops;
    for (const auto& told : {tell(one, 1, part_event::accept), tell(one, 2, part_event::accept),
                             tell(one, 2, part_event::accept), tell(two, 1, part_event::accept),
                             tell(one, 3, part_event::reject), tell(one, 1, part_event::deliver),
                             tell(two, 2, part_event::accept), tell(two, 2, part_event::deliver),
                             tell(two, 1, part_event::deliver), tell(one, 2, part_event::deliver)})
        ops.emplace_back(told);
    const auto outcomes = c.b.commit(std::move(ops));
    CHECK(outcomes[2].what == outcome::code::stale);
    CHECK(outcomes[8].state == message_state::delivered);
    CHECK(outcomes[9].state == message_state::partial);
    CHECK(c.differing() == "");
    CHECK(c.count().rows.at({c.b.sim, in(part_state::delivered)}) == 4);
}

TEST_CASE("recount: a late receipt counts once, also while live.db has not heard of it") {
    counted_bench c;
    const auto one = c.b.add("one", c.b.crm);
    c.b.done(tell_part{.message = one.message,
                       .attempts = 1,
                       .what = part_event::accept,
                       .ref = "R1",
                       .at = start_of_time});
    c.b.tell(one.message, part_event::give_up);
    c.move(one, true);
    CHECK(c.b.tell(one.message, part_event::deliver).what == outcome::code::applied);
    auto live = open_database(c.b.folder / "live.db", access::read_only);
    const auto receipt = number(live, "SELECT id FROM late_receipt");
    REQUIRE(receipt > 0);
    const archive::late_receipt late{receipt, one.message,  1, part_event::deliver,
                                     "",      start_of_time};
    REQUIRE(c.months.correct(late));
    CHECK(c.differing() == "");
    const auto again = c.months.correct(late); // after a crash
    REQUIRE(again);
    CHECK(again->change.was == message_state::unconfirmed);
    CHECK(again->change.is == message_state::delivered);
    for (int twice = 0; twice < 2; ++twice) {
        forget op;
        op.late_receipts.push_back(again->change);
        c.b.done(std::move(op));
        CHECK(c.differing() == "");
    }
    CHECK(number(live, "SELECT sum(n) FROM book WHERE what=23") == 1); // delivered
}

TEST_CASE("recount: what retention took out of a month is not missing") {
    counted_bench c;
    for (const auto* key : {"a", "b", "c"})
        c.move(c.delivered(key));
    const auto later = start_of_time + 24h * 200;
    const auto history = c.b.folder / "history";
    REQUIRE(seal_next(history, "", later, {}).wrong.empty());
    const auto gone =
        prune_next(history, "", later, {.types = {{"bill.issued", 24h * 30}}, .texts = 24h * 999},
                   std::numeric_limits<posthorn::id>::max(), {});
    REQUIRE(gone.messages == 3);
    CHECK(c.differing() == "");
}

TEST_CASE("recount: what was changed or lost by hand is named") {
    counted_bench c;
    const auto one = c.delivered("one"), two = c.delivered("two");
    c.move(one);
    c.move(two);
    const auto month = c.b.folder / "history/2025-10.db";
    c.in(month, "UPDATE message SET state=6 WHERE id=" + std::to_string(one.message));
    auto told = c.count();
    REQUIRE(!told.differences.empty());
    CHECK(told.differences[0].message == one.message);
    CHECK(told.differences[0].what.find("its parts come to delivered") != std::string::npos);
    CHECK(c.differing().find("messages delivered") != std::string::npos);
    c.in(month, "UPDATE message SET state=3 WHERE id=" + std::to_string(one.message));
    REQUIRE(c.differing() == "");
    c.in(month, "DELETE FROM message WHERE id=" + std::to_string(two.message));
    told = c.count();
    REQUIRE(!told.differences.empty());
    CHECK(told.differences[0].event == two.event);
    CHECK(told.differences[0].what == "it has no message, and is not parked");
}

} // namespace recount_test
