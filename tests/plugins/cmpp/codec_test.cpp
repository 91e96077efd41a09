#include "cmpp/codec/login.hpp"
#include "cmpp/codec/results.hpp"
#include "plugins/cmpp/fields.hpp"
#include "plugins/framed.hpp"

#include <doctest/doctest.h>

#include <tuple>

namespace codec_test {

namespace vectors = posthorn::vectors;
using namespace posthorn::cmpp;
namespace json = boost::json;
using posthorn::framed::can_begin;

namespace {

struct dialect_file {
    dialect as;
    const char* file;
};
constexpr dialect_file dialects[] = {{dialect::v20, "cmpp20.json"}, {dialect::v30, "cmpp30.json"}};

json::array vectors_of(const dialect_file& d) {
    return vectors::read(std::string("plugins/cmpp/vectors/") + d.file).at("vectors").as_array();
}

std::string text_at(const json::value& v, const char* name) {
    return std::string(v.at(name).as_string());
}

std::string wire_of(const dialect_file& d, const char* id) {
    for (const auto& v : vectors_of(d))
        if (text_at(v, "id") == id)
            return vectors::octets_of(text_at(v, "hex"));
    FAIL("no vector " << id);
    return {};
}

std::string shown(const json::value& v) {
    return v.is_string() ? std::string(v.as_string()) : json::serialize(v);
}

void check_fields(const cmpp_test::fields& told, const json::array& expected) {
    for (const auto& f : expected) {
        const auto name = text_at(f, "name");
        const auto found = told.find(name);
        REQUIRE_MESSAGE(found != told.end(), name);
        CHECK_MESSAGE((found->second == shown(f.at("value")) ||
                       (found->second.empty() && shown(f.at("value")) == "0")),
                      name << " is '" << found->second << "', not " << shown(f.at("value")));
    }
}

} // namespace

TEST_CASE("cmpp: every recorded packet is read field by field, and written as it was") {
    for (const auto& d : dialects)
        for (const auto& v : vectors_of(d)) {
            if (!v.at("valid").as_bool())
                continue;
            const auto id = text_at(v, "id");
            CAPTURE(std::string(d.file));
            CAPTURE(id);
            const auto wire = vectors::octets_of(text_at(v, "hex"));
            pdu p;
            const auto wrong = decode(wire, d.as, p);
            REQUIRE_MESSAGE(!wrong, *wrong);
            CHECK(name(p.head.id) == text_at(v, "pdu"));
            check_fields(cmpp_test::list(p), v.at("fields").as_array());
            std::string again;
            encode(again, d.as, p);
            if (id == "ACTIVE_TEST_RESP_nobody") // we write the octet that is reserved
                CHECK(again.size() == wire.size() + 1);
            else
                CHECK(vectors::hex_of(again) == vectors::hex_of(wire));
        }
}

TEST_CASE("cmpp: answers are read by their length, whatever the account speaks") {
    for (const auto* id : {"CONNECT_RESP", "SUBMIT_RESP_flow_control", "CANCEL_RESP"})
        for (const auto& d : dialects) {
            const auto wire = wire_of(d, id);
            pdu by_own, by_other;
            REQUIRE(!decode(wire, d.as, by_own));
            REQUIRE(!decode(wire, d.as == dialect::v20 ? dialect::v30 : dialect::v20, by_other));
            CHECK(cmpp_test::list(by_own) == cmpp_test::list(by_other));
        }
}

TEST_CASE("cmpp: reports of either width are read in both versions") {
    for (const auto& d : dialects)
        for (const auto* id : {"DELIVER_report", "DELIVER_report_other_width"}) {
            for (const auto& v : vectors_of(d))
                if (text_at(v, "id") == id) {
                    const auto wire = vectors::octets_of(text_at(v, "hex"));
                    pdu p;
                    REQUIRE(!decode(wire, d.as, p));
                    const auto& content = std::get<deliver>(p.body).content;
                    const auto r = read_report(content);
                    REQUIRE(r);
                    check_fields(cmpp_test::list(*r), v.at("report_fields").as_array());
                    CHECK((state_of(r->stat) == report_state::delivered) == (r->stat == "DELIVRD"));
                    std::string again;
                    append_report(again, content.size() == 60 ? dialect::v20 : dialect::v30, *r);
                    CHECK(vectors::hex_of(again) == vectors::hex_of(content));
                }
        }
    CHECK(!read_report(std::string(61, 'x')));
    CHECK(!read_report(""));
    for (const auto* stat : {"UNDELIV", "REJECTD", "DELETED", "UNKNOWN", "MK:0001", "DB:0141", ""})
        CHECK(state_of(stat) == report_state::failed);
    CHECK(state_of("EXPIRED") == report_state::expired);
    CHECK(state_of("ACCEPTD") == report_state::on_its_way);
}

TEST_CASE(
    "cmpp: a packet that ends too early, or says so, is refused, and never read past its end") {
    for (const auto& d : dialects) {
        const auto bad = wire_of(d, "bad_msg_length");
        pdu p;
        CHECK(decode(bad, d.as, p).value().find("runs past its end") != std::string_view::npos);
        CHECK(p.head.id == command::submit);
        CHECK(!can_begin(frame, wire_of(d, "bad_len")));
        for (const auto& v : vectors_of(d)) {
            const auto wire = vectors::octets_of(text_at(v, "hex"));
            for (std::size_t size = header_size; size < wire.size(); ++size) {
                auto cut = wire.substr(0, size);
                CHECK(decode(cut, d.as, p)); // longer than it is
                for (std::size_t i = 0; i < 4; ++i)
                    cut[i] = static_cast<char>(size >> (24 - 8 * i));
                std::ignore = decode(cut, d.as, p); // a tail may be short; never a crash
            }
        }
    }
}

TEST_CASE("cmpp: what cannot begin a packet is told from what can") {
    CHECK(can_begin(frame, 12));
    CHECK(can_begin(frame, 4096));
    CHECK(!can_begin(frame, 4097));
    CHECK(!can_begin(frame, "GET / HTTP/1.1"));
    pdu p;
    CHECK(decode(std::string("\0\0\0\x0c\0\0\0\x09\0\0\0\x01", 12), dialect::v30, p)
              .value()
              .starts_with("its Command_Id"));
}

TEST_CASE("cmpp: logins are proved as recorded") {
    for (const auto& d : dialects)
        for (const auto* id : {"CONNECT", "CONNECT_january"}) {
            pdu p;
            const auto wire = wire_of(d, id);
            REQUIRE(!decode(wire, d.as, p));
            const auto& c = std::get<posthorn::cmpp::connect>(p.body);
            CHECK(octets_of(authenticator_source(c.source_addr, "shared", c.timestamp)) ==
                  c.authenticator);
        }
    for (const auto& d : dialects) {
        const auto asked = wire_of(d, "CONNECT"), told = wire_of(d, "CONNECT_RESP");
        pdu request, answer;
        REQUIRE(!decode(asked, d.as, request));
        REQUIRE(!decode(told, d.as, answer));
        const auto& resp = std::get<connect_resp>(answer.body);
        CHECK(octets_of(
                  authenticator_ismg(resp.status, d.as == dialect::v20 ? 1 : 4,
                                     std::get<posthorn::cmpp::connect>(request.body).authenticator,
                                     "shared")) == resp.authenticator);
    }
    CHECK(authenticator_source("9012", "s", 1) != authenticator_source("9012", "s", 1, true));
    CHECK(authenticator_source("901234", "s", 1) == authenticator_source("901234", "s", 1, true));
}

TEST_CASE("cmpp: what is too wide is named before it is sent") {
    const std::string_view phone = "13800138000";
    submit s{.src_id = "10690000", .terminals = {phone}, .content = "hello"};
    CHECK(oversized_field(dialect::v20, s) == "");
    auto wrong = s;
    wrong.terminals = {std::string_view("1234567890123456789012")};
    CHECK(oversized_field(dialect::v20, wrong) == "Dest_terminal_Id");
    CHECK(oversized_field(dialect::v30, wrong) == "");
    wrong.terminals.assign(100, phone);
    CHECK(oversized_field(dialect::v30, wrong) == "DestUsr_tl");
    wrong.terminals.clear();
    CHECK(oversized_field(dialect::v30, wrong) == "DestUsr_tl");
    wrong = s;
    wrong.service_id = "12345678901";
    CHECK(oversized_field(dialect::v30, wrong) == "Service_Id");
    const std::string long_text(150, 'x');
    wrong = s;
    wrong.content = long_text;
    CHECK(oversized_field(dialect::v30, wrong) == "");
    wrong.msg_fmt = 8;
    CHECK(oversized_field(dialect::v30, wrong) == "Msg_Content");
}

TEST_CASE("cmpp: a busy sender writes the same octets without building a packet") {
    for (const auto& d : dialects) {
        const auto wire = wire_of(d, "SUBMIT_group3");
        pdu p;
        REQUIRE(!decode(wire, d.as, p));
        std::string out = "before";
        encode_submit(out, d.as, p.head.sequence, std::get<submit>(p.body));
        CHECK(out == "before" + wire);
        const auto answer = wire_of(d, "DELIVER_RESP");
        REQUIRE(!decode(answer, d.as, p));
        out.clear();
        encode_message_resp(out, d.as, p.head.id, p.head.sequence, std::get<message_resp>(p.body));
        CHECK(out == answer);
    }
}

TEST_CASE("cmpp: a header of the air interface is seen in either octet") {
    CHECK(deliver{.tp_udhi = 1}.has_header());
    CHECK(deliver{.tp_udhi = 0x40}.has_header());
    CHECK(!deliver{.tp_udhi = 0}.has_header());
}

TEST_CASE("cmpp: results ask for what the specification means by them") {
    CHECK(of_submit(0).kind == result_class::ok);
    CHECK(of_submit(8).kind == result_class::throttle);
    CHECK(of_submit(3).kind == result_class::transient);
    CHECK(of_submit(10).kind == result_class::config);
    CHECK(of_submit(13).kind == result_class::permanent);
    CHECK(of_submit(150).kind == result_class::permanent);
    CHECK(of_submit(150).words.empty());
    CHECK(of_connect(3).words == "authentication error");
    CHECK(of_connect(4).kind == result_class::config);
    CHECK(of_connect(77).kind == result_class::transient);
}

} // namespace codec_test
