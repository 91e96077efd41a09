// Reports and texts that the gateway brings.
#include "cmpp/codec/report.hpp"
#include "plugins/cmpp/adapter_fixture.hpp"

namespace adapter_arrivals_test {

using namespace posthorn;
using namespace posthorn::tests;

namespace {

constexpr cmpp::msg_id id = 0xBB25EB4030390100;

struct arrivals_fixture : cmpp_fixture {
    void report(std::string_view stat, cmpp::dialect width, std::uint32_t sequence = 100) {
        std::string content;
        cmpp::append_report(content, width,
                            {.msg_id = id,
                             .stat = stat,
                             .submit_time = "2611220930",
                             .done_time = "2611220931",
                             .dest_terminal_id = "13800138000"});
        peer.send(
            command::deliver, sequence,
            cmpp::deliver{
                .msg_id = 7, .dest_id = "10690000", .registered_delivery = 1, .content = content});
    }
    void say(std::string_view content, std::uint8_t format, std::uint8_t udhi = 0,
             std::string_view from = "13800138000") {
        peer.send(command::deliver, 100,
                  cmpp::deliver{.msg_id = 9,
                                .dest_id = "1069000012",
                                .tp_udhi = udhi,
                                .msg_fmt = format,
                                .src_terminal_id = from,
                                .content = content});
        host.until([&] { return !host.texts.empty(); });
    }
};

} // namespace

TEST_CASE("cmpp adapter: a report of 60 octets or of 71, in either version") {
    for (const auto as : {cmpp::dialect::v20, cmpp::dialect::v30})
        for (const auto width : {cmpp::dialect::v20, cmpp::dialect::v30}) {
            arrivals_fixture f;
            f.speak(as);
            f.log_in();
            f.report("DELIVRD", width);
            f.host.until([&] { return !f.host.receipts.empty(); });
            const auto& r = f.host.receipts[0];
            CHECK(r.ref == "13485443320150294784");
            CHECK(r.state == sdk::receipt_state::delivered);
            CHECK(r.code == "DELIVRD");
            CHECK(r.recipient == "8613800138000");
            CHECK(r.sender == "10690000");
            CHECK(!f.peer.has(command::deliver_resp)); // not before it is stored
            f.host.unstored.front()();
            f.until_came(command::deliver_resp);
            const auto packet = f.peer.take(command::deliver_resp);
            CHECK(packet.head.sequence == 100);
            CHECK(packet.octets.size() == (as == cmpp::dialect::v20 ? 21 : 24));
            const auto& answer = f.peer.read<cmpp::message_resp>(packet);
            CHECK(answer.msg_id == 7);
            CHECK(answer.result == 0);
        }
}

TEST_CASE("cmpp adapter: what the words of reports mean, and what an account says they mean") {
    using state = sdk::receipt_state;
    struct row {
        const char* stat;
        state what;
    };
    for (const auto& r : {row{"DELIVRD", state::delivered}, row{"EXPIRED", state::expired},
                          row{"UNDELIV", state::undelivered}, row{"ACCEPTD", state::enroute},
                          row{"MK:0001", state::undelivered}, row{"MA:0002", state::expired},
                          row{"0", state::delivered}}) {
        CAPTURE(r.stat);
        arrivals_fixture f;
        f.entries("stat_classes", {{"MA:0002", "expired"}, {"0", "delivered"}});
        f.log_in();
        f.report(r.stat, cmpp::dialect::v30);
        f.host.until([&] { return !f.host.receipts.empty(); });
        CHECK(f.host.receipts[0].state == r.what);
        CHECK(f.host.receipts[0].code == r.stat);
    }
}

TEST_CASE_FIXTURE(arrivals_fixture,
                  "cmpp adapter: a report before the answer it is of comes after it") {
    log_in();
    submit(1);
    const auto sequence = submits(1)[0];
    report("DELIVRD", cmpp::dialect::v30);
    host.until([&] { return !host.receipts.empty(); }); // it is for the host to wait
    answer(sequence, 0, id);
    until_given(1);
    CHECK(host.given[1].ref == host.receipts[0].ref);
}

TEST_CASE_FIXTURE(arrivals_fixture,
                  "cmpp adapter: a report that nobody can read is refused, and the rest goes on") {
    log_in();
    peer.send(command::deliver, 5,
              cmpp::deliver{.msg_id = 7, .registered_delivery = 1, .content = "short"});
    until_came(command::deliver_resp);
    CHECK(peer.read<cmpp::message_resp>(peer.take()).result == 1);
    CHECK(host.receipts.empty());
    report("DELIVRD", cmpp::dialect::v30);
    host.until([&] { return !host.receipts.empty(); });
}

TEST_CASE("cmpp adapter: a text from a phone, as it was written") {
    struct row {
        std::string_view content;
        std::uint8_t format, udhi;
        const char* from;
        unsigned data_coding;
        bool udh;
        const char* sender;
    };
    for (const auto& r :
         {row{"hi", 0, 0, "13800138000", 1, false, "+8613800138000"},
          row{"\x90\x20", 8, 0, "8613800138000", 8, false, "+8613800138000"},
          row{"\xC4\xE3", 15, 0, "+8613800138000", 15, false, "+8613800138000"},
          row{"\x05\x00\x03\x07\x02\x01\x90\x20"sv, 8, 1, "13800138000", 8, true, "+8613800138000"},
          row{"\x05\x00\x03\x07\x02\x01\x90\x20"sv, 8, 0x40, "13800138000", 8, true,
              "+8613800138000"},
          row{"hi", 0, 0, "10086", 1, false, "10086"}}) {
        CAPTURE(r.from);
        arrivals_fixture f;
        f.log_in();
        f.say(r.content, r.format, r.udhi, r.from);
        const auto& t = f.host.texts[0];
        CHECK(t.sender == r.sender);
        CHECK(t.octets == r.content);
        CHECK(t.recipient == "1069000012");
        CHECK(t.data_coding == r.data_coding);
        CHECK(t.udh == r.udh);
        f.peer.close();
        f.host.until([&] { return f.host.ended_links == 1; });
    }
}

TEST_CASE_FIXTURE(arrivals_fixture,
                  "cmpp adapter: nothing is acknowledged over a link that has ended") {
    log_in();
    say("hi", 0);
    peer.close();
    host.until([&] { return host.ended_links == 1; });
    host.unstored.front()();
    host.until([&] { return peer.connections == 2; });
    host.settle();
    CHECK(!peer.has(command::deliver_resp));
}

TEST_CASE_FIXTURE(arrivals_fixture,
                  "cmpp adapter: a DELIVER before the login is answered by nobody") {
    start();
    until_came(command::connect);
    report("DELIVRD", cmpp::dialect::v30);
    log_in();
    sync();
    CHECK(host.receipts.empty());
    CHECK(!peer.has(command::deliver_resp));
}

TEST_CASE("cmpp adapter: codes in plain words") {
    cmpp_fixture f;
    f.start();
    for (const auto& [code, words] :
         {std::pair{"8 flow control", "too fast"}, std::pair{"UNDELIV", "could not be delivered"},
          std::pair{"MB:0012", "the short message centre refused it"},
          std::pair{"ACCEPTD", "on its way"}})
        CHECK((*f.adapter)->describe(code).find(words) != std::string::npos);
    CHECK((*f.adapter)->describe("XY:0012").empty());
}

} // namespace adapter_arrivals_test
