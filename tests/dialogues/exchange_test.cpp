#include "dialogues/exchange.hpp"

#include <doctest/doctest.h>

namespace exchange_test {

using namespace posthorn::dialogues;

TEST_CASE("dialogues: what waits for an answer comes back from the store as it was") {
    const exchange e{.command = "bill",
                     .language = "zh-CN",
                     .arguments = {{"month", "2026-10-01"}},
                     .choices = {"3100000001", "3100000002"},
                     .account = "3100000001",
                     .hash = "scrypt$x"};
    const auto back = read_exchange(to_json(e));
    REQUIRE(back);
    CHECK(back->command == e.command);
    CHECK(back->language == e.language);
    CHECK(back->arguments == e.arguments);
    CHECK(back->choices == e.choices);
    CHECK(back->account == e.account);
    CHECK(back->hash == e.hash);
}

TEST_CASE("dialogues: what is no exchange is none") {
    for (const auto* text : {"", "{", "[]", "{}", R"({"command": 1})", "\xff"}) {
        CAPTURE(text);
        CHECK_FALSE(read_exchange(text));
    }
}

TEST_CASE("dialogues: an answer is read as digits, whatever stands around them") {
    struct row {
        asked what;
        const char* text;
        const char* digits; // null: no answer
    };
    for (const auto& r :
         {row{asked::choose, "2", "2"}, row{asked::choose, " ２。", "2"},
          row{asked::choose, "#2", "2"}, row{asked::choose, "12", "12"},
          row{asked::choose, "123", nullptr}, row{asked::choose, "YE", nullptr},
          row{asked::choose, "", nullptr}, row{asked::choose, "1 2", nullptr},
          row{asked::choose, "2 please", nullptr}, row{asked::pin, "4711", "4711"},
          row{asked::pin, "471", nullptr}, row{asked::pin, "123456789", nullptr},
          row{asked::code, "482913", "482913"}, row{asked::code, "“482913”", "482913"},
          row{asked::pin, "\u202A4711\u202C", "4711"}, row{asked::code, "48291", nullptr},
          row{asked::code, "\xff", nullptr}}) {
        CAPTURE(r.text);
        const auto digits = digits_in(r.what, r.text);
        CHECK(digits.has_value() == (r.digits != nullptr));
        if (digits && r.digits)
            CHECK(*digits == r.digits);
    }
}

TEST_CASE("dialogues: yes and no are words of their own, and no other text is either") {
    for (const auto* yes : {"Y", " yes。", "ＯＫ", "是", "好的！", "确认"}) {
        CAPTURE(yes);
        CHECK(agreement_in(yes) == true);
    }
    for (const auto* no : {"n", "No.", "否", "不要", "取消"}) {
        CAPTURE(no);
        CHECK(agreement_in(no) == false);
    }
    for (const auto* other : {"", "yes please", "是不是", "1", "\xff"}) {
        CAPTURE(other);
        CHECK(!agreement_in(other));
    }
    CHECK(digits_in(asked::topic, "12") == "12");
    CHECK(!digits_in(asked::agree, "1"));
}

} // namespace exchange_test
