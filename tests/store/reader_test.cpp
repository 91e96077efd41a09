// The reader on a store that was filled through the writer.
#include "store/reader.hpp"

#include "store/store_bench.hpp"

#include <doctest/doctest.h>

namespace reader_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;

TEST_CASE("reader: a story is found by the event's id, the message's and the key") {
    bench b;
    const auto one = b.add("K-1", b.crm);
    b.add("K-2", b.crm);
    b.tell(one.message, part_event::accept);
    b.tell(one.message, part_event::deliver, 1, true, start_of_time + std::chrono::seconds(2));
    for (const auto& story : {b.read.story_of(one.event), b.read.story_of(one.message),
                              std::optional(b.read.stories_of_key("K-1").at(0))}) {
        REQUIRE(story);
        CHECK(story->event.key == "K-1");
        CHECK(story->event.source == "crm");
        CHECK_FALSE(story->parked);
        REQUIRE(story->messages.size() == 1);
        const auto& m = story->messages[0];
        CHECK(m.id == one.message);
        CHECK(m.account == "sim");
        CHECK(m.state == message_state::delivered);
        REQUIRE(m.parts.size() == 1);
        CHECK(m.parts[0].state == part_state::delivered);
        CHECK(m.parts[0].ref == "9A");
        CHECK(m.parts[0].submitted_at == start_of_time);
        CHECK(m.parts[0].final_at == start_of_time + std::chrono::seconds(2));
    }
    CHECK_FALSE(b.read.story_of(12345));
    CHECK(b.read.stories_of_key("K-3").empty());
}

TEST_CASE("reader: a key is told for each source that used it, or for one") {
    bench b;
    b.add("K", b.crm);
    b.add("K", b.billing);
    CHECK(b.read.stories_of_key("K").size() == 2);
    const auto one = b.read.stories_of_key("K", "billing");
    REQUIRE(one.size() == 1);
    CHECK(one[0].event.source == "billing");
    CHECK(b.read.stories_of_key("K", "nobody").empty());
}

TEST_CASE("reader: keys are found in sealed slices, in those being written, and behind them") {
    bench b(50);
    std::map<std::string, id> truth;
    for (int i = 0; i < 400; ++i) { // each commit seals a little
        const auto key = "K-" + std::to_string(i);
        truth[key] = b.add(key, i % 2 ? b.crm : b.billing).event;
    }
    auto db = open_database(b.folder / "live.db", access::read_only);
    REQUIRE(number(db, "SELECT count(*) FROM key_slice WHERE sealed_at > 0") > 1);
    for (const auto& [key, event] : truth) {
        CAPTURE(key);
        const auto found = b.read.stories_of_key(key);
        REQUIRE(found.size() == 1);
        CHECK(found[0].event.id == event);
    }
}

TEST_CASE("reader: what has left for history is found there, by id, message and unsealed key") {
    bench b;
    const auto later = start_of_time + std::chrono::days(70); // other months lie between
    const auto long_one = b.add("K-long", b.crm, 2);
    b.tell(long_one.message, part_event::doubt, 1, false);
    b.tell(long_one.message, part_event::accept, 1, false);
    b.tell(long_one.message, part_event::accept, 2, false);
    b.tell(long_one.message, part_event::deliver, 1, false, later);
    b.tell(long_one.message, part_event::deliver, 2, false, later);
    b.archive_it(long_one, later, true, true);
    CHECK(std::filesystem::exists(b.folder / "history"));
    for (const auto& story : {b.read.story_of(long_one.event), b.read.story_of(long_one.message),
                              std::optional(b.read.stories_of_key("K-long", "crm").at(0))}) {
        REQUIRE(story);
        CHECK(story->event.source == "crm");
        REQUIRE(story->messages.size() == 1);
        const auto& m = story->messages[0];
        CHECK(m.account == "sim");
        CHECK(m.state == message_state::delivered);
        REQUIRE(m.parts.size() == 2);
        CHECK(m.parts[1].final_at == later);
        REQUIRE(m.parts[0].attempts.size() == 1);
        CHECK(m.parts[0].attempts[0].outcome == "uncertain");
    }
}

TEST_CASE("reader: where live.db and a month both have a message, live.db wins") {
    bench b;
    const auto one = b.add("K-1", b.crm);
    b.tell(one.message, part_event::accept);
    b.tell(one.message, part_event::give_up);
    b.archive_it(one, start_of_time, false, false);
    b.tell(one.message, part_event::deliver);
    const auto story = b.read.story_of(one.message);
    REQUIRE(story);
    CHECK(story->messages.at(0).state == message_state::delivered);
}

TEST_CASE("reader: a parked event that was released shows the message it became") {
    bench b;
    const auto parked = b.add("K-1", b.crm, 1, "no such type");
    auto story = b.read.story_of(parked.event);
    REQUIRE(story);
    CHECK(story->parked == "no such type");
    CHECK(story->messages.empty());
    b.add("K-2", b.crm); // its ids lie between
    std::vector<op> ops;
    auto m = make_message(1);
    m.source = b.crm;
    ops.emplace_back(release_event{.event = parked.event, .message = m, .at = start_of_time});
    const auto released = b.commit(std::move(ops)).front();
    story = b.read.story_of(parked.event);
    REQUIRE(story);
    CHECK_FALSE(story->parked);
    CHECK(story->complete);
    REQUIRE(story->messages.size() == 1);
    CHECK(story->messages[0].id == released.message);
    CHECK(story->messages[0].state == message_state::queued);
}

TEST_CASE("reader: parked events are filtered, paged, and complete enough to be prepared again") {
    bench b;
    b.add("K-1", b.crm, 1, "no such type: bill.isued");
    b.add("K-2", b.billing, 1, "amount: NOT a decimal (100%)");
    b.add("K-3", b.billing, 1, "amount: not a decimal (100%)");
    b.add("K-4", b.crm);
    struct row {
        parked_filter which;
        std::vector<std::string> keys;
    };
    for (const auto& r :
         {row{{}, {"K-1", "K-2", "K-3"}}, row{{.source = "billing"}, {"K-2", "K-3"}},
          row{{.source = "nobody"}, {}}, row{{.key = "K-2"}, {"K-2"}}, row{{.key = "K-4"}, {}},
          row{{.type = "bill.issued"}, {"K-1", "K-2", "K-3"}}, row{{.type = "other"}, {}},
          row{{.reason_has = "Not a decimal"}, {"K-2", "K-3"}}, row{{.reason_has = "%bill"}, {}},
          row{{.reason_has = "100%"}, {"K-2", "K-3"}},
          row{{.source = "crm", .reason_has = "amount"}, {}}}) {
        std::vector<std::string> keys;
        id after = 0; // one at a time: a page is as good as all
        for (;;) {
            const auto page = b.read.parked(r.which, after, 1);
            if (page.empty())
                break;
            after = page[0].event.id;
            keys.push_back(page[0].event.key);
        }
        CHECK(keys == r.keys);
    }
    const auto one = b.read.parked({.key = "K-1"}, 0, 10).at(0);
    CHECK(one.reason == "no such type: bill.isued");
    CHECK(one.event.source == "crm");
    CHECK(one.event.outbox_id == 1);
    CHECK(one.event.data == "{}");
    CHECK(one.event.to_kind == "number");
    CHECK(one.event.received_at == start_of_time);
    CHECK(one.event.content_hash == 1);
}

TEST_CASE("reader: reasons of parked events are counted, the most frequent first") {
    bench b;
    for (int i = 0; i < 3; ++i)
        b.add("A-" + std::to_string(i), b.crm, 1, "often");
    b.add("B", b.crm, 1, "once");
    const auto reasons = b.read.parked_reasons();
    REQUIRE(reasons.size() == 2);
    CHECK(reasons[0].reason == "often");
    CHECK(reasons[0].events == 3);
    CHECK(reasons[1].events == 1);
    CHECK(b.read.tallies().at("parked") == 4);
    CHECK(b.read.names().at(b.billing) == "billing");
    CHECK(b.read.event_row(b.add("C", b.billing).event)->source == "billing");
    CHECK_FALSE(b.read.event_row(1));
}

TEST_CASE("reader: only submitted parts past validity and receipt_wait are overdue") {
    bench b;
    const auto single = b.add("K-1", b.crm);
    const auto open = b.add("K-2", b.crm); // sending: no verdict yet
    const auto longer = b.add("K-3", b.crm, 2);
    const auto done = b.add("K-4", b.crm);
    b.tell(single.message, part_event::accept);
    b.tell(longer.message, part_event::accept, 2, false);
    b.tell(done.message, part_event::accept);
    b.tell(done.message, part_event::deliver);
    const auto wait = std::chrono::hours(24);
    const auto end = start_of_time + std::chrono::hours(1) + wait; // messages last an hour
    CHECK(b.read.overdue(end, wait).empty());
    const auto late = b.read.overdue(end + duration(1), wait);
    REQUIRE(late.size() == 2);
    CHECK(late[0].message == single.message);
    CHECK(late[0].single);
    CHECK(late[1].message == longer.message);
    CHECK_FALSE(late[1].single);
    CHECK(late[1].n == 2);
    for (const auto& op : late) {
        CHECK(op.what == part_event::give_up);
        CHECK(op.attempts == 1);
        CHECK(op.at == end + duration(1));
    }
    CHECK(b.commit({late.begin(), late.end()}).at(0).state == message_state::unconfirmed);
    CHECK(b.read.overdue(end + duration(1), wait).empty());
    CHECK(b.read.story_of(open.message)->messages.at(0).state == message_state::sending);
}

TEST_CASE("reader: the queue is counted by flow, with the oldest due") {
    bench b;
    const auto add = [&](name_id source, priority p, instant due) {
        auto op = b.adding("K-" + std::to_string(b.next_row), source, 1);
        op.message.parts = make_message(1).parts;
        op.message.priority = p;
        op.message.due_at = due;
        std::vector<store::op> ops;
        ops.emplace_back(std::move(op));
        b.commit(std::move(ops));
    };
    CHECK(b.read.queue().empty());
    const auto later = start_of_time + std::chrono::minutes(1);
    add(b.crm, priority::bulk, later);
    add(b.crm, priority::bulk, start_of_time);
    add(b.crm, priority::urgent, later);
    add(b.billing, priority::bulk, later);
    const auto queue = b.read.queue();
    REQUIRE(queue.size() == 3);
    CHECK(queue[0].flow == flow_name{b.sms, priority::urgent, b.crm});
    CHECK(queue[1].flow == flow_name{b.sms, priority::bulk, b.crm});
    CHECK(queue[1].messages == 2);
    CHECK(queue[1].oldest_due == start_of_time);
    CHECK_FALSE(queue[1].more);
    CHECK(queue[2].oldest_due == later);
}

TEST_CASE("reader: a live.db that is not there fails with its name, and is found once it is") {
    scratch_folder folder;
    reader read(folder / "live.db", folder / "history");
    try {
        read.tallies();
        FAIL("there is no file");
    } catch (const read_failed& e) {
        CHECK(std::string(e.what()).find((folder / "live.db").string()) == 0);
    }
    auto db = open_database(folder / "live.db", access::read_write);
    db.exec("CREATE TABLE name(id, kind, name); CREATE TABLE tally(what, n);"
            "INSERT INTO tally VALUES('events', 3)");
    CHECK(read.tallies().at("events") == 3);
}

TEST_CASE(
    "reader: a wording that says something else is another version, also one that comes back") {
    bench b;
    const auto keep = [&](const char* type, const char* written, const char* who = "") {
        return b.done(keep_wording{type, written, who, start_of_time}).wording;
    };
    CHECK(keep("bill.issued", "{1}") == 1);
    CHECK(keep("bill.issued", "{1}", "li") == 1);
    CHECK(keep("bill.issued", "{2}", "li") == 2);
    CHECK(keep("bill.issued", "{1}", "wang") == 3);
    CHECK(keep("outage.planned", "{1}") == 1);
    const auto all = b.read.wordings("bill.issued");
    REQUIRE(all.size() == 3);
    CHECK(all[0].version == 3);
    CHECK(all[0].who == "wang");
    CHECK(all[1].written == "{2}");
    CHECK(all[2].who.empty());
    CHECK(all[2].since == start_of_time);
    CHECK(b.read.wordings("nothing").empty());
}

TEST_CASE("reader: a message knows the version of its wording, in live.db and in its month") {
    bench b;
    const auto since = start_of_time - std::chrono::hours(1);
    b.done(keep_wording{"bill.issued", "{1}", "", start_of_time - std::chrono::hours(2)});
    b.done(keep_wording{"bill.issued", "{2}", "li", since});
    auto op = b.adding("K-1", b.crm, 1);
    op.event.type = "bill.issued";
    op.message.wording = 2;
    const auto one = b.done(std::move(op));
    const auto check = [&] {
        const auto story = b.read.story_of(one.message);
        REQUIRE(story);
        CHECK(story->messages.at(0).wording == 2);
        CHECK(story->messages.at(0).wording_since == since);
        CHECK(story->messages.at(0).pool == "sms");
        CHECK(b.read.whole(one.message)->message.wording == 2);
    };
    check();
    b.tell(one.message, part_event::accept);
    b.tell(one.message, part_event::deliver);
    b.archive_it(one, start_of_time, false, true);
    check();
}

TEST_CASE("reader: months of a release that kept no versions are read, and take more messages") {
    bench b;
    const auto old = b.add("K-old", b.crm);
    b.tell(old.message, part_event::accept);
    b.tell(old.message, part_event::deliver);
    b.archive_it(old, start_of_time, false, true);
    const auto month = b.folder / "history" / (archive::month_named(start_of_time) + ".db");
    {
        auto db = open_database(month, access::read_write);
        db.exec("ALTER TABLE message DROP COLUMN wording");
    }
    CHECK(b.read.story_of(old.message)->messages.at(0).wording == 0);
    CHECK(b.read.whole(old.message)->message.wording == 0);
    auto op = b.adding("K-new", b.crm, 1);
    op.message.wording = 4;
    const auto fresh = b.done(std::move(op));
    b.tell(fresh.message, part_event::accept);
    b.tell(fresh.message, part_event::deliver);
    b.archive_it(fresh, start_of_time, false, true);
    CHECK(b.read.story_of(fresh.message)->messages.at(0).wording == 4);
    CHECK(b.read.story_of(old.message)->messages.at(0).wording == 0);
}

TEST_CASE("reader: of a letter the phone is known whose consent counts, until it has left") {
    bench b;
    auto op = b.adding("K-1", b.crm, 1);
    op.message.coding = coding::email;
    op.message.recipient = "zhang@example.net";
    op.message.phone = "8613800000001";
    op.message.account = 0;
    op.message.parts.front().state = part_state::queued;
    op.message.parts.front().attempts = 0;
    const auto letter = b.done(std::move(op));
    claimed found;
    std::binary_semaphore answered{0};
    b.writer->claim({b.sms, op.message.priority, b.crm}, start_of_time + std::chrono::hours(1), 10,
                    [&](claimed c) {
                        found = std::move(c);
                        answered.release();
                    });
    answered.acquire();
    REQUIRE(found.messages.size() == 1);
    CHECK(found.messages[0].phone == "8613800000001");
    b.done(close_message{letter.message, part_event::cancel, "enough", start_of_time});
    b.archive_it(letter, start_of_time, true, true);
    auto db = open_database(b.folder / "live.db", access::read_only);
    CHECK(number(db, "SELECT count(*) FROM letter") == 0);
    const auto whole = b.read.whole(letter.message); // from its month, to be sent again
    REQUIRE(whole);
    CHECK(whole->message.phone == "8613800000001");
    CHECK(b.read.story_of(letter.message)->messages.at(0).phone == "8613800000001");
}

} // namespace reader_test
