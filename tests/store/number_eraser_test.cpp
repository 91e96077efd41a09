// A number is erased in live.db, months and results: nothing of it is left in any page, and all else is.
#include "store/number_eraser.hpp"

#include "store/month_file.hpp"
#include "store/number_finder.hpp"
#include "store/octets.hpp"
#include "store/sealer.hpp"
#include "store/search.hpp"
#include "store/store_bench.hpp"

namespace number_eraser_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

constexpr auto its = "8613800138000", other = "8613900139000", part_of_it = "13800138000";

erased_number of(bool evidence = false) {
    return {.number = its,
            .spellings = number_spellings(its, {{"CN", "86", "0", "1[3-9]xxxxxxxxx"}}),
            .evidence = "erased:key",
            .is_evidence = [evidence](auto) { return evidence; }};
}

outcome finish(bench& b, const std::string& key, const std::string& number) {
    auto adding = b.adding(key, b.crm, 1);
    adding.event.to_ref = "+" + number;
    adding.event.data = "{\"call\": \"" + number + "\"}";
    adding.message.recipient = number;
    adding.message.text = "call " + number;
    std::vector<op> ops;
    ops.emplace_back(std::move(adding));
    const auto made = b.commit(std::move(ops)).front();
    b.tell(made.message, part_event::accept);
    b.tell(made.message, part_event::deliver);
    return made;
}

std::size_t erase_in_live(bench& b) {
    std::size_t rows = 0;
    b.done(erase_number{its, "erased:key"});
    for (auto& some : rows_to_erase(b.folder / "live.db", of(), start_of_time, {})) {
        rows += some.rows.size();
        b.done(std::move(some));
    }
    return rows;
}

void leave_nothing(bench& b) {
    while (b.done(overwrite_free{true}).what == outcome::code::applied) {
    }
    while (b.done(overwrite_free{false}).what == outcome::code::applied) {
    }
    std::binary_semaphore answered{0};
    b.writer->empty_log([&](bool done) {
        CHECK(done);
        answered.release();
    });
    answered.acquire();
}

} // namespace

TEST_CASE("erasure: live.db forgets a number in all its tables, and what is open is left") {
    bench b;
    for (int i = 0; i < 300; ++i) {
        finish(b, "K-" + std::to_string(i), its);
        finish(b, "L-" + std::to_string(i), other);
    }
    auto parked = b.adding("P", b.crm, 1, "bad data");
    parked.event.to_ref = "0138 0013 8000";
    std::vector<op> ops;
    ops.emplace_back(std::move(parked));
    for (const auto* number : {its, other}) {
        ops.emplace_back(put_person{.number = number, .name = "Li", .at = start_of_time});
        ops.emplace_back(set_consent{.number = number, .words = "TD", .at = start_of_time});
        ops.emplace_back(operation{.who = "li",
                                   .what = "resend",
                                   .which = std::string("number ") + number,
                                   .at = start_of_time});
        ops.emplace_back(add_inbound{.text = {.account = b.sim,
                                              .sender = std::string("+") + number,
                                              .recipient = "95598",
                                              .octets = "hello",
                                              .text = "hello",
                                              .at = start_of_time},
                                     .settled = inbound_outcome::answered});
        ops.emplace_back(
            put_nuisance{{.number = number, .since = start_of_time, .until = start_of_time + 1h}});
        ops.emplace_back(
            add_receipt{.account = b.sim, .ref = "x", .recipient = number, .at = start_of_time});
    }
    b.commit(std::move(ops));
    CHECK(open_messages_to(b.folder / "live.db", its, {}) == 0);
    REQUIRE(files_with(b.folder.path(), part_of_it) != std::vector<std::string>{});

    CHECK(erase_in_live(b) == 300 + 1 + 1 + 1 + 1);
    CHECK(erase_in_live(b) == 0); // once more does no harm
    leave_nothing(b);
    CHECK(files_with(b.folder.path(), part_of_it) == std::vector<std::string>{});
    CHECK(files_with(b.folder.path(), "0138 0013 8000") == std::vector<std::string>{});

    auto db = open_database(b.folder / "live.db", access::read_only);
    const auto rows = [&](const std::string& from) {
        return number(db, "SELECT count(*) FROM " + from);
    };
    CHECK(rows("message WHERE recipient='erased' AND text=''") == 300);
    CHECK(rows("message WHERE recipient='8613900139000' AND text!=''") == 300);
    CHECK(rows("person") == 1);
    CHECK(rows("nuisance") == 1);
    CHECK(rows("receipt") == 1);
    CHECK(rows("blank") == 0);
    CHECK(rows("consent WHERE number='erased:key' AND words=''") == 1);
    CHECK(rows("consent_now WHERE number=8613800138000") == 1); // it stays opted out
    CHECK(rows("inbound WHERE sender='erased' AND text='' AND octets=x''") == 1);
    CHECK(rows("inbound WHERE sender='+8613900139000' AND text='hello'") == 1);
    CHECK(rows("operation WHERE which='erased' AND who='li'") == 1);
    CHECK(rows("event WHERE parked='its number was erased'") == 1);
}

TEST_CASE("erasure: what is under way is counted, and left as it is") {
    bench b;
    b.add("K-1", b.crm); // to another
    auto adding = b.adding("K-2", b.crm, 1);
    adding.message.recipient = its;
    std::vector<op> ops;
    ops.emplace_back(std::move(adding));
    const auto open = b.commit(std::move(ops)).front();
    CHECK(open_messages_to(b.folder / "live.db", its, {}) == 1);
    CHECK(erase_in_live(b) == 0);
    CHECK(b.read.whole(open.message)->message.recipient == its);
}

TEST_CASE("erasure: it goes on until it is ended") {
    bench b;
    CHECK(b.done(begin_erasure{its, "li", "asked", start_of_time}).what == outcome::code::applied);
    CHECK(b.done(begin_erasure{its, "li", "again", start_of_time}).what == outcome::code::stale);
    const auto all = erasures_under_way(b.folder / "live.db");
    REQUIRE(all.size() == 1);
    CHECK(all[0].number == its);
    CHECK(all[0].reason == "asked");
    b.done(end_erasure{its});
    CHECK(erasures_under_way(b.folder / "live.db").empty());
}

TEST_CASE("erasure: a month forgets a number, and is sealed anew without it") {
    for (const bool evidence : {false, true}) {
        CAPTURE(evidence);
        bench b;
        const auto history = b.folder / "history", month = history / "2025-10.db";
        for (int i = 0; i < 50; ++i)
            for (const auto* number : {its, other})
                b.archive_it(finish(b, std::string(number) + std::to_string(i), number),
                             start_of_time, false, true);
        {
            auto db = open_month(month, b.folder / "live.db");
            db.exec("INSERT INTO inbound VALUES(7, 1, '013800138000', '95598', x'41', 'A', 0, 0, "
                    "7, 'answered', 0, ''), (8, 1, '8613900139000', '95598', x'41', "
                    "'call 138-0013-8000', 0, 0, 7, 'answered', 0, '')");
            db.exec("INSERT INTO letter VALUES(7, '8613800138000'), (8, '8613900139000')");
        }
        const auto seal = [&] {
            seal_next(history, "", start_of_time + 24h * 40, {},
                      {.block = 2, .slice = 3, .spare = 0});
            REQUIRE(std::filesystem::exists(index_of(month)));
        };
        seal();
        const auto found = [&](const std::string& number) {
            return search(b.folder / "live.db", history)
                .find({.number = number}, "", 100)
                .rows.size();
        };
        CHECK(found(its) == 50);
        CHECK(erase_in_month(month, of(evidence), {}) == 50 + 1 + 2);
        CHECK(!std::filesystem::exists(index_of(month)));
        CHECK(erase_in_month(month, of(evidence), {}) == 0);
        CHECK(octets_of(month).find("call 138") == std::string::npos);
        const auto name = evidence ? "erased:key" : "erased";
        for (int times = 0; times < 2; ++times) { // before and after
            CHECK(found(its) == 0);
            CHECK(found(other) == 50);
            seal();
        }
        CHECK(found(name) == 50);
        auto db = open_database(month, access::read_only);
        CHECK(number(db, "SELECT count(*) FROM event WHERE data='' AND to_ref='" +
                             std::string(name) + "'") == 50);
        CHECK(number(db, "SELECT group_concat(phone) FROM letter") == 8613900139000);
        // Its keys name it, as their source chose them: they stay.
        statement key(db, "SELECT count(*) FROM event WHERE key LIKE '8613800138000%'");
        CHECK(key.row());
        CHECK(key.number(0) == 50);
    }
}

TEST_CASE("erasure: results forget a number, also those that were pruned before") {
    bench b;
    const auto file = b.folder / "result/crm.db";
    {
        result_file results(file, true);
        results.begin();
        for (int i = 1; i <= 500; ++i)
            results.put(result_row{.outbox_id = i,
                                   .key = "K-" + std::to_string(i),
                                   .type = "bill.issued",
                                   .event = i,
                                   .version = 1,
                                   .state = "delivered",
                                   .is_final = true,
                                   .recipient = i % 2 == 0 ? its : other,
                                   .parts = 1},
                        start_of_time + (i <= 400 ? 0s : 48h));
        results.put(inbox_row{.id = 1,
                              .kind = "text",
                              .number = its,
                              .recipient = "95598",
                              .text = "hi",
                              .data = "{}"},
                    start_of_time);
        results.commit(start_of_time);
        results.begin();
        results.prune(start_of_time + 24h, 400);
        results.commit(start_of_time);
    }
    REQUIRE(octets_of(file).find(part_of_it) != std::string::npos);
    CHECK(erase_in_results(file, of(), {}) == 50 + 1);
    CHECK(erase_in_results(file, of(), {}) == 0);
    CHECK(files_with(b.folder / "result", part_of_it) == std::vector<std::string>{});
    auto db = open_database(file, access::read_only);
    CHECK(number(db, "SELECT count(*) FROM result_recipient WHERE recipient='erased'") == 50);
    CHECK(number(db, "SELECT count(*) FROM result_recipient WHERE recipient='8613900139000'") ==
          50);
    CHECK(number(db, "SELECT count(*) FROM inbox_callback WHERE number='erased'") == 1);
    CHECK(number(db, "SELECT count(*) FROM sqlite_master WHERE name='blank'") == 0);
}

} // namespace number_eraser_test
