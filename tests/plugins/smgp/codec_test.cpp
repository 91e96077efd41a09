#include "plugins/framed.hpp"
#include "plugins/smgp/fields.hpp"
#include "smgp/codec/login.hpp"
#include "smgp/codec/msg_id.hpp"
#include "smgp/codec/results.hpp"

#include <doctest/doctest.h>

#include <tuple>

namespace codec_test {

namespace vectors = posthorn::vectors;
using namespace posthorn::smgp;
namespace json = boost::json;
using posthorn::framed::can_begin;

namespace {

json::array all_vectors() {
    return vectors::read("plugins/smgp/vectors/smgp30.json").at("vectors").as_array();
}

std::string text_at(const json::value& v, const char* name) {
    return std::string(v.at(name).as_string());
}

json::value vector_of(std::string_view id) {
    for (const auto& v : all_vectors())
        if (text_at(v, "id") == id)
            return v;
    FAIL("no vector " << id);
    return {};
}

std::string wire_of(std::string_view id) {
    return vectors::octets_of(text_at(vector_of(id), "hex"));
}

bool is_of_30(const json::value& v) {
    return v.at("valid").as_bool() && text_at(v, "id") != "Submit_v13_no_FixedFee";
}

std::string shown(const json::value& v) {
    return v.is_string() ? std::string(v.as_string()) : json::serialize(v);
}

void check_fields(const smgp_test::fields& told, const json::array& expected) {
    for (const auto& f : expected) {
        const auto name = text_at(f, "name");
        const auto found = told.find(name);
        REQUIRE_MESSAGE(found != told.end(), name);
        CHECK_MESSAGE(found->second == shown(f.at("value")),
                      name << " is '" << found->second << "', not " << shown(f.at("value")));
    }
}

std::string content_of(std::string_view id) {
    const auto wire = wire_of(id);
    pdu p;
    REQUIRE(!decode(wire, p));
    return std::string(std::get<deliver>(p.body).content);
}

// The length in front of a packet as long as it now is.
std::string measured(std::string packet) {
    for (std::size_t i = 0; i < 4; ++i)
        packet[i] = static_cast<char>(packet.size() >> (24 - 8 * i));
    return packet;
}

} // namespace

TEST_CASE("smgp: every recorded packet is read field by field, and written as it was") {
    unsigned read = 0;
    for (const auto& v : all_vectors()) {
        if (!is_of_30(v))
            continue;
        const auto id = text_at(v, "id");
        CAPTURE(id);
        const auto wire = vectors::octets_of(text_at(v, "hex"));
        pdu p;
        const auto wrong = decode(wire, p);
        REQUIRE_MESSAGE(!wrong, *wrong);
        CHECK(name(p.head.id) == text_at(v, "pdu"));
        check_fields(smgp_test::list(p), v.at("fields").as_array());
        std::string again;
        encode(again, p);
        CHECK(vectors::hex_of(again) == vectors::hex_of(wire));
        ++read;
    }
    CHECK(read == 22);
}

TEST_CASE("smgp: a submit of version 1.3 is refused by that name, and nothing behind it is lost") {
    const auto old = wire_of("Submit_v13_no_FixedFee");
    pdu p;
    CHECK(decode(old, p).value().find("version 1.3") != std::string_view::npos);
    CHECK(p.head.id == command::submit);
    CHECK(p.head.sequence == read_header(old).sequence);
    const auto next = wire_of("Active_Test");
    CHECK(!decode(next, p));
}

TEST_CASE("smgp: a report's id is cut out by its place, whatever octets are in it") {
    for (const auto* id : {"Deliver_report", "Deliver_report_nasty_id"}) {
        CAPTURE(std::string(id));
        const auto content = content_of(id);
        const auto r = read_report(content);
        REQUIRE(r);
        const auto told = smgp_test::list(*r);
        const auto expected = vector_of(id).at("report").as_object();
        for (const auto& field : expected)
            if (field.key() != "text_len")
                CHECK(told.at(std::string(field.key())) == shown(field.value()));
    }
    const auto usual = content_of("Deliver_report");
    std::string again;
    append_report(again, *read_report(usual));
    CHECK(vectors::hex_of(again) == vectors::hex_of(usual));
    CHECK(again.size() == 122);
}

TEST_CASE("smgp: reports of gateways that go their own way are read") {
    using namespace std::string_literals;
    const auto binary = "\x01\x00 :\xff\x17\x00\x01 \x45"s;
    struct row {
        std::string content, id, stat, err, excerpt;
    };
    const row rows[] = {
        {"id:" + binary +
             " sub:001 dlvrd:001 Submit_Date:0116170000 Done_Date:0116170500 "
             "Stat:DELIVRD Err:000 Text:005hello",
         "0100203aff1700012045", "DELIVRD", "000", "hello"},
        {"ID:" + binary + "  sub:001  stat: UNDELIV  err:", "0100203aff1700012045", "UNDELIV", "",
         ""},
        {"id:" + binary + "sub:001 stat:MK:0001 err:012", "0100203aff1700012045", "MK:0001", "012",
         ""},
        {"id:0100203AFF1700012045 sub:001 dlvrd:000 stat:EXPIRED err:001 text:no digits",
         "0100203aff1700012045", "EXPIRED", "001", "no digits"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.content);
        const auto r = read_report(row.content);
        REQUIRE(r);
        CHECK(r->id == row.id);
        CHECK(r->stat == row.stat);
        CHECK(r->err == row.err);
        CHECK(excerpt_of(*r) == row.excerpt);
    }
    for (const auto& content : {""s, "id:"s, "id:" + binary, "id:" + binary + " sub:001 err:000",
                                "stat:DELIVRD id:" + binary, "hello, how are you today?"s})
        CHECK(!read_report(content));
}

TEST_CASE("smgp: what a report says of a text") {
    for (const auto* stat : {"UNDELIV", "UNKNOWN", "REJECTD", "DELETED", "MK:0001", ""})
        CHECK(state_of(stat) == report_state::failed);
    CHECK(state_of("DELIVRD") == report_state::delivered);
    CHECK(state_of("EXPIRED") == report_state::expired);
    CHECK(state_of("ACCEPTD") == report_state::on_its_way);
}

TEST_CASE(
    "smgp: a packet that ends too early, or says so, is refused, and never read past its end") {
    CHECK(!can_begin(frame, wire_of("bad_len")));
    pdu p;
    for (const auto& v : all_vectors()) {
        const auto wire = vectors::octets_of(text_at(v, "hex"));
        for (std::size_t size = header_size; size < wire.size(); ++size) {
            CHECK(decode(wire.substr(0, size), p)); // longer than it is
            const auto cut = measured(wire.substr(0, size));
            std::ignore = decode(cut, p); // a tail may be short; never a crash
        }
    }
    auto wrong = wire_of("Deliver_mo_gb18030");
    wrong[80] = '\x7f'; // MsgLength
    CHECK(decode(wrong, p).value().find("runs past its end") != std::string_view::npos);
}

TEST_CASE("smgp: what is reserved may be missing, and a refusal may come without a proof") {
    const auto whole = wire_of("Deliver_mo_gb18030");
    const auto without = measured(whole.substr(0, whole.size() - 8));
    pdu p;
    REQUIRE(!decode(without, p));
    CHECK(std::get<deliver>(p.body).content == "\xcd\xcb\xb6\xa9");
    CHECK(std::get<deliver>(p.body).tlvs.empty());

    const auto refusal = wire_of("Login_Resp_autherr");
    for (const std::size_t left : {16U, 17U, 33U}) {
        const auto answer = measured(refusal.substr(0, left));
        REQUIRE(!decode(answer, p));
        CHECK(std::get<login_resp>(p.body).status == 21);
        CHECK(std::get<login_resp>(p.body).authenticator.size() == (left == 33 ? 16 : 0));
    }
}

TEST_CASE("smgp: broken TLVs hide what follows them and nothing else") {
    std::string tlvs;
    append_tlv(tlvs, tag::pk_total, std::uint8_t{3});
    append_tlv(tlvs, tag::msg_src, "12345678");
    CHECK(octet_of(tlvs, tag::pk_total) == 3);
    CHECK(value_of(tlvs, tag::msg_src) == "12345678");
    CHECK(!value_of(tlvs, tag::link_id));
    CHECK(octet_of(tlvs, tag::msg_src) == 0); // no number
    tlvs += std::string("\x00\x02\x00\x09\x01", 5);
    CHECK(octet_of(tlvs, tag::pk_total) == 3);
    CHECK(!value_of(tlvs, tag::tp_udhi));
    CHECK(!value_of("\x01", tag::tp_udhi));
}

TEST_CASE("smgp: what cannot begin a packet is told from what can") {
    CHECK(can_begin(frame, 12));
    CHECK(can_begin(frame, 4096));
    CHECK(!can_begin(frame, 4097));
    CHECK(!can_begin(frame, "GET / HTTP/1.1"));
    pdu p;
    CHECK(decode(std::string("\0\0\0\x0c\0\0\0\x05\0\0\0\x01", 12), p) // Forward
              .value()
              .starts_with("its RequestID"));
}

TEST_CASE("smgp: logins are proved as recorded") {
    for (const auto* id : {"Login", "Login_spec_timestamp"}) {
        const auto wire = wire_of(id);
        pdu p;
        REQUIRE(!decode(wire, p));
        const auto& c = std::get<login>(p.body);
        CHECK(octets_of(authenticator_client(c.client_id, "telecom", c.timestamp)) ==
              c.authenticator);
    }
    const auto asked = wire_of("Login"), told = wire_of("Login_Resp");
    pdu request, answer;
    REQUIRE(!decode(asked, request));
    REQUIRE(!decode(told, answer));
    const auto& resp = std::get<login_resp>(answer.body);
    CHECK(octets_of(authenticator_server(resp.status, std::get<login>(request.body).authenticator,
                                         "telecom")) == resp.authenticator);
}

TEST_CASE("smgp: an id is ten octets for the gateway and twenty digits for people") {
    const std::string octets("\x01\x00\x61\x01\x16\x17\x00\x01\x23\xaf", 10);
    CHECK(hex_of(octets) == "010061011617000123af");
    for (const auto* written : {"010061011617000123af", "010061011617000123AF"}) {
        const auto id = msg_id_of(written);
        REQUIRE(id);
        CHECK(std::string_view(id->data(), id->size()) == octets);
    }
    for (const auto* wrong : {"", "010061011617000123a", "010061011617000123ag",
                              "010061011617000123af0", "0x0061011617000123af"})
        CHECK(!msg_id_of(wrong));
}

TEST_CASE("smgp: what is too wide is named before it is sent") {
    const std::string_view phone = "13300000000";
    submit s{.src_term_id = "1069000", .terminals = {phone}, .content = "hello"};
    CHECK(oversized_field(s) == "");
    auto wrong = s;
    wrong.terminals = {std::string_view("1234567890123456789012")};
    CHECK(oversized_field(wrong) == "DestTermID");
    wrong.terminals.assign(101, phone);
    CHECK(oversized_field(wrong) == "DestTermIDCount");
    wrong.terminals.clear();
    CHECK(oversized_field(wrong) == "DestTermIDCount");
    wrong = s;
    wrong.fee_code = "1234567";
    CHECK(oversized_field(wrong) == "FeeCode");
    wrong = s;
    const std::string too_long(161, 'x');
    wrong.content = std::string_view(too_long).substr(0, 141);
    CHECK(oversized_field(wrong) == "");
    wrong.msg_format = 8;
    CHECK(oversized_field(wrong) == "MsgContent");
    wrong.msg_format = 0;
    wrong.content = too_long;
    CHECK(oversized_field(wrong) == "MsgContent");
}

TEST_CASE("smgp: a busy sender writes the same octets without building a packet") {
    const auto wire = wire_of("Submit_2dest_tlvs");
    pdu p;
    REQUIRE(!decode(wire, p));
    std::string out = "before";
    encode_submit(out, p.head.sequence, std::get<submit>(p.body));
    CHECK(out == "before" + wire);
    const auto answer = wire_of("Deliver_Resp");
    REQUIRE(!decode(answer, p));
    out.clear();
    encode_message_resp(out, p.head.id, p.head.sequence, std::get<message_resp>(p.body));
    CHECK(out == answer);
}

TEST_CASE("smgp: a header of the air interface is seen in either octet") {
    for (const auto& [octet, expected] : {std::pair{0x01, true}, {0x40, true}, {0x00, false}}) {
        std::string tlvs;
        append_tlv(tlvs, tag::tp_udhi, static_cast<std::uint8_t>(octet));
        CHECK(deliver{.tlvs = tlvs}.has_header() == expected);
    }
    CHECK(!deliver{}.has_header());
}

TEST_CASE("smgp: statuses ask for what the specification means by them") {
    CHECK(of_status(0).kind == result_class::ok);
    CHECK(of_status(1).kind == result_class::throttle);
    CHECK(of_status(12).kind == result_class::transient);
    CHECK(of_status(21).words == "authentication error");
    CHECK(of_status(46).kind == result_class::config);
    CHECK(of_status(47).kind == result_class::permanent);
    CHECK(of_status(75).kind == result_class::transient);
    CHECK(is_of_the_calendar(74));
    CHECK(is_of_the_calendar(75));
    CHECK(!is_of_the_calendar(1));
    for (const auto unknown : {3U, 59U, 77U, 1000U, 0xFFFFFFFFU}) {
        CHECK(of_status(unknown).kind == result_class::permanent);
        CHECK(of_status(unknown).words.empty());
    }
}

} // namespace codec_test
