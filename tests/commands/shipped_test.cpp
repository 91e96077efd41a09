#include "commands/acts.hpp"
#include "commands/command_file.hpp"
#include "commands/help.hpp"
#include "commands/matcher.hpp"
#include "commands/shapes.hpp"
#include "templates/renderer.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace shipped_test {

using namespace posthorn;
using namespace posthorn::commands;

namespace {

const loaded_commands& shipped() {
    static const auto loaded =
        load_commands(PROJECT_DIR "/config/commands", *templates::zone::named("Asia/Shanghai"),
                      shipped_lookups());
    return loaded;
}

const command& named(std::string_view name) {
    const auto found = std::ranges::find(shipped().commands, name, &command::name);
    REQUIRE(found != shipped().commands.end());
    return *found;
}

boost::json::object row_of(const command& c) {
    if (c.does && !shape_of(*c.does).sample.empty())
        return shape_of(*c.does).sample;
    const auto shapes = shipped_lookups();
    const auto found = std::ranges::find(shapes, c.lookup, &lookup_shape::name);
    return found == shapes.end() ? boost::json::object{{"account", "3100000001"}} : found->sample;
}

const boost::json::object asked{{"account", "3100000001"},
                                {"document", "WL2026001"},
                                {"hours", "8-20"},
                                {"item", "电表"},
                                {"month", "2026-10-01"},
                                {"new_number", "+8613900000009"},
                                {"place", "解放路18号"},
                                {"work", "更换变压器"},
                                {"begins", "2026-11-26T01:30:00Z"},
                                {"ends", "2026-11-26T06:30:00Z"}};

std::string answer_of(const command& c, std::string_view language) {
    templates::renderer r;
    auto data = answer_data(asked, {row_of(c)});
    if (c.with_work)
        data["work"] = boost::json::array();
    const auto made = r.render(c.answer, language, data);
    REQUIRE(made.has_value());
    CHECK(made->language == language);
    return made->text;
}

std::string empty_of(const command& c, std::string_view language) {
    templates::renderer r;
    const auto made = r.render(c.empty, language, asked);
    REQUIRE(made.has_value());
    return made->text;
}

std::size_t characters_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

} // namespace

TEST_CASE("commands: the shipped files load, in the order of the menu") {
    CHECK(settings::format(shipped().problems) == "");
    std::vector<std::string> names;
    for (const auto& c : shipped().commands)
        names.push_back(c.name);
    CHECK(names == std::vector<std::string>{
                       "balance",   "bill",        "payments",      "outage",  "order_progress",
                       "tracking",  "accounts",    "bind",          "contact", "unbind",
                       "subscribe", "unsubscribe", "subscriptions", "pause",   "resume",
                       "hours",     "menu",        "help",          "sales",   "stock",
                       "route",     "work",        "work_done"});
}

TEST_CASE("commands: the shipped answers read well") {
    struct row {
        std::string name;
        std::string chinese;
        std::string english;
    };
    for (const auto& [name, chinese, english] : {
             row{"balance", "张*您好，户号尾号0001余额20.00元（截至11月25日）。",
                 "Account 31******01: balance CNY 20.00 (as of November 25)."},
             row{"bill", "您好，户号尾号0001，2026年10月用电218.4度，电费128.50元，待缴。",
                 "Account 31******01, October 2026: 218.4 kWh, CNY 128.50, not yet paid."},
             row{"payments", "您好，户号尾号0001最近缴费：11月5日微信128.50元。",
                 "Account 31******01, last payments: Nov 5 CNY 128.50 微信."},
             row{"outage", "滨河路1至86号因线路检修停电：11月28日08:00至11月28日17:30。",
                 "Outage at 滨河路1至86号: Nov 28 08:00 to Nov 28 17:30."},
             row{"order_progress",
                 "您好，业务YK2026003已到第2/5步：现场勘查，下一步：方案答复（11月24日更新）。",
                 "Order YK2026003: step 2 of 5, 现场勘查; next: 方案答复 (updated November 24)."},
             row{"tracking", "您好，WL2026001的状态：处理中（11月24日更新）。",
                 "WL2026001: 处理中 (updated November 24)."},
             row{"accounts", "您好，本机已绑定户号：3100000001。",
                 "This phone is bound to 3100000001."},
             row{"bind", "您好，本机已绑定户号3100000001，发CD查看可查询的内容。",
                 "This phone is now bound to account 3100000001. Text MENU to see what you can "
                 "ask."},
             row{"unbind", "您好，本机已与户号3100000001解除绑定。",
                 "This phone is no longer bound to account 3100000001."},
             row{"subscribe",
                 "您好，已订阅“outages”（East），08:00-20:00发送，至2027年11月26日。退订请发："
                 "退订 名称。",
                 "You have subscribed to outages (East), 08:00-20:00, until Nov 26, 2027. To end "
                 "it: UNSUB name."},
             row{"unsubscribe", "您好，已退订：outages（East）。",
                 "You no longer get: outages (East)."},
             row{"subscriptions", "您好，您的订阅：1 outages（East）08:00-20:00。",
                 "Your subscriptions: 1 outages (East) 08:00-20:00."},
             row{"pause", "您好，已暂停：outages（East）。继续接收请发：JX 名称。",
                 "Paused: outages (East). To go on: RESUME name."},
             row{"resume", "您好，已恢复发送：outages（East）。", "You get again: outages (East)."},
             row{"hours", "您好，“outages”08:00-20:00发送。", "outages: 08:00-20:00."},
             row{"sales", "11月25日销售12800.00元（36件），毛利2150.00元；本月累计310500.00元。",
                 "Nov 25: sold CNY 12,800.00 (36 items), margin CNY 2,150.00; month CNY "
                 "310,500.00."},
             row{"stock", "库存：电表（DB-01）120件。", "Stock: 电表 (DB-01): 120."},
             row{"contact",
                 "您好，户号尾号0001的联系号码已由本机改为尾号0009的号码，本机不再接收该户信息。",
                 "The contact number of account 31******01 is now the one ending in 0009; this "
                 "phone is no longer bound to it."},
             row{"work",
                 "已登记：城东解放路18号，更换变压器，11月26日09:30起，预计11月26日14:30结束。完工"
                 "请发：收工",
                 "Recorded: 解放路18号, 更换变压器, from Nov 26 09:30 to Nov 26 14:30. When done, "
                 "text WORK DONE."},
             row{"work_done", "已收工：解放路18号。", "Done: 解放路18号."},
             row{"route", "路线：1.明湖超市，滨河路12号。", "Route: 1. 明湖超市, 滨河路12号."},
         }) {
        CAPTURE(name);
        CHECK(answer_of(named(name), "zh-CN") == chinese);
        CHECK(answer_of(named(name), "en") == english);
    }
}

TEST_CASE("commands: the shipped texts for nothing found read well") {
    struct row {
        std::string name;
        std::string chinese;
        std::string english;
    };
    for (const auto& [name, chinese, english] : {
             row{"balance", "您好，暂未查到户号尾号0001的余额，请稍后再试。",
                 "Sorry, we have no balance for account 31******01 yet."},
             row{"bill", "您好，户号尾号0001，2026年10月没有电费账单。",
                 "There is no bill of October 2026 for account 31******01."},
             row{"tracking", "您好，没有查到单号WL2026001，请核对后再试。",
                 "We have no document WL2026001. Please check the number."},
             row{"sales", "今天没有销售记录。", "No sales today."},
             row{"stock", "没有“电表”的库存记录。", "Nothing in stock is called '电表'."},

         }) {
        CAPTURE(name);
        CHECK(empty_of(named(name), "zh-CN") == chinese);
        CHECK(empty_of(named(name), "en") == english);
    }
}

TEST_CASE("commands: a shipped Chinese answer is one part, signature included") {
    for (const auto& c : shipped().commands) {
        if (c.answer.texts.empty())
            continue;
        CAPTURE(c.name);
        CHECK(characters_of("【明湖供电】" + answer_of(c, "zh-CN")) <= 70);
        CHECK(characters_of("【明湖供电】" + empty_of(c, "zh-CN")) <= 70);
        CHECK(characters_of("[Minghu Power] " + empty_of(c, "en")) <= 158);
    }
}

TEST_CASE("commands: lists of several rows are told apart") {
    templates::renderer r;
    auto outage = row_of(named("outage"));
    auto data = answer_data(asked, {outage, outage});
    data["work"] = boost::json::array();
    CHECK(r.render(named("outage").answer, "zh-CN", data)->text ==
          "滨河路1至86号因线路检修停电：11月28日08:00至11月28日17:30；"
          "滨河路1至86号因线路检修停电：11月28日08:00至11月28日17:30。");
    data = answer_data(asked, {outage});
    data["work"] = boost::json::array{work_shape().sample, work_shape().sample};
    CHECK(r.render(named("outage").answer, "zh-CN", data)->text ==
          "滨河路1至86号因线路检修停电：11月28日08:00至11月28日17:30。抢修人员上报："
          "解放路18号更换变压器，预计11月26日14:30结束；解放路18号更换变压器，预计11月26日14:"
          "30结束。");
    CHECK(
        r.render(named("outage").answer, "en", data)->text ==
        "Outage at 滨河路1至86号: Nov 28 08:00 to Nov 28 17:30. Reported by our crews: "
        "解放路18号: 更换变压器, until Nov 26 14:30; 解放路18号: 更换变压器, until Nov 26 14:30.");
    data["rows"] = boost::json::array();
    data["work"].as_array().pop_back();
    data["work"].as_array()[0].as_object().erase("ends_at");
    CHECK(r.render(named("outage").answer, "zh-CN", data)->text ==
          "抢修人员上报：解放路18号更换变压器。");
    CHECK(r.render(named("outage").answer, "en", data)->text ==
          "Reported by our crews: 解放路18号: 更换变压器.");
    auto stop = row_of(named("route"));
    auto second = stop;
    second["place"] = 2;
    CHECK(r.render(named("route").answer, "en", answer_data(asked, {stop, second}))->text ==
          "Route: 1. 明湖超市, 滨河路12号; 2. 明湖超市, 滨河路12号.");
    auto due = row_of(named("balance"));
    due["due"] = "35.20";
    CHECK(r.render(named("balance").answer, "zh-CN", answer_data(asked, {due}))->text ==
          "张*您好，户号尾号0001余额20.00元，待缴电费35.20元，请及时缴纳（截至11月25日）。");
}

TEST_CASE("commands: the menu of the shipped commands names none of the staff's") {
    CHECK(help_text(shipped().commands, "zh-CN") ==
          "余额：YE\n电费：DF或DF 202610\n缴费记录：JF\n停电查询：TDCX\n办电进度：YK\n查件：CJ "
          "单号\n已绑定户号：HH\n绑定：BD 户号 绑定码\n更换联系号码：HM 新号码\n解绑：JB "
          "户号\n订阅：DY或DY 名称\n退订：退订 "
          "名称\n我的订阅：WDDY\n暂停：ZT 名称\n继续：JX 名称\n时段：SD 8-20 "
          "名称\n菜单：CD\n帮助：BZ或BZ 代码");
    CHECK(
        help_text(shipped().commands, "en-GB") ==
        "BAL: your balance\nBILL or BILL 202610: a bill\nPAY: your last payments\nOUTAGE: "
        "outages at your place\nORDER: progress of your order\nTRACK number: state of a "
        "document\nACCOUNTS: your accounts\nBIND account code: use this phone\nCONTACT number: "
        "another contact number\nUNBIND account: "
        "end it\nSUB or SUB name: subscribe\nUNSUB name: end it\nSUBS: what you have\nPAUSE name: "
        "for a while\nRESUME name: go on\nHOURS 8-20 name: at what time\nMENU: this list\nHELP or "
        "HELP word: help");
    CHECK(help_line_of(named("balance"), "de") == "余额：YE");
    CHECK(characters_of("【明湖供电】" + help_text(shipped().commands, "zh-CN")) <= 3 * 67);
}

} // namespace shipped_test
