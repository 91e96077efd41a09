#include "intake/preparer.hpp"

#include "fixture.hpp"
#include "model/cover.hpp"
#include "model/letter.hpp"
#include "store/store_bench.hpp"

#include <boost/json/parse.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

namespace preparer_test {

using namespace posthorn;
using namespace posthorn::intake;
using namespace posthorn::intake::tests;
using namespace std::chrono_literals;

namespace {

prepared prepare(store::outbox_row row) {
    preparer p(some_catalogue());
    return p.prepare(std::move(row), noon);
}

prepared note(std::string data, unsigned max_parts = 4) {
    auto known = some_catalogue();
    known->max_parts = max_parts;
    preparer p(known, 0x1FE);
    auto row = bill_row();
    row.event.type = "note.free";
    row.event.data = std::move(data);
    return p.prepare(std::move(row), noon);
}

} // namespace

TEST_CASE("intake: a good row becomes a message") {
    auto row = bill_row();
    row.event.run = "2026-11";
    const auto p = prepare(row);
    CHECK(p.parked == "");
    CHECK(p.event.key == "B-1");
    CHECK(p.event.run == "2026-11");
    CHECK(p.event.data == bill_data);
    CHECK(p.event.received_at == noon);
    CHECK(p.event.content_hash != 0);
    CHECK(p.message.recipient == "8613800138000");
    CHECK(p.message.language == "zh-CN");
    CHECK(p.message.text.find("128.50") != std::string::npos);
    CHECK(p.message.coding == coding::ucs2);
    CHECK(p.message.priority == priority::normal);
    CHECK(p.message.doubt == on_uncertain::hold);
    CHECK(p.message.due_at == noon);
    CHECK(p.message.expires_at == noon + 24h);
    REQUIRE(!p.message.parts.empty());
    for (const auto& part : p.message.parts) {
        CHECK(part.n == &part - p.message.parts.data() + 1);
        CHECK(part.state == part_state::queued);
        CHECK(part.attempts == 0);
        CHECK(!part.octets.empty());
    }
}

TEST_CASE("intake: a bad row is parked with a reason that names field and value") {
    using change = std::function<void(store::outbox_row&)>;
    struct {
        change make;
        const char* reason;
    } const rows[] = {
        {[](auto& r) { r.event.type = "bill.isued"; },
         "type: 'bill.isued' is unknown (did you mean 'bill.issued'?)"},
        {[](auto& r) { r.event.type = "\x01\xFFodd"; },
         "type: is not UTF-8: '??odd'; type: '??odd' is unknown"},
        {[](auto& r) { r.event.source = "codes"; },
         "type: source 'codes' may not use 'bill.issued', only: code.verification"},
        {[](auto& r) { r.event.source = "mute"; },
         "type: source 'mute' may not use 'bill.issued', only: nothing"},
        {[](auto& r) { r.event.source = "who"; },
         "source: 'who' may not send: posthorn.yaml does not name it"},
        {[](auto& r) { r.event.data = R"({"amount": 12,3})"; },
         "data: not JSON at character 15 (syntax error), near '3}'"},
        {[](auto& r) { r.event.data = "{\"name\": \"张三\", }"; },
         "data: not JSON at character 16 (syntax error), near '}'"},
        {[](auto& r) { r.event.data = R"({"amount": )"; },
         "data: not JSON at character 12 (incomplete JSON)"},
        {[](auto& r) { r.event.data = ""; }, "data: not JSON at character 1 (incomplete JSON)"},
        {[](auto& r) { r.event.data = "{} {}"; },
         "data: not JSON at character 4 (something follows the object), near '{}'"},
        {[](auto& r) { r.event.data = "[1]"; }, "data: is not a JSON object but array"},
        {[](auto& r) { r.event.data = "17"; }, "data: is not a JSON object but int64"},
        {[](auto& r) { r.event.data.resize(70'000, ' '); },
         "data: has 70000 octets, at most 65536"},
        {[](auto& r) { r.event.key = ""; },
         "key: is empty: give each event a name of its own, e.g. the number of the bill"},
        {[](auto& r) { r.event.key = std::string(256, 'k'); },
         "key: has 256 octets, at most 255: "
         "'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk...'"},
        {[](auto& r) { r.event.key = "a\x1B[2J"; }, "key: has a control character: 'a?[2J'"},
        {[](auto& r) { r.event.key = "\xC3\x28"; }, "key: is not UTF-8: '?('"},
        {[](auto& r) { r.event.run = "\xFF"; }, "run: is not UTF-8: '?'"},
        {[](auto& r) { r.event.to_ref = "12800138000"; },
         "to_ref: bad number: ********000 is neither E.164 nor a mobile number of a configured "
         "country (CN)"},
        {[](auto& r) { r.event.to_ref = ""; }, "to_ref: bad number: it is empty"},
        {[](auto& r) { r.event.to_kind = "nummer"; },
         "to_kind: 'nummer' is unknown (did you mean 'number'?)"},
        {[](auto& r) {
             r.event.to_kind = "customer";
             r.event.to_ref = " ";
         },
         "to_ref: is empty: say which customer"},
        {[](auto& r) {
             r.event.to_kind = "customer";
             r.event.to_ref = "a\nb";
         },
         "to_ref: is no name of a customer: 'a?b'"},
        {[](auto& r) { r.event.to_kind = "area"; },
         "to_kind: type 'bill.issued' does not take 'area', only: number, email, customer, "
         "account"},
        {[](auto& r) {
             r.event.type = "letter.sent";
             r.event.data = R"({"body":"x"})";
         },
         "to_kind: type 'letter.sent' does not take 'number', only: customer"},
        {[](auto& r) { r.problem = "not_before: not microseconds: 'soon'"; },
         "not_before: not microseconds: 'soon'"},
        {[](auto& r) { r.event.not_before = store::unreadable_time; },
         "not_before: was not microseconds: insert the event again under a new key"},
        {[](auto& r) { r.event.not_before = from_micros(1'790'000'000); },
         "not_before: 1790000000 is no sensible number of microseconds since 1970 (are they "
         "seconds or milliseconds?)"},
        {[](auto& r) { r.event.occurred_at = from_micros(1'790'000'000'000); },
         "occurred_at: 1790000000000 is no sensible number of microseconds since 1970 (are they "
         "seconds or milliseconds?)"},
        {[](auto& r) { r.event.expires_at = from_micros(-5); },
         "expires_at: -5 is no sensible number of microseconds since 1970"},
        {[](auto& r) { r.event.expires_at = from_micros(1'790'000'000'000'000'000); },
         "expires_at: 1790000000000000000 is no sensible number of microseconds since 1970"},
        {[](auto& r) {
             r.event.not_before = noon;
             r.event.expires_at = noon;
         },
         "expires_at: is not later than not_before, so it could never be sent"},
        {[](auto& r) {
             r.event.key = "";
             r.event.to_ref = "+";
             r.event.data = "[]";
         },
         "key: is empty: give each event a name of its own, e.g. the number of the bill; to_ref: "
         "bad number: it is empty; data: is not a JSON object but array"},
    };
    for (const auto& row : rows) {
        auto bad = bill_row();
        row.make(bad);
        const auto p = prepare(bad);
        CHECK(p.parked == row.reason);
        CHECK(p.event.received_at == noon); // it is kept, whatever it is
        CHECK(p.event.data == bad.event.data);
        CHECK(p.event.content_hash != 0);
    }
}

TEST_CASE("intake: an event for many has no message; later it has one for each of them") {
    auto row = bill_row();
    row.event.to_kind = "account";
    row.event.to_ref = "3100123456789";
    row.event.data = R"({"period":"2026-10-01","usage":"1","amount":"2","due_date":"2026-12-15"})";
    const auto p = prepare(row);
    CHECK(p.parked == "");
    CHECK(p.for_many);
    CHECK(p.message.parts.empty());
    CHECK(p.message.priority == priority::normal);

    preparer later(some_catalogue());
    auto data = boost::json::parse(row.event.data).as_object();
    const auto without = later.message_for(p.event, channel::sms, "8613800138000", data, noon);
    REQUIRE(without.has_error());
    CHECK(without.error().reason.find("missing field 'account'") != std::string::npos);
    data["account"] = "3100123456789";
    data["account_name"] = "张三";
    const auto made = later.message_for(p.event, channel::sms, "8613800138000", data, noon + 1h);
    REQUIRE(made.has_value());
    CHECK(made->recipient == "8613800138000");
    CHECK(made->text.find("张*您好，户号尾号6789") != std::string::npos);
    CHECK(made->expires_at == noon + 25h);
    CHECK(!made->parts.empty());

    row.event.data = R"({"period":"2026-10-01"})"; // what no recipient can add
    CHECK(prepare(row).parked.find("missing field 'usage'") != std::string::npos);
    CHECK_FALSE(prepare(row).for_many);
}

TEST_CASE("intake: an account or customer with one number has its message at once") {
    live_db::bench town;
    const auto meter = [&](const std::string& account, const std::string& customer,
                           const std::vector<std::string>& numbers) {
        town.done(store::put_customer_account{.account = account,
                                              .name = "张三",
                                              .area = {},
                                              .tier = {},
                                              .language = "en",
                                              .customer = customer,
                                              .at = noon});
        for (const auto& number : numbers)
            town.done(store::bind{.number = number,
                                  .account = account,
                                  .how = store::binding_way::import,
                                  .at = noon});
    };
    meter("3100000001", "H-1", {"8613800138001"});
    meter("3100000002", "H-1", {"8613800138001"});
    meter("3100000003", "H-3", {"8613800138003", "8613800138004"});
    meter("3100000004", "H-4", {});
    auto known = some_catalogue();
    for (auto& t : known->types) {
        t.vulnerable = templates::to_vulnerable::never;
        t.collapse = collapse{.by = one_per::account, .hold = {}};
    }
    preparer p(known, 0, town.folder / "live.db");
    auto row = bill_row();
    row.event.data = R"({"period":"2026-10-01","usage":"1","amount":"2","due_date":"2026-12-15"})";
    const auto made = [&](const char* kind, const char* ref) {
        row.event.to_kind = kind;
        row.event.to_ref = ref;
        return p.prepare(row, noon);
    };
    const auto one = made("account", "3100000001");
    CHECK(one.parked == "");
    CHECK_FALSE(one.for_many);
    CHECK(one.event.data == row.event.data);
    CHECK(one.message.recipient == "8613800138001");
    CHECK(one.message.language == "en");
    CHECK(one.message.text.find("Account ") != std::string::npos);
    CHECK(one.message.household == household_named("3100000001"));
    CHECK(one.spared_account == "3100000001");
    CHECK_FALSE(made("customer", "H-1").for_many); // of two accounts
    CHECK(made("account", "3100000003").for_many);
    CHECK(made("account", "3100000004").for_many);
    CHECK(made("account", "nobody's").for_many);

    row.event.not_before = noon + 1h; // who it is then is known then
    CHECK(made("account", "3100000001").for_many);
    row.event.not_before = {};
    for (auto& t : known->types)
        t.only_told = true;
    CHECK(made("account", "3100000001").for_many);
    for (auto& t : known->types)
        t.only_told = false;
    row.event.data = "{}";
    const auto bad = made("account", "3100000001");
    CHECK(bad.parked.find("missing field 'usage'") != std::string::npos);
    CHECK(bad.spared_account.empty());
}

TEST_CASE("intake: where it cannot be read whom it concerns, an event is for many") {
    const scratch dir;
    std::ofstream(dir / "live.db") << "this is no database, however long one looks at it";
    preparer p(some_catalogue(), 0, dir / "live.db");
    auto row = bill_row();
    row.event.to_kind = "account";
    row.event.to_ref = "3100123456789";
    const auto told = p.prepare(row, noon);
    CHECK(told.for_many);
    CHECK_FALSE(told.later);
    CHECK(told.parked == "");
}

TEST_CASE("intake: mistakes in the data of a type are the reason, with the field") {
    struct {
        const char* data;
        const char* field;
    } const rows[] = {
        {R"({})", "amount"},
        {R"({"account_name":"张三","account":"1","period":"2026-10-01","usage":"1","amount":"12,3",)"
         R"("due_date":"2026-12-15"})",
         "amount"},
        {R"({"account_name":"张三","account":"1","period":"2026-10-01","usage":"1","amount":"1.00",)"
         R"("due_date":"15.12.2026"})",
         "due_date"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.data);
        auto bad = bill_row();
        bad.event.data = row.data;
        const auto p = prepare(bad);
        CAPTURE(p.parked);
        CHECK(p.parked.starts_with("data: "));
        CHECK(p.parked.find(row.field) != std::string::npos);
    }
}

TEST_CASE("intake: a message is due when its event says, and ends with the event or the validity") {
    struct {
        instant not_before, expires_at, due, end;
    } const rows[] = {
        {{}, {}, noon, noon + 24h},
        {noon - 1h, {}, noon, noon + 24h},
        {noon + 1h, {}, noon + 1h, noon + 25h},
        {{}, noon + 2h, noon, noon + 2h},
        {noon + 1h, noon + 48h, noon + 1h, noon + 25h},
        {{}, noon - 1h, noon, noon - 1h}, // expired already: delivery says so
    };
    for (const auto& row : rows) {
        auto r = bill_row();
        r.event.not_before = row.not_before;
        r.event.expires_at = row.expires_at;
        const auto p = prepare(r);
        CHECK(p.parked == "");
        CHECK(p.message.due_at == row.due);
        CHECK(p.message.expires_at == row.end);
    }
}

TEST_CASE("intake: the data may name a language; another than those of the type is not used") {
    CHECK(note(R"({"body":"hi"})").message.text.ends_with("hi"));
    CHECK(note(R"({"body":"hi","language":"zh-CN"})").message.language == "zh-CN");
    CHECK(note(R"({"body":"hi","language":"zh-CN"})").message.text.ends_with("hi。"));
    CHECK(note(R"({"body":"hi","language":"fr"})").message.language == "en");
    CHECK(note(R"({"body":"hi","language":7})").message.language == "en");
}

TEST_CASE(
    "intake: a long text is cut into parts with a reference of their own; too long is parked") {
    auto known = some_catalogue();
    preparer p(known, 0x1FE); // only the low 8 bits count
    auto row = bill_row();
    row.event.type = "note.free";
    const auto text = [&](std::size_t length) {
        row.event.data = R"({"body":")" + std::string(length, 'a') + R"("})";
        return p.prepare(row, noon);
    };
    CHECK(text(10).message.parts.size() == 1);
    CHECK(text(10).message.coding == coding::gsm7);
    for (const char reference : {'\xFE', '\xFF', '\x00'}) {
        const auto many = text(200);
        REQUIRE(many.message.parts.size() == 2);
        for (std::size_t i = 0; i < 2; ++i) {
            const auto& octets = many.message.parts[i].octets;
            REQUIRE(octets.size() > 6);
            CHECK(octets.substr(0, 3) == std::string("\x05\x00\x03", 3));
            CHECK(octets[3] == reference);
            CHECK(octets[4] == 2);
            CHECK(octets[5] == static_cast<char>(i + 1));
            CHECK(many.message.parts[i].n == i + 1);
        }
    }
    CHECK(text(600).message.parts.size() == 4);
    CHECK(text(700).parked == "text: the text needs 5 parts, more than the 4 allowed; shorten it");
}

TEST_CASE("intake: what the source meant the same has the same hash, and nothing else") {
    const auto hash = [](std::string data) { return note(std::move(data)).event.content_hash; };
    const auto same = hash(R"({"body":"a","n":{"x":1,"y":[1,"b",null,true]}})");
    CHECK(hash(R"({ "n" : {"y":[1, "b",null,true],"x":1} , "body":"\u0061" })") == same);
    std::set<std::uint64_t> seen{same};
    for (const auto* other : {R"({"body":"b","n":{"x":1,"y":[1,"b",null,true]}})",
                              R"({"body":"a","n":{"x":2,"y":[1,"b",null,true]}})",
                              R"({"body":"a","n":{"x":1,"y":["b",1,null,true]}})",
                              R"({"body":"a","n":{"x":1,"y":[1,"b",null,false]}})",
                              R"({"body":"a","n":{"x":"1","y":[1,"b",null,true]}})",
                              R"({"body":"a","n":{"x":1.5,"y":[1,"b",null,true]}})",
                              R"({"body":"a"})", R"({"body":"a)"}) {
        CAPTURE(other);
        CHECK(seen.insert(hash(other)).second);
    }
    CHECK(hash(R"({"body":"a","n":1.10})") == hash(R"({"body":"a","n":1.1})"));
}

TEST_CASE("intake: the account is told where its type spares vulnerable ones, else not") {
    auto known = some_catalogue();
    CHECK(preparer(known).prepare(bill_row(), noon).spared_account.empty());
    for (auto& t : known->types)
        t.vulnerable = templates::to_vulnerable::never;
    preparer p(known);
    CHECK(p.prepare(bill_row(), noon).spared_account == "3100123456789");
    auto bad = bill_row();
    bad.event.data = "[]";
    CHECK(p.prepare(bad, noon).spared_account.empty());
}

TEST_CASE("intake: a parked event can be prepared again once its type is there") {
    auto known = some_catalogue();
    auto without = std::make_shared<catalogue>(*known);
    std::erase_if(without->types, [](const auto& t) { return t.name == "bill.issued"; });
    preparer before(without);
    auto parked = before.prepare(bill_row(), noon);
    REQUIRE(parked.parked.starts_with("type: 'bill.issued' is unknown"));
    const auto hash = parked.event.content_hash;
    preparer after(known);
    const auto again = after.prepare({.event = std::move(parked.event), .problem = {}}, noon + 1h);
    CHECK(again.parked == "");
    CHECK(again.event.received_at == noon);
    CHECK(again.event.content_hash == hash);
    CHECK(again.message.due_at == noon + 1h);
}

TEST_CASE("intake: where the person's choice cannot be read there is no text by guess") {
    const scratch dir;
    auto known = some_catalogue();
    known->people = dir / "live.db";
    known->letters = true;
    std::ofstream(known->people) << "this is no database, however long one looks at it";
    preparer p(known);
    auto told = p.prepare(bill_row(), noon);
    CHECK(told.later);
    CHECK(told.parked.starts_with("whether it is to go by e-mail cannot be read: "));
    std::filesystem::remove(known->people);
    const auto again = p.prepare({.event = std::move(told.event), .problem = {}}, noon);
    CHECK_FALSE(again.later);
    CHECK(again.parked == "");
    auto bad = bill_row();
    bad.event.data = "[]";
    CHECK_FALSE(p.prepare(bad, noon).later);
}

TEST_CASE("intake: how long a bill takes to prepare") {
    preparer p(some_catalogue());
    const auto row = bill_row();
    constexpr int times = 20'000;
    std::size_t parts = 0;
    const auto begin = std::clock(); // of the processor, whatever else runs
    for (int i = 0; i < times; ++i)
        parts += p.prepare(row, noon).message.parts.size();
    const auto each = static_cast<double>(std::clock() - begin) * 1e6 / CLOCKS_PER_SEC / times;
    CHECK(parts >= times);
    MESSAGE(each, " us for each row");
}

TEST_CASE(
    "intake: an event to an address is a letter of one part, in the language that is asked for") {
    auto row = bill_row();
    row.event.to_kind = "email";
    row.event.to_ref = "Zhang@Example.com";
    const auto p = prepare(row);
    CHECK(p.parked == "");
    CHECK(p.message.recipient == "Zhang@example.com");
    CHECK(channel_of(p.message.coding) == channel::email);
    REQUIRE(p.message.parts.size() == 1);
    CHECK(p.message.parts.front().octets == p.message.text);
    const auto l = read_letter(p.message.text);
    CHECK(l.subject == "2026年10月电费账单");
    CHECK(l.plain.find("电费：128.50元\n余额：20.00元") != std::string_view::npos);
    CHECK(l.html.find("<b>128.50元</b>") != std::string_view::npos);

    row.event.to_ref = "13800138000";
    CHECK(prepare(row).parked.find("to_ref: bad address") != std::string::npos);
    row.event.to_kind = "number";
    row.event.to_ref = "zhang@example.com";
    CHECK(prepare(row).parked.find("to_ref: bad number") != std::string::npos);
}

} // namespace preparer_test
