// What a unit becomes on the wire, and what an answer, or none, becomes for the host.
#include "plugins/smgp/adapter_fixture.hpp"
#include "smgp/codec/plain_words.hpp"

#include <algorithm>

namespace adapter_submit_test {

using namespace posthorn;
using namespace posthorn::tests;
using namespace std::string_view_literals;
using smgp::tag;

namespace {

sdk::unit unit(std::string_view octets, sdk::coding as = sdk::coding::gsm7, bool udh = false) {
    sdk::unit u;
    u.handle = 1;
    u.recipient = "8613300000000";
    u.octets = octets;
    u.coding = as;
    u.udh = udh;
    u.validity = 90min;
    return u;
}

} // namespace

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: a unit becomes a Submit") {
    text("service_id", "SVC01");
    log_in();
    auto u = unit("hello");
    u.priority = sdk::priority::urgent;
    const auto& b = sent(u);
    CHECK(b.msg_type == 6);
    CHECK(b.need_report == 1);
    CHECK(b.priority == 3);
    CHECK(b.service_id == "SVC01");
    CHECK(b.fee_type == "00");
    CHECK(b.fee_code == "0");
    CHECK(b.fixed_fee == "0");
    CHECK(b.msg_format == 0);
    CHECK(b.valid_time == "191220093000032+"); // 08:00 in China and 90 minutes
    CHECK(b.at_time.empty());
    CHECK(b.src_term_id == "10690000");
    CHECK(b.charge_term_id.empty());
    REQUIRE(b.terminals.size() == 1);
    CHECK(b.terminals[0] == "13300000000");
    CHECK(b.content == "hello");
    CHECK(smgp::value_of(b.tlvs, tag::msg_src) == "12345678");
    CHECK(!smgp::value_of(b.tlvs, tag::tp_udhi));
    CHECK(!smgp::value_of(b.tlvs, tag::pk_total));
}

TEST_CASE_FIXTURE(
    smgp_fixture,
    "smgp adapter: a part of a long text is announced by TLVs, and is charged as the text") {
    text("service_id", "SVC01");
    log_in();
    const auto octets = "\x05\x00\x03\xA5\x03\x02\x4F\x60"sv;
    const auto& b = sent(unit(octets, sdk::coding::ucs2, true));
    CHECK(b.msg_format == 8);
    CHECK(b.content == octets);
    CHECK(smgp::value_of(b.tlvs, tag::tp_pid) == "\0"sv);
    CHECK(smgp::octet_of(b.tlvs, tag::tp_udhi) == 1);
    CHECK(smgp::octet_of(b.tlvs, tag::pk_total) == 3);
    CHECK(smgp::octet_of(b.tlvs, tag::pk_number) == 2);
    CHECK(b.service_id == "SVC01");
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: what the options change in a Submit") {
    number("msg_type", 7);
    number("receipts", 0);
    number("priority_normal", 2);
    text("chinese", "gbk");
    text("recipients", "international");
    text("validity", "none");
    text("charge_term_id", "13311111111");
    entries("tlvs", {{"SubmitMsgType", "0"}, {"MsgSrc", "SP01"}, {"MServiceID", "PID"}});
    log_in();
    auto u = unit("\x4F\x60"sv, sdk::coding::ucs2);
    u.sender = "1069000012";
    const auto& b = sent(u);
    CHECK(b.msg_type == 7);
    CHECK(b.need_report == 0);
    CHECK(b.priority == 2);
    CHECK(b.msg_format == 15);
    CHECK(b.content == "\xC4\xE3");
    CHECK(b.terminals[0] == "8613300000000");
    CHECK(b.valid_time.empty());
    CHECK(b.charge_term_id == "13311111111");
    CHECK(b.src_term_id == "1069000012");
    CHECK(smgp::value_of(b.tlvs, tag::submit_msg_type) == "\0"sv);
    CHECK(smgp::value_of(b.tlvs, tag::msg_src) == "SP01\0\0\0\0"sv);
    CHECK(smgp::value_of(b.tlvs, tag::mservice_id)->size() == 21);
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: without msg_src and with a longest validity") {
    number("msg_src", 0);
    duration("longest_validity", 30min);
    log_in();
    const auto& b = sent(unit("hello"));
    CHECK(b.tlvs.empty());
    CHECK(b.valid_time == "191220083000032+");
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: who pays, and what for, may differ by type") {
    text("service_id", "SVC01");
    entries("by_type", {{"bill.*", "service_id=BILL fee_type=01 fee_code=10"}});
    log_in();
    auto u = unit("hello");
    u.type = "bill.issued";
    const auto& bill = sent(u);
    CHECK(bill.service_id == "BILL");
    CHECK(bill.fee_type == "01");
    CHECK(bill.fee_code == "10");
    u.handle = 2;
    u.type = "outage.planned";
    const auto& outage = sent(u);
    CHECK(outage.service_id == "SVC01");
    CHECK(outage.fee_type == "00");
}

TEST_CASE("smgp adapter: options that could not be meant are told") {
    const auto check = [](std::string_view name, std::string_view key, std::string_view value) {
        for (const auto& o : posthorn_adapter_plugin.options)
            if (o.name == name)
                return o.check(key, value);
        return std::string("no such option");
    };
    CHECK(check("client_id", "client_id", "12345678") == "");
    CHECK(check("client_id", "client_id", "123456789") == "has more than 8 characters");
    CHECK(check("tlvs", "SubmitMsgType", "0") == "");
    CHECK(check("tlvs", "SubmitMsgType", "256") != "");
    CHECK(check("tlvs", "SubmitMsgType", "x") != "");
    CHECK(check("tlvs", "MsgSrc", "123456789") != "");
    CHECK(check("tlvs", "TP_udhi", "1").find("there are TP_pid") != std::string::npos);
    CHECK(check("by_type", "bill.*", "fee_type=01") == "");
    CHECK(check("by_type", "bill.*", "fee_type=001") != "");
    CHECK(check("status_classes", "58", "transient") == "");
    CHECK(check("status_classes", "x", "transient") != "");
    CHECK(check("stat_classes", "MK:0001", "expired") == "");
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: a field too long is rejected, not sent") {
    log_in();
    auto u = unit("hello");
    u.recipient = "1234567890123456789012";
    (*adapter)->submit({&u, 1});
    CHECK(host.given[1].what == kind::rejected);
    CHECK(host.given[1].code == "DestTermID too long for SMGP");
    sync();
    CHECK(!peer.has(command::submit));
}

TEST_CASE_FIXTURE(
    smgp_fixture,
    "smgp adapter: answers in any order meet their units, never more than the window") {
    number("window", 3);
    log_in();
    submit(1, 4);
    CHECK(host.given[4].what == kind::deferred);
    auto sequences = submits(3);
    std::ranges::reverse(sequences);
    std::uint32_t n = 3;
    for (const auto s : sequences)
        answer(s, 0, "0100610116170000000" + std::to_string(n--));
    until_given(4);
    for (const std::uint64_t handle : {1U, 2U, 3U}) {
        CHECK(host.given[handle].what == kind::accepted);
        CHECK(host.given[handle].ref == "0100610116170000000" + std::to_string(handle));
    }
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: each class of answer has its verdict") {
    entries("status_classes", {{"58", "transient"}, {"39", "throttle"}});
    log_in();
    struct row {
        std::uint32_t status;
        kind what;
        bool counts, throttled;
        const char* code;
    };
    const row rows[] = {
        {1, kind::deferred, false, true, "1 system busy"},
        {12, kind::deferred, true, false, "12 duplicate sequence"},
        {47, kind::rejected, true, false, "47 DestTermID error"},
        {46, kind::rejected, true, false, "46 SrcTermID error"},
        {58, kind::deferred, true, false, "58 no route to this number"},
        {39, kind::deferred, false, true, "39 route error"},
        {150, kind::deferred, true, false, "150"}, // nobody knows it: tried once more
    };
    std::uint64_t handle = 0;
    for (const auto& row : rows) {
        CAPTURE(row.status);
        submit(++handle);
        answer(submits(1)[0], row.status);
        until_given(handle);
        const auto& v = host.given[handle];
        CHECK(v.what == row.what);
        CHECK(v.counts == row.counts);
        CHECK(v.throttled == row.throttled);
        CHECK(v.code == row.code);
        CHECK(v.ref.empty());
    }
    CHECK(host.logged("46 SrcTermID error"));
    auto u = unit("hello");
    u.handle = ++handle;
    u.attempt = 2;
    (*adapter)->submit({&u, 1});
    answer(submits(1)[0], 150);
    until_given(handle);
    CHECK(host.given[handle].what == kind::rejected);
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: a day's texts used up pause the account until midnight in China") {
    log_in();
    submit(1, 3);
    const auto sequences = submits(3);
    answer(sequences[0], 75);
    answer(sequences[1], 75);
    answer(sequences[2], 74);
    until_given(3);
    for (const std::uint64_t handle : {1U, 2U}) {
        CHECK(host.given[handle].what == kind::deferred);
        CHECK(host.given[handle].throttled);
        CHECK(!host.given[handle].counts);
        CHECK(host.given[handle].after == 16h); // it is 08:00 there
    }
    CHECK(host.given[3].after == 15min);
    CHECK(std::ranges::count_if(host.logs, [](const auto& l) {
              return l.text.find("the account waits") != std::string::npos;
          }) == 1);
}

TEST_CASE_FIXTURE(
    smgp_fixture,
    "smgp adapter: a silent gateway leaves a text uncertain, and a late answer counts") {
    duration("response_timeout", 20ms);
    log_in();
    submit(1);
    const auto sequence = submits(1)[0];
    until_given(1);
    CHECK(host.given[1].what == kind::uncertain);
    answer(sequence, 0);
    host.until([&] { return !host.late.empty(); });
    CHECK(host.late[0].ref == "01006101161700012345");
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: a reset leaves uncertain what had left") {
    log_in();
    submit(1, 2);
    submits(2);
    peer.reset();
    until_given(2);
    CHECK(host.given[1].what == kind::uncertain);
    CHECK(host.given[2].what == kind::uncertain);
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: without a link nothing is sent") {
    start();
    submit(1);
    CHECK(host.given[1].what == kind::deferred);
    CHECK(!host.given[1].counts);
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: an answer cut short leaves its text uncertain and the link up") {
    log_in();
    submit(1);
    std::string out;
    smgp::encode_header(out, command::submit_resp, submits(1)[0]);
    out += std::string(6, '\1');
    out[3] = static_cast<char>(out.size());
    peer.send(out);
    until_given(1);
    CHECK(host.given[1].what == kind::uncertain);
    sync();
}

TEST_CASE("smgp adapter: codes are told in plain words, and none is made up") {
    CHECK(smgp::plain_words("46 SrcTermID error") ==
          "the contract has no such access number: compare `sender`");
    CHECK(smgp::plain_words("DELIVRD") == "the phone has it");
    for (const auto* code : {"150", "MK:0001", "", "no answer"})
        CHECK(smgp::plain_words(code) == "");
}

} // namespace adapter_submit_test
