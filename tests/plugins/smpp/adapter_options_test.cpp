// What an account's options change on the wire and in the reading of answers.
#include "plugins/smpp/adapter_fixture.hpp"
#include "smpp/adapter/configured_tlv.hpp"

namespace adapter_options_test {

using namespace posthorn;
using namespace posthorn::tests;
namespace tag = smpp::tag;

namespace {

struct options_fixture : smpp_fixture {
    void entries(const char* name, std::vector<std::pair<std::string, std::string>> all) {
        options.set(name, {"", 0, std::move(all)});
    }
    // The submit_sm that a unit becomes.
    const smpp::sm& sent(std::string_view octets, bool udh) {
        sdk::unit u;
        u.handle = ++handle;
        u.recipient = "8613800138000";
        u.octets = octets;
        u.udh = udh;
        u.reference = 7;
        u.validity = validity;
        (*adapter)->submit({&u, 1});
        host.until([&] { return smsc.has(command::submit_sm); });
        last = smsc.take(command::submit_sm).octets;
        REQUIRE(!smpp::decode(last, pdu));
        return std::get<smpp::sm>(pdu.body);
    }
    const sdk::verdict& verdict_of(status code, unsigned attempt = 1) {
        sdk::unit u;
        u.handle = ++handle;
        u.recipient = "8613800138000";
        u.octets = "hello";
        u.validity = 1h;
        u.attempt = attempt;
        (*adapter)->submit({&u, 1});
        answer(submits(1)[0], code, "id");
        host.until([&] { return host.given.count(handle) == 1; });
        return host.given[handle];
    }
    std::uint64_t handle = 0;
    sdk::duration validity = 1h;
    std::string last;
    smpp::pdu pdu;
};

using namespace std::string_view_literals;
constexpr auto narrow = "\x05\x00\x03\x2A\x03\x02hello"sv;           // element 00
constexpr auto wide = "\x06\x08\x04\x12\x34\x03\x02hello"sv;         // element 08
constexpr auto turkish = "\x08\x00\x03\x2A\x03\x02\x24\x01\x01hi"sv; // and a language table

} // namespace

TEST_CASE_FIXTURE(options_fixture, "smpp options: parts numbered by TLVs") {
    text("concatenation", "sar");
    bind();
    struct row {
        std::string_view octets, left;
        unsigned reference;
    };
    for (const auto& r : {row{narrow, "hello", 0x2A}, row{wide, "hello", 0x1234},
                          row{turkish, "\x03\x24\x01\x01hi"sv, 0x2A}}) {
        const auto& body = sent(r.octets, true);
        CHECK(body.short_message == r.left);
        CHECK(body.esm_class == (r.left == "hello" ? 0 : 0x40));
        CHECK(body.tlvs.find_u16(tag::sar_msg_ref_num) == r.reference);
        CHECK(body.tlvs.find_u8(tag::sar_total_segments) == 3);
        CHECK(body.tlvs.find_u8(tag::sar_segment_seqnum) == 2);
    }
    CHECK(!sent("hello", false).tlvs.find(tag::sar_msg_ref_num));
}

TEST_CASE_FIXTURE(options_fixture, "smpp options: the text in message_payload") {
    text("text_in", "message_payload");
    bind();
    const auto& body = sent(narrow, true);
    CHECK(body.short_message.empty());
    CHECK(body.esm_class == 0x40);
    CHECK(body.tlvs.find(tag::message_payload) == narrow);
}

TEST_CASE_FIXTURE(options_fixture, "smpp options: TLVs with every part, no reference") {
    number("user_message_reference", 0);
    entries("tlvs", {{"0x1400", "text 1201159"}, {"0x1401", "u16 513"}, {"5122", "hex DE AD"}});
    bind();
    const auto& tlvs = sent("hello", false).tlvs;
    CHECK(tlvs.find(0x1400) == "1201159");
    CHECK(tlvs.find_u16(0x1401) == 513);
    CHECK(tlvs.find(0x1402) == "\xDE\xAD");
    CHECK(!tlvs.find(tag::user_message_reference));
}

TEST_CASE("smpp options: a TLV is checked before anything is sent") {
    struct row {
        const char *tag, *text, *part;
    };
    for (const auto& r :
         {row{"0x1400", "text x", ""}, row{"0x0426", "u8 1", ""},
          row{"0x1400", "u32 4294967295", ""}, row{"0x1400", "hex", "must be text"},
          row{"0x1400", "hex ABC", "must be text"}, row{"0x1400", "u8 256", "must be text"},
          row{"0x1400", "u8 -1", "must be text"}, row{"0x1400", "word x", "must be text"},
          row{"DLT", "text x", "no tag"}, row{"0x10000", "text x", "no tag"},
          row{"0x0204", "u16 1", "option of its own"},
          row{"0x0426", "u16 1", "more_messages_to_send takes 1 to 1"}}) {
        CAPTURE(r.tag);
        CAPTURE(r.text);
        const auto wrong = smpp::wrong_tlv(r.tag, r.text);
        CHECK(wrong.empty() == (*r.part == '\0'));
        CHECK(wrong.find(r.part) != std::string::npos);
    }
}

TEST_CASE_FIXTURE(options_fixture, "smpp options: a validity may be cut or left out") {
    SUBCASE("cut") {
        duration("longest_validity", 2h);
        bind();
        validity = 48h;
        CHECK(sent("hello", false).validity_period == "000000020000000R");
        validity = 30min;
        CHECK(sent("hello", false).validity_period == "000000003000000R");
    }
    SUBCASE("left out") {
        text("validity", "none");
        bind();
        CHECK(sent("hello", false).validity_period.empty());
    }
}

TEST_CASE_FIXTURE(options_fixture, "smpp options: an unknown refusal gets a second attempt") {
    bind();
    CHECK(verdict_of(static_cast<status>(0x412), 1).what == kind::deferred);
    CHECK(host.given[handle].counts);
    CHECK(verdict_of(static_cast<status>(0x412), 2).what == kind::rejected);
    CHECK(verdict_of(static_cast<status>(0x7777), 1).what == kind::deferred);
    CHECK(verdict_of(status::invalid_destination, 1).what ==
          kind::rejected); // a known one does not
}

TEST_CASE_FIXTURE(options_fixture, "smpp options: the account says what a refusal means") {
    entries("status_classes", {{"0x45", "permanent"},
                               {"ESME_RINVDSTADR", "transient"},
                               {"1042", "throttle"},
                               {"0xFF", "uncertain"}});
    bind();
    CHECK(verdict_of(status::submit_failed).what == kind::rejected);
    CHECK(verdict_of(status::invalid_destination).what == kind::deferred);
    CHECK(host.given[handle].counts);
    CHECK(verdict_of(static_cast<status>(0x412)).throttled);
    CHECK(verdict_of(status::unknown_error).what == kind::uncertain);
}

TEST_CASE("smpp options: classes of refusals are checked") {
    for (const auto& o : posthorn_adapter_plugin.options)
        if (o.name == "status_classes") {
            const bool checked = o.check != nullptr;
            REQUIRE(checked);
            CHECK(o.check("0x45", "permanent").empty());
            CHECK(o.check("ESME_RTHROTTLED", "throttle").empty());
            CHECK(!o.check("0", "permanent").empty());
            CHECK(!o.check("ESME_RNOTHING", "permanent").empty());
            CHECK(!o.check("0x45", "fatal").empty());
            return;
        }
    FAIL("no such option");
}

namespace {

std::string unmarked(std::string_view text, std::string_view tlvs = {}) {
    std::string out;
    smpp::sm body;
    body.source = {1, 1, "8613800138000"};
    body.destination = {1, 1, "10690000"};
    body.short_message = text;
    body.tlvs.octets = tlvs;
    smpp::encode_sm(out, command::deliver_sm, 5, body);
    return out;
}

constexpr auto receipt_words = "id:77 sub:001 dlvrd:001 submit date:2611221015 done "
                               "date:2611221016 stat:DELIVRD err:000 text:hi";

} // namespace

TEST_CASE_FIXTURE(options_fixture,
                  "smpp options: a receipt that is not marked is one where we are told so") {
    SUBCASE("not told") {
        bind();
        smsc.send(unmarked(receipt_words));
        host.until([&] { return host.texts.size() == 1; });
        CHECK(host.receipts.empty());
    }
    SUBCASE("told") {
        number("receipt_by_text", 1);
        bind();
        smsc.send(unmarked("Thanks for the id: it is 42"));
        smsc.send(unmarked("stat:DELIVRD is what I read"));
        host.until([&] { return host.texts.size() == 2; });
        smsc.send(unmarked(receipt_words));
        host.until([&] { return host.receipts.size() == 1; });
        CHECK(host.receipts[0].ref == "77");
    }
    SUBCASE("marked by its TLVs") {
        std::string tlvs;
        smpp::append_tlv_text(tlvs, tag::receipted_message_id, "78");
        smpp::append_tlv_u8(tlvs, tag::message_state, 2);
        bind();
        smsc.send(unmarked("", tlvs));
        host.until([&] { return host.receipts.size() == 1; });
        CHECK(host.receipts[0].ref == "78");
        CHECK(host.receipts[0].state == sdk::receipt_state::delivered);
    }
}

} // namespace adapter_options_test
