// From a text back to the approved template that it fits.
#include "sdk/http/approved_template.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

namespace approved_template_test {

using namespace posthorn;
using parameters = sdk::approved_template::parameters;

TEST_CASE("approved: what stands in the gaps is taken out, and every literal must be there") {
    struct row {
        std::string approved, text;
        std::optional<parameters> found;
    };
    for (const auto& [approved, text, found] : std::initializer_list<row>{
             {"code ${code}.", "code 123.", parameters{{"code", "123"}}},
             {"{1} and {2}", "a and b and c", parameters{{"1", "a"}, {"2", "b and c"}}},
             {"您${m}月电费${a}元。", "您11月电费86.50元。",
              parameters{{"m", "11"}, {"a", "86.50"}}},
             {"plain", "plain", parameters{}},
             {"plain", "plain!", std::nullopt},
             {"code ${code}.", "code .", std::nullopt},    // nothing in the gap
             {"code ${code}.", "code 123", std::nullopt},  // the end is missing
             {"code ${code}.", "Code 123.", std::nullopt}, // another beginning
             {"${a}-${a}", "1-1", parameters{{"a", "1"}, {"a", "1"}}},
             {"${a}-${a}", "1-2", std::nullopt},               // one name, two values
             {"${a}元", "5元元", parameters{{"a", "5元"}}},    // the last literal is at the end
             {"{x y} {1}", "{x y} 7", parameters{{"1", "7"}}}, // no gap: a text in braces
             {"${open", "${open", parameters{}},
             {"a${x}", "a", std::nullopt},
             {"${x}b${y}", "bbb", parameters{{"x", "b"}, {"y", "b"}}},
         }) {
        CAPTURE(approved);
        CAPTURE(text);
        CHECK(sdk::approved_template("T", approved).fit(text) == found);
    }
    CHECK_FALSE(sdk::check_template("T", "${a}${b}").empty());
    CHECK(sdk::check_template("T", "${a} ${b}").empty());
}

TEST_CASE("approved: the most literal template wins, whatever their order") {
    const std::vector<std::pair<std::string, std::string>> all{
        {"A", "${x}"}, {"B", "code ${x}"}, {"C", "code ${x} for you"}};
    const sdk::approved_templates t(all, "明湖供电");
    CHECK(t.find("code 5 for you")->of->id() == "C");
    CHECK(t.find("code 5")->of->id() == "B");
    CHECK(t.find("else")->of->id() == "A");
}

TEST_CASE("approved: the signature is the account's, before or behind, and no other") {
    const std::vector<std::pair<std::string, std::string>> all{{"A", "【明湖供电】code ${x}"}};
    const sdk::approved_templates t(all, "明湖供电");
    for (const char* text :
         {"【明湖供电】code 5", "code 5【明湖供电】", "[明湖供电] code 5", "code 5"}) {
        CAPTURE(text);
        REQUIRE(t.find(text));
        CHECK(t.find(text)->parameters == parameters{{"x", "5"}});
    }
    CHECK_FALSE(t.find("【别家】code 5"));
    CHECK(t.mistake("【别家】code 5") == "the signature of the text is not sign_name 明湖供电");
}

TEST_CASE("approved: a text that fits none is told which comes nearest") {
    const std::vector<std::pair<std::string, std::string>> all{
        {"A", "Your bill for ${m} is ${a} yuan."}, {"B", "Your code is ${x}."}};
    const sdk::approved_templates t(all, "S");
    CHECK(t.mistake("Your bill for May is 5 yuan.").empty());
    CHECK(t.mistake("Your bill for May is 5 dollars.") ==
          "the text fits no approved template; A comes nearest");
    CHECK(t.mistake("Your code is") == "the text fits no approved template, nor comes near one");
    CHECK(t.mistake("") == "the text fits no approved template, nor comes near one");
}

} // namespace approved_template_test
