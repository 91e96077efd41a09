// One text for each household: what was made about then is covered by it, over a crash too.
#include "delivery/rig.hpp"

#include <doctest/doctest.h>

namespace collapse_test {

using namespace posthorn;
using namespace rig;

namespace {

setup once_within(duration hold, one_per by = one_per::number) {
    setup s{.window = 10};
    s.rules.collapse = {by, hold};
    return s;
}

message to(sending_side& s, const std::string& number, std::uint64_t household = 0) {
    auto m = s.new_message(1, on_uncertain::resend, 24h);
    m.recipient = number;
    m.household = household;
    return m;
}

void answer_all(sending_side& s, answer what) {
    for (std::size_t i = 0; i < s.at_carrier().seen.size(); ++i)
        if (s.at_carrier().seen[i].said == answer::none)
            s.tell(s.at_carrier().seen[i], what);
    s.pulse();
}

std::size_t sent(sending_side& s) { return s.at_carrier().seen.size(); }

std::int64_t covered(sending_side& s, const std::string& by = "%") {
    return live_db::number(s.db(), "SELECT count(*) FROM message WHERE state=" +
                                       std::to_string(int(message_state::suppressed)) +
                                       " AND reason LIKE 'covered by " + by +
                                       ": bill goes once to each %'");
}

std::string complaints(sending_side& s) { return live_db::joined(live_db::audit(s.db())); }

} // namespace

TEST_CASE("collapse: a storm for one household is one text, and the others name it") {
    sending_side s(once_within(30s));
    for (int i = 0; i < 4; ++i)
        s.accept(to(s, "8613800000001"));
    s.accept(to(s, "8613800000002"));
    s.pulse();
    CHECK(sent(s) == 2);
    CHECK(covered(s) == 0); // that one may still be refused
    answer_all(s, answer::accepted);
    s.pass(1s);
    CHECK(covered(s, "message %") == 3);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM message WHERE reason LIKE 'covered by "
                                  "message %: bill goes once to each number within 30s'") == 3);
    s.pass(29s);
    s.accept(to(s, "8613800000001")); // made 30 s later: still
    s.pulse();
    CHECK(covered(s, "message %") == 4);
    s.pass(1s);
    s.accept(to(s, "8613800000001"));
    s.pulse();
    CHECK(sent(s) == 3);
    CHECK(complaints(s) == "");
}

TEST_CASE("collapse: a household is an account or a customer, else its number") {
    sending_side s(once_within(30s, one_per::customer));
    s.accept(to(s, "8613800000001", 7));
    s.accept(to(s, "8613800000002", 7));
    s.accept(to(s, "8613800000003", 8));
    s.accept(to(s, "8613800000004"));
    s.accept(to(s, "8613800000004"));
    s.pulse();
    CHECK(sent(s) == 3);
    answer_all(s, answer::accepted);
    s.pass(1s);
    CHECK(sent(s) == 3);
    CHECK(covered(s) == 2);
    CHECK(complaints(s) == "");
}

TEST_CASE("collapse: when the first is refused the next is the household's, and it has its text") {
    sending_side s(once_within(30s, one_per::customer));
    for (const auto* number : {"8613800000001", "8613800000002", "8613800000003"})
        s.accept(to(s, number, 7));
    s.pulse();
    REQUIRE(sent(s) == 1);
    answer_all(s, answer::rejected);
    s.pass(1s);
    REQUIRE(sent(s) == 2);
    answer_all(s, answer::accepted);
    s.pass(1s);
    CHECK(sent(s) == 2);
    CHECK(covered(s, "message %") == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("collapse: an answer is not waited for longer than half a minute") {
    sending_side s(once_within(1h));
    s.accept(to(s, "8613800000001"));
    s.accept(to(s, "8613800000001"));
    s.pulse();
    for (int i = 0; i < 31; ++i)
        s.pass(1s);
    CHECK(sent(s) == 1);
    CHECK(covered(s) == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("collapse: other types and types that do not collapse are not covered") {
    sending_side s(once_within(30s));
    for (int i = 0; i < 3; ++i) {
        auto m = to(s, "8613800000001");
        m.type = type + 1;
        s.accept(std::move(m));
    }
    s.pulse();
    CHECK(sent(s) == 3);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM cover") == 0);
}

TEST_CASE("collapse: what did not leave covers nothing") {
    for (const auto said : {answer::rejected, answer::deferred}) {
        sending_side s(once_within(30s));
        s.accept(to(s, "8613800000001"));
        s.pulse();
        REQUIRE(sent(s) == 1);
        s.tell(s.at_carrier().seen[0], said, 20s);
        s.pulse();
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM cover") == 0);
        s.accept(to(s, "8613800000001"));
        s.pulse();
        CHECK(sent(s) == 2);
        answer_all(s, answer::accepted);
        s.pass(21s);
        CHECK(covered(s, "message %") == (said == answer::deferred ? 1 : 0));
        CHECK(complaints(s) == "");
    }
}

TEST_CASE("collapse: it is by when they were made, not by when they leave, over a crash too") {
    sending_side s(once_within(30s, one_per::account));
    for (const auto after : {10s, 3600s}) {
        auto later = to(s, "8613800000001", 7);
        later.due_at = s.now + after;
        s.accept(later);
    }
    s.accept(to(s, "8613800000002", 7));
    s.pulse();
    REQUIRE(sent(s) == 1);
    answer_all(s, answer::accepted);
    s.pass(1min);
    s.accept(to(s, "8613800000003", 8));
    s.pulse();
    answer_all(s, answer::accepted);
    s.crash();
    s.pass(1h);
    CHECK(sent(s) == 2);
    CHECK(covered(s, "message %") == 2);
    CHECK(complaints(s) == "");
}

} // namespace collapse_test
