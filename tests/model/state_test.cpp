#include "model/state.hpp"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

namespace state_test {

using namespace posthorn;

namespace {

constexpr std::size_t events = 12;

struct table_row {
    part_state from;
    std::array<part_state, events> to; // in the order of part_event
};

using enum part_state;

// Every pair of state and event. A state that stays as it is is written out, too.
constexpr std::array<table_row, 12> table{{
    // clang-format off
    //               open         accept       defer        reject       doubt        deliver      fail         expire       cancel       suppress     give_up      stop_asking
    {queued,      {{sending,     queued,      queued,      queued,      queued,      queued,      queued,      expired,     cancelled,   suppressed,  queued,      queued}}},
    {sending,     {{sending,     submitted,   queued,      rejected,    uncertain,   delivered,   undelivered, expired,     sending,     sending,     sending,     sending}}},
    {uncertain,   {{sending,     submitted,   queued,      rejected,    uncertain,   delivered,   undelivered, expired,     uncertain,   uncertain,   uncertain,   unresolved}}},
    {submitted,   {{submitted,   submitted,   submitted,   submitted,   submitted,   delivered,   undelivered, expired,     cancelled,   submitted,   unconfirmed, submitted}}},
    {delivered,   {{delivered,   delivered,   delivered,   delivered,   delivered,   delivered,   delivered,   delivered,   delivered,   delivered,   delivered,   delivered}}},
    {undelivered, {{undelivered, undelivered, undelivered, undelivered, undelivered, undelivered, undelivered, undelivered, undelivered, undelivered, undelivered, undelivered}}},
    {rejected,    {{rejected,    rejected,    rejected,    rejected,    rejected,    rejected,    rejected,    rejected,    rejected,    rejected,    rejected,    rejected}}},
    {expired,     {{expired,     expired,     expired,     expired,     expired,     expired,     expired,     expired,     expired,     expired,     expired,     expired}}},
    {cancelled,   {{cancelled,   cancelled,   cancelled,   cancelled,   cancelled,   cancelled,   cancelled,   cancelled,   cancelled,   cancelled,   cancelled,   cancelled}}},
    {suppressed,  {{suppressed,  suppressed,  suppressed,  suppressed,  suppressed,  suppressed,  suppressed,  suppressed,  suppressed,  suppressed,  suppressed,  suppressed}}},
    {unconfirmed, {{unconfirmed, unconfirmed, unconfirmed, unconfirmed, unconfirmed, delivered,   undelivered, expired,     unconfirmed, unconfirmed, unconfirmed, unconfirmed}}},
    {unresolved,  {{unresolved,  unresolved,  unresolved,  unresolved,  unresolved,  delivered,   undelivered, expired,     unresolved,  unresolved,  unresolved,  unresolved}}},
    // clang-format on
}};

} // namespace

TEST_CASE("model: every event in every part state leads where the table says") {
    for (std::size_t state = 0; state < table.size(); ++state) {
        REQUIRE(static_cast<std::size_t>(table[state].from) == state);
        for (std::size_t event = 0; event < events; ++event) {
            CAPTURE(name_of(table[state].from));
            CAPTURE(event);
            CHECK(name_of(next(table[state].from, static_cast<part_event>(event))) ==
                  name_of(table[state].to[event]));
        }
    }
    CHECK_THROWS_AS(next(queued, static_cast<part_event>(events)), std::logic_error);
}

TEST_CASE("model: the states of parts fold to one state of the message") {
    struct {
        std::vector<part_state> parts;
        message_state whole;
    } const rows[] = {
        {{queued}, message_state::queued},
        {{sending}, message_state::sending},
        {{uncertain}, message_state::sending},
        {{submitted}, message_state::submitted},
        {{delivered}, message_state::delivered},
        {{undelivered}, message_state::undelivered},
        {{rejected}, message_state::rejected},
        {{expired}, message_state::expired},
        {{cancelled}, message_state::cancelled},
        {{suppressed}, message_state::suppressed},
        {{unconfirmed}, message_state::unconfirmed},
        {{unresolved}, message_state::uncertain},
        // while something is under way, the message is
        {{queued, queued}, message_state::queued},
        {{queued, submitted}, message_state::sending},
        {{queued, delivered}, message_state::sending},
        {{queued, rejected}, message_state::sending},
        {{sending, rejected}, message_state::sending},
        {{uncertain, delivered, delivered}, message_state::sending},
        {{submitted, delivered}, message_state::submitted},
        {{submitted, undelivered}, message_state::submitted},
        // all final
        {{delivered, delivered}, message_state::delivered},
        {{delivered, undelivered}, message_state::partial},
        {{rejected, delivered}, message_state::partial},
        {{unconfirmed, undelivered}, message_state::partial},
        {{unresolved, rejected}, message_state::partial},
        {{rejected, cancelled}, message_state::rejected},
        {{undelivered, expired}, message_state::undelivered},
        {{expired, cancelled}, message_state::expired},
        {{cancelled, suppressed}, message_state::cancelled},
        {{delivered, unconfirmed}, message_state::unconfirmed},
        {{delivered, unresolved}, message_state::uncertain},
        {{unconfirmed, unresolved}, message_state::uncertain},
    };
    for (const auto& row : rows) {
        std::string shown;
        for (const auto p : row.parts)
            shown += std::string(name_of(p)) + " ";
        CAPTURE(shown);
        CHECK(name_of(fold(row.parts)) == name_of(row.whole));
    }
}

TEST_CASE("model: a message is final exactly when all its parts are, in any order") {
    for (unsigned a = 0; a < 12; ++a)
        for (unsigned b = 0; b < 12; ++b) {
            const std::array parts{static_cast<part_state>(a), static_cast<part_state>(b)};
            const std::array swapped{parts[1], parts[0]};
            CAPTURE(name_of(parts[0]));
            CAPTURE(name_of(parts[1]));
            CHECK(is_final(fold(parts)) == (is_final(parts[0]) && is_final(parts[1])));
            CHECK(fold(parts) == fold(swapped));
        }
}

} // namespace state_test
