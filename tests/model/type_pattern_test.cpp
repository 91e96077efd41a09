#include "model/type_pattern.hpp"

#include <doctest/doctest.h>

namespace type_pattern_test {

using namespace posthorn;

TEST_CASE("type patterns: a name means that type, a name with .* those that begin so") {
    const struct {
        const char* pattern;
        const char* type;
        bool means;
    } rows[] = {
        {"outage.planned", "outage.planned", true},
        {"outage.planned", "outage.plan", false},
        {"outage.*", "outage.planned", true},
        {"outage.*", "outage.", false},
        {"outage.*", "outages.planned", false},
        {"outage.*", "outage", false},
        {"*", "outage.planned", false},
        {".*", "outage.planned", false},
        {"", "", true},
    };
    for (const auto& r : rows) {
        CAPTURE(r.pattern);
        CAPTURE(r.type);
        CHECK(takes_in(r.pattern, r.type) == r.means);
    }
    CHECK(any_takes_in({"a", "b.*"}, "b.c"));
    CHECK_FALSE(any_takes_in({}, "a"));
}

} // namespace type_pattern_test
