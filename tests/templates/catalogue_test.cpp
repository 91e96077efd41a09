// The shipped catalogue of notices: what holds of every type, and some texts word by word.
#include "encoding/parts.hpp"
#include "settings/daemon_settings.hpp"
#include "templates/event_type.hpp"
#include "templates/renderer.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <set>

namespace catalogue_test {

using namespace posthorn;
using namespace posthorn::templates;

namespace {

const std::vector<event_type>& catalogue() {
    static const auto loaded = load_types(PROJECT_DIR "/config/types", zone::utc());
    REQUIRE(settings::format(loaded.problems) == "");
    return loaded.types;
}

const event_type& shipped(std::string_view name) {
    const auto found = std::ranges::find(catalogue(), name, &event_type::name);
    REQUIRE(found != catalogue().end());
    return *found;
}

// The text of the sample, changed by `changes`: a JSON object; null takes a field away.
std::string text_of(const event_type& type, const char* language, const char* changes = "{}") {
    auto data = type.sample;
    const auto changed = boost::json::parse(changes);
    for (const auto& [name, value] : changed.as_object())
        if (value.is_null())
            data.erase(name);
        else
            data[name] = value;
    renderer r;
    const auto made = r.render(type, language, data);
    CAPTURE(type.name);
    REQUIRE(made.has_value());
    CHECK(made->language == language);
    return made->text;
}

std::size_t longest_digits_of(std::string_view text) {
    std::size_t longest = 0, now = 0;
    for (const char c : text) {
        now = c >= '0' && c <= '9' ? now + 1 : 0;
        longest = std::max(longest, now);
    }
    return longest;
}

} // namespace

TEST_CASE("catalogue: every sample is a short, signed text in Chinese and in English") {
    for (const auto& type : catalogue())
        for (const auto* language : {"zh-CN", "en"}) {
            const auto text = text_of(type, language);
            CAPTURE(text);
            const bool chinese = language == std::string_view("zh-CN");
            CHECK(text.starts_with(chinese ? "【明湖" : "[Minghu "));
            CHECK(encoding::measure_text(text).parts <= 3);
            if (chinese)
                CHECK(encoding::measure_text(text).parts <= 2);
        }
}

TEST_CASE("catalogue: no text shows a whole account number or the name of a person") {
    std::size_t names = 0;
    for (const auto& type : catalogue())
        for (const auto* language : {"zh-CN", "en"}) {
            const auto text = text_of(type, language);
            CAPTURE(text);
            CHECK(longest_digits_of(text) <= 8);
            for (const auto& [field, value] : type.sample)
                if (field.ends_with("_name")) {
                    ++names;
                    CHECK(text.find(std::string_view(value.as_string())) == std::string::npos);
                }
        }
    CHECK(names >= 40);
}

TEST_CASE("catalogue: every type that a shipped source may use is shipped") {
    const auto loaded = settings::load_daemon_settings(PROJECT_DIR "/config/posthorn.yaml");
    CHECK(settings::format(loaded.problems) == "");
    std::set<std::string> usable;
    for (const auto& source : loaded.settings.sources)
        for (const auto& name : source.types) {
            CHECK(shipped(name).name == name);
            CHECK(usable.insert(name).second); // by one source only
        }
    CHECK(usable.size() >= 38);
}

TEST_CASE("catalogue: what must be told is statutory, what advertises says how to end it") {
    const struct {
        const char* name;
        posthorn::category category;
        on_uncertain doubt;
    } rows[] = {
        {"bill.overdrawn", category::billing, on_uncertain::hold},
        {"arrears.third", category::billing, on_uncertain::hold},
        {"arrears.disconnection", category::statutory, on_uncertain::resend},
        {"order.no_designation", category::statutory, on_uncertain::resend},
        {"order.service_survey", category::survey, on_uncertain::hold},
        {"outage.sudden", category::statutory, on_uncertain::resend},
        {"outage.restored", category::statutory, on_uncertain::resend},
        {"retail.funds_short", category::billing, on_uncertain::resend},
        {"retail.not_ordered", category::staff, on_uncertain::hold},
        {"greeting.birthday", category::marketing, on_uncertain::hold},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(shipped(row.name).category == row.category);
        CHECK(shipped(row.name).doubt == row.doubt);
    }
    for (const auto& type : catalogue()) {
        CAPTURE(type.name);
        CHECK(type.opt_out_hint == (type.category == category::marketing));
        if (type.opt_out_hint) {
            CHECK(text_of(type, "zh-CN").ends_with("拒收请回复R"));
            CHECK(text_of(type, "en").ends_with("Reply STOP to opt out."));
        }
    }
}

TEST_CASE("catalogue: the texts are these") {
    const struct {
        const char* type;
        const char* language;
        const char* text;
    } rows[] = {
        {"bill.overdrawn", "zh-CN",
         "【明湖供电】张*您好，户号尾号6789，2025年7月用电218.4度，电费128.50元，欠108.50元，"
         "请于8月15日前缴清。"},
        {"bill.overdrawn", "en",
         "[Minghu Power] Your July 2025 bill: 218.4 kWh, CNY 128.50. Your balance does not cover "
         "it: please pay CNY 108.50 by August 15. Account 31001****6789."},
        {"balance.low", "zh-CN",
         "【明湖供电】张*您好，户号尾号6789截至8月1日余额18.60元，低于提醒值50.00元，请及时充值，"
         "以免影响用电。"},
        {"payment.received", "en",
         "[Minghu Power] We received your payment of CNY 200.00 on August 3, 14:25, for account "
         "31001****6789. Balance: CNY 91.50. Thank you."},
        {"arrears.first", "zh-CN",
         "【明湖供电】张*您好，户号尾号6789尚有电费256.80元未缴，请您在8月20日前缴纳。"
         "如已缴费请忽略，谢谢。"},
        {"arrears.disconnection", "zh-CN",
         "【明湖供电】停电通知：张*，户号尾号6789欠电费256.80元，经催告仍未缴清。依据《电力供应与"
         "使用条例》第三十九条，将于9月8日09:00起停止供电。缴清电费及违约金后恢复供电，咨询请拨"
         "95598。"},
        {"order.no_designation", "en",
         "[Minghu Power] Your application YK2607-0042 is accepted. You choose designers, builders "
         "and suppliers yourself: nobody may name them to you (complaints: 12398). Next is our "
         "site survey: please have proof of identity and ownership ready."},
        {"order.meter_installed", "zh-CN",
         "【明湖供电】李*您好，用电申请YK2607-0042已装表接电，户号尾号6790，电表起始示数0.6。"
         "请核对示数并记好户号，查询和缴费时需要使用。"},
        {"outage.sudden", "zh-CN",
         "【明湖供电】明湖区滨河路1至86号于7月31日14:20因线路故障停电，正在全力抢修，"
         "预计7月31日17:30恢复供电，敬请谅解。"},
        {"outage.restored", "zh-CN",
         "【明湖供电】明湖区滨河路1至86号已于7月31日20:15恢复供电。如您处仍无电，"
         "请检查自家开关或拨打95598。感谢您的理解。"},
        {"retail.order_approved", "en",
         "[Minghu Tobacco] Order DD0804-0153 is approved: 25 cartons, CNY 4,860.00. Debit Aug 4, "
         "16:00; delivery Aug 6."},
        {"retail.cycle_changed", "zh-CN",
         "【明湖烟草】王*您好，您的订货周期有调整：自8月13日起每星期三订货，每星期五送货，"
         "请提前安排。"},
        {"retail.not_ordered", "zh-CN",
         "【明湖烟草】未订货提醒：惠民便利店（许可证尾号5678）截至8月4日16:00未订货，"
         "联系人王*138****5678，请跟进。"},
        {"contract.expiring", "en",
         "[Minghu Power] Your supply contract (ending 0017) ends on Dec 31, 2026. To renew it, "
         "bring proof of identity and ownership to our office. Help: 95598."},
    };
    for (const auto& row : rows) {
        CAPTURE(row.type);
        CHECK(text_of(shipped(row.type), row.language) == row.text);
    }
}

TEST_CASE(
    "catalogue: texts that depend on a step, a holiday or an optional field say the right one") {
    const struct {
        const char* type;
        const char* language;
        const char* changes;
        const char* said; // stands in the text
    } rows[] = {
        {"fault.progress", "zh-CN", R"({"step": "received"})",
         "（工单GD0731-018）已受理，我们将尽快安排抢修，预计15:10到达。"},
        {"fault.progress", "zh-CN", R"({"step": "assigned", "arrive": null})",
         "已派单，抢修班组正在准备。"},
        {"fault.progress", "en", R"({"step": "on_the_way"})",
         ": our crew is on its way, expected at 15:10."},
        {"fault.progress", "zh-CN", R"({"step": "done"})",
         "已修复。如仍有问题请拨95598，感谢您的耐心等待。"},
        {"complaint.progress", "en", R"({"step": "received"})",
         "TS0731-007 is registered. You will have our answer by Aug 3, 17:00."},
        {"complaint.progress", "zh-CN", R"({"step": "assigned"})",
         "已转交责任部门，我们将于8月3日17:00前答复您。"},
        {"complaint.progress", "en", R"({"step": "in_progress", "reply_by": null})",
         "TS0731-007 is being looked into."},
        {"complaint.progress", "zh-CN", R"({"step": "done", "result": "已退费"})",
         "已办结：已退费。如有异议请拨95598，感谢您的监督。"},
        {"greeting.holiday", "zh-CN", R"({"holiday": "dragon_boat"})", "】端午佳节将至，"},
        {"greeting.holiday", "en", R"({"holiday": "mid_autumn"})", "a happy Mid-Autumn Festival!"},
        {"greeting.holiday", "en", R"({"holiday": "national_day"})", "a happy National Day!"},
        {"greeting.holiday", "zh-CN", R"({"holiday": "new_year"})", "】元旦佳节将至，"},
        {"arrears.second", "en", R"({"days": 1})", "is 1 day overdue."},
        {"payment.received", "zh-CN", R"({"balance": null})", "200.00元已到账，感谢您的支持。"},
        {"outage.sudden", "zh-CN", R"({"until": null, "reason": "雷击"})",
         "因雷击停电，正在全力抢修，恢复时间另行通知，敬请谅解。"},
        {"outage.changed", "zh-CN", R"({"from": "2025-08-01T08:00:00+08:00", "reason": null,
          "until": "2025-08-01T12:00:00+08:00"})",
         "停电时间有变：改为8月1日08:00至8月1日12:00。"},
        {"outage.changed", "en", "{}", ": power is now expected back Jul 31 20:00 ("},
        {"retail.debit_failed", "zh-CN", R"({"again_at": null, "reason": null})",
         "账户扣款失败。订单作废，请联系客户经理。"},
        {"retail.debit_failed", "en", "{}", "(余额不足). Last try: Aug 5, 10:00."},
    };
    for (const auto& row : rows) {
        CAPTURE(row.type);
        CAPTURE(row.changes);
        const auto text = text_of(shipped(row.type), row.language, row.changes);
        CAPTURE(text);
        CHECK(text.find(row.said) != std::string::npos);
    }
}

} // namespace catalogue_test
