// What the carrier brings, over its own connections and over ours.
#include "plugins/sgip/adapter_fixture.hpp"

namespace adapter_arrivals_test {

using namespace posthorn;
using namespace posthorn::tests;

TEST_CASE_FIXTURE(sgip_fixture,
                  "sgip adapter: reports and texts are acknowledged once they are stored") {
    bind();
    call();
    const auto told = report({3010012345, 1220080000, 7}, 0);
    host.until([&] { return host.receipts.size() == 1; });
    CHECK(host.receipts[0].ref == "3010012345-1220080000-7");
    CHECK(host.receipts[0].state == sdk::receipt_state::delivered);
    CHECK(host.receipts[0].code.empty());
    CHECK(host.receipts[0].recipient == "8613800138000");
    sync();
    CHECK(!peer.has(command::report_resp));
    store();
    CHECK(result_of(command::report_resp, told) == 0);
    const auto brought = peer.ask(command::deliver, sgip::deliver{.user_number = "8613800138000",
                                                                  .sp_number = "106900001",
                                                                  .message_coding = 15,
                                                                  .content = "\xCD\xCB\xB6\xA9"});
    host.until([&] { return host.texts.size() == 1; });
    CHECK(host.texts[0].sender == "+8613800138000");
    CHECK(host.texts[0].recipient == "106900001");
    CHECK(host.texts[0].octets == "\xCD\xCB\xB6\xA9");
    CHECK(host.texts[0].data_coding == 15);
    CHECK(!host.texts[0].udh);
    sync();
    CHECK(!peer.has(command::deliver_resp));
    store();
    CHECK(result_of(command::deliver_resp, brought) == 0);
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: a report says what became of the text") {
    entries("error_classes", {{"21", "expired"}});
    bind();
    call();
    report({1, 2, 3}, 2, 27);
    report({1, 2, 4}, 1);
    report({1, 2, 5}, 2, 200);
    report({1, 2, 6}, 2, 21);
    host.until([&] { return host.receipts.size() == 4; });
    CHECK(host.receipts[3].state == sdk::receipt_state::expired);
    CHECK(host.receipts[0].state == sdk::receipt_state::undelivered);
    CHECK(host.receipts[0].code == "error 27");
    CHECK((*adapter)->describe("error 27") == "the phone takes no texts");
    CHECK(host.receipts[1].state == sdk::receipt_state::enroute);
    CHECK(host.receipts[2].code == "error 200");
    CHECK((*adapter)->describe("error 200").empty());
    CHECK((*adapter)->describe("error 2000").empty());
    // of a text from a phone that somebody else passed on
    const auto strange = peer.ask(
        command::report, sgip::report{.submit = {1, 2, 7}, .report_type = 1, .user_number = "1"});
    CHECK(result_of(command::report_resp, strange) == 0);
    CHECK(host.receipts.size() == 4);
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: a phone is the same with 86 and without") {
    bind();
    call();
    for (const auto* number : {"13800138000", "8613800138000"}) {
        peer.ask(command::report, sgip::report{.submit = {1, 2, 3}, .user_number = number});
        peer.ask(command::deliver,
                 sgip::deliver{.user_number = number, .sp_number = "1", .content = "hi"});
    }
    host.until([&] { return host.receipts.size() == 2 && host.texts.size() == 2; });
    for (const auto& r : host.receipts)
        CHECK(r.recipient == "8613800138000");
    for (const auto& t : host.texts)
        CHECK(t.sender == "+8613800138000");
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: a text comes in the coding that the daemon knows") {
    bind();
    call();
    for (const auto& [coding, udhi] : {std::pair(0, 0), std::pair(8, 0x40), std::pair(4, 1)})
        peer.ask(command::deliver,
                 sgip::deliver{.user_number = "1",
                               .sp_number = "2",
                               .tp_udhi = static_cast<std::uint8_t>(udhi),
                               .message_coding = static_cast<std::uint8_t>(coding),
                               .content = "x"});
    host.until([&] { return host.texts.size() == 3; });
    CHECK(host.texts[0].data_coding == 1);
    CHECK(!host.texts[0].udh);
    CHECK(host.texts[1].data_coding == 8);
    CHECK(host.texts[1].udh);
    CHECK(host.texts[2].data_coding == 4);
    CHECK(host.texts[2].udh);
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: the carrier may bring over our connection too") {
    bind();
    report({1, 2, 3}, 0);
    host.until([&] { return host.receipts.size() == 1; });
    store();
    until_came(command::report_resp);
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: several nodes of the carrier call at once") {
    bind();
    call();
    const auto first = peer.talk_to;
    call();
    host.until(
        [&] { return host.why.find("2 connections from the carrier") != std::string::npos; });
    report({1, 2, 3}, 0);
    peer.talk_to = first;
    report({1, 2, 4}, 0);
    host.until([&] { return host.receipts.size() == 2; });
    peer.close();
    host.until([&] { return host.why.find("1 connection from the carrier") != std::string::npos; });
    CHECK(host.open_slots == 32);
}

TEST_CASE("sgip adapter: who does not say the right words is refused") {
    struct row {
        const char *name, *password;
        sgip::login_type type;
        std::uint8_t result;
    };
    using enum sgip::login_type;
    for (const auto& r :
         {row{"smg", "wrong", from_smg, 1}, row{"smg", "", from_smg, 1},
          row{"other", "smgsecret", from_smg, 1}, row{"smg", "smgsecret", from_sp, 4}}) {
        CAPTURE(r.name);
        CAPTURE(r.password);
        sgip_fixture f;
        f.bind();
        f.dial();
        CHECK(f.log_in(r.name, r.password, r.type) == r.result);
        f.host.until([&] { return f.peer.closings == 1; });
        CHECK(!f.host.logged("smgsecret"));
    }
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: without a password of its own nobody calls") {
    text("listen_password", "");
    bind();
    dial();
    CHECK(log_in("smg", "") == 1);
}

TEST_CASE_FIXTURE(sgip_fixture,
                  "sgip adapter: who brings before it says who it is brings nothing") {
    bind();
    dial();
    CHECK(result_of(command::report_resp, report({1, 2, 3}, 0)) == 1);
    CHECK(result_of(command::user_report_resp,
                    peer.ask(command::user_report, sgip::user_report{})) == 1);
    CHECK(result_of(command::deliver_resp,
                    peer.ask(command::deliver, sgip::deliver{.user_number = "1"})) == 1);
    CHECK(host.receipts.empty());
    CHECK(host.texts.empty());
    CHECK(log_in("smg", "smgsecret") == 0); // it may say so yet
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: who calls from elsewhere is turned away") {
    text("listen_from", "10.0.0.0/8, 192.168.1.1");
    bind();
    dial();
    host.until([&] { return peer.closings == 1; });
    CHECK(host.logged("turned away a caller"));
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: what nobody asked of us is answered, and harmless") {
    bind();
    call();
    CHECK(result_of(command::user_report_resp,
                    peer.ask(command::user_report,
                             sgip::user_report{.sp_number = "1", .user_number = "2"})) == 0);
    CHECK(result_of(command::submit_resp,
                    peer.ask(command::submit, sgip::submit{.users = {"1"}, .content = "x"})) == 7);
    CHECK(log_in("smg", "smgsecret") == 2);
    answer({1, 2, 3}, 0);
    peer.ask(command::trace_resp, sgip::trace_resp{});
    sync();
    CHECK(host.given.empty());
}

TEST_CASE_FIXTURE(
    sgip_fixture,
    "sgip adapter: a packet that cannot be read is refused, and the next one is read") {
    bind();
    call();
    std::string broken;
    sgip::encode(broken, {.head = {.id = command::deliver, .sequence = {1, 2, 3}},
                          .body = sgip::deliver{.user_number = "1", .content = "hello"}});
    broken[sgip::header_size + 47] = '\x7F'; // MessageLength
    peer.send(broken);
    CHECK(result_of(command::deliver_resp, {1, 2, 3}) == sgip::format_error);
    const auto unknown = peer.ask(static_cast<command>(0x9), sgip::no_body{});
    until_came(static_cast<command>(0x80000009));
    const auto refusal = peer.take(static_cast<command>(0x80000009));
    CHECK(refusal.head.sequence == unknown);
    CHECK(refusal.octets[sgip::header_size] == 7);
    CHECK(host.logged("unreadable packet command=DELIVER"));
    report({1, 2, 3}, 0);
    host.until([&] { return host.receipts.size() == 1; });
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: a stranger's octets end its connection, no other") {
    bind();
    dial();
    peer.send("GET / HTTP/1.1\r\nHost: sms.example.com\r\n\r\n");
    host.until([&] { return peer.closings == 1; });
    call();
    report({1, 2, 3}, 0);
    host.until([&] { return host.receipts.size() == 1; });
    CHECK(host.open_slots == 32);
}

} // namespace adapter_arrivals_test
