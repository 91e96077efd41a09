// Prices as people write them.
#include "model/price.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

namespace price_test {

using namespace posthorn;

TEST_CASE("price: they are exact") {
    struct row {
        const char* written;
        std::optional<millionths> is;
        const char* shown;
    };
    for (const row& r : std::initializer_list<row>{{"0.045", 45'000, "0.045"},
                                                   {"1", 1'000'000, "1.00"},
                                                   {".5", 500'000, "0.50"},
                                                   {"12.000001", 12'000'001, "12.000001"},
                                                   {"0", 0, "0.00"},
                                                   {"1.", std::nullopt, ""},
                                                   {".", std::nullopt, ""},
                                                   {"", std::nullopt, ""},
                                                   {"-1", std::nullopt, ""},
                                                   {"0.0000001", std::nullopt, ""},
                                                   {"1234567", std::nullopt, ""},
                                                   {"0,45", std::nullopt, ""}}) {
        CAPTURE(r.written);
        CHECK(price_from(r.written) == r.is);
        if (r.is)
            CHECK(shown_price(*r.is) == r.shown);
    }
}

TEST_CASE("price: amounts may be larger than the price of a part") {
    CHECK(amount_from("123456789.5") == 123'456'789'500'000);
    CHECK(amount_from("1234567890") == std::nullopt);
}

} // namespace price_test
