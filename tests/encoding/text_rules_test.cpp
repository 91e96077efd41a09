#include "encoding/text_rules.hpp"

#include <doctest/doctest.h>

namespace text_rules_test {

using namespace posthorn::encoding;
using posthorn::coding;

TEST_CASE("text rules: without any a text leaves as it is") {
    const auto out = text_by({}, "【明湖供电】您好 ★");
    REQUIRE(out.has_value());
    CHECK(out->text == "【明湖供电】您好 ★");
    CHECK(out->carrier_adds.empty());
    CHECK(split_by({}, "abc", {})->parts == split("abc", {})->parts);
}

TEST_CASE("text rules: a signature that the carrier adds is cut off, and has its room") {
    text_rules rules;
    rules.cut_off = {"【明湖】", "【明湖供电】", "[Minghu] "};
    struct row {
        std::string_view text, left, added;
    };
    for (const auto& r :
         {row{"【明湖供电】您好", "您好", "【明湖供电】"}, row{"【明湖】您好", "您好", "【明湖】"},
          row{"[Minghu] Hello", "Hello", "[Minghu] "},
          row{"【别人】您好", "【别人】您好", ""}, // no signature of ours
          row{"您好【明湖】", "您好【明湖】", ""}, row{"", "", ""}}) {
        CAPTURE(r.text);
        const auto out = text_by(rules, r.text);
        REQUIRE(out.has_value());
        CHECK(out->text == r.left);
        CHECK(out->carrier_adds == r.added);
    }
    rules.carrier_adds = "【明湖供电公司】";
    CHECK(text_by(rules, "【明湖】您好")->carrier_adds == "【明湖供电公司】");
    std::string sixty;
    for (int i = 0; i < 63; ++i)
        sixty += "中";
    CHECK(split_by(rules, "【明湖】" + sixty, {})->parts.size() == 2); // 8 + 63
    rules.carrier_adds.clear();
    CHECK(split_by(rules, "【明湖】" + sixty, {})->parts.size() == 1); // 4 + 63
}

TEST_CASE("text rules: characters are replaced, and what is forbidden after that is named") {
    text_rules rules;
    rules.forbidden = U"★◆";
    rules.replaced = {{U'★', "*"}, {U'™', ""}};
    CHECK(text_by(rules, "★a™★")->text == "*a*");
    CHECK(text_by(rules, "a◆").error() == "it has U+25C6 ◆, which the carrier does not take");
    CHECK(split_by(rules, "◆", {}).error().find("U+25C6") != std::string::npos);
    CHECK(split_by(rules, "★", {})->code == coding::gsm7);
    CHECK_FALSE(
        split_by(rules, "\xE2\xAC™\x9F", {}).has_value()); // no UTF-8, and does not become it
}

TEST_CASE("text rules: the tables of a language are those that exist for it") {
    text_rules rules;
    rules.national = tables_of(single_shift::turkish);
    CHECK(rules.national.size() == 3);
    CHECK(split_by(rules, "ğ", {})->udh);
    CHECK(tables_of(single_shift::spanish) ==
          std::vector<alphabet>{{locking_shift::none, single_shift::spanish}});
    CHECK(tables_of(single_shift::portuguese).back() ==
          alphabet{locking_shift::portuguese, single_shift::portuguese});
    rules.gsm7_up_to = 0x7F; // it is recoded, so that nothing can be announced
    CHECK(split_by(rules, "ğ", {})->code == coding::ucs2);
}

} // namespace text_rules_test
