// Texts from phones: stored, settled once, and found again at start.
#include "store/plain_store.hpp"
#include "store/reader.hpp"

#include <doctest/doctest.h>

#include <semaphore>

namespace inbound_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;
using code = outcome::code;

namespace {

// A store that was opened, as often as a test needs.
struct opened {
    store::store live;
    recovered found;

    explicit opened(const scratch_folder& folder) : live(plain_store(folder.path())) {
        found = live.recover(start_of_time);
        live.start();
    }
    ~opened() { live.stop(); }

    outcome commit(op o) {
        outcome out;
        std::binary_semaphore committed{0};
        std::vector<op> ops;
        ops.push_back(std::move(o));
        live.submit(std::move(ops), [&](std::span<const outcome> outcomes) {
            out = outcomes.front();
            committed.release();
        });
        committed.acquire();
        return out;
    }
};

add_event reply(std::int64_t row) {
    add_event o{.event = make_event("mo-1", row, 1), .source = 1, .at = start_of_time};
    o.message = make_message(1);
    return o;
}

add_inbound text(std::string what, duration later = {}) {
    return {.text = {.account = 5,
                     .sender = "8613800000001",
                     .recipient = "10690000",
                     .octets = what,
                     .text = what,
                     .at = start_of_time + later},
            .settled = {}};
}

question asked(posthorn::id text) {
    return {.number = "8613800000001",
            .recipient = "10690000",
            .id = text,
            .kind = "choose",
            .data = "{}",
            .asked_at = start_of_time,
            .expires_at = start_of_time + 10min};
}

} // namespace

TEST_CASE("store: a text waits until it is settled, and is settled once") {
    const scratch_folder folder;
    posthorn::id first = 0;
    {
        opened s(folder);
        first = s.commit(text("YE")).event;
        const auto second = s.commit(text("DF", 1s)).event;
        auto kept = text("HH", 2s);
        kept.settled = inbound_outcome::kept;
        s.commit(kept);
        const settle_inbound done{.texts = {second}, .command = "bill"};
        CHECK(s.commit(done).what == code::applied);
        CHECK(s.commit(done).what == code::stale);
    }
    const auto found = opened(folder).found;
    REQUIRE(found.waiting_texts.size() == 1);
    CHECK(found.waiting_texts[0].id == first);
    CHECK(found.waiting_texts[0].text == "YE");
    CHECK(found.waiting_texts[0].account == 5);
    CHECK(found.last_texts.size() == 3);
    for (const auto& last : found.last_texts)
        CHECK(!last.proven_by_one_link); // nothing was ever accepted
    CHECK(found.tallies.at("inbound") == 3);
    CHECK(found.tallies.at("inbound answered") == 1);
    CHECK(found.tallies.at("inbound kept") == 1);
}

TEST_CASE("store: what belongs to an answer is committed with it, and not without it") {
    const scratch_folder folder;
    opened s(folder);
    const auto came = s.commit(text("YE")).event;
    auto answer = reply(1);
    answer.along = std::make_shared<op_list>(op_list{
        {settle_inbound{.texts = {came}, .command = "balance"}, put_question{asked(came)}}});
    CHECK(s.commit(answer).what == code::applied);
    SQLite::Database db = open_database(folder / "live.db", access::read_only);
    CHECK(number(db, "SELECT count(*) FROM inbound WHERE outcome='answered'") == 1);
    CHECK(number(db, "SELECT count(*) FROM question") == 1);

    const auto next = s.commit(text("DF", 1s)).event;
    answer = reply(2); // the same event once more: nothing of it happens
    answer.along = std::make_shared<op_list>(op_list{{settle_inbound{.texts = {next}}}});
    CHECK(s.commit(answer).what == code::duplicate);
    CHECK(number(db, "SELECT count(*) FROM inbound WHERE outcome IS NULL") == 1);
}

TEST_CASE("store: a question is replaced by the next one, and dropped only by its own name") {
    const scratch_folder folder;
    {
        opened s(folder);
        s.commit(put_question{asked(1)});
        s.commit(put_question{asked(2)});
        CHECK(s.commit(drop_question{"8613800000001", "10690000", 1}).what == code::stale);
    }
    opened s(folder);
    const auto& found = s.found;
    REQUIRE(found.questions.size() == 1);
    CHECK(found.questions[0].id == 2);
    CHECK(found.questions[0].kind == "choose");
    CHECK(found.questions[0].expires_at == start_of_time + 10min);
    CHECK(s.commit(drop_question{"8613800000001", "10690000", 2}).what == code::applied);
}

TEST_CASE(
    "store: a text whose answer the carrier has accepted was acknowledged, and those before") {
    const scratch_folder folder;
    store::store(plain_store(folder.path())).number_of("source", own_source);
    posthorn::id second = 0;
    {
        opened s(folder);
        s.commit(text("YE"));
        second = s.commit(text("DF")).event;
        s.commit(text("HH"));
        auto answer = reply(1);
        answer.event.key = "mo-" + std::to_string(second);
        answer.message.parts.front().state = part_state::sending;
        answer.message.parts.front().attempts = 1;
        answer.message.account = 5;
        const auto sent = s.commit(answer);
        s.commit(tell_part{.message = sent.message,
                           .attempts = 1,
                           .what = part_event::accept,
                           .ref = "9A",
                           .at = start_of_time});
    }
    const auto found = opened(folder).found;
    REQUIRE(found.last_texts.size() == 3);
    CHECK(found.last_texts[0].proven_by_one_link);
    CHECK(found.last_texts[1].proven_by_one_link);
    CHECK(found.last_texts[2].text.text == "HH");
    CHECK(!found.last_texts[2].proven_by_one_link);
}

TEST_CASE("store: a person looks at a text that failed once, and that is recorded once") {
    const scratch_folder folder;
    opened s(folder);
    const auto failed = s.commit(text("YE")).event, fine = s.commit(text("DF", 1s)).event;
    s.commit(settle_inbound{.texts = {failed}, .what = inbound_outcome::failed});
    s.commit(settle_inbound{.texts = {fine}});
    const auto done = [&](posthorn::id i) {
        return s
            .commit(handle_inbound{i, {.who = "li", .what = "inbound done", .at = start_of_time}})
            .what;
    };
    CHECK(done(failed) == code::applied);
    CHECK(done(failed) == code::stale);
    CHECK(done(fine) == code::stale);
    CHECK(done(7) == code::stale);
    reader read(folder / "live.db", folder / "history");
    CHECK(read.operations({}, 10).size() == 1);
    CHECK(read.tallies().at("inbound failed") == 1);
    CHECK(read.tallies().at("inbound handled") == 1);
}

} // namespace inbound_test
