// The simulated gateway as an SP meets it: what it takes and sends octet by octet, and how it misbehaves.
#include "plugins/simulated.hpp"
#include "recorded.hpp"

#include "smgp/codec/login.hpp"
#include "smgp/codec/report.hpp"
#include "smgp/simulator/server.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace simulator_test {

using namespace posthorn::smgp;
namespace vectors = posthorn::vectors;
using carrier = posthorn::simulated::carrier<simulator::server, simulator::options>;

namespace {

std::string recorded(std::string_view id) {
    const auto all = vectors::read("plugins/smgp/vectors/smgp30.json");
    for (const auto& v : all.at("vectors").as_array())
        if (v.at("id").as_string() == id)
            return vectors::octets_of(v.at("hex").as_string());
    FAIL("no vector " << id);
    return {};
}

/// The packet with the octets its views point into.
struct held {
    std::string octets;
    pdu p;

    template <class Body>
    const Body& as() const {
        return std::get<Body>(p.body);
    }
    std::uint32_t status() const { return as<message_resp>().status; }
    std::string id() const { return hex_of(as<message_resp>().msg_id); }
    report told() const { return read_report(as<deliver>().content).value(); }
};

class client : public posthorn::simulated::packet_stream {
public:
    explicit client(std::uint16_t port) : packet_stream(port, frame) {}

    std::unique_ptr<held> next() {
        auto out = std::make_unique<held>();
        out->octets = next_octets();
        if (out->octets.empty())
            return nullptr;
        if (decode(out->octets, out->p))
            throw std::runtime_error("the simulator sent what cannot be decoded");
        return out;
    }
    void say(command id, const body& what, std::uint32_t sequence = 0) {
        pdu p;
        p.head.id = id;
        p.head.sequence = sequence ? sequence : ++sequence_;
        p.body = what;
        std::string octets;
        encode(octets, p);
        send(octets);
    }
    std::uint32_t log_in(login_mode mode = login_mode::both, std::string_view secret = "telecom",
                         std::uint8_t version = version_30) {
        const auto proof = authenticator_client("10690000", secret, 301000000);
        say(command::login, login{.client_id = "10690000",
                                  .authenticator = octets_of(proof),
                                  .login_mode = mode,
                                  .timestamp = 301000000,
                                  .client_version = version});
        return next()->as<login_resp>().status;
    }
    void submit(std::string_view to, std::string_view text, std::uint8_t need_report = 1) {
        say(command::submit, smgp_submit{.need_report = need_report,
                                         .src_term_id = "10690000",
                                         .terminals = {to},
                                         .content = text});
    }
    void answer(const held& delivered, std::uint32_t status = 0) {
        say(command::deliver_resp,
            message_resp{.msg_id = delivered.as<deliver>().msg_id, .status = status},
            delivered.p.head.sequence);
    }
    /// A round trip: all sent before has been handled. Other packets on the way are an error.
    void sync() {
        say(command::active_test, no_body{});
        const auto came = next();
        if (!came || came->p.head.id != command::active_test_resp)
            throw std::runtime_error("something else came before the Active_Test_Resp");
    }

private:
    using smgp_submit = posthorn::smgp::submit;

    std::uint32_t sequence_ = 0;
};

// A gateway with one fault that strikes once, and a link logged in to it.
struct faulty {
    explicit faulty(const std::string& kind)
        : gateway([&] {
              simulator::options chosen;
              chosen.fault_list = {kind + ":once"};
              return chosen;
          }()),
          link(gateway.port()) {
        REQUIRE(link.log_in() == 0);
    }
    carrier gateway;
    client link;
};

} // namespace

TEST_CASE("smgp simulator: recorded packets of an SP get their answers") {
    simulator::options chosen;
    chosen.secret = "telecom";
    carrier gateway(chosen);
    client link(gateway.port());
    link.send(recorded("Login"));
    CHECK(vectors::hex_of(link.next_octets()) == vectors::hex_of(recorded("Login_Resp")));
    for (const auto* id : {"Submit_gb18030", "Submit_ucs2", "Submit_long_1of2"}) {
        CAPTURE(id);
        const auto asked = recorded(id);
        link.send(asked);
        const auto response = link.next_octets();
        CHECK(response.size() == 26);
        CHECK(response.substr(8, 4) == asked.substr(8, 4));                      // SequenceID
        CHECK(response.substr(22).find_first_not_of('\0') == std::string::npos); // Status
        const auto report = link.next_octets();
        CHECK(report.size() == 211);
        CHECK(report.find("id:" + response.substr(12, 10) + " sub:") != std::string::npos);
        CHECK(report.find(" stat:DELIVRD err:000 ") != std::string::npos);
    }
    link.send(recorded("Active_Test"));
    CHECK(vectors::hex_of(link.next_octets()) == vectors::hex_of(recorded("Active_Test_Resp")));
    link.send(recorded("Submit_2dest_tlvs"));
    CHECK(link.next()->status() == 10);
    link.send(recorded("Exit"));
    CHECK(vectors::hex_of(link.next_octets()) == vectors::hex_of(recorded("Exit_Resp")));
    CHECK(link.next_octets().empty());
}

TEST_CASE("smgp simulator: a login is refused by its version, name or proof") {
    simulator::options chosen;
    chosen.secret = "telecom";
    carrier gateway(chosen);
    CHECK(client(gateway.port()).log_in(login_mode::both, "telecom", 0x13) == 22);
    client wrong(gateway.port());
    CHECK(wrong.log_in(login_mode::both, "guessed") == 21);
    CHECK(!wrong.next());
    CHECK(client(gateway.port()).log_in() == 0);
    chosen.user = "other";
    carrier other(chosen);
    CHECK(client(other.port()).log_in() == 69);
}

TEST_CASE("smgp simulator: links that only send or only receive do no more") {
    carrier gateway;
    client sender(gateway.port()), receiver(gateway.port());
    REQUIRE(sender.log_in(login_mode::send) == 0);
    REQUIRE(receiver.log_in(login_mode::receive) == 0);
    sender.submit("18912345678", "x");
    const auto id = sender.next()->id();
    const auto report = receiver.next();
    CHECK(report->told().id == id);
    sender.sync();
    receiver.answer(*report);
    receiver.submit("18912345678", "x");
    CHECK(receiver.next()->status() == 11);
    CHECK(gateway.stat("receipts_answered") == 1);
}

TEST_CASE("smgp simulator: reports tell each outcome, and come again until they are answered") {
    const std::pair<const char*, std::pair<const char*, const char*>> rows[] = {
        {"delivered", {"DELIVRD", "000"}}, {"undelivered", {"UNDELIV", "003"}},
        {"expired", {"EXPIRED", "001"}},   {"rejected", {"REJECTD", "008"}},
        {"unknown", {"UNKNOWN", "999"}},   {"accepted", {"ACCEPTD", "000"}}};
    for (const auto& [word, expected] : rows) {
        CAPTURE(word);
        simulator::options chosen;
        chosen.suffixes = {std::string("8=") + word};
        carrier gateway(chosen);
        std::string id;
        {
            client link(gateway.port());
            REQUIRE(link.log_in() == 0);
            link.submit("18912345678", "x");
            id = link.next()->id();
            CHECK(link.next()->told().id == id);
        }
        client again(gateway.port());
        REQUIRE(again.log_in() == 0);
        const auto report = again.next();
        CHECK(report->told().id == id);
        CHECK(report->told().stat == expected.first);
        CHECK(report->told().err == expected.second);
        CHECK(report->as<deliver>().src_term_id == "18912345678");
        again.answer(*report);
        again.sync();
        CHECK(gateway.stat("receipts_pending") == 0);
    }
}

TEST_CASE("smgp simulator: what is wrong in a Submit has its Status") {
    simulator::options chosen;
    chosen.refusals = {"9=75"};
    carrier gateway(chosen);
    client link(gateway.port());
    REQUIRE(link.log_in() == 0);
    const std::pair<std::pair<const char*, std::size_t>, std::uint32_t> rows[] = {
        {{"18912345678", 10}, 0}, {{"", 10}, 47}, {{"18912345678", 200}, 36}, {{"189", 1}, 75}};
    for (const auto& [asked, status] : rows) {
        CAPTURE(status);
        link.submit(asked.first, std::string(asked.second, 'x'), 0);
        CHECK(link.next()->status() == status);
    }
}

TEST_CASE("smgp simulator: texts from phones come in ASCII, UCS-2 and parts") {
    carrier gateway;
    client link(gateway.port());
    REQUIRE(link.log_in() == 0);
    CHECK(gateway.command("mo 18912345678 10690000 退订") == "ok");
    auto text = link.next();
    CHECK(text->as<deliver>().is_report == 0);
    CHECK(text->as<deliver>().msg_format == 8);
    CHECK(text->as<deliver>().recv_time.size() == 14);
    CHECK(text->as<deliver>().src_term_id == "18912345678");
    CHECK(gateway.command("mo 18912345678 10690000 " + std::string(161, 'x')) == "ok");
    for (char part = 1; part <= 2; ++part) {
        text = link.next();
        CHECK(text->as<deliver>().has_header());
        CHECK(text->as<deliver>().content[5] == part);
    }
}

TEST_CASE("smgp simulator: Msg_Ids are BCD of gateway, time and sequence, none given twice") {
    simulator::msg_ids ids;
    const std::int64_t at = 1'795'282'245'000'000; // 2026-11-21T17:30:45Z: the 22nd in China
    std::string last;
    for (int i = 0; i < 5000; ++i) {
        const auto id = ids.next(at);
        const auto hex = hex_of({id.data(), id.size()});
        REQUIRE(hex.find_first_not_of("0123456789") == std::string::npos);
        CHECK(hex.substr(6, 8) == "11220130");
        CHECK(hex != last);
        last = hex;
    }
}

TEST_CASE("smgp simulator: throttle is \"system busy\", and receipts come early, twice or never") {
    {
        faulty f("throttle");
        for (const std::uint32_t expected : {1U, 0U}) {
            f.link.submit("1", "x", 0);
            CHECK(f.link.next()->status() == expected);
        }
    }
    {
        faulty f("early-receipt");
        f.link.submit("1", "x");
        const auto report = f.link.next();
        CHECK(report->told().id == f.link.next()->id());
    }
    {
        faulty f("duplicate-receipt");
        f.link.submit("1", "x");
        const auto id = f.link.next()->id();
        CHECK(f.link.next()->told().id == id);
        CHECK(f.link.next()->told().id == id);
    }
    {
        faulty f("missing-receipt");
        f.link.submit("1", "x");
        CHECK(f.link.next()->status() == 0);
        CHECK(f.gateway.stat("receipts_made") == 0);
    }
}

TEST_CASE("smgp simulator: an id in digits and a stranger's TLV change nothing that matters") {
    for (const char* kind : {"id-base", "unknown-tlv", "slow-read", "split-writes"}) {
        CAPTURE(kind);
        faulty f(kind);
        f.link.submit("18912345678", "x");
        const auto id = f.link.next()->id();
        const auto report = f.link.next();
        CHECK(report->told().id == id);
        CHECK((report->octets.size() != 211) == (kind[0] == 'i' || kind[0] == 'u'));
    }
}

TEST_CASE("smgp simulator: links die before and after the answer, half way and in garbage") {
    {
        faulty f("reset-before-response");
        f.link.submit("1", "in doubt");
        CHECK(!f.link.next());
        CHECK(f.gateway.stat("accepted") == 1);
    }
    {
        faulty f("reset-after-response");
        f.link.submit("1", "x", 0);
        CHECK(f.link.next()->status() == 0);
        CHECK(!f.link.next());
    }
    {
        faulty f("garbage");
        f.link.submit("1", "x", 0);
        CHECK_THROWS(f.link.next());
    }
    {
        faulty f("wrong-sequence");
        f.link.submit("1", "x", 0);
        CHECK(f.link.next()->p.head.sequence > 0x01000000);
    }
    {
        faulty f("half-open");
        f.link.submit("1", "x");
        f.link.submit("1", "x");
        CHECK(f.gateway.comes_to("pdus_in", 3));
        CHECK(f.link.nothing_came());
        CHECK(f.gateway.stat("accepted") == 0);
    }
}

} // namespace simulator_test
