// Every recorded PDU, valid and malformed, through decode() and encode().
#include "plugins/smpp/fields.hpp"
#include "plugins/smpp/vectors.hpp"

#include "smpp/codec/framer.hpp"
#include "smpp/codec/pdu.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace codec_pdu_test {

using namespace posthorn::smpp;
using smpp_test::hex_of;
using smpp_test::octets_of;
using smpp_test::string_of;

namespace {

// What framer and codec together make of octets from a peer, in the words of this test.
struct reaction {
    std::string answer; // hex
    bool close = false;
    std::string why;
};

reaction react_to(const std::string& octets) {
    framer f;
    f.feed(octets);
    std::string_view whole;
    reaction r;
    switch (f.next(whole)) {
    case framer::more:
        r.why = "waits for more";
        return r;
    case framer::broken: {
        r.close = true;
        r.why = f.problem();
        std::string nack;
        if (f.worth_a_nack())
            encode_header(nack, command::generic_nack, status::invalid_command_length, 0);
        r.answer = hex_of(nack);
        return r;
    }
    case framer::pdu:
        break;
    }
    pdu p;
    const auto error = decode(whole, p);
    if (!error)
        return r;
    std::string answer;
    append_answer(answer, *error);
    r.answer = hex_of(answer);
    r.close = error->react == decode_error::answer_and_close;
    r.why = error->what;
    return r;
}

} // namespace

TEST_CASE("smpp codec: a valid PDU decodes to its fields and encodes to the same octets") {
    int valid = 0;
    for (const auto& v : smpp_test::read_list("smpp.json", "vectors")) {
        const auto& vector = v.as_object();
        if (!vector.at("valid").as_bool())
            continue;
        ++valid;
        CAPTURE(string_of(vector.at("id")));
        const auto octets = octets_of(string_of(vector.at("hex")));
        pdu p;
        const auto error = decode(octets, p);
        CHECK(!error);
        CHECK(p.oddities == 0);
        CHECK(name(p.head.id) == string_of(vector.at("pdu")));

        const smpp_test::field_list decoded(p);
        const auto& expected = vector.at("fields").as_array();
        REQUIRE(decoded.fields.size() == expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const auto& field = expected[i].as_object();
            CHECK(decoded.fields[i].first == string_of(field.at("name")));
            CHECK(hex_of(decoded.fields[i].second) == string_of(field.at("hex")));
        }
        std::string again;
        encode(again, p);
        CHECK(hex_of(again) == hex_of(octets));
    }
    CHECK(valid == 50);
}

TEST_CASE("smpp codec: a malformed PDU gets the reaction it deserves") {
    struct row {
        const char* id;
        const char* answer; // hex of the PDU to send back
        bool close;
    };
    const row rows[] = {
        {"bad_len_lt16", "00000010800000000000000200000000", true},
        {"bad_len_zero", "00000010800000000000000200000000", true},
        {"bad_len_huge", "00000010800000000000000200000000", true},
        {"http_on_smpp_port", "", true},
        {"unknown_command", "00000010800000000000000300000005", false},
        {"unknown_resp", "", false},
        {"bind_unterminated", "00000010800000090000000200000001", true},
        {"sm_length_overrun", "00000010800000040000000100000014", false},
        {"tlv_overrun", "0000001080000004000000c000000015", false},
        {"tlv_truncated_header", "0000001080000004000000c000000016", false},
        {"resp_trailing_octet", "", false},
        {"udh_len_overrun", "00000010800000040000004300000018", false},
    };
    std::size_t seen = 0;
    for (const auto& v : smpp_test::read_list("smpp.json", "vectors")) {
        const auto& vector = v.as_object();
        if (vector.at("valid").as_bool())
            continue;
        ++seen;
        const auto id = string_of(vector.at("id"));
        CAPTURE(id);
        const row* expected = nullptr;
        for (const auto& candidate : rows)
            if (id == candidate.id)
                expected = &candidate;
        REQUIRE(expected);
        const auto got = react_to(octets_of(string_of(vector.at("hex"))));
        CHECK(got.answer == expected->answer);
        CHECK(got.close == expected->close);
        CHECK(got.why.empty() == (id == "resp_trailing_octet"));
    }
    CHECK(seen == std::size(rows));
}

TEST_CASE(
    "smpp codec: submit_multi names 1 to 254 destinations, its answer any number of failures") {
    submit_multi body;
    submit_multi_resp answer;
    for (const std::size_t count : {0U, 1U, 254U, 255U}) {
        CAPTURE(count);
        pdu p;
        std::string octets;
        body.targets.assign(std::min(count, most_targets), {.to = {.digits = "1"}});
        p.head.id = command::submit_multi;
        p.body = body;
        encode(octets, p);
        octets[header_size + 4] = static_cast<char>(count); // after service_type and source
        const auto got = react_to(octets);
        CHECK(got.why.empty() == (count == 1 || count == 254));
        if (!got.why.empty())
            CHECK(got.answer == "00000010800000210000003300000000");

        octets.clear();
        answer.failures.assign(count, {});
        p.head.id = command::submit_multi_resp;
        p.body = answer;
        encode(octets, p);
        pdu read;
        REQUIRE(!decode(octets, read));
        CHECK(std::get<submit_multi_resp>(read.body).failures.size() == count);
    }
}

TEST_CASE("smpp codec: stray octets after a response are ignored and counted") {
    pdu p;
    const auto octets = octets_of("00000013800000040000000000000017310000");
    REQUIRE(!decode(octets, p));
    CHECK(std::get<message_resp>(p.body).message_id == "1");
    CHECK(p.oddities == 1);
}

TEST_CASE("smpp codec: no cut of a valid PDU is read past its end, nor is any octet changed") {
    // Run under the address sanitizer this proves the bounds; here that every outcome is legal.
    for (const auto& v : smpp_test::read_list("smpp.json", "vectors")) {
        const auto octets = octets_of(string_of(v.as_object().at("hex")));
        for (std::size_t cut = header_size; cut < octets.size(); ++cut) {
            const std::string shorter(octets, 0, cut);
            pdu p;
            const auto error = decode(shorter, p);
            if (error && is_response(error->head.id))
                CHECK(error->react == decode_error::drop);
        }
        for (std::size_t at = header_size; at < octets.size(); ++at) {
            auto changed = octets;
            changed[at] = static_cast<char>(0xFF);
            pdu p;
            if (decode(changed, p))
                continue;
            std::string again;
            encode(again, p);
            // A response may come without the NUL of its last string; we always write one.
            CHECK(again.size() <= changed.size() + (is_response(p.head.id) ? 1 : 0));
        }
    }
}

TEST_CASE("smpp codec: TLVs of a known tag with a wrong length are ignored and counted") {
    std::string tlvs;
    append_tlv(tlvs, tag::user_message_reference, "\x01");
    append_tlv(tlvs, 0x1400, "anything");
    append_tlv_u16(tlvs, tag::sar_msg_ref_num, 0x0102);
    sm body;
    body.destination.digits = "491700000001";
    body.short_message = "hi";
    body.tlvs = {tlvs};
    std::string octets;
    encode_sm(octets, command::submit_sm, 7, body);
    pdu p;
    REQUIRE(!decode(octets, p));
    CHECK(p.oddities == 1);
    const auto& read = std::get<sm>(p.body);
    CHECK(!read.tlvs.find_u16(tag::user_message_reference));
    CHECK(read.tlvs.find(0x1400) == "anything");
    CHECK(read.tlvs.find_u16(tag::sar_msg_ref_num) == 0x0102);
}

TEST_CASE("smpp codec: the text is short_message, or message_payload when that is empty") {
    std::string tlvs;
    append_tlv(tlvs, tag::message_payload, "long text");
    sm body;
    body.tlvs = {tlvs};
    CHECK(body.text() == "long text");
    body.short_message = "short";
    CHECK(body.text() == "short");
}

TEST_CASE("smpp codec: what we send is checked against the specification's limits") {
    sm body;
    body.destination.digits = "12345678901234567890";
    CHECK(oversized_field(body) == "");
    body.destination.digits = "123456789012345678901";
    CHECK(oversized_field(body) == "destination_addr");
    body.destination.digits = std::string_view("1\0002", 3);
    CHECK(oversized_field(body) == "destination_addr");
    body.destination.digits = "1";
    const std::string text(255, 'x');
    body.short_message = text;
    CHECK(oversized_field(body) == "short_message");

    bind b;
    b.system_id = "fifteen letters";
    b.password = "12345678";
    CHECK(oversized_field(b) == "");
    b.password = "123456789";
    CHECK(oversized_field(b) == "password");
}

TEST_CASE("smpp codec: what can be read is kept whatever follows it, but not from a client") {
    struct row {
        command id;
        std::uint8_t esm_class;
        std::string_view text;
        bool kept;
    };
    for (const auto& r : {row{command::deliver_sm, 0x04, "id:1 stat:DELIVRD", true},
                          row{command::deliver_sm, 0x00, "BALANCE", true},
                          row{command::deliver_sm, 0x00, "", false}, // it may have been the text
                          row{command::submit_sm, 0x00, "hello", false}}) {
        CAPTURE(r.text);
        sm body;
        body.short_message = r.text;
        body.esm_class = r.esm_class;
        std::string octets;
        encode_sm(octets, r.id, 1, body);
        octets += std::string("\0\0", 2);
        octets[3] = static_cast<char>(octets.size());
        pdu p;
        const auto error = decode(octets, p);
        CHECK(!error == r.kept);
        if (error)
            CHECK(error->status == status::broken_tlvs);
        else
            CHECK(p.oddities == 1);
    }
}

} // namespace codec_pdu_test
