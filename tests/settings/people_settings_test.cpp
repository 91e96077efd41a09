#include "settings/people_settings.hpp"

#include <doctest/doctest.h>

namespace people_settings_test {

using namespace posthorn::settings;
using namespace std::chrono_literals;

TEST_CASE("people settings: read, with defaults, and mistakes are told where they stand") {
    auto file = document::parse("people: {pin_tries: 3, locked_for: 1h}", "posthorn.yaml");
    const auto got = read_people(file.root().optional_map("people"));
    CHECK(file.finish().empty());
    CHECK(got.guesses.tries == 3);
    CHECK(got.guesses.locked_for == 1h);
    CHECK(got.code_valid == 30 * 24h);
    for (const auto* wrong : {"pin_tries: 0", "locked_for: 25h", "code_valid: 1s", "pin: 1"}) {
        CAPTURE(wrong);
        auto bad = document::parse("people: {" + std::string(wrong) + "}", "posthorn.yaml");
        read_people(bad.root().optional_map("people"));
        CHECK(format(bad.finish()).find("people") != std::string::npos);
    }
}

} // namespace people_settings_test
