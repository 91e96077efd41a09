#include "model/event.hpp"

#include <doctest/doctest.h>

namespace event_test {

using namespace posthorn;

TEST_CASE(
    "event: it happened when its source says, else when that wrote it, and never after it came") {
    const auto at = [](std::int64_t seconds) { return from_micros(seconds * 1'000'000); };
    const struct {
        std::int64_t occurred, created, received, happened;
    } rows[] = {
        {5, 7, 9, 5},  {0, 7, 9, 7}, {0, 0, 9, 9}, {12, 7, 9, 9},
        {0, 12, 9, 9}, {5, 0, 0, 5}, {0, 7, 0, 7}, {0, 0, 0, 0},
    };
    for (const auto& r : rows) {
        event e;
        e.occurred_at = at(r.occurred);
        e.created_at = at(r.created);
        e.received_at = at(r.received);
        CHECK(to_micros(happened_at(e)) == to_micros(at(r.happened)));
    }
}

} // namespace event_test
