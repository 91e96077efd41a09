#include "model/number.hpp"

#include <doctest/doctest.h>

namespace number_test {

using namespace posthorn;

namespace {

const std::vector<country> china{
    {.name = "CN", .calling_code = "86", .trunk_prefix = "0", .mobile = "1[3-9]xxxxxxxxx"}};

} // namespace

TEST_CASE("model: a number is E.164 however a source writes it") {
    struct {
        const char* written;
        const char* e164;
    } const rows[] = {
        {"13800138000", "8613800138000"},
        {"013800138000", "8613800138000"},
        {"8613800138000", "8613800138000"},
        {"+8613800138000", "8613800138000"},
        {"008613800138000", "8613800138000"},
        {" +86 138-0013-8000 ", "8613800138000"},
        {"(+86) 138.0013.8000", "8613800138000"},
        {"１３８００１３８０００", "8613800138000"},
        {"\t13800138000", "8613800138000"},
        {"19912345678", "8619912345678"},
        {"+44 7700 900123", "447700900123"},
        {"00447700900123", "447700900123"},
        {"+1234567", "1234567"},
        {"+123456789012345", "123456789012345"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.written);
        const auto number = to_e164(row.written, china);
        REQUIRE(number.has_value());
        CHECK(*number == row.e164);
    }
}

TEST_CASE("model: a bad number is refused with a reason that does not show it") {
    struct {
        const char* written;
        const char* reason;
    } const rows[] = {
        {"", "bad number: it is empty"},
        {"+", "bad number: it is empty"},
        {" - ", "bad number: it is empty"},
        {"138001380OO", "bad number: has characters that are neither digits nor separators"},
        {"138+00138000", "bad number: has characters that are neither digits nor separators"},
        {"\xEF\xBC", "bad number: has characters that are neither digits nor separators"},
        {"12800138000", "bad number: ********000 is neither E.164 nor a mobile number of a "
                        "configured country (CN)"},
        {"1380013800", "bad number: *******800 is neither E.164 nor a mobile number of a "
                       "configured country (CN)"},
        {"138001380001",
         "bad number: *********001 is neither E.164 nor a mobile number of a configured country "
         "(CN)"},
        {"+8610012345678", "bad number: **********678 is not a mobile number of CN"},
        {"+123456", "bad number: ***456 has 6 digits, E.164 allows 7 to 15"},
        {"+1234567890123456", "bad number: *************456 has 16 digits, E.164 allows 7 to 15"},
        {"+07700900123", "bad number: ********123 has 11 digits, E.164 allows 7 to 15"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.written);
        const auto number = to_e164(row.written, china);
        REQUIRE(!number.has_value());
        CHECK(number.error().reason == row.reason);
    }
    CHECK(to_e164("13800138000", {}).error().reason.find("none is configured") !=
          std::string::npos);
}

TEST_CASE("model: a masked number keeps its last three digits") {
    CHECK(masked("8613800138678") == "**********678");
    CHECK(masked("+86 138") == "+** 138");
    CHECK(masked("12") == "12");
    CHECK(masked("１３８００１３８６７８") == "********６７８");
    CHECK(masked("电话：13800138678") == "电话：********678");
    CHECK(masked("13800138\xEF\xBC") == "******38\xEF\xBC");
    CHECK(masked("\xA8"
                 "0013800138678") == "\xA8**********678");
    CHECK(masked("") == "");
    CHECK(masked("zhang.san@example.com") == "z********@example.com");
    CHECK(masked("to 13800138678: z@163.com") == "to ***********: z@163.com");
    CHECK(masked("13800138678@139.com") == "***********@139.com");
    CHECK(masked("z@13800138678") == "z@********678");
    CHECK(masked("@") == "@");
}

TEST_CASE("number: its digits, and none of what is no number") {
    CHECK(posthorn::digits_of("8613800000001") == 8613800000001U);
    CHECK(posthorn::digits_of("999999999999999") == 999999999999999U);
    for (const auto* none :
         {"", "0", "013800000001", "+8613800000001", "86138x", "Minghu", "1234567890123456"}) {
        CAPTURE(none);
        CHECK(posthorn::digits_of(none) == 0);
    }
}

} // namespace number_test
