// What a unit becomes on the wire, and what an answer becomes for the host.
#include "plugins/sgip/adapter_fixture.hpp"

#include <set>

namespace adapter_submit_test {

using namespace posthorn;
using namespace posthorn::tests;

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: a unit becomes a SUBMIT") {
    number("priority_urgent", 3);
    const auto& s = sent({.recipient = "8613800138000",
                          .octets = "hello",
                          .priority = sdk::priority::urgent,
                          .validity = 90min});
    CHECK(s.sp_number == "10690000");
    CHECK(s.charge_number == sgip::own_charge);
    REQUIRE(s.users.size() == 1);
    CHECK(s.users[0] == "8613800138000");
    CHECK(s.corp_id == "12345");
    CHECK(s.service_type == "SVC01");
    CHECK(s.fee_type == 1);
    CHECK(s.fee_value == "0");
    CHECK(s.given_value == "0");
    CHECK(s.agent_flag == 0);
    CHECK(s.more_late_to_mt_flag == 2);
    CHECK(s.priority == 3);
    CHECK(s.expire_time == "191220093000032+"); // now is 2019-12-20 00:00 UTC, 08:00 in China
    CHECK(s.schedule_time.empty());
    CHECK(s.report_flag == 1);
    CHECK(s.tp_udhi == 0);
    CHECK(s.message_coding == 0);
    CHECK(s.content == "hello");
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: what the options change in a SUBMIT") {
    number("receipts", 0);
    text("validity", "none");
    text("charge_number", "recipient");
    text("agent_flag", "1");
    const auto& s = sent({.sender = "106900001", .octets = "hello"});
    CHECK(s.sp_number == "106900001");
    CHECK(s.report_flag == 2);
    CHECK(s.expire_time.empty());
    CHECK(s.charge_number == "8613800138000");
    CHECK(s.agent_flag == 1);
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: a carrier's longest validity is kept to") {
    duration("longest_validity", 10min);
    CHECK(sent({.octets = "a", .validity = 5min}).expire_time == "191220080500032+");
    CHECK(sent({.octets = "a", .validity = 5h}).expire_time == "191220081000032+");
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: who pays how much may differ by type of event") {
    entries("by_type", {{"bill.*", "service_type=BILL fee_type=2 fee_value=10 charge_number=1"},
                        {"reply", "morelate_to_mt=0"}});
    const auto bill = sent({.type = "bill.issued", .octets = "1"});
    CHECK(bill.service_type == "BILL");
    CHECK(bill.fee_type == 2);
    CHECK(bill.fee_value == "10");
    CHECK(bill.charge_number == "1");
    CHECK(bill.more_late_to_mt_flag == 2);
    CHECK(sent({.type = "reply", .octets = "1"}).more_late_to_mt_flag == 0);
    const auto other = sent({.type = "billing.issued", .octets = "1"});
    CHECK(other.service_type == "SVC01");
    CHECK(other.fee_type == 1);
    CHECK(other.charge_number == sgip::own_charge);
}

TEST_CASE("sgip adapter: ASCII where all of it is, else UCS-2, or GBK where the account says so") {
    struct row {
        const char* chinese;
        std::string_view octets;
        sdk::coding as;
        unsigned coding;
        std::string_view content;
    };
    for (const auto& r :
         {row{"ucs2", "a\x00\x02"sv, sdk::coding::gsm7, 0, "a@$"},
          row{"ucs2", "\x4F\x60"sv, sdk::coding::ucs2, 8, "\x4F\x60"},
          row{"gbk", "\x4F\x60"sv, sdk::coding::ucs2, 15, "\xC4\xE3"},
          row{"gbk", "\xD8\x3D\xDE\x00"sv, sdk::coding::ucs2, 8, "\xD8\x3D\xDE\x00"sv}}) {
        CAPTURE(r.content);
        sgip_fixture f;
        f.text("chinese", r.chinese);
        const auto& s = f.sent({.octets = r.octets, .coding = r.as});
        CHECK(s.message_coding == r.coding);
        CHECK(s.content == r.content);
    }
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: a part of a long text keeps its header") {
    const auto octets = "\x05\x00\x03\x07\x03\x02\x4F\x60"s;
    const auto& s = sent({.octets = octets, .coding = sdk::coding::ucs2, .udh = true});
    CHECK(s.tp_udhi == 1);
    CHECK(s.message_coding == 8);
    CHECK(s.content == octets);
}

TEST_CASE_FIXTURE(sgip_fixture,
                  "sgip adapter: what is too long for its field is rejected, not sent") {
    bind();
    sdk::unit u{.handle = 1,
                .recipient = "8613800138000",
                .sender = "1069000000000000000000",
                .octets = "hello",
                .validity = 1h};
    (*adapter)->submit({&u, 1});
    CHECK(host.given[1].what == kind::rejected);
    CHECK(host.given[1].code == "SPNumber too long for SGIP");
    sync();
    CHECK(!peer.has(command::submit));
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: no two packets of an account have the same number") {
    number("links", 2);
    start();
    std::set<sgip::sequence> numbers;
    for (int i = 0; i < 2; ++i) {
        until_came(command::bind);
        numbers.insert(peer.pdus.front().head.sequence);
        answer_bind(0);
    }
    host.until([&] { return host.open_slots == 64; });
    submit(1, 64);
    for (const auto& number : submits(64))
        numbers.insert(number);
    CHECK(numbers.size() == 66);
    for (const auto& number : numbers) {
        CHECK(number.node == 3010012345);
        CHECK(number.time == 1220080000);
    }
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: the number of the SUBMIT is the ref") {
    bind();
    submit(1);
    const auto number = submits(1)[0];
    answer(number, 0);
    until_given(1);
    CHECK(host.given[1].what == kind::accepted);
    CHECK(host.given[1].ref == text_of(number));
    CHECK(host.given[1].ref.starts_with("3010012345-1220080000-"));
}

TEST_CASE("sgip adapter: what a Result means, and what an account says it means") {
    struct row {
        std::uint8_t result;
        kind what;
        bool counts, throttled;
        const char* words;
    };
    for (const auto& r : {row{6, kind::rejected, true, false, "illegal phone number"},
                          row{8, kind::rejected, true, false, "message length error"},
                          row{9, kind::deferred, true, false, "illegal sequence number"},
                          row{11, kind::deferred, false, true, "node busy"},
                          row{32, kind::uncertain, true, false, "system failure"},
                          row{99, kind::deferred, true, false, ""}}) {
        CAPTURE(r.result);
        sgip_fixture f;
        f.entries("result_classes", {{"32", "uncertain"}});
        f.bind();
        f.submit(1);
        f.answer(f.submits(1)[0], r.result);
        f.until_given(1);
        const auto& given = f.host.given[1];
        CHECK(given.what == r.what);
        CHECK(given.counts == r.counts);
        CHECK(given.throttled == r.throttled);
        CHECK(given.code == "result " + std::to_string(r.result));
        CHECK((*f.adapter)->describe(given.code) == r.words);
    }
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: a Result that is not SGIP's is tried twice") {
    bind();
    sdk::unit u{
        .handle = 1, .recipient = "8613800138000", .octets = "hello", .validity = 1h, .attempt = 2};
    (*adapter)->submit({&u, 1});
    answer(submits(1)[0], 99);
    until_given(1);
    CHECK(host.given[1].what == kind::rejected);
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: a Result that fails all texts is told a person") {
    bind();
    submit(1, 2);
    for (const auto& number : submits(2))
        answer(number, 1);
    until_given(2);
    CHECK(host.given[1].what == kind::rejected);
    unsigned warnings = 0;
    for (const auto& line : host.logs)
        warnings += line.text.find("illegal login") != std::string::npos ? 1U : 0U;
    CHECK(warnings == 1);
}

} // namespace adapter_submit_test
