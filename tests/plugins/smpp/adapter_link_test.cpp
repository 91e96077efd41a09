// Binding, keeping, losing and ending the link.
#include "plugins/smpp/adapter_fixture.hpp"

namespace adapter_link_test {

using namespace posthorn;
using namespace posthorn::tests;

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: binds as transceiver and opens its window") {
    number("window", 7);
    start();
    host.until([&] { return smsc.has(command::bind_transceiver); });
    CHECK(host.open_slots == 0);
    const auto request = smsc.take();
    smpp::pdu p;
    REQUIRE(!smpp::decode(request.octets, p));
    const auto& fields = std::get<smpp::bind>(p.body);
    CHECK(fields.system_id == "esme01");
    CHECK(fields.password == "pa55w0rd");
    CHECK(fields.interface_version == 0x34);
    smsc.accept_bind(request.head.sequence);
    host.until([&] { return host.open_slots > 0; });
    CHECK(host.open_slots == 7);
    CHECK(host.logged("bound host=127.0.0.1"));
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: answers an enquire_link before the bind's answer") {
    start();
    host.until([&] { return smsc.has(command::bind_transceiver); });
    sync();
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a refused password is told once and without it") {
    start();
    host.until([&] { return smsc.has(command::bind_transceiver); });
    smsc.send(command::bind_transceiver_resp, status::invalid_password, smsc.take().head.sequence);
    host.until([&] { return host.logged("bind refused"); });
    CHECK(host.why.find("0x0000000E ESME_RINVPASWD") != std::string::npos);
    CHECK(host.why.find("next try in 300 s") != std::string::npos);
    for (const auto& line : host.logs)
        CHECK(line.text.find("pa55w0rd") == std::string::npos);
    CHECK(host.logs.back().level == sdk::level::error);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a carrier that sees the old session gets 30 s") {
    start();
    host.until([&] { return smsc.has(command::bind_transceiver); });
    smsc.send(command::bind_transceiver_resp, status::already_bound, smsc.take().head.sequence);
    host.until([&] { return host.logged("down"); });
    CHECK(host.why.find("next try in 30 s") != std::string::npos);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a silent carrier is given up after bind_timeout") {
    duration("bind_timeout", 20ms);
    start();
    host.until([&] { return smsc.connections >= 2; });
    CHECK(host.logged("no answer to the bind"));
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: connects again after a lost link") {
    bind();
    smsc.close();
    host.until([&] { return host.open_slots == 0; });
    bind();
    CHECK(smsc.connections == 2);
    submit(1);
    answer(submits(1)[0], status::ok, "a");
    until_given(1);
    CHECK(host.given[1].what == kind::accepted);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: answers unbind and binds anew") {
    bind();
    smsc.send(command::unbind, status::ok, 77);
    host.until([&] { return smsc.has(command::unbind_resp); });
    CHECK(smsc.take(command::unbind_resp).head.sequence == 77);
    CHECK(host.open_slots == 0);
    host.until([&] { return smsc.closings == 1; });
    bind();
}

TEST_CASE_FIXTURE(smpp_fixture,
                  "smpp adapter: answers unbind when what is under way has its answers") {
    bind();
    submit(1);
    const auto sequence = submits(1)[0];
    smsc.send(command::unbind, status::ok, 78);
    host.until([&] { return host.open_slots == 0; });
    sync();
    CHECK(!smsc.has(command::unbind_resp));
    answer(sequence, status::ok, "a");
    host.until([&] { return smsc.has(command::unbind_resp); });
    CHECK(host.given[1].what == kind::accepted);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: tests a silent link and closes a dead one") {
    duration("enquire_link", 20ms);
    bind();
    host.until([&] { return smsc.has(command::enquire_link); });
    smsc.send(command::enquire_link_resp, status::ok,
              smsc.take(command::enquire_link).head.sequence);
    host.until([&] { return smsc.closings == 1; });
    CHECK(smsc.count(command::enquire_link) >= 2);
    CHECK(host.logged("two enquire_link without an answer"));
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: half a PDU closes the link after inactivity") {
    duration("inactivity", 20ms);
    bind();
    smsc.send(std::string_view("\0\0\0\x10\0\0", 6));
    host.until([&] { return smsc.closings == 1; });
    CHECK(host.logged("stopped inside a PDU"));
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: takes a PDU octet by octet") {
    bind();
    std::string out;
    smpp::encode_header(out, command::enquire_link, status::ok, 5);
    for (const char c : out) {
        smsc.send(std::string_view(&c, 1));
        host.settle();
    }
    host.until([&] { return smsc.has(command::enquire_link_resp); });
    CHECK(smsc.take(command::enquire_link_resp).head.sequence == 5);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: stop waits for answers, unbinds and ends") {
    bind();
    submit(1);
    const auto sequence = submits(1)[0];
    (*adapter)->stop();
    CHECK(host.open_slots == 0);
    sync();
    CHECK(!smsc.has(command::unbind));
    submit(2); // too late
    CHECK(host.given[2].what == kind::deferred);
    answer(sequence, status::ok, "a");
    host.until([&] { return smsc.has(command::unbind); });
    CHECK(host.given[1].what == kind::accepted);
    smsc.send(command::unbind_resp, status::ok, smsc.take(command::unbind).head.sequence);
    host.until([&] { return adapter->ended; });
    CHECK(!adapter->failed);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: stop does not wait longer than for any answer") {
    duration("response_timeout", 30ms);
    bind();
    std::string out;
    smpp::sm body;
    body.source = {1, 1, "8613800138000"};
    body.short_message = "hi";
    smpp::encode_sm(out, command::deliver_sm, 5, body);
    smsc.send(out);
    host.until([&] { return !host.texts.empty(); });
    const auto begun = std::chrono::steady_clock::now();
    (*adapter)->stop(); // the store is stuck
    host.until([&] { return smsc.has(command::unbind); });
    CHECK(std::chrono::steady_clock::now() - begun < 3s);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: stop while connecting or pausing ends at once") {
    SUBCASE("binding") {
        start();
        host.until([&] { return smsc.has(command::bind_transceiver); });
    }
    SUBCASE("pausing") {
        start();
        host.until([&] { return smsc.has(command::bind_transceiver); });
        smsc.send(command::bind_transceiver_resp, status::invalid_password,
                  smsc.take().head.sequence);
        host.until([&] { return host.logged("bind refused"); });
    }
    SUBCASE("not started") { start(); }
    (*adapter)->stop();
    host.until([&] { return adapter->ended; });
    CHECK(smsc.connections <= 1);
}

} // namespace adapter_link_test
