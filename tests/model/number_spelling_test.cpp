#include "model/number_spelling.hpp"

#include <doctest/doctest.h>

namespace number_spelling_test {

using namespace posthorn;

TEST_CASE("number: however it is written, a text that names it is told, and no other") {
    const number_spellings number("8613800138000", {{"CN", "86", "0", "1[3-9]xxxxxxxxx"}});
    struct row {
        const char* text;
        bool names;
    };
    for (const auto& r :
         {row{"8613800138000", true}, row{"+86 138-0013-8000", true}, row{"008613800138000", true},
          row{"13800138000", true}, row{"call 013800138000, please", true},
          row{"{\"to\":\"+8613800138000\"}", true}, row{"(138) 0013 8000", false},
          row{"(138)00138000", true}, row{"13800138000 10:00", true}, row{"138001380001", false},
          row{"213800138000", false}, row{"861380****000", false}, row{"", false}, row{"1", false},
          row{"10:00 13800138000", true}, row{"电话13800138000。", true}}) {
        CAPTURE(std::string(r.text));
        CHECK(number.in(r.text) == r.names);
    }
    CHECK(number_spellings("4915112345678", {}).in("+49 151 12345678"));
    CHECK(!number_spellings("4915112345678", {}).in("0151 12345678"));
}

TEST_CASE("number: a text that names an address is told, and no other") {
    const number_spellings address("zhang.san@example.com", {{"CN", "86", "0", "1[3-9]xxxxxxxxx"}});
    struct row {
        const char* text;
        bool names;
    };
    for (const auto& r :
         {row{"zhang.san@example.com", true}, row{"<Zhang.San@EXAMPLE.com>", true},
          row{"to zhang.san@example.com.", true}, row{"给zhang.san@example.com，", true},
          row{"li.zhang.san@example.com", false}, row{"zhang.san@example.com.cn", false},
          row{"xzhang.san@example.com zhang.san@example.com", true},
          row{"zhang.san@example", false}, row{"", false}}) {
        CAPTURE(std::string(r.text));
        CHECK(address.in(r.text) == r.names);
    }
}

} // namespace number_spelling_test
