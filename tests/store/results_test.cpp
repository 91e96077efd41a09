// What a source reads of an event for many: one row that counts its messages, and a row for each.
#include "store/results.hpp"

#include "store/live_db.hpp"

#include <doctest/doctest.h>

namespace results_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

result_row about_event(std::int64_t version) {
    return {.outbox_id = 7,
            .key = "o-7",
            .type = "outage.planned",
            .run = "r",
            .event = 700,
            .version = combined_version(version, 0),
            .received_at = start_of_time};
}

recipient_row message_of(posthorn::id message, std::int64_t version, message_state state) {
    recipient_row out{.message = message, .row = about_event(1)};
    out.row.version = combined_version(1, version);
    out.row.state = name_of(state);
    out.row.is_final = is_final(state);
    out.row.recipient = "86138" + std::to_string(message);
    out.row.parts = 2;
    return out;
}

struct told_file {
    scratch_folder folder;
    result_file file{folder / "oms.db", true};

    template <class Row>
    void put(const Row& row) {
        file.begin();
        if constexpr (std::is_same_v<Row, result_row>)
            file.put(row, start_of_time);
        else
            file.put(row);
        file.commit(start_of_time);
    }
    void expanded(std::int64_t made, bool done, const std::string& reason = "") {
        expansion_row row{.row = about_event(done ? 2 : 1), .made = made, .done = done};
        row.row.reason = reason;
        put(row);
    }
    std::string row(std::string_view sql) {
        auto db = open_database(folder / "oms.db", access::read_only);
        statement s(db, sql);
        std::string out;
        while (s.row()) {
            out += out.empty() ? "" : ";";
            for (int i = 0; i < 5; ++i)
                out += (i == 0 ? "" : "|") + std::string(s.text(i));
        }
        return out;
    }
    // state|final|messages|delivered|failed
    std::string result() {
        return row("SELECT state, final, messages, delivered, failed FROM result");
    }
    std::string callbacks() { return row("SELECT count(*), '', '', '', '' FROM callback"); }
};

constexpr auto delivered = message_state::delivered, queued = message_state::queued,
               suppressed = message_state::suppressed, undelivered = message_state::undelivered;

} // namespace

TEST_CASE("results: an event for many is expanding, then sending, and ends as its messages do") {
    told_file f;
    f.expanded(0, false);
    CHECK(f.result() == "expanding|0|0|0|0");
    f.put(message_of(1, 3, delivered));
    CHECK(f.result() == "expanding|0|1|1|0");
    f.expanded(3, true);
    CHECK(f.result() == "sending|0|3|1|0");
    f.put(message_of(2, 1, queued));
    f.put(message_of(3, 1, suppressed));
    CHECK(f.result() == "sending|0|3|1|1");
    CHECK(f.callbacks().starts_with("0"));
    f.put(message_of(2, 4, delivered));
    CHECK(f.result() == "partial|1|3|2|1");
    CHECK(f.callbacks().starts_with("1"));
    CHECK(f.row("SELECT recipient, state, final, parts, '' FROM result_recipient ORDER BY 1") ==
          "861381|delivered|1|2|;861382|delivered|1|2|;861383|suppressed|1|2|");
    CHECK(f.row("SELECT parts, '', '', '', '' FROM result").starts_with("6"));
}

TEST_CASE("results: what is told again, or later than what came after it, changes nothing") {
    told_file f;
    f.put(message_of(1, 3, delivered));
    f.put(message_of(1, 2, queued));
    f.put(message_of(1, 3, delivered));
    f.expanded(1, true);
    f.expanded(0, false); // a replay, with what is true by now behind it
    f.expanded(1, true);
    CHECK(f.result() == "delivered|1|1|1|0");
}

TEST_CASE("results: of an event for many a late receipt corrects both rows") {
    told_file f;
    f.put(message_of(1, 3, undelivered));
    f.expanded(1, true);
    CHECK(f.result() == "undelivered|1|1|0|1");
    f.put(message_of(1, 4, delivered));
    CHECK(f.result() == "delivered|1|1|1|0");
}

TEST_CASE("results: an event with nobody to tell is suppressed, and says why") {
    told_file f;
    f.expanded(0, true, "to_ref: no area 'x' is known");
    CHECK(f.row("SELECT state, final, reason, messages, '' FROM result") ==
          "suppressed|1|to_ref: no area 'x' is known|0|");
}

TEST_CASE("results: where all ended alike the event did, else it is undelivered") {
    told_file f;
    f.put(message_of(1, 1, suppressed));
    f.put(message_of(2, 1, suppressed));
    f.expanded(2, true);
    CHECK(f.result().starts_with("suppressed|1"));
    f.put(message_of(2, 2, undelivered));
    CHECK(f.result().starts_with("undelivered|1"));
}

TEST_CASE("results: an event that was parked becomes one for many") {
    told_file f;
    auto parked = about_event(1);
    parked.state = "parked";
    parked.reason = "type: unknown";
    f.put(parked);
    f.expanded(0, false);
    CHECK(f.result() == "expanding|0|0|0|0");
    CHECK(f.row("SELECT reason, '', '', '', '' FROM result") == "||||");
}

TEST_CASE("results: rows of recipients go with their event's") {
    told_file f;
    f.put(message_of(1, 3, delivered));
    f.expanded(1, true);
    CHECK(f.file.prune(start_of_time + 1h, 10) == 1);
    CHECK(f.row("SELECT count(*), '', '', '', '' FROM recipient_row").starts_with("0"));
    CHECK(f.row("SELECT count(*), '', '', '', '' FROM recipient_count").starts_with("0"));
}

} // namespace results_test
