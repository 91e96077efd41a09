// What a unit becomes on the wire, and what an answer, or none, becomes for the host.
#include "plugins/smpp/adapter_fixture.hpp"
#include "smpp/adapter/submission.hpp"
#include "smpp/adapter/verdicts.hpp"
#include "smpp/codec/time.hpp"

#include <algorithm>

namespace adapter_submit_test {

using namespace posthorn;
using namespace posthorn::tests;

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a unit becomes a submit_sm") {
    bind();
    sdk::unit u;
    u.handle = 1;
    u.recipient = "8613800138000";
    u.sender = "MyBank";
    u.octets = std::string_view("\x05\x00\x03\xCC\x02\x01\x00\x41", 8);
    u.coding = sdk::coding::ucs2;
    u.udh = true;
    u.priority = sdk::priority::urgent;
    u.reference = 0x1234;
    u.validity = 90min;
    (*adapter)->submit({&u, 1});
    host.until([&] { return smsc.has(command::submit_sm); });
    const auto sent = smsc.take();
    smpp::pdu p;
    REQUIRE(!smpp::decode(sent.octets, p));
    const auto& body = std::get<smpp::sm>(p.body);
    CHECK(body.source.ton == 5);
    CHECK(body.source.npi == 0);
    CHECK(body.source.digits == "MyBank");
    CHECK(body.destination.ton == 1);
    CHECK(body.destination.npi == 1);
    CHECK(body.destination.digits == "8613800138000");
    CHECK(body.esm_class == 0x40);
    CHECK(body.data_coding == 8);
    CHECK(body.priority_flag == 0);
    CHECK(body.registered_delivery == 1);
    CHECK(body.validity_period == "000000013000000R");
    CHECK(body.short_message == u.octets);
    CHECK(body.tlvs.find_u16(smpp::tag::user_message_reference) == 0x1234);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: what the options change in a submit_sm") {
    number("receipts", 0);
    text("service_type", "CMT");
    text("source_ton", "2");
    text("source_npi", "8");
    text("validity", "absolute");
    number("priority_normal", 1);
    bind(0); // SMPP 3.3: no TLVs
    submit(1);
    host.until([&] { return smsc.has(command::submit_sm); });
    const auto sent = smsc.take();
    smpp::pdu p;
    REQUIRE(!smpp::decode(sent.octets, p));
    const auto& body = std::get<smpp::sm>(p.body);
    CHECK(body.service_type == "CMT");
    CHECK(body.source.digits == "10690000");
    CHECK(body.source.ton == 2);
    CHECK(body.source.npi == 8);
    CHECK(body.registered_delivery == 0);
    CHECK(body.data_coding == 0);
    CHECK(body.esm_class == 0);
    CHECK(body.priority_flag == 1);
    const auto until = smpp::parse_time(body.validity_period);
    CHECK(until.utc_us == (host.now() + 1h).time_since_epoch().count());
    CHECK(body.tlvs.empty());
}

TEST_CASE("smpp adapter: type and plan of the source follow its shape") {
    struct row {
        std::string_view sender;
        unsigned ton, npi;
        std::string_view digits;
    };
    for (const auto& r :
         {row{"", 0, 0, ""}, row{"10690", 3, 0, "10690"}, row{"106900", 3, 0, "106900"},
          row{"1069000", 1, 1, "1069000"}, row{"+8613800138000", 1, 1, "8613800138000"},
          row{"MyBank", 5, 0, "MyBank"}, row{"+", 5, 0, "+"}, row{"24-7", 5, 0, "24-7"},
          row{"My_Bank", 5, 0, "My_Bank"}, row{"A B", 5, 0, "A B"}, row{"1 2", 5, 0, "1 2"}}) {
        CAPTURE(r.sender);
        const auto a = smpp::source_address(r.sender);
        CHECK(a.ton == r.ton);
        CHECK(a.npi == r.npi);
        CHECK(a.digits == r.digits);
    }
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a field too long is rejected, not sent") {
    bind();
    sdk::unit u;
    u.handle = 1;
    u.recipient = "861380013800000000000000000000";
    u.validity = 1h;
    (*adapter)->submit({&u, 1});
    CHECK(host.given[1].what == kind::rejected);
    sync();
    CHECK(!smsc.has(command::submit_sm));
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: never more unanswered than the window") {
    number("window", 3);
    bind();
    submit(1, 5);
    CHECK(host.given.size() == 2);
    CHECK(host.given[4].what == kind::deferred);
    CHECK(!host.given[5].counts);
    const auto sequences = submits(3);
    answer(sequences[1], status::ok, "b");
    until_given(3);
    submit(6, 1);
    answer(submits(1)[0], status::ok, "f");
    until_given(4);
    CHECK(host.given[6].ref == "f");
}

TEST_CASE_FIXTURE(smpp_fixture,
                  "smpp adapter: many units leave in one write, verdicts in one batch") {
    number("window", 100);
    bind();
    submit(1, 100);
    host.until([&] { return smsc.count(command::submit_sm) == 100; });
    CHECK(smsc.pdus.front().read == smsc.pdus.back().read);
    std::string answers;
    for (const auto& p : smsc.pdus)
        smpp::encode_message_resp(answers, command::submit_sm_resp, status::ok, p.head.sequence,
                                  std::to_string(p.head.sequence));
    smsc.send(answers);
    until_given(100);
    CHECK(host.batches == 1);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: answers in any order meet their units") {
    bind();
    submit(1, 3);
    const auto sequences = submits(3);
    CHECK(sequences[0] < sequences[1]);
    answer(sequences[2], status::ok, "c");
    answer(sequences[0], status::invalid_destination);
    answer(sequences[1], status::ok, "b");
    until_given(3);
    CHECK(host.given[1].what == kind::rejected);
    CHECK(host.given[1].code == "0x0000000B ESME_RINVDSTADR");
    CHECK(host.given[2].ref == "b");
    CHECK(host.given[3].ref == "c");
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: each class of answer has its verdict") {
    struct row {
        std::uint32_t code;
        sdk::verdict::kind what;
        bool counts, throttled;
    };
    bind();
    std::uint64_t handle = 0;
    for (const auto& r :
         {row{0x000, kind::accepted, true, false}, row{0x00B, kind::rejected, true, false},
          row{0x015, kind::rejected, true, false}, row{0x008, kind::deferred, true, false},
          row{0x045, kind::deferred, true, false}, row{0x058, kind::deferred, false, true},
          row{0x014, kind::deferred, false, true}, row{0x412, kind::deferred, true, false},
          row{0x004, kind::deferred, false, false}}) {
        CAPTURE(r.code);
        submit(++handle);
        answer(submits(1)[0], static_cast<status>(r.code), "id");
        until_given(handle);
        const auto& v = host.given[handle];
        CHECK(v.what == r.what);
        CHECK(v.counts == r.counts);
        CHECK(v.throttled == r.throttled);
        CHECK(v.ref == (r.code == 0 ? "id" : ""));
        CHECK(v.after == (r.throttled || r.code == 0x004 ? 1s : 0s));
    }
    // The last one says that the session is in a wrong state.
    host.until([&] { return smsc.has(command::unbind); });
    CHECK(host.open_slots == 0);
    smsc.send(command::unbind_resp, status::ok, smsc.take(command::unbind).head.sequence);
    bind();
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a carrier that refuses TLVs gets none any more") {
    bind();
    submit(1, 3);
    const auto sequences = submits(3);
    answer(sequences[0], status::tlv_not_allowed);
    answer(sequences[1], status::broken_tlvs); // left with one too
    until_given(2);
    for (const auto handle : {1U, 2U}) {
        CHECK(host.given[handle].what == kind::deferred);
        CHECK(!host.given[handle].counts);
    }
    CHECK(std::count_if(host.logs.begin(), host.logs.end(), [](const auto& line) {
              return line.level == sdk::level::warn &&
                     line.text.starts_with("no more user_message_reference");
          }) == 1);

    submit(4);
    host.until([&] { return smsc.has(command::submit_sm); });
    const auto sent = smsc.take(command::submit_sm);
    smpp::pdu p;
    REQUIRE(!smpp::decode(sent.octets, p));
    CHECK(std::get<smpp::sm>(p.body).tlvs.empty());
    answer(sent.head.sequence, status::tlv_not_allowed); // without any, it means something else
    answer(sequences[2], status::invalid_tlv_value);
    until_given(4);
    CHECK(host.given[3].what == kind::deferred);
    CHECK(host.given[4].what == kind::rejected);
    CHECK(host.open_slots == 10);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a wrong setting is told once for many refusals") {
    bind();
    submit(1, 5);
    for (const auto sequence : submits(5))
        answer(sequence, static_cast<status>(0x15));
    until_given(5);
    const auto told = std::count_if(host.logs.begin(), host.logs.end(), [](const auto& line) {
        return line.level == sdk::level::warn &&
               line.text.find("ESME_RINVSERTYP") != line.text.npos;
    });
    CHECK(told == 1);
}

TEST_CASE("smpp adapter: throttling doubles after each pause and ends with success") {
    fake_host host;
    smpp::judge judge(host);
    smpp::judge::time now{};
    const auto throttled = [&] { return judge.answer(1, status::throttled, {}, now).after; };
    for (const auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        CHECK(throttled() == pause);
        CHECK(throttled() == pause); // the rest of the window complains too
        judge.answer(1, status::ok, "an answer under way", now);
        CHECK(throttled() == pause);
        now += pause;
    }
    judge.answer(1, status::ok, "a", now);
    CHECK(throttled() == 1s);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: generic_nack for a unit") {
    bind();
    submit(1, 2);
    const auto sequences = submits(2);
    smsc.send(command::generic_nack, status::invalid_destination, sequences[0]);
    until_given(1);
    CHECK(host.given[1].what == kind::rejected);
    CHECK(host.open_slots > 0);
    smsc.send(command::generic_nack, status::invalid_command_id, sequences[1]);
    until_given(2);
    CHECK(host.given[2].what == kind::deferred);
    CHECK(host.given[2].counts);
    CHECK(host.given[2].code == "generic_nack 0x00000003 ESME_RINVCMDID");
    CHECK(host.open_slots > 0);
}

TEST_CASE_FIXTURE(smpp_fixture,
                  "smpp adapter: one text the carrier cannot read does not end the session") {
    bind();
    submit(1, 6);
    const auto sequences = submits(6);
    const auto unreadable = [&](std::size_t i) {
        answer(sequences[i], status::invalid_command_length);
    };
    unreadable(0);
    unreadable(1);
    answer(sequences[2], status::ok, "fine");
    unreadable(3);
    unreadable(4);
    until_given(5);
    CHECK(host.given[1].what == kind::deferred);
    CHECK(host.given[1].counts);
    CHECK(host.open_slots > 0);
    unreadable(5); // the third in a row: we are out of step
    host.until([&] { return smsc.has(command::unbind); });
}

TEST_CASE_FIXTURE(smpp_fixture,
                  "smpp adapter: no answer in time is uncertain, and a late one is told") {
    duration("response_timeout", 20ms);
    bind();
    submit(1, 2);
    const auto sequences = submits(2);
    until_given(2);
    CHECK(host.given[1].what == kind::uncertain);
    CHECK(host.given[2].what == kind::uncertain);
    answer(sequences[0], status::ok, "late");
    answer(sequences[0], status::ok, "once more");
    answer(sequences[1], status::invalid_destination);
    host.until([&] { return host.late.size() == 2; });
    sync();
    REQUIRE(host.late.size() == 2);
    CHECK(host.late[0].handle == 1);
    CHECK(host.late[0].what == kind::accepted);
    CHECK(host.late[0].ref == "late");
    CHECK(host.late[1].what == kind::rejected);
    CHECK(host.open_slots == 10);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a late generic_nack is a late answer") {
    duration("response_timeout", 20ms);
    bind();
    submit(1, 2);
    const auto sequences = submits(2);
    until_given(2);
    smsc.send(command::generic_nack, status::ok, sequences[0]); // not read, never accepted
    smsc.send(command::generic_nack, status::invalid_destination, sequences[1]);
    host.until([&] { return host.late.size() == 2; });
    CHECK(host.late[0].handle == 1);
    CHECK(host.late[0].what == kind::deferred);
    CHECK(host.late[1].handle == 2);
    CHECK(host.late[1].what == kind::rejected);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a unit whose time is nearly over stays here") {
    bind();
    sdk::unit u;
    u.handle = 1;
    u.recipient = "8613800138000";
    u.octets = "hi";
    u.validity = 500ms;
    (*adapter)->submit(std::span(&u, 1));
    CHECK(host.given[1].what == kind::deferred);
    CHECK(!host.given[1].counts);
    CHECK(host.given[1].after == 500ms);
    sync();
    CHECK(!smsc.has(command::submit_sm));
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: octets of an id that are no text become text") {
    bind();
    submit(1);
    answer(submits(1)[0], status::ok, "a\xff\x1b");
    until_given(1);
    CHECK(host.given[1].ref == "a\\xFF\\x1B");
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a reset leaves uncertain what had left") {
    bind();
    submit(1, 3);
    const auto sequences = submits(3);
    answer(sequences[1], status::ok, "b");
    until_given(1);
    smsc.reset();
    until_given(3);
    CHECK(host.given[1].what == kind::uncertain);
    CHECK(host.given[2].what == kind::accepted);
    CHECK(host.given[3].what == kind::uncertain);
    bind();
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: what the kernel never took is deferred") {
    bind();
    smsc.reset();
    submit(1, 2); // the adapter has not heard of it yet
    CHECK(host.given.empty());
    until_given(2);
    for (const auto& [handle, v] : host.given) {
        CHECK(v.what == kind::deferred);
        CHECK(!v.counts);
        CHECK(v.code.rfind("not sent: ", 0) == 0);
    }
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: without a link nothing is sent") {
    start();
    submit(1);
    until_given(1);
    CHECK(host.given[1].what == kind::deferred);
    CHECK(!host.given[1].counts);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: an answer without its body still counts") {
    bind();
    submit(1, 2);
    const auto sequences = submits(2);
    smsc.send(command::submit_sm_resp, status::throttled, sequences[0]);
    smsc.send(command::submit_sm_resp, status::ok, sequences[1]);
    until_given(2);
    CHECK(host.given[1].throttled);
    CHECK(host.given[2].what == kind::accepted);
    CHECK(host.given[2].ref.empty());
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: ids meet across number bases") {
    SUBCASE("raw") {
        start();
        CHECK((*adapter)->match_key("000A1", false) == (*adapter)->match_key("a1", true));
        CHECK((*adapter)->match_key("10", false) != (*adapter)->match_key("16", true));
    }
    SUBCASE("hex and dec") {
        text("submit_id", "hex");
        text("receipt_id", "dec");
        start();
        CHECK((*adapter)->match_key("0A141EFD", false) ==
              (*adapter)->match_key("0169090813", true));
    }
}

} // namespace adapter_submit_test
