// Reports and texts from an SMGP gateway.
#include "plugins/smgp/adapter_fixture.hpp"
#include "recorded.hpp"

namespace adapter_arrivals_test {

using namespace posthorn;
using namespace posthorn::tests;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

std::string recorded(std::string_view id) {
    const auto all = vectors::read("plugins/smgp/vectors/smgp30.json");
    for (const auto& v : all.at("vectors").as_array())
        if (v.at("id").as_string() == id)
            return vectors::octets_of(v.at("hex").as_string());
    FAIL("no vector " << id);
    return {};
}

std::string report_on(std::string_view hex_id, std::string_view rest) {
    return "id:" + id_octets(hex_id) + " sub:001 dlvrd:001 " + std::string(rest);
}

} // namespace

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: a report is acknowledged only once it is stored") {
    log_in();
    peer.send(recorded("Deliver_report"));
    host.until([&] { return !host.receipts.empty(); });
    const auto& r = host.receipts[0];
    CHECK(r.ref == "01006101161700012345");
    CHECK(r.state == sdk::receipt_state::delivered);
    CHECK(r.code == "DELIVRD");
    CHECK(r.recipient == "8613300000000");
    CHECK(r.sender == "1181234");
    CHECK(r.excerpt.empty()); // GB18030: not plain ASCII
    sync();
    CHECK(!peer.has(command::deliver_resp));
    host.unstored.front()();
    const auto answered = deliver_answer(102);
    CHECK(answered.status == 0);
    CHECK(smgp::hex_of(answered.msg_id) == "01006101161701000001");
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: an id that looks like text meets the one of the answer") {
    log_in();
    submit(1);
    answer(submits(1)[0], 0, "00203a73756200000001");
    peer.send(recorded("Deliver_report_nasty_id"));
    host.until([&] { return !host.receipts.empty(); });
    CHECK(host.given[1].ref == host.receipts[0].ref);
    CHECK(host.receipts[0].state == sdk::receipt_state::undelivered);
    CHECK(host.receipts[0].code == "UNDELIV err:005");
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: a report before the answer to its text reaches the host") {
    log_in();
    submit(1);
    const auto sequence = submits(1)[0];
    peer.send(recorded("Deliver_report"));
    answer(sequence, 0);
    until_given(1);
    host.until([&] { return !host.receipts.empty(); });
    CHECK(host.given[1].ref == host.receipts[0].ref);
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: states of reports") {
    entries("stat_classes", {{"MK:0002", "expired"}});
    log_in();
    struct row {
        const char* fields;
        sdk::receipt_state state;
        const char* code;
        const char* excerpt = "";
    };
    const row rows[] = {
        {"stat:DELIVRD err:000 text:005hello", sdk::receipt_state::delivered, "DELIVRD", "hello"},
        {"stat:EXPIRED err:001", sdk::receipt_state::expired, "EXPIRED err:001"},
        {"stat:ACCEPTD err:000", sdk::receipt_state::enroute, "ACCEPTD"},
        {"stat:REJECTD err:", sdk::receipt_state::undelivered, "REJECTD"},
        {"stat:MK:0001 err:999", sdk::receipt_state::undelivered, "MK:0001 err:999"},
        {"Stat:MK:0002 Err:000", sdk::receipt_state::expired, "MK:0002"},
        {"stat:\x01\x02", sdk::receipt_state::undelivered, "\\x01\\x02"},
    };
    std::uint32_t sequence = 0;
    for (const auto& row : rows) {
        CAPTURE(row.fields);
        host.receipts.clear();
        const auto content = report_on("01006101161700012345", row.fields);
        deliver(++sequence, {.is_report = 1, .src_term_id = "13300000000", .content = content});
        host.until([&] { return !host.receipts.empty(); });
        CHECK(host.receipts[0].state == row.state);
        CHECK(host.receipts[0].code == row.code);
        CHECK(host.receipts[0].excerpt == row.excerpt);
    }
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: a report that says nothing is answered and left alone") {
    log_in();
    deliver(7, {.is_report = 1, .content = "hello"});
    CHECK(deliver_answer(7).status == 0);
    CHECK(host.receipts.empty());
    CHECK(host.logged("a report without an id or a state"));
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: a text from a phone comes with its octets") {
    log_in();
    peer.send(recorded("Deliver_mo_gb18030"));
    peer.send(recorded("Deliver_mo_long"));
    deliver(9,
            {.msg_format = 0, .src_term_id = "10001", .dest_term_id = "10690000", .content = "TD"});
    host.until([&] { return host.texts.size() == 3; });
    CHECK(host.texts[0].sender == "+8613300000000");
    CHECK(host.texts[0].recipient == "1181234");
    CHECK(host.texts[0].octets == "\xcd\xcb\xb6\xa9");
    CHECK(host.texts[0].data_coding == 15);
    CHECK(!host.texts[0].udh);
    CHECK(host.texts[1].octets == "\x05\x00\x03\x07\x02\x01\x4e\x0a\x53\x4a"s);
    CHECK(host.texts[1].data_coding == 8);
    CHECK(host.texts[1].udh);
    CHECK(host.texts[2].sender == "10001");
    CHECK(host.texts[2].data_coding == 1); // 0 would be GSM 7-bit for the daemon
    sync();
    CHECK(!peer.has(command::deliver_resp));
    while (!host.unstored.empty()) {
        host.unstored.front()();
        host.unstored.pop_front();
    }
    until_came(command::deliver_resp, 3);
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: a broken Deliver is refused with its id, and the link stays") {
    log_in();
    auto wrong = recorded("Deliver_mo_gb18030");
    wrong[80] = '\x7f'; // MsgLength
    peer.send(wrong);
    const auto answered = deliver_answer(100);
    CHECK(answered.status == 10);
    CHECK(smgp::hex_of(answered.msg_id) == "01006101161701000001");
    CHECK(host.texts.empty());
    sync();
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: packets that no gateway sends an SP are let go by") {
    log_in();
    peer.send("\x00\x00\x00\x0c\x00\x00\x00\x05\x00\x00\x00\x01"sv); // Forward
    peer.send(command::query, 3, smgp::query{});
    peer.send(command::submit_resp, 4444, smgp::message_resp{});
    peer.send(command::login_resp, 1, smgp::login_resp{});
    sync();
    CHECK(host.open_slots == 16);
    CHECK(host.given.empty());
}

} // namespace adapter_arrivals_test
