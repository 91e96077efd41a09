// What people changed: written with the change, listed for `posthorn log`.
#include "store/plain_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/store_bench.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

namespace operations_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

operation deed(std::string who, std::string what, duration later = {}) {
    return {.who = std::move(who),
            .what = std::move(what),
            .which = "run r1",
            .reason = "because",
            .at = start_of_time + later};
}

std::vector<std::string> verbs(const std::vector<noted_operation>& found) {
    std::vector<std::string> out;
    for (const auto& o : found)
        out.push_back(o.done.who + " " + o.done.what);
    return out;
}

using words = std::vector<std::string>;

} // namespace

TEST_CASE("store: operations are listed newest first, by whom, by verb, by time, page by page") {
    bench b;
    b.commit({deed("li", "pause"), deed("wang", "resume", 1h)});
    b.commit({deed("li", "stop", 2h)});
    CHECK(verbs(b.read.operations({}, 10)) == words{"li stop", "wang resume", "li pause"});
    CHECK(verbs(b.read.operations({.who = "li"}, 10)) == words{"li stop", "li pause"});
    CHECK(verbs(b.read.operations({.what = "resume"}, 10)) == words{"wang resume"});
    CHECK(verbs(b.read.operations({.since = start_of_time + 1h}, 10)) ==
          words{"li stop", "wang resume"});
    const auto page = b.read.operations({}, 2);
    CHECK(verbs(b.read.operations({.before = page.back().id}, 2)) == words{"li pause"});
    CHECK(page.front().done.reason == "because");
    CHECK(page.front().done.at == start_of_time + 2h);
}

TEST_CASE("store: pauses of before were of every source, and still are") {
    const scratch_folder folder;
    {
        auto db = open_database(folder / "live.db", access::read_write);
        for (const auto* step : {"001_live.sql", "002_operations.sql"}) {
            std::ifstream in(std::string(PROJECT_DIR "/daemon/store/schema/") + step);
            db.exec(std::string(std::istreambuf_iterator<char>(in), {}));
        }
        db.exec("PRAGMA user_version = 2; "
                "INSERT INTO pause VALUES(4, 'r1', 1, 'li', 'wrong amounts', 5)");
    }
    posthorn::store::store s(plain_store(folder.path()));
    const auto found = s.recover(start_of_time).pauses;
    REQUIRE(found.size() == 1);
    CHECK(found[0].what.scope == scope{scope_kind::run, "r1"});
    CHECK(found[0].what.stopped);
    CHECK(found[0].what.reason == "wrong amounts");
}

TEST_CASE("store: what an earlier release had to tell is told") {
    bench b;
    b.add("K-1", b.crm);
    b.writer.reset();
    {
        auto db = open_database(b.folder / "live.db", access::read_write);
        db.exec("CREATE TABLE before(seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, "
                "entries BLOB NOT NULL) STRICT; INSERT INTO before SELECT seq + 40, at, entries "
                "FROM feedback; DROP TABLE feedback; ALTER TABLE before RENAME TO feedback; "
                "PRAGMA user_version = 24");
    }
    b.writer = std::make_unique<posthorn::store::store>(plain_store(b.folder.path()));
    b.writer->start();
    b.add("K-2", b.crm);
    const auto told = changes(b.folder / "live.db").after(40, 10);
    CHECK(told.entries.size() == 2);
    CHECK(told.through == 42);
}

TEST_CASE("store: the log of operations is kept for as long as it is asked to be") {
    bench b;
    b.commit({deed("li", "pause"), deed("li", "resume", 48h)});
    b.commit({forget{.operations_before = start_of_time + 24h}});
    CHECK(verbs(b.read.operations({}, 10)) == words{"li resume"});
}

TEST_CASE("store: an event that is sent again has another message, and both are shown") {
    bench b;
    const auto first = b.add("K-1", b.crm, 2);
    b.tell(first.message, part_event::reject, 1, false);
    b.tell(first.message, part_event::reject, 2, false);
    b.archive_it(first, start_of_time, true, true);
    auto whole = b.read.whole(first.message);
    REQUIRE(whole);
    CHECK(whole->state == message_state::rejected);
    CHECK(whole->event.key == "K-1");
    REQUIRE(whole->message.parts.size() == 2);
    CHECK(whole->message.parts[1].octets == "octets 2");

    auto m = whole->message;
    for (auto& p : m.parts)
        p = {.n = p.n, .octets = p.octets};
    m.account = 0;
    const auto again = b.commit({send_again{.event = whole->event,
                                            .event_version = whole->event_version,
                                            .message = m,
                                            .earlier = first.message,
                                            .repeat = true,
                                            .at = start_of_time}})
                           .front();
    CHECK(again.event == first.event);
    const auto story = b.read.stories_of_key("K-1").at(0);
    REQUIRE(story.messages.size() == 2);
    CHECK(story.messages[0].id == first.message);
    CHECK(story.messages[0].state == message_state::rejected);
    CHECK(story.messages[1].id == again.message);
    CHECK(story.messages[1].parts[1].repeats == 1);
    auto db = open_database(b.folder / "live.db", access::read_only);
    CHECK(number(db, "SELECT version FROM event") == whole->event_version + 1);
    CHECK(joined(audit(db, true)) == "");
}

} // namespace operations_test
