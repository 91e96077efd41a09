#include "templates/event_type.hpp"
#include "templates/renderer.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include <algorithm>

namespace shipped_test {

using namespace posthorn;
using namespace posthorn::templates;
using namespace std::chrono_literals;

namespace {

std::string text_of(const event_type& type, const char* language) {
    renderer r;
    auto made = r.render(type, language, type.sample);
    REQUIRE(made.has_value());
    CHECK(made->language == language);
    return made->text;
}

std::size_t characters_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

} // namespace

TEST_CASE("templates: the shipped types load and their samples render") {
    const auto loaded = load_types(PROJECT_DIR "/config/types", zone::utc());
    CHECK(settings::format(loaded.problems) == "");
    REQUIRE(loaded.types.size() >= 3);
    const auto find = [&](std::string_view name) -> const event_type& {
        const auto found = std::find_if(loaded.types.begin(), loaded.types.end(),
                                        [&](const event_type& t) { return t.name == name; });
        REQUIRE(found != loaded.types.end());
        return *found;
    };
    const auto& bill = find("bill.issued");
    CHECK(text_of(bill, "zh-CN") ==
          "【明湖供电】张*您好，户号尾号6789，2025年7月用电218.4度，电费128.50元，"
          "余额20.00元，请于8月15日前缴纳。");
    CHECK(text_of(bill, "en") ==
          "[Minghu Power] Your July 2025 bill: 218.4 kWh, CNY 128.50, due by August 15. "
          "Balance: CNY 20.00. Account 31001****6789.");
    CHECK(bill.doubt == on_uncertain::hold);
    CHECK(bill.uncertain_wait == 60s);
    CHECK(bill.hold_for == 24h);
    CHECK(bill.accepts(to_kind::customer));
    CHECK_FALSE(bill.accepts(to_kind::topic));

    const auto& outage = find("outage.planned");
    CHECK(text_of(outage, "zh-CN") ==
          "【明湖供电】明湖区滨河路1至86号因线路检修计划停电：7月31日08:00至7月31日17:30，"
          "请提前做好准备，不便之处敬请谅解。");
    CHECK(outage.doubt == on_uncertain::resend);

    const auto& code = find("code.verification");
    CHECK(text_of(code, "en") ==
          "[Minghu Power] Your code is 482913. It is valid for 5 minutes. Do not share it.");
    CHECK(code.doubt == on_uncertain::hold);
    CHECK(code.uncertain_wait == 10s);
    CHECK(code.validity == 5min);
}

TEST_CASE("templates: a shipped bill is one part in both languages") {
    const auto loaded = load_types(PROJECT_DIR "/config/types", zone::utc());
    for (const auto& type : loaded.types) {
        if (type.name != "bill.issued")
            continue;
        CHECK(characters_of(text_of(type, "zh-CN")) <= 70);
        const auto english = text_of(type, "en");
        CHECK(english.size() + 2 <= 160); // the brackets count twice
        CHECK(std::all_of(english.begin(), english.end(),
                          [](char c) { return c >= ' ' && c <= '~' && c != '`'; }));
    }
}

TEST_CASE("templates: without the optional balance the bill says nothing of it") {
    const auto loaded = load_types(PROJECT_DIR "/config/types", zone::utc());
    renderer r;
    for (const auto& type : loaded.types) {
        if (type.name != "bill.issued")
            continue;
        auto data = type.sample;
        data.erase("balance");
        CHECK(r.render(type, "en", data)->text ==
              "[Minghu Power] Your July 2025 bill: 218.4 kWh, CNY 128.50, due by August 15. "
              "Account 31001****6789.");
        data["balance"] = "-5.00";
        CHECK(r.render(type, "zh-CN", data)->text.find("余额") == std::string::npos);
    }
}

} // namespace shipped_test
