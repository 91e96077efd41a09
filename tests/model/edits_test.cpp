#include "model/edits.hpp"

#include <doctest/doctest.h>

#include <string>

namespace edits_test {

using namespace posthorn;

TEST_CASE("edits: a character more, less, other, or swapped with its neighbour is one") {
    struct row {
        std::u32string a;
        std::u32string b;
        std::size_t edits;
    };
    for (const auto& [a, b, edits] : {
             row{U"", U"", 0},
             row{U"", U"余额", 2},
             row{U"余额", U"余厄", 1},
             row{U"ye", U"ey", 1},
             row{U"yee", U"ye", 1},
             row{U"balance", U"balence", 1},
             row{U"balance", U"blanace", 2},
             row{U"YE", U"ye", 2},
         }) {
        CHECK(edits_between<char32_t>(a, b) == edits);
        CHECK(edits_between<char32_t>(b, a) == edits);
    }
}

} // namespace edits_test
