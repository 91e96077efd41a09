// What the adapters of CMPP, SGIP and SMGP share: numbers, formats of texts, what differs by type.
#include "sdk/by_type.hpp"
#include "sdk/china_number.hpp"
#include "sdk/china_text.hpp"
#include "sdk/part_number.hpp"
#include "sdk/result_overrides.hpp"

#include <doctest/doctest.h>

namespace china_test {

using namespace posthorn::sdk;
using namespace std::string_literals;
using namespace std::string_view_literals;

TEST_CASE("china: numbers are national on the way out and of the world on the way in") {
    CHECK(national_number("8613300000000") == "13300000000");
    CHECK(national_number("85261234567") == "85261234567"); // Hong Kong
    CHECK(national_number("862112345678") == "862112345678");
    for (const auto* written :
         {"13300000000", "8613300000000", "+8613300000000", "008613300000000"})
        CHECK(e164_number(written) == "8613300000000");
    for (const auto* other : {"10690000", "85261234567", "1330000000x", "", "+", "86"})
        CHECK(e164_number(other) == other);
}

TEST_CASE("china: a text is ASCII where it can be, else as the account has it") {
    struct row {
        std::string_view octets;
        coding as;
        bool udh, gbk;
        std::uint8_t format;
        std::string written;
    };
    constexpr auto header = "\x05\x00\x03\x07\x02\x01"sv;
    const row rows[] = {
        {"hello", coding::gsm7, false, false, 0, "hello"},
        {"hello", coding::gsm7, false, true, 0, "hello"},
        {"\x00h\x00i"sv, coding::ucs2, false, false, 0, "hi"},
        {"\x4F\x60"sv, coding::ucs2, false, false, 8, "\x4F\x60"},
        {"\x4F\x60"sv, coding::ucs2, false, true, 15, "\xC4\xE3"},
        {"\xD8\x3D\xDE\x00"sv, coding::ucs2, false, true, 8, "\xD8\x3D\xDE\x00"s}, // an emoji
        {"\x01"sv, coding::gsm7, false, false, 8, "\x00\xA3"s},                    // £
    };
    for (const auto& row : rows) {
        CAPTURE(row.written);
        const unit u{.octets = row.octets, .coding = row.as, .udh = row.udh};
        const auto written = china_text_of(u, row.gbk);
        CHECK(written.format == row.format);
        CHECK(written.octets == row.written);
    }
    const auto part = std::string(header) + "\x00h\x00i"s;
    const auto stays = china_text_of({.octets = part, .coding = coding::ucs2, .udh = true}, false);
    CHECK(stays.format == 8); // its text's other parts are Chinese
    CHECK(stays.octets == part);
    const auto ascii = std::string(header) + "hi";
    const auto plain = china_text_of({.octets = ascii, .coding = coding::gsm7, .udh = true}, true);
    CHECK(plain.format == 0);
    CHECK(plain.octets == ascii);
}

TEST_CASE("parts: a unit says which part of its text it is") {
    struct row {
        std::string_view octets;
        bool udh;
        unsigned total, number;
    };
    const row rows[] = {
        {"\x05\x00\x03\x07\x03\x02hi"sv, true, 3, 2},
        {"\x06\x08\x04\x07\x07\x09\x08hi"sv, true, 9, 8},
        {"\x08\x24\x01\x01\x00\x03\x07\x02\x01hi"sv, true, 2, 1}, // behind a national table
        {"\x05\x00\x03\x07\x03\x02hi"sv, false, 1, 1},
        {"\x03\x24\x01\x01hi"sv, true, 1, 1},
        {"\x09\x00\x03\x07\x03"sv, true, 1, 1}, // broken
        {"", true, 1, 1},
    };
    for (const auto& row : rows) {
        const auto part = part_number_of({.octets = row.octets, .udh = row.udh});
        CHECK(part.total == row.total);
        CHECK(part.number == row.number);
    }
}

namespace {

struct charges {
    std::string service_id, fee_type;
};
constexpr field_by_type<charges> charge_fields[] = {{"service_id", 10, &charges::service_id},
                                                    {"fee_type", 2, &charges::fee_type}};
using charges_by_type = by_type<charges>;

options values(std::vector<std::pair<std::string, std::string>> entries) {
    options all;
    all.set("service_id", {"SVC01"});
    all.set("fee_type", {"00"});
    all.set("by_type", {.text = {}, .entries = std::move(entries)});
    return all;
}

} // namespace

TEST_CASE("by_type: the first entry that takes a type in counts, for what it says") {
    const charges_by_type by(values({{"bill.*", "service_id=BILL  fee_type=02"},
                                     {"bill.issued", "service_id=NEVER"},
                                     {"code.verification", "service_id="}}),
                             charge_fields);
    CHECK(by.of("bill.issued").service_id == "BILL");
    CHECK(by.of("bill.issued").fee_type == "02");
    CHECK(by.of("code.verification").service_id == "");
    CHECK(by.of("code.verification").fee_type == "00");
    for (const auto* other : {"outage.planned", "bill", "bill.", "billing.issued", ""})
        CHECK(by.of(other).service_id == "SVC01");
}

TEST_CASE("by_type: an entry nobody could mean is told, and so is an option that does not fit") {
    const auto wrong = [](std::string_view pattern, std::string_view text) {
        return charges_by_type::wrong_entry(charge_fields, pattern, text);
    };
    CHECK(wrong("bill.*", "service_id=BILL fee_type=02") == "");
    CHECK(wrong("bill.issued", "fee_type=") == "");
    CHECK(wrong("*", "fee_type=02").find("no type") != std::string::npos);
    CHECK(wrong("bill*", "fee_type=02").find("no type") != std::string::npos);
    CHECK(wrong("*.issued", "fee_type=02").find("no type") != std::string::npos);
    CHECK(wrong("bill.*", "fee=02").find("service_id, fee_type") != std::string::npos);
    CHECK(wrong("bill.*", "fee_type").find("FIELD=VALUE") != std::string::npos);
    CHECK(wrong("bill.*", "fee_type=123").find("more than 2") != std::string::npos);
    auto wide = values({});
    wide.set("fee_type", {"123"});
    CHECK_THROWS_WITH(charges_by_type(wide, charge_fields), "fee_type has more than 2 characters");
}

TEST_CASE("results: an account says what a code means there") {
    const result_overrides by({{"8", "transient"}, {"150", "throttle"}});
    CHECK(by.of(8) == result_class::transient);
    CHECK(by.of(150) == result_class::throttle);
    CHECK(!by.of(9));
    CHECK(result_overrides::wrong_entry("8", "uncertain") == "");
    for (const auto* code : {"0", "-1", "0x8", "8 ", "", "4294967296"})
        CHECK(result_overrides::wrong_entry(code, "transient") != "");
    CHECK(result_overrides::wrong_entry("8", "config") ==
          "must be one of permanent|transient|throttle|uncertain");
}

} // namespace china_test
