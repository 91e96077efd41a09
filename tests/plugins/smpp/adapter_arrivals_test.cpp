// Receipts, texts and requests of the carrier.
#include "plugins/smpp/adapter_fixture.hpp"
#include "plugins/smpp/vectors.hpp"
#include "smpp/codec/receipt.hpp"

namespace adapter_arrivals_test {

using namespace posthorn;
using namespace posthorn::tests;

namespace {

std::string deliver(std::uint32_t sequence, std::uint8_t esm_class, std::string_view text,
                    std::string_view tlvs = {}) {
    smpp::sm body;
    body.source = {1, 1, "8613800138000"};
    body.destination = {1, 1, "+10690000"};
    body.esm_class = esm_class;
    body.short_message = text;
    body.tlvs.octets = tlvs;
    std::string out;
    smpp::encode_sm(out, command::deliver_sm, sequence, body);
    return out;
}

std::string receipt_text(std::string_view id, smpp::message_state state, std::string_view err) {
    std::string out;
    smpp::receipt_fields fields{id, state, "2611221015", "2611221016", err, "Hello"};
    smpp::append_receipt_text(out, fields);
    return out;
}

} // namespace

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a receipt is acknowledged only once it is stored") {
    bind();
    smsc.send(deliver(9, 0x04, receipt_text("0A1B", smpp::message_state::undeliverable, "005")));
    host.until([&] { return !host.receipts.empty(); });
    const auto& r = host.receipts[0];
    CHECK(r.ref == "0A1B");
    CHECK(r.state == sdk::receipt_state::undelivered);
    CHECK(r.code == "UNDELIV err:005");
    CHECK(r.recipient == "8613800138000");
    CHECK(r.sender == "10690000");
    CHECK(r.excerpt == "Hello");
    sync();
    CHECK(!smsc.has(command::deliver_sm_resp));
    host.unstored.front()();
    host.until([&] { return smsc.has(command::deliver_sm_resp); });
    const auto ack = smsc.take(command::deliver_sm_resp);
    CHECK(ack.head.sequence == 9);
    CHECK(ack.head.status == status::ok);
    CHECK(ack.octets.size() == 17);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: states of receipts") {
    struct row {
        std::uint8_t esm_class;
        smpp::message_state state;
        sdk::receipt_state expected;
    };
    using m = smpp::message_state;
    using s = sdk::receipt_state;
    bind();
    std::size_t seen = 0;
    for (const auto& r :
         {row{0x04, m::delivered, s::delivered}, row{0x08, m::expired, s::expired},
          row{0x04, m::rejected, s::undelivered}, row{0x04, m::deleted, s::undelivered},
          row{0x04, m::unknown, s::undelivered}, row{0x04, m::accepted, s::enroute},
          row{0x04, m::enroute, s::enroute}, row{0x44, m::delivered, s::delivered},
          row{0x20, m::delivered, s::enroute}}) {
        CAPTURE(smpp::name(r.state));
        smsc.send(deliver(1, r.esm_class, receipt_text("7", r.state, "000")));
        host.until([&] { return host.receipts.size() > seen; });
        CHECK(host.receipts[seen].state == r.expected);
        ++seen;
    }
}

TEST_CASE_FIXTURE(smpp_fixture,
                  "smpp adapter: all receipts of one read are one batch, one write of answers") {
    bind();
    std::string many;
    for (std::uint32_t i = 1; i <= 50; ++i)
        many += deliver(i, 0x04,
                        receipt_text(std::to_string(i), smpp::message_state::delivered, "000"));
    smsc.send(many);
    host.until([&] { return host.receipts.size() == 50; });
    CHECK(host.arrivals == 1);
    host.unstored.front()();
    host.until([&] { return smsc.count(command::deliver_sm_resp) == 50; });
    CHECK(smsc.pdus.front().read == smsc.pdus.back().read);
}

TEST_CASE_FIXTURE(smpp_fixture,
                  "smpp adapter: a text does not wait until the receipts of its read are stored") {
    bind();
    smsc.send(deliver(1, 0x04, receipt_text("1", smpp::message_state::delivered, "000")) +
              deliver(2, 0, "YE") +
              deliver(3, 0x04, receipt_text("2", smpp::message_state::delivered, "000")));
    host.until([&] { return host.unstored.size() == 2; });
    CHECK(host.receipts.size() == 2);
    CHECK(host.texts.size() == 1);
    host.unstored.front()();
    host.until([&] { return smsc.count(command::deliver_sm_resp) == 1; });
    CHECK(smsc.pdus.back().head.sequence == 2);
    host.unstored.back()();
    host.until([&] { return smsc.count(command::deliver_sm_resp) == 3; });
}

TEST_CASE_FIXTURE(smpp_fixture,
                  "smpp adapter: a receipt before its answer reaches the host before it") {
    bind();
    submit(1);
    const auto sequence = submits(1)[0];
    smsc.send(deliver(3, 0x04, receipt_text("early", smpp::message_state::delivered, "000")));
    host.until([&] { return !host.receipts.empty(); });
    CHECK(host.given.empty());
    answer(sequence, status::ok, "early");
    until_given(1);
    CHECK(host.given[1].ref == host.receipts[0].ref);
}

TEST_CASE_FIXTURE(smpp_fixture,
                  "smpp adapter: what is stored after the link has gone is not acknowledged") {
    bind();
    smsc.send(deliver(3, 0x04, receipt_text("x", smpp::message_state::delivered, "000")));
    host.until([&] { return !host.unstored.empty(); });
    smsc.close();
    host.until([&] { return host.open_slots == 0; });
    bind();
    host.unstored.front()();
    sync();
    CHECK(!smsc.has(command::deliver_sm_resp));
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: stop acknowledges what is stored meanwhile") {
    bind();
    smsc.send(deliver(3, 0x04, receipt_text("x", smpp::message_state::delivered, "000")));
    host.until([&] { return !host.unstored.empty(); });
    (*adapter)->stop();
    sync();
    CHECK(!smsc.has(command::unbind));
    host.unstored.front()();
    host.until([&] { return smsc.has(command::unbind); });
    CHECK(smsc.take().head.id == command::deliver_sm_resp);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a text from a phone comes with its octets") {
    bind();
    SUBCASE("deliver_sm") {
        smsc.send(deliver(4, 0x40, std::string_view("\x05\x00\x03\x01\x02\x01hi", 8)));
        host.until([&] { return !host.texts.empty(); });
        CHECK(host.texts[0].octets == std::string("\x05\x00\x03\x01\x02\x01hi", 8));
        CHECK(host.texts[0].udh);
    }
    SUBCASE("data_sm") {
        std::string tlvs, out;
        smpp::append_tlv(tlvs, smpp::tag::message_payload, "hi");
        smpp::data_sm body;
        body.source = {1, 1, "8613800138000"};
        body.destination = {1, 1, "10690000"};
        body.tlvs.octets = tlvs;
        smpp::pdu p;
        p.head = {16, command::data_sm, status::ok, 4};
        p.body = body;
        smpp::encode(out, p);
        smsc.send(out);
        host.until([&] { return !host.texts.empty(); });
        CHECK(host.texts[0].octets == "hi");
        CHECK(!host.texts[0].udh);
        host.unstored.front()();
        host.until([&] { return smsc.has(command::data_sm_resp); });
    }
    CHECK(host.texts[0].sender == "+8613800138000");
    CHECK(host.texts[0].recipient == "10690000");
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: malformed PDUs get the expected reaction") {
    struct row {
        std::string_view id;
        int nack;      // status of a generic_nack; -1: none
        bool response; // an answer of the request's own kind instead
        bool closes;
    };
    for (const auto& r :
         {row{"bad_len_lt16", 2, false, true}, row{"bad_len_zero", 2, false, true},
          row{"bad_len_huge", 2, false, true}, row{"http_on_smpp_port", -1, false, true},
          row{"unknown_command", 3, false, false}, row{"unknown_resp", -1, false, false},
          row{"resp_trailing_octet", -1, false, false}}) {
        CAPTURE(r.id);
        smpp_fixture f;
        f.bind();
        for (const auto& v : smpp_test::read_list("smpp.json", "vectors"))
            if (v.at("id").as_string() == r.id)
                f.smsc.send(smpp_test::octets_of(v.at("hex").as_string()));
        if (r.closes) {
            f.host.until([&] { return f.smsc.closings == 1; });
            CHECK(f.host.open_slots == 0);
        } else {
            f.sync();
            CHECK(f.host.open_slots > 0);
        }
        CHECK(f.smsc.count(command::generic_nack) == (r.nack >= 0 ? 1 : 0));
        if (r.nack >= 0) {
            const auto nack = f.smsc.take(command::generic_nack);
            CHECK(static_cast<int>(nack.head.status) == r.nack);
            CHECK(nack.head.sequence == (r.closes ? 0 : 5));
        }
    }
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: broken deliver_sm are refused, the link stays") {
    bind();
    const auto good = deliver(5, 0, "hi");
    auto overrun = good;
    overrun[overrun.size() - 3] = '\x7F'; // sm_length
    smsc.send(overrun);
    host.until([&] { return smsc.has(command::deliver_sm_resp); });
    CHECK(smsc.take(command::deliver_sm_resp).head.status == status::invalid_message_length);
    smsc.send(good);
    host.until([&] { return host.texts.size() == 1; });
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a request that is not a carrier's is nacked") {
    bind();
    smsc.send(deliver(5, 0, "hi").replace(7, 1, "\x04")); // submit_sm
    host.until([&] { return smsc.has(command::generic_nack); });
    CHECK(smsc.take().head.status == status::invalid_command_id);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: octets of a receipt that are no text become text") {
    bind();
    smsc.send(deliver(1, 0x04, "id:7\xff stat:RE\x1b[J err:\x80\x01"));
    host.until([&] { return !host.receipts.empty(); });
    const auto& r = host.receipts[0];
    CHECK(r.ref == "7\\xFF");
    for (const char c : r.ref + r.code)
        CHECK((c >= 0x20 && c < 0x7F));
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: parts numbered by TLVs get the UDH they stand for") {
    bind();
    std::string tlvs, out;
    smpp::append_tlv_u16(tlvs, smpp::tag::sar_msg_ref_num, 0x1234);
    smpp::append_tlv_u8(tlvs, smpp::tag::sar_total_segments, 3);
    smpp::append_tlv_u8(tlvs, smpp::tag::sar_segment_seqnum, 2);
    smpp::sm body;
    body.source = {1, 1, "8613800138000"};
    body.destination = {1, 1, "10690000"};
    body.short_message = "hi";
    body.tlvs.octets = tlvs;
    smpp::encode_sm(out, command::deliver_sm, 5, body);
    smsc.send(out);
    host.until([&] { return !host.texts.empty(); });
    CHECK(host.texts[0].octets == std::string("\x06\x08\x04\x12\x34\x03\x02hi", 9));
    CHECK(host.texts[0].udh);
}

TEST_CASE_FIXTURE(smpp_fixture, "smpp adapter: a reference that the carrier repeats is passed on") {
    bind();
    std::string tlvs, out;
    smpp::append_tlv_u16(tlvs, smpp::tag::user_message_reference, 0xBEEF);
    smpp::sm body;
    body.source = {1, 1, "8613800138000"};
    body.esm_class = 0x04;
    const auto text = receipt_text("7", smpp::message_state::delivered, "000");
    body.short_message = text;
    body.tlvs.octets = tlvs;
    smpp::encode_sm(out, command::deliver_sm, 6, body);
    smsc.send(out);
    host.until([&] { return !host.receipts.empty(); });
    CHECK(host.receipts[0].reference == 0xBEEF);
}

TEST_CASE_FIXTURE(smpp_fixture,
                  "smpp adapter: receipts and texts with a sender of letters keep its letters") {
    bind();
    std::size_t receipts = 0, texts = 0;
    for (const auto* name : {"ACME", "Water-Co_2", "A B&C", "+Info", "@home", ""}) {
        CAPTURE(name);
        for (const std::uint8_t ton : {std::uint8_t{5}, std::uint8_t{0}, std::uint8_t{9}}) {
            smpp::sm body;
            body.source = {1, 1, "8613800138000"};
            body.destination = {ton, 0, name};
            body.esm_class = 0x04;
            const auto words = receipt_text("7", smpp::message_state::delivered, "000");
            body.short_message = words;
            std::string out;
            smpp::encode_sm(out, command::deliver_sm, 1, body);
            std::swap(body.source, body.destination);
            body.esm_class = 0;
            body.short_message = "hi";
            smpp::encode_sm(out, command::deliver_sm, 2, body);
            smsc.send(out);
            host.until(
                [&] { return host.receipts.size() > receipts && host.texts.size() > texts; });
            const std::string_view expected = ton == 5 || *name != '+' ? name : name + 1;
            CHECK(host.receipts[receipts].ref == "7");
            CHECK(host.receipts[receipts].sender == expected);
            CHECK(host.receipts[receipts].recipient == "8613800138000");
            CHECK(host.texts[texts].sender == expected);
            ++receipts;
            ++texts;
        }
    }
}

} // namespace adapter_arrivals_test
