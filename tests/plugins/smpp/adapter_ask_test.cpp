// Taking a text back, and asking for it.
#include "plugins/smpp/adapter_fixture.hpp"
#include "smpp/simulator/server.hpp"

namespace adapter_ask_test {

using namespace posthorn;
using namespace posthorn::tests;

namespace {

struct ask_fixture : smpp_fixture {
    void cancel() {
        (*adapter)->cancel(part,
                           [this](sdk::cancellation c) { cancelled.push_back(std::move(c)); });
    }
    void query() {
        (*adapter)->query(part, [this](sdk::inquiry i) { told.push_back(std::move(i)); });
    }
    fake_smsc::received taken(command id) {
        host.until([&] { return smsc.has(id); });
        return smsc.take(id);
    }
    void answer_query(std::uint32_t sequence, std::uint8_t state, std::uint8_t error = 0) {
        smpp::pdu p;
        p.head = {16, command::query_sm_resp, status::ok, sequence};
        p.body = smpp::query_sm_resp{"0A", "", state, error, {}};
        std::string out;
        smpp::encode(out, p);
        smsc.send(out);
    }
    void probe() {
        (*adapter)->probe([this](sdk::finding f) { found.push_back(std::move(f)); });
    }
    const sdk::accepted_part part{"0A", "8613800138000", ""};
    std::vector<sdk::cancellation> cancelled;
    std::vector<sdk::inquiry> told;
    std::vector<sdk::finding> found;
};

using cancel_kind = sdk::cancellation::kind;
using query_kind = sdk::inquiry::kind;

} // namespace

TEST_CASE_FIXTURE(ask_fixture,
                  "smpp adapter: a text is taken back by the carrier's id and our sender") {
    bind();
    cancel();
    const auto sent = taken(command::cancel_sm);
    smpp::pdu p;
    REQUIRE(!smpp::decode(sent.octets, p));
    const auto& body = std::get<smpp::cancel_sm>(p.body);
    CHECK(body.message_id == "0A");
    CHECK(body.source.digits == "10690000");
    CHECK(body.source.ton == 1);
    CHECK(body.destination.digits.empty());
    smsc.send(command::cancel_sm_resp, status::ok, sent.head.sequence);
    host.until([&] { return cancelled.size() == 1; });
    CHECK(cancelled[0].what == cancel_kind::cancelled);
}

TEST_CASE_FIXTURE(ask_fixture, "smpp adapter: what the carrier says to a cancel") {
    struct row {
        command id;
        std::uint32_t code;
        cancel_kind what;
    };
    bind();
    for (const auto& r : {row{command::cancel_sm_resp, 0x11, cancel_kind::too_late},
                          row{command::cancel_sm_resp, 0x0C, cancel_kind::too_late},
                          row{command::cancel_sm_resp, 0x03, cancel_kind::cannot},
                          row{command::cancel_sm_resp, 0x58, cancel_kind::cannot},
                          row{command::generic_nack, 0x03, cancel_kind::cannot}}) {
        CAPTURE(r.code);
        cancelled.clear();
        cancel();
        smsc.send(r.id, static_cast<status>(r.code), taken(command::cancel_sm).head.sequence);
        host.until([&] { return cancelled.size() == 1; });
        CHECK(cancelled[0].what == r.what);
        CHECK(!cancelled[0].code.empty());
    }
    CHECK(host.open_slots == 10); // no answer to a question harms the link
}

TEST_CASE_FIXTURE(ask_fixture, "smpp adapter: what the carrier says to a query") {
    bind();
    struct row {
        std::uint8_t state;
        sdk::receipt_state as;
        std::string_view code;
    };
    using state = sdk::receipt_state;
    for (const auto& r :
         {row{1, state::enroute, "ENROUTE"}, row{2, state::delivered, "DELIVRD"},
          row{3, state::expired, "EXPIRED"}, row{5, state::undelivered, "UNDELIV err:9"},
          row{6, state::enroute, "ACCEPTD"}}) {
        CAPTURE(r.code);
        told.clear();
        query();
        answer_query(taken(command::query_sm).head.sequence, r.state, r.state == 5 ? 9 : 0);
        host.until([&] { return told.size() == 1; });
        CHECK(told[0].what == query_kind::known);
        CHECK(told[0].state == r.as);
        CHECK(told[0].code == r.code);
    }
    told.clear();
    query();
    smsc.send(command::query_sm_resp, status::query_failed, taken(command::query_sm).head.sequence);
    host.until([&] { return told.size() == 1; });
    CHECK(told[0].what == query_kind::cannot);
}

TEST_CASE_FIXTURE(ask_fixture, "smpp adapter: questions use no slot and wait for no text") {
    number("window", 1);
    bind();
    submit(1);
    cancel();
    query();
    const auto asked = taken(command::query_sm).head.sequence;
    answer_query(asked, 2);
    host.until([&] { return told.size() == 1; });
    CHECK(host.given.empty());
    answer(submits(1)[0], status::ok, "a");
    until_given(1);
    CHECK(cancelled.empty());
    smsc.reset(); // no answer any more
    host.until([&] { return cancelled.size() == 1; });
    CHECK(cancelled[0].what == cancel_kind::unknown);
}

TEST_CASE_FIXTURE(ask_fixture,
                  "smpp adapter: a question has its time limit, its late answer no effect") {
    duration("response_timeout", 30ms);
    bind();
    cancel();
    const auto sequence = taken(command::cancel_sm).head.sequence;
    host.until([&] { return cancelled.size() == 1; });
    CHECK(cancelled[0].what == cancel_kind::unknown);
    smsc.send(command::cancel_sm_resp, status::ok, sequence);
    sync();
    CHECK(cancelled.size() == 1);
    CHECK(host.open_slots == 10);
}

TEST_CASE_FIXTURE(ask_fixture, "smpp adapter: without a link nothing is asked; too many are not") {
    start();
    cancel();
    query();
    REQUIRE(cancelled.size() == 1);
    CHECK(cancelled[0].what == cancel_kind::cannot);
    CHECK(told.at(0).what == query_kind::cannot);
    bind();
    for (int i = 0; i < 101; ++i)
        cancel();
    REQUIRE(cancelled.size() == 2);
    CHECK(cancelled[1].what == cancel_kind::cannot);
    smsc.reset();
    host.until([&] { return cancelled.size() == 102; });
}

TEST_CASE_FIXTURE(ask_fixture,
                  "smpp adapter: a simulated carrier takes back what it has not delivered") {
    smpp::simulator::options o;
    o.port = 0;
    o.receipt_delay = std::chrono::hours(1);
    smpp::simulator::server carrier(host.io, o);
    number("port", carrier.port());
    start();
    host.until([&] { return host.open_slots > 0; });
    submit(1);
    until_given(1);
    const sdk::accepted_part taken_part{host.given[1].ref, "8613800138000", ""};
    const auto ask = [&] {
        told.clear();
        (*adapter)->query(taken_part, [this](sdk::inquiry i) { told.push_back(std::move(i)); });
        host.until([&] { return told.size() == 1; });
        return told[0];
    };
    const auto take_back = [&] {
        cancelled.clear();
        (*adapter)->cancel(taken_part,
                           [this](sdk::cancellation c) { cancelled.push_back(std::move(c)); });
        host.until([&] { return cancelled.size() == 1; });
        return cancelled[0].what;
    };
    CHECK(ask().state == sdk::receipt_state::enroute);
    CHECK(take_back() == cancel_kind::cancelled);
    host.until([&] { return host.receipts.size() == 1; });
    CHECK(host.receipts[0].code == "DELETED err:012");
    CHECK(ask().state == sdk::receipt_state::undelivered);
    CHECK(take_back() == cancel_kind::too_late);
    host.unstored.front()();
    (*adapter)->stop();
    host.until([&] { return adapter->ended; });
    carrier.stop();
    host.settle();
}

TEST_CASE_FIXTURE(ask_fixture, "smpp adapter: a probe asks over the link and tells what is known") {
    bind(0x50);
    probe();
    const auto asked = taken(command::enquire_link);
    CHECK(found.empty());
    smsc.send(command::enquire_link_resp, status::ok, asked.head.sequence);
    host.until([&] { return found.size() == 1; });
    CHECK(found[0].answered);
    const std::map<std::string, std::string> learned(found[0].learned.begin(),
                                                     found[0].learned.end());
    CHECK(learned.at("interface version") == "5.0");
    CHECK(learned.at("TLS") == "no");
    CHECK(learned.contains("answer to enquire_link"));
}

TEST_CASE_FIXTURE(ask_fixture,
                  "smpp adapter: a probe without an answer, or without a link, fails") {
    bind();
    probe();
    taken(command::enquire_link);
    smsc.close();
    host.until([&] { return found.size() == 1; });
    CHECK(!found[0].answered);
    CHECK(found[0].why != "");
    host.until([&] { return host.open_slots == 0; });
    probe();
    REQUIRE(found.size() == 2);
    CHECK(found[1].why == "not bound");
}

} // namespace adapter_ask_test
