#include "commands/matcher.hpp"

#include "commands/command_file.hpp"
#include "commands/shapes.hpp"

#include <doctest/doctest.h>

namespace matcher_test {

using namespace posthorn;
using namespace posthorn::commands;
using namespace std::chrono_literals;

namespace {

constexpr auto today = 2026y / 11 / 26;

const matcher& shipped() {
    static const matcher all(
        load_commands(PROJECT_DIR "/config/commands", templates::zone::utc(), shipped_lookups())
            .commands);
    return all;
}

std::string asked(std::string_view text, std::chrono::year_month_day on = today) {
    return shown(shipped().match(text, on));
}

command asking(std::string name, std::vector<std::string> words, std::vector<argument> takes,
               asker who = asker::anyone) {
    command c;
    c.name = std::move(name);
    for (auto& w : words)
        c.words.push_back({std::move(w), "en"});
    c.takes = std::move(takes);
    c.who = who;
    return c;
}

// What a command "x" that takes these makes of the text after its word.
std::string read_by(std::vector<argument> takes, const std::string& rest,
                    std::chrono::year_month_day on = today) {
    std::vector<command> one;
    one.push_back(asking("x", {"XX"}, std::move(takes)));
    return shown(matcher(std::move(one)).match("XX" + rest, on));
}

} // namespace

TEST_CASE("matcher: width, case, spaces and punctuation do not count") {
    for (const auto* text :
         {"YE",   "ye",     "ｙｅ",     "ＹＥ",           " YE ",     "\u3000YE\u00A0",
          "YE。", "“YE”",   "#YE#",     "YE！！",         "Y E",      "【余额】",
          "余额", "余 额",  "查余额",   "查 余额",        "\"余额\"", "＋YE",
          "ye?",  "余额？", "Y\u200BE", "\xEF\xBB\xBFYE", "YE\r\n",   "YE\xFF"}) {
        CAPTURE(text);
        CHECK(asked(text) == "balance (zh-CN)");
    }
}

TEST_CASE("matcher: the language of the word is that of the answer") {
    CHECK(asked("BAL") == "balance (en)");
    CHECK(asked("Balance.") == "balance (en)");
    CHECK(asked("YE") == "balance (zh-CN)");
}

TEST_CASE("matcher: what people text") {
    struct row {
        std::string text;
        std::string expected;
    };
    for (const auto& [text, expected] : {
             row{"YE 3100000001", "balance (zh-CN) account=3100000001"},
             row{"YE3100000001", "balance (zh-CN) account=3100000001"},
             row{"ＹＥ３１００００００１", "balance (zh-CN) account=310000001"},
             row{"余额：3100000001。", "balance (zh-CN) account=3100000001"},
             row{"YE+3100000001", "balance (zh-CN) account=3100000001"},
             row{"DF202610", "bill (zh-CN) month=2026-10-01"},
             row{"BILL 2026-10", "bill (en) month=2026-10-01"},
             row{"查电费2026年10月", "bill (zh-CN) month=2026-10-01"},
             row{"查电费 2026 年 9 月份", "bill (zh-CN) month=2026-09-01"},
             row{"电费10月", "bill (zh-CN) month=2026-10-01"},
             row{"电费，上月", "bill (zh-CN) month=2026-10-01"},
             row{"bill last month", "bill (en) month=2026-10-01"},
             row{"bill this", "bill (en) month=2026-11-01"},
             row{"电费202610 3100000001", "bill (zh-CN) account=3100000001 month=2026-10-01"},
             row{"电费3100000001，10月", "bill (zh-CN) account=3100000001 month=2026-10-01"},
             row{"DF 10月3100000001", "bill (zh-CN) account=3100000001 month=2026-10-01"},
             row{"BD 3100000001 123456", "bind (zh-CN) account=3100000001 code=****"},
             row{"bd#3100000001#123456#", "bind (zh-CN) account=3100000001 code=****"},
             row{"绑定 123456 3100000001", "bind (zh-CN) account=3100000001 code=****"},
             row{"CJ WL2026001", "tracking (zh-CN) document=WL2026001"},
             row{"CJwl2026001", "tracking (zh-CN) document=WL2026001"},
             row{"查件 wl-2026-001。", "tracking (zh-CN) document=WL-2026-001"},
             row{"CJ WL—2026–001", "tracking (zh-CN) document=WL-2026-001"},
             row{"DF 2026－10", "bill (zh-CN) month=2026-10-01"},
             row{"XS", "sales (zh-CN)"},
             row{"XS 昨天", "sales (zh-CN) date=2026-11-25"},
             row{"sales yesterday", "sales (en) date=2026-11-25"},
             row{"销售11月23日", "sales (zh-CN) date=2026-11-23"},
             row{"XS20261123", "sales (zh-CN) date=2026-11-23"},
             row{"KC 电表 DB-01", "stock (zh-CN) item=电表 DB-01"},
             row{"KC电表", "stock (zh-CN) item=电表"},
             row{"库存\u3000Ｃａｂｌｅ  10", "stock (zh-CN) item=Cable 10"},
             row{"停电", "outage (zh-CN)"},
             row{"停电查询", "outage (zh-CN)"},
             row{"TDCX", "outage (zh-CN)"},
             row{"CD", "menu (zh-CN)"},
             row{"?", "help (en)"},
             row{"？？", "help (en)"},
             row{"help", "help (en)"},
             row{"帮助 余额", "help (zh-CN) command=余额"},
             row{"HELP bill", "help (en) command=bill"},
         }) {
        CAPTURE(text);
        CHECK(asked(text) == expected);
    }
}

TEST_CASE("matcher: what cannot be read is said, and never guessed") {
    struct row {
        std::string text;
        std::string expected;
    };
    for (const auto& [text, expected] : {
             row{"YE 12345", "balance (zh-CN): account cannot be read"},
             row{"YE 3100000001 3100000002", "balance (zh-CN): there is more than it takes"},
             row{"YE 310000000A", "balance (zh-CN): account cannot be read"},
             row{"余额多少", "balance (zh-CN): account cannot be read"},
             row{"DF 202613", "bill (zh-CN) account=202613"},
             row{"DF 13月", "bill (zh-CN): account cannot be read"},
             row{"DF 2026-10-01", "bill (zh-CN): account cannot be read"},
             row{"BD", "bind (zh-CN): account is missing"},
             row{"BD 3100000001", "bind (zh-CN): code is missing"},
             row{"BD 123456", "bind (zh-CN): account is missing"},
             row{"BD 3100000001 12345", "bind (zh-CN): code cannot be read"},
             row{"BD 3100000001 123456 7", "bind (zh-CN): there is more than it takes"},
             row{"CJ", "tracking (zh-CN): document is missing"},
             row{"CJ WL1", "tracking (zh-CN): document cannot be read"},
             row{"KC", "stock (zh-CN): item is missing"},
             row{"CD 1", "menu (zh-CN): there is more than it takes"},
             row{"XS 11月31日", "sales (zh-CN): date cannot be read"},
         }) {
        CAPTURE(text);
        CHECK(asked(text) == expected);
    }
    CHECK(asked("KC " + std::string(100, 'x')) == "stock (zh-CN) item=" + std::string(100, 'x'));
    CHECK(asked("KC " + std::string(101, 'x')) == "stock (zh-CN): item cannot be read");
}

TEST_CASE("matcher: a word is no beginning of another") {
    for (const auto* text : {"YES", "YEAR", "BALL", "BILLY", "CJABCD", "HELPER", "STOCKcable",
                             "KCcable", "DFS 202610"}) {
        CAPTURE(text);
        CHECK_FALSE(std::holds_alternative<matched>(shipped().match(text, today)));
        CHECK_FALSE(std::holds_alternative<misused>(shipped().match(text, today)));
    }
}

TEST_CASE("matcher: a slip or a sentence leads to what may be meant") {
    struct row {
        std::string text;
        std::string expected;
    };
    for (const auto& [text, expected] : {
             row{"BALENCE", "near (en): balance"},
             row{"blance 3100000001", "near (en): balance"},
             row{"BIL", "near (en): balance bill"},
             row{"bills", "near (en): bill"},
             row{"EY", "near (zh-CN): balance"},
             row{"YEE", "near (zh-CN): balance"},
             row{"余厄", "near (zh-CN): balance"},
             row{"张单", "unknown"},
             row{"我要查余额", "near (zh-CN): balance"},
             row{"my balance please", "near (en): balance"},
             row{"请问余额和电费是多少", "near (zh-CN): balance bill"},
             row{"unbalanced", "unknown"},
             row{"电话", "near (zh-CN): bill"},
             row{"你好", "unknown"},
             row{"谢谢", "unknown"},
             row{"OK", "unknown"},
             row{"YR", "unknown"},
             row{"SELES", "unknown"}, // of the staff
             row{"1", "unknown"},
             row{"3100000001", "unknown"},
             row{"", "unknown"},
             row{"。。。", "unknown"},
             row{"\u3000", "unknown"},
         }) {
        CAPTURE(text);
        CHECK(asked(text) == expected);
    }
}

TEST_CASE("matcher: months and days without a year are past or present") {
    struct row {
        std::string text;
        std::chrono::year_month_day on;
        std::string expected;
    };
    for (const auto& [text, on, expected] : {
             row{"电费11月", 2026y / 11 / 1, "bill (zh-CN) month=2026-11-01"},
             row{"电费12月", 2026y / 11 / 30, "bill (zh-CN) month=2025-12-01"},
             row{"电费上月", 2026y / 1 / 31, "bill (zh-CN) month=2025-12-01"},
             row{"电费本月", 2026y / 1 / 31, "bill (zh-CN) month=2026-01-01"},
             row{"销售昨天", 2024y / 3 / 1, "sales (zh-CN) date=2024-02-29"},
             row{"销售11月26日", 2026y / 11 / 26, "sales (zh-CN) date=2026-11-26"},
             row{"销售11月27号", 2026y / 11 / 26, "sales (zh-CN) date=2025-11-27"},
             row{"销售 2月29日", 2025y / 1 / 1, "sales (zh-CN) date=2024-02-29"},
         }) {
        CAPTURE(text);
        CHECK(asked(text, on) == expected);
    }
}

TEST_CASE("matcher: every kind of argument") {
    struct row {
        argument_kind kind;
        std::string rest;
        std::string expected;
    };
    for (const auto& [kind, rest, expected] : {
             row{argument_kind::amount, " 12.50", "x (en) a=12.50"},
             row{argument_kind::amount, "¥100元", "x (en) a=100"},
             row{argument_kind::amount, " -5", "x (en): a cannot be read"},
             row{argument_kind::amount, " −5", "x (en): a cannot be read"},
             row{argument_kind::amount, "-5", "x (en) a=5"},
             row{argument_kind::amount, " 1.2.3", "x (en): a cannot be read"},
             row{argument_kind::integer, " 007", "x (en) a=007"},
             row{argument_kind::integer, " 1.5", "x (en): a cannot be read"},
             row{argument_kind::integer, " 1234567890123456", "x (en): a cannot be read"},
             row{argument_kind::document, " ab-12-", "x (en) a=AB-12"},
             row{argument_kind::document, " abcd", "x (en): a cannot be read"},
             row{argument_kind::area, "滨河路", "x (en) a=滨河路"},
             row{argument_kind::text, " a\tb\x01 c。", "x (en) a=a b c"},
             row{argument_kind::pin, " 1234", "x (en) a=****"},
             row{argument_kind::pin, " 123", "x (en): a cannot be read"},
             row{argument_kind::code, " 123456", "x (en) a=****"},
             row{argument_kind::number, " 138-0000-0001", "x (en) a=13800000001"},
             row{argument_kind::number, " +86 138 0000 0001", "x (en) a=+8613800000001"},
             row{argument_kind::number, " 1380000000x", "x (en): a cannot be read"},
             row{argument_kind::date, " 2026/11/3", "x (en) a=2026-11-03"},
             row{argument_kind::date, " 20260230", "x (en): a cannot be read"},
             row{argument_kind::month, " 18991", "x (en): a cannot be read"},
             row{argument_kind::month, "㋉", "x (en) a=2026-10-01"},
         }) {
        CAPTURE(rest);
        CHECK(read_by({{"a", kind}}, rest) == expected);
    }
}

TEST_CASE("matcher: kinds that are read alike go by their order") {
    const std::vector<argument> two{{"from", argument_kind::date, false},
                                    {"to", argument_kind::date, false}};
    CHECK(read_by(two, " 20261101 20261102") == "x (en) from=2026-11-01 to=2026-11-02");
    CHECK(read_by(two, " 20261101") == "x (en) from=2026-11-01");
    const std::vector<argument> codes{{"account", argument_kind::account},
                                      {"code", argument_kind::code}};
    std::vector<command> one;
    one.push_back(asking("x", {"XX"}, codes));
    const matcher all(std::move(one));
    const auto result = std::get<matched>(all.match("XX 123456 654321", today));
    CHECK(result.arguments.at("account") == "123456");
    CHECK(result.arguments.at("code") == "654321");
}

TEST_CASE("matcher: of two words that begin a text the longer is meant") {
    std::vector<command> two;
    two.push_back(asking("short", {"查"}, {{"a", argument_kind::account}}));
    two.push_back(asking("long", {"查电费"}, {}));
    const matcher all(std::move(two));
    CHECK(shown(all.match("查电费", today)) == "long (en)");
    CHECK(shown(all.match("查310000", today)) == "short (en) a=310000");
}

TEST_CASE("matcher: words of several words may be written together") {
    std::vector<command> one;
    one.push_back(asking("x", {"MY BILL"}, {{"month", argument_kind::month, false}}));
    const matcher all(std::move(one));
    for (const auto* text : {"my bill", "MYBILL", "my  bill", "my-bill", "m y b i l l"})
        CHECK(shown(all.match(text, today)) == "x (en)");
    CHECK(shown(all.match("mybill202610", today)) == "x (en) month=2026-10-01");
}

TEST_CASE("matcher: a command is found by a word of it, however written, or by its name") {
    REQUIRE(shipped().named("ｂａｌ。") != nullptr);
    CHECK(shipped().named("余额")->name == "balance");
    CHECK(shipped().named("order_progress")->name == "order_progress");
    CHECK(shipped().named("?")->name == "help");
    CHECK(shipped().named("") == nullptr);
    CHECK(shipped().named("x") == nullptr);
}

TEST_CASE("matcher: a text of any length and any octets is answered at once") {
    CHECK(asked(std::string(65536, 'a')) == "unknown");
    CHECK(asked("YE " + std::string(65536, ' ')) == "balance (zh-CN)");
    CHECK(asked("YE " + std::string(65536, '.')) == "unknown");
    CHECK(asked("KC " + std::string(65536, 'x')) == "unknown");
    CHECK(asked(std::string("YE\0", 3)) == "balance (zh-CN)");
    std::string expanding; // each of these becomes 18 characters
    for (int i = 0; i < 500; ++i)
        expanding += "\uFDFA";
    CHECK(asked(expanding) == "unknown");
    for (int c = 0; c < 256; ++c)
        CHECK_FALSE(asked(std::string(3, static_cast<char>(c))).empty());
}

TEST_CASE("matcher: times of a day in many spellings, and what is none") {
    const std::vector<argument> one{{"at", argument_kind::time}};
    for (const auto& [text, read] : std::initializer_list<std::pair<const char*, const char*>>{
             {" 0930", "2026-11-26T09:30"},
             {" 9:30", "2026-11-26T09:30"},
             {"０９：３０", "2026-11-26T09:30"},
             {" 14点", "2026-11-26T14:00"},
             {" 14时05分", "2026-11-26T14:05"},
             {" 9点半", "2026-11-26T09:30"},
             {" 今天14:00", "2026-11-26T14:00"},
             {" 明天 8:00", "2026-11-27T08:00"},
             {" tomorrow 8:00", "2026-11-27T08:00"},
             {" 昨天2300", "2026-11-25T23:00"},
             {" 2026-12-01 9:30", "2026-12-01T09:30"},
             {" 20261201 0930", "2026-12-01T09:30"}}) {
        CAPTURE(text);
        CHECK(read_by(one, text) == std::string("x (en) at=") + read);
    }
    for (const auto* text : {" 24:00", " 9:60", " 9:3", " 930", " 2460", " 14", " 1200 Main St",
                             " 9:30x", " 明天", " 12345", " 0930楼"}) {
        CAPTURE(text);
        CHECK(read_by(one, text) == "x (en): at cannot be read");
    }
    CHECK(read_by(one, " 2026-13-01 9:30") == "x (en): there is more than it takes");
}

TEST_CASE("matcher: pieces of a text are told apart by signs, times by their form") {
    const std::vector<argument> takes{{"place", argument_kind::piece},
                                      {"work", argument_kind::piece},
                                      {"begins", argument_kind::time},
                                      {"ends", argument_kind::time, false}};
    const std::string both = "x (en) place=解放路18号 work=换变压器 begins=2026-11-26T09:30 "
                             "ends=2026-11-26T14:00";
    for (const auto* text :
         {" 解放路18号，换变压器，0930，14:00", "解放路18号；换变压器；9:30-14:00",
          " 解放路18号|换变压器|9:30至14点", ", 解放路18号, 换变压器, 0930 1400",
          " 解放路18号，换变压器，今天9:30到今天14:00。", " 解放路18号，换变压器，0930~1400"}) {
        CAPTURE(text);
        CHECK(read_by(takes, text) == both);
    }
    CHECK(read_by(takes, " 1200 Main St, cable; 9:30") ==
          "x (en) place=1200 Main St work=cable begins=2026-11-26T09:30");
    CHECK(read_by(takes, " 解放路18号 换变压器 0930 1400") == "x (en): work is missing");
    CHECK(read_by(takes, " 解放路18号，换变压器") == "x (en): begins is missing");
    CHECK(read_by(takes, " 解放路18号，换变压器，上午") == "x (en): begins cannot be read");
    CHECK(read_by(takes, "，；|") == "x (en): place is missing");
    CHECK(read_by(takes, " a，b，0930，1400，1500") == "x (en): there is more than it takes");
}

TEST_CASE("matcher: a crew's report is known by its word, and no customer hears of it") {
    CHECK(asked("报工 解放路18号，换变压器，0930") ==
          "work (zh-CN) place=解放路18号 work=换变压器 begins=2026-11-26T09:30");
    CHECK(asked("ＢＧ解放路18号；换变压器；0930；1400") ==
          "work (zh-CN) place=解放路18号 work=换变压器 begins=2026-11-26T09:30 "
          "ends=2026-11-26T14:00");
    CHECK(asked("WORK DONE") == "work_done (en)");
    CHECK(asked("收工 解放路") == "work_done (zh-CN) place=解放路");
    CHECK(asked("报功") == "unknown");
    CHECK(asked("HM 13900000009") == "contact (zh-CN) new_number=13900000009");
    CHECK(asked("换号3100000001 139-0000-0009") ==
          "contact (zh-CN) account=3100000001 new_number=13900000009");
    CHECK(asked("HM") == "contact (zh-CN): new_number is missing");
}

} // namespace matcher_test
