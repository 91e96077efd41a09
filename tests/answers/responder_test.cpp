// From a text to its answer, with a house that is made of maps.
#include "answers/rehearsal.hpp"
#include "answers/responder.hpp"
#include "answers/world.hpp"

#include "commands/command_file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <functional>
#include <map>

namespace responder_test {

using namespace posthorn;
using namespace posthorn::answers;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

// What the shipped lookups look like from here.
lookups::catalogue lookup_files() {
    const std::vector<settings::system_settings> systems{
        {.name = "billing", .kind = settings::system_kind::sqlite, .where = "none"}};
    auto loaded =
        lookups::load_lookups(PROJECT_DIR "/config/lookups", systems, templates::zone::utc());
    REQUIRE(settings::format(loaded.problems) == "");
    return std::move(loaded.lookups);
}

// The shipped query codes, and one that asks for a PIN.
std::vector<commands::command> command_files(const lookups::catalogue& lookups) {
    const auto shapes = shapes_of(lookups);
    auto loaded =
        commands::load_commands(PROJECT_DIR "/config/commands", templates::zone::utc(), shapes);
    REQUIRE(settings::format(loaded.problems) == "");
    settings::problem_list problems;
    auto secret = commands::read_command("name: secret\n"
                                         "words: {en: [SECRET]}\n"
                                         "takes: [{name: account, kind: account, required: false}, "
                                         "{name: pin, kind: pin, required: false}]\n"
                                         "who: pin\n"
                                         "lookup: balance\n"
                                         "answer: {en: \"secret of {{ account }}\"}\n"
                                         "empty: {en: \"nothing\"}\n"
                                         "help: {en: \"SECRET\"}\n"
                                         "default_language: en\n",
                                         "secret.yaml", templates::zone::utc(), shapes, problems);
    REQUIRE(settings::format(problems) == "");
    loaded.commands.push_back(std::move(*secret));
    return std::move(loaded.commands);
}

std::shared_ptr<const handbook> book(destinations ours = {},
                                     settings::inbound_settings rules = {}) {
    auto lookups = lookup_files();
    auto phrases = load_phrases(PROJECT_DIR "/config/phrases.yaml");
    REQUIRE(settings::format(phrases.problems) == "");
    auto document = settings::document::parse("{}", "none");
    return std::make_shared<const handbook>(handbook{
        .matcher = commands::matcher(command_files(lookups)),
        .lookups = std::move(lookups),
        .phrases = std::move(phrases.said),
        .opt_words =
            policy::opt_words(settings::read_consent(document.root().optional_map("consent"))),
        .rules = std::move(rules),
        .destinations = std::move(ours),
        .blocked = {"8613800000099"},
        .guesses = {.tries = 3},
        .countries = {{"CN", "86", "0", "1[3-9]xxxxxxxxx"}},
        .topics = std::make_shared<const topics::directory>(std::vector<topics::topic>())});
}

struct bench {
    world around;
    responder answers{book(), around};
    posthorn::id next = 1;

    bench() {
        around.people[phone] = {.known = true, .pin = "hash of 4711"};
        around.people[phone].accounts = {{.account = "3100000001", .name = "张三"}};
        around.lookup = [](const std::string&, const json::object&) {
            return json::parse(R"([{"account_name": "张三", "balance": 2000, "due": 0,
                                    "as_of": "2025-10-09"}])")
                .as_array();
        };
    }

    inbound::whole_text text(std::string what, std::string sender = phone) {
        const auto id = next++;
        return {.head = {.id = id,
                         .account = 5,
                         .sender = std::move(sender),
                         .recipient = "106900001",
                         .text = std::move(what),
                         .at = around.time},
                .parts = {id}};
    }
    void run() {
        around.loop_.restart();
        around.loop_.run();
    }
    // The answer; empty when there is none.
    std::string ask(std::string what, std::string sender = phone) {
        const auto before = around.sent.size();
        std::vector<inbound::whole_text> one;
        one.push_back(text(std::move(what), std::move(sender)));
        answers.handle(std::move(one));
        run();
        CHECK(around.sent.size() <= before + 1);
        return around.sent.size() > before ? around.sent.back().text : "";
    }
    template <class Op>
    const Op* along() const { // the first such operation of the last answer
        for (const auto& op : around.sent.back().along)
            if (const auto* o = std::get_if<Op>(&op))
                return o;
        return nullptr;
    }
};

} // namespace

TEST_CASE("answers: a query code of a bound phone is looked up and answered the same way") {
    bench b;
    json::object asked;
    b.around.lookup = [&](const std::string& name, const json::object& parameters) {
        CHECK(name == "balance");
        asked = parameters;
        return json::parse(R"([{"account_name": "张三", "balance": 2000, "due": 0,
                                "as_of": "2025-10-09"}])")
            .as_array();
    };
    CHECK(has(b.ask("ｙｅ。"), "20.00"));
    CHECK(asked.at("account").as_string() == "3100000001");
    CHECK(asked.at("number").as_string() == phone);
    const auto& r = b.around.sent.back();
    CHECK(r.number == phone);
    CHECK(r.language == "zh-CN");
    CHECK(r.to.recipient == "106900001");
    CHECK(r.to.account == 5);
    REQUIRE(b.along<store::settle_inbound>());
    CHECK(b.along<store::settle_inbound>()->texts == std::vector<posthorn::id>{1});
    CHECK(b.along<store::settle_inbound>()->command == "balance");
    CHECK(has(b.ask("BAL"), "20.00"));
    CHECK(b.around.sent.back().language == "en");
}

namespace {

// The house, where 01 is the extension of crm, and questions have 71 and 72.
struct with_extensions : bench {
    with_extensions() {
        destinations ours;
        ours.give("10690000101", false, {"crm", {{"zh-CN", "已转交"}, {"en", "OK"}}});
        ours.give("10695", true, {"survey", {}});
        ours.ask_from("106900001", "10690000171");
        ours.ask_from("106900001", "10690000172");
        answers.use(book(std::move(ours)));
        around.people[phone].accounts.push_back({.account = "3100000002", .name = "李四"});
    }
    // The answer, and the number it leaves from.
    std::pair<std::string, std::string> ask_at(std::string to, std::string what) {
        const auto before = around.sent.size();
        auto one = text(std::move(what));
        one.head.recipient = std::move(to);
        std::vector<inbound::whole_text> all;
        all.push_back(std::move(one));
        answers.handle(std::move(all));
        run();
        REQUIRE(around.sent.size() == before + 1);
        return {around.sent.back().text, around.sent.back().to.recipient};
    }
};

} // namespace

TEST_CASE(
    "answers: what is texted to a source's number is passed on, before all but opt-out words") {
    with_extensions b;
    b.around.people[phone].language = "en";
    CHECK(b.ask_at("10690000101", "YE").first == "OK");
    CHECK(b.around.sent.back().at_once);
    const auto* passed = b.along<store::pass_on>();
    REQUIRE(passed != nullptr);
    CHECK(passed->source == 7);
    CHECK(passed->kind == "text");
    CHECK(passed->number == phone);
    CHECK(passed->recipient == "10690000101");
    CHECK(passed->text == "YE");
    CHECK(passed->inbound == b.around.sent.back().to.id);
    const auto* settled = b.along<store::settle_inbound>();
    REQUIRE(settled != nullptr);
    CHECK(settled->what == inbound_outcome::passed);
    CHECK(settled->command == "crm");

    CHECK(has(b.ask_at("10690000101", "STOP").first, "opted out"));
    CHECK(b.along<store::pass_on>() == nullptr);
    b.around.hint = b.around.time; // a text that left from there said so
    CHECK(has(b.ask_at("10690000101", "T").first, "退订"));
    CHECK(b.along<store::pass_on>() == nullptr);
}

TEST_CASE(
    "answers: a source gets all that is texted to its number, however much; the phone hears less") {
    with_extensions b;
    for (int n = 0; n < 10; ++n)
        CHECK(!b.ask_at("10690000101", "第" + std::to_string(n)).first.empty());
    for (int n = 10; n < 15; ++n) {
        CHECK(b.ask_at("10690000101", "第" + std::to_string(n)).first.empty());
        CHECK(b.along<store::pass_on>()->text == "第" + std::to_string(n));
    }
}

TEST_CASE("answers: who says nothing has nothing said, and one that cannot be sent loses no text") {
    with_extensions b;
    CHECK(b.ask_at("106951234", "很好").first.empty());
    CHECK(b.along<store::pass_on>()->source == 8);
    b.around.refusal = "too long";
    CHECK(b.ask_at("10690000101", "你好").first.empty());
    CHECK(b.along<store::pass_on>()->text == "你好");
    CHECK(b.along<store::settle_inbound>()->what == inbound_outcome::passed);
    CHECK(b.ask("你好", "8613800000099").empty()); // blocked
}

TEST_CASE("answers: several questions are open at once, each at a number of its own") {
    with_extensions b;
    CHECK(b.ask_at("106900001", "YE").second == "10690000171");
    CHECK(b.along<store::put_question>()->question.recipient == "10690000171");
    CHECK(b.ask_at("106900001", "JF").second == "10690000172");
    CHECK(b.ask_at("106900001", "DF").second == "106900001"); // none is free
    CHECK(b.answers.open_questions() == 3);

    const auto [balance, from] = b.ask_at("10690000171", "2");
    CHECK(from == "10690000171");
    CHECK(has(balance, "0002余额"));
    CHECK(b.along<store::drop_question>()->recipient == "10690000171");
    // nothing is open there any more: as to the plain number, where one is
    CHECK(b.ask_at("10690000171", "9").second == "106900001");
    CHECK(b.ask_at("10690000171", "几点开门").second == "106900001");
    CHECK(b.ask_at("106900001", "YE").second == "10690000171");
}

TEST_CASE("answers: who is bound to nothing, or not to this, is told no personal data") {
    bench b;
    b.around.lookup = [](const std::string&, const json::object&) -> lookups::answer {
        FAIL("nothing may be looked up");
        return json::array();
    };
    CHECK(has(b.ask("YE", "8613800000002"), "尚未绑定"));
    CHECK(has(b.ask("YE 3100000001", "8613800000003"), "尚未绑定"));
    CHECK(has(b.ask("YE 3100000002"), "3100000002未与本号码绑定"));
    CHECK(has(b.ask("XS"), "无权")); // sales: staff only
    CHECK(has(b.ask("KC"), "无权")); // also where it is written wrongly
    b.around.people[phone].role = "driver";
    CHECK(has(b.ask("SALES"), "may not"));
}

TEST_CASE("answers: of several accounts one is chosen from a menu, by its number") {
    bench b;
    b.around.people[phone].accounts.push_back({.account = "3100000002"});
    std::string asked;
    b.around.lookup = [&](const std::string&, const json::object& parameters) {
        asked = std::string(parameters.at("account").as_string());
        return json::parse(R"([{"account_name": "李四", "balance": 500, "due": 0,
                                "as_of": "2025-10-09"}])")
            .as_array();
    };
    CHECK(has(b.ask("YE"), "2 3100000002"));
    REQUIRE(b.along<store::put_question>());
    CHECK(has(b.ask("7"), "请只回复序号"));
    CHECK(has(b.ask("２"), "5.00"));
    CHECK(asked == "3100000002");
    CHECK(b.along<store::drop_question>());
    CHECK_FALSE(has(b.ask("2"), "5.00"));       // nothing is open any more
    CHECK(has(b.ask("YE 3100000001"), "5.00")); // named: no menu
    CHECK(asked == "3100000001");
}

TEST_CASE("answers: a question is forgotten when its time is over, and survives a start before") {
    bench b;
    b.around.people[phone].accounts.push_back({.account = "3100000002"});
    b.ask("YE");
    const auto kept = b.along<store::put_question>()->question;
    bench later;
    later.around.people = b.around.people;
    later.answers.recover({kept}, {});
    later.around.time = start + 9min;
    CHECK(has(later.ask("1"), "20.00"));
    later.answers.recover({kept}, {});
    later.around.time = start + 11min;
    CHECK(has(later.ask("1"), "没有看懂"));
    later.answers.pulse(later.around.time);
    REQUIRE_FALSE(later.around.submitted.empty());
    CHECK(std::holds_alternative<store::drop_question>(later.around.submitted.back()));
}

TEST_CASE("answers: a PIN is asked for, and guessing it ends") {
    bench b;
    CHECK(has(b.ask("SECRET"), "PIN"));
    CHECK(has(b.ask("1111"), "Tries left: 2"));
    CHECK(b.ask("4711") == "secret of 3100000001");
    REQUIRE_FALSE(b.around.submitted.empty());
    CHECK(std::holds_alternative<store::clear_tries>(b.around.submitted.back()));
    CHECK(b.along<store::settle_inbound>()->secret); // the PIN is not kept
    b.around.tries.clear();
    b.ask("SECRET");
    b.ask("1111");
    b.ask("2222");
    CHECK(has(b.ask("3333"), "Too many wrong tries"));
    CHECK_FALSE(has(b.ask("4711"), "secret")); // the question is closed
    b.around.people[phone].pin.clear();
    CHECK(has(b.ask("SECRET"), "no PIN"));
    b.around.people[phone].pin = "hash of 4711";
    b.around.people[phone].locked_until = b.around.time + 5min;
    CHECK(has(b.ask("SECRET "), "5 minutes"));
}

TEST_CASE("answers: a PIN may stand in the text itself, and is not asked for then") {
    bench b;
    CHECK(has(b.ask("SECRET 1111"), "Tries left: 2"));
    CHECK_FALSE(b.along<store::put_question>());
    CHECK(b.ask("SECRET 4711") == "secret of 3100000001");
    CHECK(b.along<store::settle_inbound>()->secret);
}

TEST_CASE("answers: who answers a menu with none of its numbers is not asked for ever") {
    bench b;
    b.around.people[phone].accounts.push_back({.account = "3100000002"});
    b.ask("YE");
    for (const auto* n : {"7", "8", "9"})
        CHECK(has(b.ask(n), "请只回复序号"));
    CHECK(b.along<store::drop_question>());
    CHECK(has(b.ask("1"), "没有看懂"));
}

TEST_CASE("answers: a code that was sent must come back") {
    bench b;
    b.around.lookup = [](const std::string&, const json::object&) {
        return json::parse(R"([{"paid_on": "2025-10-01", "amount": 5000, "way": "微信"}])")
            .as_array();
    };
    CHECK(has(b.ask("JF"), "482913"));
    CHECK_FALSE(has(b.along<store::put_question>()->question.data, "\"482913\""));
    CHECK(has(b.ask("111111"), "还可再试2次"));
    CHECK(has(b.ask("482913"), "50.00"));
}

TEST_CASE("answers: a phone binds itself with the code of the account, once") {
    bench b;
    const std::string stranger = "8613800000007";
    b.around.codes["3100000009"] = {.hash = "hash of 123456"};
    const auto wrong = b.ask("BD 3100000009 654321", stranger);
    const auto unknown = b.ask("BD 3100000010 123456", stranger);
    CHECK_FALSE(wrong.empty());
    CHECK(b.ask("BD 3100000009 123456", stranger) != wrong);
    CHECK(std::ranges::any_of(b.around.submitted, [](const auto& op) {
        return std::holds_alternative<store::use_binding_code>(op);
    }));
    CHECK_FALSE(unknown.empty());
    b.around.people[stranger].accounts = {{.account = "3100000009"}};
    CHECK(has(b.ask("HH", stranger), "3100000009"));
    b.ask("JB 3100000009", stranger);
    REQUIRE(b.along<store::unbind>());
    CHECK(b.along<store::unbind>()->number == stranger);
}

TEST_CASE("answers: what nobody understands gets help, a slip of the thumb a suggestion") {
    bench b;
    CHECK(has(b.ask("你好"), "没有看懂"));
    CHECK(has(b.ask("balence"), "BAL"));
    CHECK(has(b.ask(""), "没有看懂"));
    CHECK(has(b.ask("\xff\xfe"), "没有看懂"));
    CHECK(has(b.ask("CD"), "可发送"));
    CHECK(b.around.sent.size() == 5);
}

TEST_CASE("answers: a lookup that fails is answered politely, and a person must look") {
    bench b;
    b.around.lookup = [](const std::string&, const json::object&) -> lookups::answer {
        return lookups::failed{lookups::failure::down, "cannot be opened"};
    };
    CHECK(has(b.ask("YE"), "转人工"));
    CHECK(b.along<store::settle_inbound>()->what == inbound_outcome::failed);
}

TEST_CASE("answers: a lookup that takes long is told to be in hand, then answered") {
    bench b;
    asio::steady_timer never(b.around.loop_, 1h);
    b.around.lookup = [&](const std::string&, const json::object&) {
        // as long as it takes until the customer was told
        while (b.around.sent.empty())
            b.around.loop_.run_one();
        return json::parse(R"([{"account_name": "张三", "balance": 2000, "due": 0,
                                "as_of": "2025-10-09"}])")
            .as_array();
    };
    std::vector<inbound::whole_text> one;
    one.push_back(b.text("YE"));
    b.answers.handle(std::move(one));
    while (b.around.sent.size() < 2)
        b.around.loop_.run_one();
    CHECK(b.around.sent[0].interim);
    CHECK(has(b.around.sent[0].text, "请稍候"));
    CHECK(b.around.sent[0].along.empty());
    CHECK(has(b.around.sent[1].text, "20.00"));
}

TEST_CASE("answers: an answer that cannot be sent is replaced by words that can") {
    bench b;
    b.around.refusal = "it needs 12 parts";
    CHECK(has(b.ask("YE"), "转人工"));
    CHECK(b.along<store::settle_inbound>()->what == inbound_outcome::failed);
}

TEST_CASE("answers: short numbers, names and blocked phones are not answered, and settled") {
    bench b;
    for (const auto* sender : {"10086", "MyBank", "8613800000099", ""}) {
        CAPTURE(sender);
        b.around.submitted.clear();
        CHECK(b.ask("YE", sender) == "");
        REQUIRE(b.around.submitted.size() == 1);
        CHECK(std::get<store::settle_inbound>(b.around.submitted[0]).what ==
              inbound_outcome::ignored);
    }
}

TEST_CASE("answers: a national number is the phone it is") {
    bench b;
    CHECK(has(b.ask("YE", "13800000001"), "20.00"));
    CHECK(b.around.sent.back().number == phone);
}

TEST_CASE("answers: who opts out has, also where it cannot be confirmed") {
    bench b;
    b.around.refusal = "the reply type is broken";
    CHECK(b.ask("退订") == "");
    REQUIRE(b.around.sent.size() == 1);
    CHECK(b.around.sent[0].consent);
}

TEST_CASE("answers: opting out comes before everything, and is confirmed once") {
    bench b;
    CHECK(has(b.ask("退订"), "已退订"));
    REQUIRE(b.around.sent.back().consent);
    CHECK(b.around.sent.back().consent->out);
    CHECK(b.around.sent.back().consent->inbound == 1);
    b.around.out_of = asks_consent;
    CHECK(b.ask("退订") == "");
    CHECK_FALSE(b.around.sent.back().consent);
    CHECK(has(b.ask("恢复"), "已恢复"));
    CHECK_FALSE(b.around.sent.back().consent->out);
    CHECK(has(b.ask("STOP outages"), "always sent"));
}

TEST_CASE("answers: an everyday word opts out only after a text that said so, and no question") {
    bench b;
    CHECK(has(b.ask("N"), "没有看懂"));
    b.around.hint = start - 1h;
    CHECK(has(b.ask("N"), "已退订"));
    b.around.hint = start - 30 * 24h;
    b.around.out_of = {};
    CHECK(has(b.ask("n"), "没有看懂"));
    b.around.hint = start - 1h;
    b.around.people[phone].accounts.push_back({.account = "3100000002"});
    b.ask("YE");
    CHECK_FALSE(has(b.ask("N "), "已退订")); // it answers the question, wrongly
}

TEST_CASE("answers: texts of one phone are answered in their order, others do not wait") {
    bench b;
    std::vector<inbound::whole_text> texts;
    texts.push_back(b.text("YE"));
    texts.push_back(b.text("CD"));
    texts.push_back(b.text("CD", "8613800000002"));
    b.answers.handle(std::move(texts));
    b.run();
    REQUIRE(b.around.sent.size() == 3);
    std::vector<posthorn::id> of_phone;
    for (const auto& r : b.around.sent)
        if (r.number == phone)
            of_phone.push_back(r.to.id);
    CHECK(of_phone == std::vector<posthorn::id>{1, 2});
    CHECK(b.around.sent.front().number == "8613800000002");
}

TEST_CASE("answers: who writes too much is told so once") {
    bench b;
    for (int i = 0; i < 10; ++i)
        CHECK(has(b.ask("YE " + std::string(i % 2 ? " " : "") + "3100000001"), "20.00"));
    CHECK(has(b.ask("YE"), "频繁"));
    CHECK(b.ask("CD") == "");
    CHECK(has(b.ask("退订"), "已退订")); // to opt out is never too much
}

TEST_CASE("answers: who writes too much again and again is a nuisance for a time, and recorded") {
    bench b;
    for (int day = 0; day < 5; ++day) {
        for (int i = 0; i < 10; ++i)
            CHECK(b.ask("YE " + std::string(i % 2 ? " " : "") + "3100000001") != "");
        b.ask("YE");
        b.around.time += 2h;
    }
    const auto put = std::ranges::find_if(b.around.submitted, [](const auto& op) {
        return std::holds_alternative<store::put_nuisance>(op);
    });
    REQUIRE(put != b.around.submitted.end());
    const auto listed = std::get<store::put_nuisance>(*put).what;
    CHECK(listed.number == phone);
    CHECK(listed.until == listed.since + 24h);
    CHECK(b.ask("CD") == "");
    CHECK(has(b.ask("退订"), "已退订")); // it may always opt out

    bench after_start;
    after_start.around.time = b.around.time;
    after_start.answers.recover({}, {listed});
    CHECK(after_start.ask("YE") == "");
    after_start.answers.use(nuisance{.number = phone}); // a person takes it off
    CHECK(has(after_start.ask("YE"), "20.00"));
    after_start.answers.use(listed);
    after_start.around.time = listed.until;
    after_start.answers.pulse(after_start.around.time);
    CHECK(std::get<store::put_nuisance>(after_start.around.submitted.back()).what.number == phone);
    CHECK(has(after_start.ask("YE"), "20.00"));
}

TEST_CASE("answers: when too many come from all phones they wait their turn, opt-outs do not") {
    bench b;
    settings::inbound_settings rules;
    rules.per_second = 10; // two at once, one with each pulse
    b.answers.use(book({}, rules));
    const auto other = [](int n) { return "86138000001" + std::to_string(10 + n); };
    std::vector<inbound::whole_text> many;
    for (int n = 0; n < 6; ++n)
        many.push_back(b.text("CD", other(n)));
    many.push_back(b.text("退订", other(7)));
    b.answers.handle(std::move(many));
    b.run();
    CHECK(b.around.sent.size() == 3);
    CHECK(b.around.sent.back().number == other(7));
    CHECK(b.answers.held() == 4);
    b.ask("CD", other(8)); // nor does anybody get ahead
    CHECK(b.answers.held() == 5);
    for (int pulses = 0; pulses < 5; ++pulses) {
        b.around.time += 100ms;
        b.answers.pulse(b.around.time);
        b.run();
    }
    CHECK(b.answers.held() == 0);
    CHECK(b.around.sent.size() == 8);
    CHECK(b.around.sent.back().number == other(8));
}

namespace {

// What would come of it. Nothing may have been sent or changed.
json::object tried(bench& b, const std::string& what, const std::string& sender = phone) {
    const auto sent = b.around.sent.size(), submitted = b.around.submitted.size();
    const auto tries = b.around.tries;
    rehearsal r(book(), b.around, [](reply& a) {
        a.text = "[Posthorn]" + a.text;
        return std::string();
    });
    b.around.loop_.restart();
    auto found = asio::co_spawn(b.around.loop_, r.run(b.text(what, sender).head), asio::use_future);
    b.around.loop_.run();
    auto out = found.get();
    CHECK(b.around.sent.size() == sent);
    CHECK(b.around.submitted.size() == submitted);
    for (const auto& [number, n] : tries)
        CHECK(b.around.tries.at(number) == n);
    return out;
}

std::string answer_in(const json::object& found) {
    const auto& all = found.at("answers").as_array();
    return all.empty() ? "" : std::string(all.back().at("text").as_string());
}

} // namespace

TEST_CASE("rehearsal: what is understood, asked and answered is told, and nothing is sent") {
    bench b;
    const auto found = tried(b, "YE");
    CHECK(found.at("match").as_string().starts_with("balance (zh-CN)"));
    CHECK(found.at("who") == "bound");
    CHECK(found.at("phone").at("accounts").at(0).at("account") == "3100000001");
    const auto& lookup = found.at("lookups").at(0);
    CHECK(lookup.at("lookup") == "balance");
    CHECK(lookup.at("parameters").at("account") == "3100000001");
    CHECK(lookup.at("rows") == 1);
    CHECK(found.at("outcome") == "answered");
    CHECK(answer_in(found).starts_with("[Posthorn]"));
    CHECK(has(answer_in(found), "20.00"));
    CHECK(answer_in(found) == "[Posthorn]" + b.ask("YE")); // as the real one answers
}

TEST_CASE("rehearsal: who may not ask is told so, and which check it was") {
    bench b;
    const auto staff = tried(b, "SALES");
    CHECK(staff.at("who") == "staff");
    CHECK(staff.at("lookups").as_array().empty());
    CHECK(has(json::serialize(staff.at("notes")), "is not entitled to sales"));
    CHECK(has(answer_in(tried(b, "YE", "8613800000002")), "尚未绑定"));
    const auto blocked = tried(b, "YE", "8613800000099");
    CHECK(blocked.at("outcome") == "ignored");
    CHECK(has(json::serialize(blocked.at("notes")), "blocked"));
    CHECK(answer_in(blocked).empty());
    CHECK(has(json::serialize(tried(b, "YE", "10086").at("notes")), "its sender is no phone"));
    CHECK(tried(b, "hello there").at("match") == "unknown");
}

TEST_CASE("rehearsal: a menu, a PIN or a code that would be asked is told and not put") {
    bench b;
    CHECK(tried(b, "SECRET").at("asks_back") == "pin");
    b.around.people[phone].accounts.push_back({.account = "3100000002"});
    const auto menu = tried(b, "YE");
    CHECK(menu.at("asks_back") == "choose");
    CHECK(has(answer_in(menu), "3100000002"));
    CHECK_FALSE(has(b.ask("1"), "20.00")); // no question was put: it is no answer to one
}

TEST_CASE("rehearsal: a code is neither shown, counted nor looked at") {
    bench b;
    b.around.codes["3100000009"] = {.hash = "hash of 482913", .expires_at = start + 10min};
    const auto found = tried(b, "BD 3100000009 111111");
    CHECK_FALSE(has(json::serialize(found), "111111"));
    CHECK(has(json::serialize(found.at("changes")), "bound to customer account 3100000009"));
    CHECK(has(json::serialize(found.at("notes")), "as if it was right"));
    b.around.codes["3100000009"].expires_at = start - 1min;
    CHECK(tried(b, "BD 3100000009 111111").at("changes").as_array().empty());
}

TEST_CASE("rehearsal: an opt-out word is told with what it would change") {
    bench b;
    const auto found = tried(b, "TD");
    CHECK(found.at("opt_word") == "TD");
    CHECK(found.at("settled_as") == "opt out");
    CHECK(found.at("changes").at(0) == "out of all");
}

TEST_CASE("rehearsal: a system that is down is told with its reason") {
    bench b;
    b.around.lookup = [](const std::string&, const json::object&) -> lookups::answer {
        return lookups::failed{lookups::failure::timeout, "no answer within 2s"};
    };
    const auto found = tried(b, "YE");
    CHECK(found.at("lookups").at(0).at("failed") == "timeout");
    CHECK(found.at("outcome") == "failed");
    CHECK(has(json::serialize(found.at("notes")), "no answer within 2s"));
}

namespace {

constexpr auto crew = "8613900000004", other = "8613900000009";

struct crew_bench : bench {
    crew_bench() {
        around.people[crew] = {
            .known = true, .name = "王师傅", .role = "crew", .area = "城东", .pin = "hash of 4711"};
        around.people[phone].accounts[0].area = "城东";
    }
};

std::vector<std::string> op_names(const reply& r) {
    std::vector<std::string> out;
    for (const auto& op : r.along) {
        if (std::holds_alternative<store::change_contact>(op))
            out.emplace_back("change_contact");
        if (std::holds_alternative<store::add_work_report>(op))
            out.emplace_back("add_work_report");
        if (std::holds_alternative<store::end_work_report>(op))
            out.emplace_back("end_work_report");
        if (std::holds_alternative<store::drop_question>(op))
            out.emplace_back("drop_question");
        if (std::holds_alternative<store::settle_inbound>(op))
            out.emplace_back("settle_inbound");
    }
    return out;
}

} // namespace

TEST_CASE(
    "answers: a contact number is changed once a code was sent back, and both phones hear it") {
    bench b;
    CHECK(has(b.ask("HM 139 0000 0009"), "482913"));
    CHECK(b.along<store::put_question>());
    CHECK_FALSE(b.along<store::change_contact>());
    const auto before = b.around.sent.size();
    std::vector<inbound::whole_text> one;
    one.push_back(b.text("482913"));
    b.answers.handle(std::move(one));
    b.run();
    REQUIRE(b.around.sent.size() == before + 2);
    const auto& told = b.around.sent[before];
    CHECK(told.number == other);
    CHECK(told.beside);
    CHECK(told.along.empty());
    CHECK(told.text == "您好，本号码已登记为户号尾号0001的联系号码。如非您本人办理，请拨打95598。");
    const auto& r = b.around.sent.back();
    CHECK(r.number == phone);
    CHECK(has(r.text, "尾号0009"));
    CHECK(r.at_once);
    CHECK(op_names(r) ==
          std::vector<std::string>{"drop_question", "change_contact", "settle_inbound"});
    const auto* op = b.along<store::change_contact>();
    CHECK(op->account == "3100000001");
    CHECK(op->from == phone);
    CHECK(op->to == other);
    CHECK(op->inbound == 1);
    REQUIRE(op->owner);
    CHECK(op->owner->source == 7);
    CHECK(op->owner->kind == "contact_change");
    CHECK(op->owner->text == "HM 139 0000 0009"); // what was asked, not the code
    CHECK(op->owner->data == R"({"account":"3100000001","from":"+8613800000001",)"
                             R"("to":"+8613900000009","at":"2025-10-09T08:53:20Z"})");
}

TEST_CASE("answers: a new contact number that cannot be one is told before anything is proven") {
    bench b;
    CHECK(b.ask("HM 1390000") == "1390000不是可用的新手机号码，请核对后重新发送。");
    CHECK(has(b.ask("CONTACT 13800000001"), "cannot be the new number")); // its own
    CHECK(has(b.ask("HM"), "格式有误"));
    CHECK(has(b.ask("HM 13900000009", "8613800000002"), "尚未绑定"));
    CHECK(has(b.ask("HM 3100000002 13900000009"), "3100000002未与本号码绑定"));
    b.around.people[other].accounts.push_back({.account = "3100000001"});
    b.ask("HM 13900000009");
    CHECK(has(b.ask("482913"), "未作更改"));
    CHECK_FALSE(b.along<store::change_contact>());
    CHECK(b.along<store::drop_question>());
}

TEST_CASE("answers: of several accounts the contact number of the chosen one is changed") {
    bench b;
    b.around.people[phone].accounts.push_back({.account = "3100000002"});
    CHECK(has(b.ask("HM 13900000009"), "2 3100000002"));
    CHECK(has(b.ask("2"), "482913"));
    std::vector<inbound::whole_text> one;
    one.push_back(b.text("482913"));
    b.answers.handle(std::move(one));
    b.run();
    REQUIRE(b.along<store::change_contact>());
    CHECK(b.along<store::change_contact>()->account == "3100000002");
    CHECK(b.along<store::change_contact>()->owner->text == "HM 13900000009");
}

TEST_CASE("answers: a crew reports with its PIN, in its own area only") {
    crew_bench b;
    CHECK(has(b.ask("报工 解放路18号，更换变压器，明天9:30，17:00", crew), "查询密码"));
    CHECK(has(b.ask("4712", crew), "还可再试"));
    CHECK(b.ask("4711", crew) == "已登记：城东解放路18号，更换变压器，10月10日09:30起，预计"
                                 "10月10日17:00结束。完工请发：收工");
    const auto* op = b.along<store::add_work_report>();
    REQUIRE(op);
    CHECK(op->number == crew);
    CHECK(op->worker == "王师傅");
    CHECK(op->area == "城东");
    CHECK(op->place == "解放路18号");
    CHECK(op->work == "更换变压器");
    CHECK(op->begins_at == start + 24h + 36min + 40s);
    CHECK(op->ends_at == start + 32h + 6min + 40s);
    CHECK(op->inbound == 1);
    CHECK(b.around.sent.back().at_once);
    CHECK(has(b.ask("BG 解放路18号，更换变压器，0930"), "无权")); // a customer
    b.around.people[crew].area = "";
    b.ask("WORK Main St, cable, 9:30", crew);
    CHECK(has(b.ask("4711", crew), "No area is recorded"));
    CHECK_FALSE(b.along<store::add_work_report>());
}

TEST_CASE("answers: an end before its begin is the next day's, and times far away are none") {
    crew_bench b;
    b.ask("BG 解放路18号，抢修，22:00，6:00", crew);
    b.ask("4711", crew);
    REQUIRE(b.along<store::add_work_report>());
    CHECK(b.along<store::add_work_report>()->ends_at -
              b.along<store::add_work_report>()->begins_at ==
          8h);
    CHECK(has(b.ask("BG 解放路18号，抢修，2027-01-01 9:30", crew), "格式有误"));
    CHECK(has(b.ask("BG 解放路18号，抢修", crew), "格式有误"));
}

TEST_CASE("answers: work is over when its crew says so, all of it or that at one place") {
    crew_bench b;
    for (const auto* place : {"解放路18号", "人民路2号"})
        b.around.open_work.push_back(
            {.id = static_cast<posthorn::id>(b.around.open_work.size() + 41),
             .number = crew,
             .area = "城东",
             .place = place,
             .work = "抢修",
             .begins_at = start});
    b.ask("收工 人民路", crew);
    CHECK(b.ask("4711", crew) == "已收工：人民路2号。");
    CHECK(b.along<store::end_work_report>()->report == 42);
    b.ask("WORK DONE", crew);
    CHECK(b.ask("4711", crew) == "Done: 解放路18号; 人民路2号.");
    b.ask("WG 和平路", crew);
    CHECK(has(b.ask("4711", crew), "没有找到"));
    CHECK_FALSE(b.along<store::end_work_report>());
}

TEST_CASE("answers: who asks for outages hears what crews work on there, and nowhere else") {
    crew_bench b;
    b.around.lookup = [](const std::string&, const json::object&) { return json::array(); };
    CHECK(has(b.ask("停电"), "目前没有停电"));
    b.around.open_work = {{.id = 1,
                           .number = crew,
                           .area = "城西",
                           .place = "湖滨路",
                           .work = "抢修",
                           .begins_at = start},
                          {.id = 2,
                           .number = crew,
                           .area = "城东",
                           .place = "和平路",
                           .work = "抢修",
                           .begins_at = start - 48h,
                           .ends_at = start - 25h}};
    CHECK(has(b.ask("TDCX"), "目前没有停电"));
    b.around.open_work.push_back({.id = 3,
                                  .number = crew,
                                  .area = "城东",
                                  .place = "解放路18号",
                                  .work = "更换变压器",
                                  .begins_at = start,
                                  .ends_at = start + 4h});
    CHECK(b.ask("停电查询") == "抢修人员上报：解放路18号更换变压器，预计10月9日12:53结束。");
    b.around.lookup = [](const std::string&, const json::object&) {
        return json::parse(R"([{"place": "人民路", "begins_at": "2025-10-09T09:00:00Z",
                                "ends_at": "2025-10-09T10:00:00Z", "cause": "检修"}])")
            .as_array();
    };
    CHECK(b.ask("OUTAGE") == "Outage at 人民路: Oct 9 09:00 to Oct 9 10:00. Reported by our crews: "
                             "解放路18号: 更换变压器, until Oct 9 12:53.");
}

TEST_CASE("answers: a rehearsal tells what a change and a report would do, and does nothing") {
    crew_bench b;
    auto rehearsed = [&](std::string text, const char* who) {
        rehearsal tried(book(), b.around, [](reply&) { return std::string(); });
        auto t = b.text(std::move(text), who).head;
        auto got = asio::co_spawn(b.around.loop_, tried.run(std::move(t)), asio::use_future);
        b.run();
        return json::serialize(got.get());
    };
    CHECK(has(rehearsed("HM 13900000009", phone), R"("asks_back":"code")"));
    CHECK(has(rehearsed("BG 解放路18号，抢修，9:30", crew), R"("asks_back":"pin")"));
    CHECK(b.around.sent.empty());
    CHECK(b.around.submitted.empty());
}

} // namespace responder_test
