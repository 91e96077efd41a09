// What data_coding 0 stands for is the carrier's choice (default_alphabet), and a long text may be
// one submit_sm.
#include "plugins/smpp/adapter_fixture.hpp"

namespace adapter_alphabet_test {

using namespace posthorn;
using namespace posthorn::tests;
using namespace std::string_literals;
using namespace std::string_view_literals;
namespace tag = smpp::tag;

namespace {

struct alphabet_fixture : smpp_fixture {
    // The submit_sm that a text of GSM septets becomes.
    const smpp::sm& sent(std::string_view octets, bool udh = false) {
        submit(octets, udh);
        host.until([&] { return smsc.has(command::submit_sm); });
        last = smsc.take(command::submit_sm).octets;
        REQUIRE(!smpp::decode(last, pdu));
        return std::get<smpp::sm>(pdu.body);
    }
    void submit(std::string_view octets, bool udh) {
        sdk::unit u;
        u.handle = ++handle;
        u.recipient = "8613800138000";
        u.octets = octets;
        u.udh = udh;
        u.validity = 1h;
        (*adapter)->submit({&u, 1});
    }
    const sdk::inbound& read(std::string_view octets, std::uint8_t data_coding, bool udh = false) {
        smpp::sm body;
        body.source = {1, 1, "8613800138000"};
        body.destination = {1, 1, "10690000"};
        body.esm_class = udh ? 0x40 : 0;
        body.data_coding = data_coding;
        body.short_message = octets;
        std::string out;
        smpp::encode_sm(out, command::deliver_sm, 5, body);
        const auto before = host.texts.size();
        smsc.send(out);
        host.until([&] { return host.texts.size() > before; });
        return host.texts.back();
    }
    std::uint64_t handle = 0;
    std::string last;
    smpp::pdu pdu;
};

constexpr auto at_dollar = "\x00 \x02 \x11 \x1B\x3C a\x7F"sv; // @ $ _ [ aà
constexpr auto euro = "1\x1B\x65"sv;

} // namespace

TEST_CASE_FIXTURE(alphabet_fixture, "smpp alphabet: data_coding 0 means what the account says") {
    SUBCASE("GSM") {
        bind();
        CHECK(sent(at_dollar).short_message == at_dollar);
        CHECK(sent(euro).data_coding == 0);
        CHECK(read("\x40", 0).text.empty()); // the daemon knows it
    }
    SUBCASE("Latin-1") {
        text("default_alphabet", "latin1");
        bind();
        CHECK(sent(at_dollar).short_message == "@ $ _ [ a\xE0");
        CHECK(sent(at_dollar).data_coding == 0);
        CHECK(read("caf\xE9 @", 0).text == "caf\xC3\xA9 @");
        CHECK(read("\x05\x00\x03\x07\x02\x01l\xE0"sv, 0, true).text == "l\xC3\xA0");
        CHECK(read("\x4E\x2D", 8).text.empty());
    }
    SUBCASE("ASCII") {
        text("default_alphabet", "ascii");
        bind();
        CHECK(sent("\x00\x11"sv).short_message == "@_");
        CHECK(sent("\x04"sv).data_coding == 8);
    }
}

TEST_CASE_FIXTURE(alphabet_fixture,
                  "smpp alphabet: data_coding 3 is Latin-1, and only of what GSM has") {
    text("default_alphabet", "latin1");
    text("data_coding", "3");
    bind();
    const auto& body = sent("\x04\x02"sv); // è$; what GSM lacks comes as UCS-2 from the daemon
    CHECK(body.short_message == "\xE8$");
    CHECK(body.data_coding == 3);
    CHECK(sent(euro).data_coding == 8);
}

TEST_CASE_FIXTURE(alphabet_fixture,
                  "smpp alphabet: what the carrier's alphabet lacks goes as UCS-2 while it fits") {
    text("default_alphabet", "latin1");
    SUBCASE("alone and as a part, in octets of two") {
        bind();
        CHECK(sent(euro).short_message == "\x00\x31\x20\xAC"s);
        const auto& part = sent("\x05\x00\x03\x07\x02\x01\x1B\x65"sv, true);
        CHECK(part.short_message == "\x05\x00\x03\x07\x02\x01\x20\xAC"sv);
        CHECK(part.esm_class == 0x40);
        CHECK(part.data_coding == 8);
    }
    SUBCASE("longer than one part of UCS-2 it is refused, and said why") {
        bind();
        submit(std::string(70, 'x') + std::string(euro.substr(1)), false);
        host.until([&] { return host.given.count(handle) == 1; });
        CHECK(host.given[handle].what == kind::rejected);
        CHECK(host.given[handle].code.find("default_alphabet") != std::string::npos);
    }
    SUBCASE("in message_payload it fits") {
        text("text_in", "message_payload");
        bind();
        const auto& body = sent(std::string(200, 'x') + std::string(euro.substr(1)));
        CHECK(body.tlvs.find(tag::message_payload)->size() == 402);
        CHECK(body.data_coding == 8);
    }
}

TEST_CASE_FIXTURE(alphabet_fixture, "smpp alphabet: parts numbered by TLVs are written in it too") {
    text("default_alphabet", "latin1");
    text("concatenation", "sar");
    bind();
    const auto& body = sent("\x05\x00\x03\x07\x02\x01\x04"sv, true);
    CHECK(body.short_message == "\xE8");
    CHECK(body.tlvs.find_u8(tag::sar_segment_seqnum) == 1);
    CHECK(body.esm_class == 0);
}

TEST_CASE_FIXTURE(alphabet_fixture, "smpp options: a long text is whole in message_payload") {
    SUBCASE("as the account says") {
        text("text_in", "message_payload");
        number("longest_payload", 20000);
        bind();
        CHECK((*adapter)->carries().whole == 20000);
        const std::string octets(10000, 'x');
        const auto& body = sent(octets);
        CHECK(body.short_message.empty());
        CHECK(body.tlvs.find(tag::message_payload) == octets);
        CHECK(body.esm_class == 0);
    }
    SUBCASE("else in parts") {
        bind();
        CHECK((*adapter)->carries().whole == 0);
        CHECK(!(*adapter)->carries().one_receipt);
    }
    SUBCASE("one receipt for all parts is the account's word") {
        number("one_receipt", 1);
        bind();
        CHECK((*adapter)->carries().one_receipt);
    }
}

} // namespace adapter_alphabet_test
