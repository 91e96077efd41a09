#include "plugins/framed.hpp"
#include "plugins/sgip/fields.hpp"
#include "sgip/codec/results.hpp"

#include <doctest/doctest.h>

#include <tuple>

namespace codec_test {

namespace vectors = posthorn::vectors;
using namespace posthorn::sgip;
namespace json = boost::json;
using posthorn::framed::can_begin;

namespace {

json::array all_vectors() {
    return vectors::read("plugins/sgip/vectors/sgip12.json").at("vectors").as_array();
}

std::string text_at(const json::value& v, const char* name) {
    return std::string(v.at(name).as_string());
}

std::string wire_of(const char* id) {
    for (const auto& v : all_vectors())
        if (text_at(v, "id") == id)
            return vectors::octets_of(text_at(v, "hex"));
    FAIL("no vector " << id);
    return {};
}

std::string shown(const json::value& v) {
    return v.is_string() ? std::string(v.as_string()) : json::serialize(v);
}

void set_length(std::string& wire) {
    for (std::size_t i = 0; i < 4; ++i)
        wire[i] = static_cast<char>(wire.size() >> (24 - 8 * i));
}

} // namespace

TEST_CASE("sgip: every recorded packet is read field by field, and written as it was") {
    for (const auto& v : all_vectors()) {
        if (!v.at("valid").as_bool())
            continue;
        const auto id = text_at(v, "id");
        CAPTURE(id);
        const auto wire = vectors::octets_of(text_at(v, "hex"));
        pdu p;
        const auto wrong = decode(wire, p);
        REQUIRE_MESSAGE(!wrong, *wrong);
        CHECK(name(p.head.id) == text_at(v, "pdu"));
        const auto told = sgip_test::list(p);
        for (const auto& f : v.at("fields").as_array()) {
            const auto field = text_at(f, "name");
            const auto found = told.find(field);
            REQUIRE_MESSAGE(found != told.end(), field);
            CHECK_MESSAGE(found->second == shown(f.at("value")),
                          field << " is '" << found->second << "'");
        }
        std::string again;
        encode(again, p);
        CHECK(vectors::hex_of(again) == vectors::hex_of(wire));
    }
}

TEST_CASE("sgip: a packet that ends too early, or says so, is refused, and never read past it") {
    CHECK(!can_begin(frame, wire_of("bad_len")));
    for (const auto& v : all_vectors()) {
        const auto wire = vectors::octets_of(text_at(v, "hex"));
        pdu p;
        for (std::size_t size = header_size; size < wire.size(); ++size) {
            auto cut = wire.substr(0, size);
            CHECK(decode(cut, p)); // longer than it is
            set_length(cut);
            std::ignore = decode(cut, p); // the reserve may be short; never a crash
        }
    }
    auto wire = wire_of("DELIVER_mo_gbk");
    wire[65] = '\x7f'; // MessageLength
    pdu p;
    CHECK(decode(wire, p).value().find("runs past its end") != std::string_view::npos);
    CHECK(p.head.id == command::deliver);
    CHECK(p.head.sequence.count == 6);
}

TEST_CASE("sgip: what gateways leave out, or have in reserve, harms nothing") {
    pdu p;
    auto wire = wire_of("SUBMIT_RESP_busy");
    wire.resize(header_size + 1); // a result and nothing behind it
    set_length(wire);
    REQUIRE(!decode(wire, p));
    CHECK(std::get<answer>(p.body).result == node_busy);
    wire = wire_of("DELIVER_mo_ucs2");
    wire.replace(wire.size() - 8, 8, "linkid-0123456789");
    set_length(wire);
    REQUIRE(!decode(wire, p));
    CHECK(std::get<deliver>(p.body).reserve == "linkid-0123456789");
    wire = wire_of("SUBMIT_RESP_ok");
    wire.resize(header_size);
    set_length(wire);
    CHECK(decode(wire, p)); // no result
}

TEST_CASE("sgip: what cannot begin a packet is told from what can") {
    CHECK(can_begin(frame, 20));
    CHECK(can_begin(frame, 4096));
    CHECK(!can_begin(frame, 19));
    CHECK(!can_begin(frame, 4097));
    CHECK(!can_begin(frame, "GET / HTTP/1.1\r\nHost:"));
    std::string wire(header_size, '\0');
    set_length(wire);
    wire[7] = 9; // a route between gateways
    pdu p;
    CHECK(decode(wire, p).value().starts_with("its Command_ID"));
}

TEST_CASE("sgip: a number is a text and a text a number, and nothing else is") {
    const sequence s{3010012345, 1122093001, 7};
    CHECK(text_of(s) == "3010012345-1122093001-7");
    CHECK(text_of({0xffffffff, 0xffffffff, 0xffffffff}) == "4294967295-4294967295-4294967295");
    CHECK(sequence_of("3010012345-1122093001-7") == s);
    CHECK(sequence_of(text_of(sequence{})) == sequence{});
    for (const auto* wrong : {"", "1", "1-2", "1-2-", "-1-2-3", "1-2-3-", "1-2-3-4", "1--2-3",
                              "4294967296-1-1", "a-b-c", " 1-2-3", "1 2 3"})
        CHECK_MESSAGE(!sequence_of(wrong), wrong);
    CHECK(sequence_hash{}(s) != sequence_hash{}({s.node, s.time, 8}));
}

TEST_CASE("sgip: what is too wide is named before it is sent") {
    submit s{.sp_number = "10690000", .users = {"8613800138000"}, .content = "hello"};
    CHECK(oversized_field(s) == "");
    auto wrong = s;
    wrong.users = {std::string_view("1234567890123456789012")};
    CHECK(oversized_field(wrong) == "UserNumber");
    wrong.users.assign(101, "8613800138000");
    CHECK(oversized_field(wrong) == "UserCount");
    wrong.users.clear();
    CHECK(oversized_field(wrong) == "UserCount");
    wrong = s;
    wrong.corp_id = "123456";
    CHECK(oversized_field(wrong) == "CorpId");
    const std::string long_text(150, 'x');
    wrong = s;
    wrong.content = long_text;
    CHECK(oversized_field(wrong) == "");
    wrong.message_coding = 8;
    CHECK(oversized_field(wrong) == "MessageContent");
}

TEST_CASE("sgip: a busy sender writes the same octets without building a packet") {
    auto wire = wire_of("SUBMIT_2users");
    pdu p;
    REQUIRE(!decode(wire, p));
    std::string out = "before";
    encode_submit(out, p.head.sequence, std::get<submit>(p.body));
    CHECK(out == "before" + wire);
    wire = wire_of("REPORT_RESP");
    REQUIRE(!decode(wire, p));
    out.clear();
    encode_answer(out, p.head.id, p.head.sequence, std::get<answer>(p.body).result);
    CHECK(out == wire);
}

TEST_CASE("sgip: reports say what became of a text, as far as they do") {
    for (const auto& [id, state] : {std::pair("REPORT_delivered", report_state::delivered),
                                    std::pair("REPORT_failed_27", report_state::failed),
                                    std::pair("REPORT_waiting", report_state::on_its_way)}) {
        CAPTURE(id);
        const auto wire = wire_of(id);
        pdu p;
        REQUIRE(!decode(wire, p));
        CHECK(state_of(std::get<report>(p.body)) == state);
    }
    report strange;
    strange.state = 77;
    CHECK(state_of(strange) == report_state::on_its_way);
}

TEST_CASE("sgip: a header of the air interface is seen in either octet") {
    deliver d;
    CHECK(!d.has_header());
    d.tp_udhi = 1;
    CHECK(d.has_header());
    d.tp_udhi = 0x40;
    CHECK(d.has_header());
}

TEST_CASE("sgip: results ask for what the specification means by them") {
    CHECK(of_submit(0).kind == result_class::ok);
    CHECK(of_submit(node_busy).kind == result_class::throttle);
    CHECK(of_submit(6).kind == result_class::permanent);
    CHECK(of_submit(9).kind == result_class::transient);
    CHECK(of_submit(12).words.empty());
    CHECK(of_submit(20).words.empty());
    CHECK(of_submit(21).words == "destination unreachable");
    CHECK(of_submit(27).words == "the phone takes no texts");
    CHECK(of_submit(33).kind == result_class::throttle);
    CHECK(of_submit(34).words.empty());
    CHECK(of_submit(255).kind == result_class::permanent);
    CHECK(of_bind(illegal_login).kind == result_class::config);
    CHECK(of_bind(login_type_error).kind == result_class::config);
    CHECK(of_bind(3).kind == result_class::transient);
    CHECK(of_bind(5).kind == result_class::config);
    CHECK(of_bind(99).kind == result_class::transient);
}

} // namespace codec_test
