// Receipts, the ids in them, times and statuses against the recorded tables.
#include "plugins/smpp/vectors.hpp"

#include "smpp/codec/message_id.hpp"
#include "smpp/codec/pdu.hpp"
#include "smpp/codec/receipt.hpp"
#include "smpp/codec/time.hpp"

#include <doctest/doctest.h>

namespace codec_receipt_test {

using namespace posthorn::smpp;
using smpp_test::octets_of;
using smpp_test::string_of;

namespace {

receipt receipt_of(const std::string& id, std::string& octets, std::string& scratch) {
    for (const auto& v : smpp_test::read_list("smpp.json", "vectors"))
        if (string_of(v.as_object().at("id")) == id) {
            octets = octets_of(string_of(v.as_object().at("hex")));
            pdu p;
            if (decode(octets, p))
                throw std::runtime_error("cannot decode " + id);
            return read_receipt(std::get<sm>(p.body), scratch);
        }
    throw std::runtime_error("no vector " + id);
}

id_base base_of(const std::string& mode, const std::string& side) {
    const auto at = mode.find(side + "=");
    if (at == std::string::npos)
        return id_base::raw;
    return mode.substr(at + side.size() + 1, 3) == "hex" ? id_base::hex : id_base::dec;
}

} // namespace

TEST_CASE("smpp receipt: every recorded text gives its fields") {
    using field = std::optional<std::string_view>;
    for (const auto& v : smpp_test::read_list("dlr_text.json", "vectors")) {
        const auto& vector = v.as_object();
        CAPTURE(string_of(vector.at("id")));
        const auto text = string_of(vector.at("text"));
        const auto got = parse_receipt_text(text);
        if (vector.at("expect").is_null()) {
            CHECK(!got);
            continue;
        }
        REQUIRE(got);
        const std::pair<const char*, field> fields[] = {
            {"id", got->id},
            {"sub", got->sub},
            {"dlvrd", got->dlvrd},
            {"submit_date", got->submit_date},
            {"done_date", got->done_date},
            {"stat", got->stat},
            {"err", got->err},
            {"text", got->text},
        };
        for (const auto& [key, value] : fields) {
            CAPTURE(key);
            const auto& expected = vector.at("expect").as_object().at(key);
            REQUIRE(value.has_value() == !expected.is_null());
            if (value)
                CHECK(*value == string_of(expected));
        }
    }
}

TEST_CASE("smpp receipt: the word of stat gives the state and whether it is final") {
    const auto map = smpp_test::read_vectors("dlr_text.json").at("stat_map").as_object();
    CHECK(map.size() == 21);
    for (const auto& row : map) {
        CAPTURE(std::string(row.key()));
        const auto state = state_from_stat(row.key());
        REQUIRE(state);
        CHECK(name(*state) == string_of(row.value().at("state")));
        CHECK(is_final(*state) == row.value().at("final").as_bool());
    }
    CHECK(state_from_stat("delivrd") == message_state::delivered);
    CHECK(!state_from_stat("DELIVR"));
    CHECK(!state_from_stat(""));
}

TEST_CASE("smpp receipt: TLVs win over the text, the text fills what they lack") {
    struct row {
        const char* vector;
        const char* id;
        message_state state;
        bool final;
        receipt_source from;
        const char* error;
    };
    const row rows[] = {
        {"deliver_sm_dlr_text_decimal_id", "0169090813", message_state::delivered, true,
         receipt_source::text, ""},
        {"deliver_sm_dlr_tlvs", "0A1B2C3D", message_state::undeliverable, true, receipt_source::tlv,
         "005"},
        {"deliver_sm_dlr_tlv_only", "0A1B2C3D", message_state::delivered, true, receipt_source::tlv,
         ""},
        {"deliver_sm_dlr_dcs8_but_ascii", "0A1B2C3D", message_state::undeliverable, true,
         receipt_source::text, "005"},
        {"deliver_sm_dlr_ucs2", "0A1B2C3D", message_state::undeliverable, true,
         receipt_source::text, "005"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.vector);
        std::string octets, scratch;
        const auto r = receipt_of(row.vector, octets, scratch);
        CHECK(match_key(r.id) == match_key(row.id));
        CHECK(r.state == row.state);
        CHECK(r.final == row.final);
        CHECK(r.state_from == row.from);
        CHECK(error_word(r) == std::string(row.error));
    }
}

TEST_CASE("smpp receipt: an intermediate notification is not final whatever it says") {
    sm body;
    body.esm_class = 0x20;
    body.short_message = "id:1 stat:DELIVRD";
    std::string scratch;
    CHECK(!read_receipt(body, scratch).final);
    body.esm_class = 0x04;
    CHECK(read_receipt(body, scratch).final);
}

TEST_CASE("smpp receipt: an unknown word is a failure only when the other fields say so") {
    struct row {
        const char* text;
        bool known, final;
    };
    const row rows[] = {
        {"id:1 dlvrd:000 stat:WEIRD err:011", true, true},
        {"id:1 dlvrd:000 stat:WEIRD err:000", false, false},
        {"id:1 dlvrd:001 stat:WEIRD err:011", false, false},
        {"id:1 stat:WEIRD err:011", false, false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        sm body;
        body.esm_class = 0x04;
        body.short_message = row.text;
        std::string scratch;
        const auto r = read_receipt(body, scratch);
        CHECK((r.state_from != receipt_source::none) == row.known);
        CHECK(r.final == row.final);
        CHECK(r.stat == "WEIRD");
    }
}

TEST_CASE("smpp receipt: a user data header before the text is skipped") {
    sm body;
    body.esm_class = 0x44;
    const std::string text = std::string("\x05\x00\x03\x01\x01\x01", 6) + "id:77 stat:EXPIRED";
    body.short_message = text;
    std::string scratch;
    auto r = read_receipt(body, scratch);
    CHECK(r.id == "77");
    CHECK(r.state == message_state::expired);
    body.short_message = "id:78 stat:EXPIRED"; // the flag is set, but there is no header
    CHECK(read_receipt(body, scratch).id == "78");
}

TEST_CASE("smpp receipt: the error is the text's word, else the TLV's code") {
    receipt r;
    CHECK(error_word(r) == "");
    r.network_error = 5;
    CHECK(error_word(r) == "005");
    r.err = "000";
    CHECK(error_word(r) == "005");
    r.err = "C12";
    CHECK(error_word(r) == "C12");
}

TEST_CASE("smpp receipt: the text we write is the text we read") {
    std::string text;
    append_receipt_text(text, {.id = "0123456789",
                               .state = message_state::undeliverable,
                               .submit_date = "2611221015",
                               .done_date = "2611221016",
                               .err = "005",
                               .text = "a text of more than twenty letters"});
    CHECK(text == "id:0123456789 sub:001 dlvrd:000 submit date:2611221015 done "
                  "date:2611221016 stat:UNDELIV err:005 text:a text of more than ");
    for (unsigned i = 0; i <= 9; ++i) {
        const auto state = static_cast<message_state>(i);
        CHECK(state_from_stat(stat_word(state)) == state);
    }
}

TEST_CASE("smpp ids: the recorded pairs of response and receipt meet or do not") {
    for (const auto& v : smpp_test::read_list("dlr_text.json", "id_matching")) {
        const auto& row = v.as_object();
        CAPTURE(string_of(row.at("id")));
        const auto mode = string_of(row.at("mode"));
        const auto submit = match_key(string_of(row.at("submit_resp")), base_of(mode, "submit"));
        const auto in_receipt = match_key(string_of(row.at("receipt")), base_of(mode, "receipt"));
        CHECK((submit == in_receipt) == row.at("match").as_bool());
    }
    CHECK(match_key("") == "");
    CHECK(match_key("000") == "0");
    CHECK(match_key("-5", id_base::dec) == "-5");
    CHECK(match_key("not hex", id_base::hex) == "not hex");
}

TEST_CASE("smpp time: the recorded texts") {
    struct absolute_row {
        const char* expect;
        std::int64_t utc_us;
    };
    const absolute_row instants[] = {
        {"2026-11-22T01:30:00.0Z", 1795311000'000'000},
        {"2026-11-22T14:30:00.0Z", 1795357800'000'000},
        {"2026-11-22T09:30:00.0Z", 1795339800'000'000},
        {"2036-12-31T11:59:59.9Z", 2114337599'900'000},
    };
    std::size_t absolutes = 0;
    for (const auto& v : smpp_test::read_list("smpp_time.json", "vectors")) {
        const auto& row = v.as_object();
        const auto text = string_of(row.at("text"));
        CAPTURE(text);
        const auto kind = string_of(row.at("kind"));
        const auto got = parse_time(text);
        if (kind == "absent")
            CHECK(got.what == time_value::absent);
        else if (kind == "invalid")
            CHECK(got.what == time_value::invalid);
        else if (kind == "relative") {
            REQUIRE(got.what == time_value::relative);
            const auto expect = string_of(row.at("expect"));
            if (expect.ends_with(" s"))
                CHECK(got.span().count() == std::stoll(expect));
            else
                CHECK(std::vector<unsigned>{got.years, got.months, got.days, got.hours, got.minutes,
                                            got.seconds} ==
                      std::vector<unsigned>{2, 6, 10, 23, 34, 29});
        } else {
            REQUIRE(got.what == time_value::absolute);
            for (const auto& instant : instants)
                if (string_of(row.at("expect")) == instant.expect) {
                    ++absolutes;
                    CHECK(got.utc_us == instant.utc_us);
                }
        }
    }
    CHECK(absolutes == std::size(instants));
}

TEST_CASE("smpp time: a relative time never ends later than asked") {
    using std::chrono::seconds;
    struct row {
        std::int64_t span;
        const char* text;
    };
    const row rows[] = {
        {900, "000000001500000R"},        {86400, "000001000000000R"},
        {30 * 86400, "000030000000000R"}, {31 * 86400, "000100000000000R"},
        {0, "000000000001000R"},          {-5, "000000000001000R"},
        {3723, "000000010203000R"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.span);
        CHECK(format_relative(seconds(row.span)) == row.text);
    }
    for (std::int64_t span = 1; span < 500 * 86400; span += 7919)
        CHECK(parse_time(format_relative(seconds(span))).span() <= seconds(span));
}

TEST_CASE("smpp time: an absolute time comes back") {
    const std::int64_t when = 1795339800'900'000;
    CHECK(format_absolute(when) == "261122093000900+");
    CHECK(parse_time(format_absolute(when)).utc_us == when);
}

TEST_CASE("smpp status: names and classes are those of the table") {
    const auto rows = smpp_test::read_list("tables.json", "smpp_status");
    CHECK(rows.size() == 67);
    for (const auto& v : rows) {
        const auto& row = v.as_object();
        CAPTURE(string_of(row.at("name")));
        const auto code = static_cast<status>(std::stoul(string_of(row.at("code")), nullptr, 16));
        CHECK(name(code) == string_of(row.at("name")));
        CHECK(name(classify(code)) == string_of(row.at("cls")));
    }
    CHECK(classify(static_cast<status>(0x412)) == status_class::permanent);
    CHECK(is_vendor(static_cast<status>(0x412)));
    CHECK(!is_vendor(status::throttled));
    CHECK(describe(status::throttled) == "ESME_RTHROTTLED (0x58)");
    CHECK(describe(static_cast<status>(0x412)) == "0x412");
}

TEST_CASE("smpp tlv: tags have the names and lengths of the table") {
    for (const auto& v : smpp_test::read_list("tables.json", "smpp_tlvs")) {
        const auto& row = v.as_object();
        const auto* kind = find_tlv_kind(
            static_cast<std::uint16_t>(std::stoul(string_of(row.at("tag")), nullptr, 16)));
        REQUIRE(kind);
        CHECK(kind->name == string_of(row.at("name")));
        CHECK(kind->min_length == row.at("min").as_int64());
        CHECK(kind->max_length == row.at("max").as_int64());
    }
    CHECK(!find_tlv_kind(0x1400));
}

TEST_CASE("smpp receipt: what a carrier adds of its own spoils neither id nor state") {
    for (const std::string_view text :
         {"id:123 nw:1 sub:001 stat:DELIVRD mccmnc:46000 err:000 text:hi",
          "id:123 sub:001 dlvrd:001 stat:DELIVRD, err:000"}) {
        CAPTURE(text);
        sm body;
        body.esm_class = 0x04;
        body.short_message = text;
        std::string scratch;
        const auto r = read_receipt(body, scratch);
        CHECK(r.id == "123");
        CHECK(r.state == message_state::delivered);
        CHECK(r.final);
    }
}

TEST_CASE("smpp receipt: ASCII that is announced as UCS-2 is read as what it is") {
    std::string ascii;
    append_receipt_text(
        ascii, {"0A1B", message_state::delivered, "2611221015", "2611221016", "000", "hi"});
    std::string utf16;
    for (const char c : ascii)
        utf16 += {'\0', c};
    for (const auto& octets : {ascii, utf16})
        for (const std::uint8_t coding : {std::uint8_t{0}, std::uint8_t{3}, std::uint8_t{8}}) {
            CAPTURE(octets.size());
            CAPTURE(coding);
            sm body;
            body.esm_class = 0x04;
            body.data_coding = coding;
            body.short_message = octets;
            std::string scratch;
            const auto r = read_receipt(body, scratch);
            CHECK(r.id == "0A1B");
            CHECK(r.state == message_state::delivered);
            CHECK(r.stat == "DELIVRD");
        }
}

TEST_CASE("smpp receipt: a byte order mark before UTF-16 is dropped") {
    std::string octets("\xFE\xFF", 2);
    for (const char c : std::string_view("id:7 stat:DELIVRD err:000"))
        octets += {'\0', c};
    sm body;
    body.esm_class = 0x04;
    body.data_coding = 8;
    body.short_message = octets;
    std::string scratch;
    const auto r = read_receipt(body, scratch);
    CHECK(r.id == "7");
    CHECK(r.final);
}

} // namespace codec_receipt_test
