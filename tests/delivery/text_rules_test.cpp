// Accounts whose texts leave otherwise than they are: parts are made for the account that begins
// them.
#include "delivery/rig.hpp"

#include <doctest/doctest.h>

namespace text_rules_test {

using namespace posthorn;
using namespace rig;

namespace {

constexpr name_id other_account = 6;

std::string repeated(std::string_view what, int n) {
    std::string out;
    while (n-- > 0)
        out += what;
    return out;
}

// A text as intake has it cut, for any account.
message of_text(sending_side& s, const std::string& text, on_uncertain doubt = on_uncertain::hold) {
    auto m = s.new_message(1, doubt, 1h);
    auto cut = encoding::split(text);
    REQUIRE(cut.has_value());
    m.text = text;
    m.coding = cut->code;
    m.parts.clear();
    for (auto& octets : cut->parts)
        m.parts.push_back({.n = static_cast<std::uint8_t>(m.parts.size() + 1), .octets = octets});
    return m;
}

delivery::lane_settings plain_other() {
    return {.account = "b", .account_number = other_account, .pool = pool, .test = false};
}

encoding::text_rules signed_by_carrier() {
    encoding::text_rules rules;
    rules.cut_off = {"【明湖】"};
    return rules;
}

std::string rows(sending_side& s) {
    store::statement row(s.db(), "SELECT parts, coding, part_state, attempts, "
                                 "(SELECT count(*) FROM part) FROM message");
    REQUIRE(row.row());
    std::string out;
    for (int i = 0; i < 5; ++i)
        out += std::to_string(row.number(i)) + (i < 4 ? " " : "");
    return out;
}

std::string complaints(sending_side& s) { return live_db::joined(live_db::audit(s.db())); }

} // namespace

TEST_CASE("delivery: a fresh text leaves in the parts that its account wants, and is stored so") {
    sending_side s({.window = 5, .texts = signed_by_carrier()});
    auto& seen = s.at_carrier().seen;
    SUBCASE("cut off, it fits one part") {
        s.accept(of_text(s, "【明湖】" + repeated("中", 66))); // 70 with the signature
        s.pulse();
        REQUIRE(seen.size() == 1);
        CHECK(!seen[0].udh);
        CHECK(seen[0].octets.size() == 132);
        CHECK(rows(s) == "1 1 1 1 0");
    }
    SUBCASE("room is kept in the first of two") {
        s.accept(of_text(s, "【明湖】" + repeated("中", 67)));
        s.pulse();
        REQUIRE(seen.size() == 2);
        CHECK(seen[0].udh);
        CHECK(seen[0].octets.size() == 6 + 63 * 2);
        CHECK(seen[1].octets.size() == 6 + 4 * 2);
        CHECK(live_db::number(s.db(), "SELECT parts FROM message") == 2);
    }
    for (auto& one : seen)
        s.tell(one, answer::accepted);
    s.pulse();
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: what waited in the store gets the parts of the account that begins it") {
    encoding::text_rules ascii;
    ascii.gsm7_up_to = 0x7F;
    sending_side s({.window = 5, .texts = ascii});
    s.link_down();
    s.accept(of_text(s, repeated("é", 100)));
    s.pass(5s); // spilled
    CHECK(rows(s) == "1 0 0 0 0");
    s.link_up();
    s.pass(1s);
    auto& seen = s.at_carrier().seen;
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].coding == sdk::coding::ucs2);
    CHECK(live_db::number(s.db(), "SELECT parts FROM message") == 2);
    CHECK(live_db::number(s.db(), "SELECT coding FROM message") == 1);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM part WHERE part_state=1") == 2);
    s.tell(seen[0], answer::accepted);
    s.tell(seen[1], answer::accepted);
    s.pulse();
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: a resend has the octets of the first time, also after a crash") {
    encoding::text_rules turkish;
    turkish.national = encoding::tables_of(encoding::single_shift::turkish);
    for (const bool died : {false, true})
        for (const auto& [text, parts] :
             {std::pair{std::string("Şişli"), 1U}, std::pair{repeated("Şişli ", 30), 2U}}) {
            CAPTURE(died);
            CAPTURE(parts);
            sending_side s({.window = 5, .texts = turkish});
            auto& seen = s.at_carrier().seen;
            s.accept(of_text(s, text, on_uncertain::resend));
            s.pulse();
            REQUIRE(seen.size() == parts);
            CHECK(seen[0].coding == sdk::coding::gsm7);
            CHECK(seen[0].udh);
            if (parts == 1) // a header that announces tables
                CHECK(seen[0].octets.substr(0, 4) == "\x03\x25\x01\x01");
            const auto first = seen;
            if (died)
                s.crash();
            else
                for (std::size_t i = 0; i < parts; ++i)
                    s.tell(seen[i], answer::uncertain);
            s.pass(10s);
            s.pass(1s);
            REQUIRE(seen.size() == std::size_t{2} * parts);
            for (std::size_t i = 0; i < parts; ++i) {
                CHECK(seen[parts + i].octets == first[i].octets);
                CHECK(seen[parts + i].udh == first[i].udh);
                CHECK(seen[parts + i].coding == first[i].coding);
                s.tell(seen[parts + i], answer::accepted);
            }
            s.pulse();
            CHECK(complaints(s) == "");
        }
}

TEST_CASE("delivery: a text that one account does not carry goes by another, or is closed") {
    encoding::text_rules rules;
    rules.forbidden = U"★";
    SUBCASE("another") {
        sending_side s({.window = 5, .texts = rules, .others = {plain_other()}});
        s.accept(of_text(s, "a ★"));
        s.accept(of_text(s, "b"));
        s.pulse();
        REQUIRE(s.at_carrier().seen.size() == 2);
        CHECK(live_db::number(s.db(), "SELECT account FROM message WHERE text='a ★'") ==
              other_account);
    }
    SUBCASE("none") {
        sending_side s({.window = 1, .texts = rules});
        s.accept(of_text(s, "a ★"));
        s.accept(of_text(s, "b"));
        s.pulse();
        CHECK(s.at_carrier().seen.size() == 1); // it takes no room from the other
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM message WHERE state=9 AND reason="
                                      "'account a cannot carry the text: it has U+2605 ★, which "
                                      "the carrier does not take'") == 1);
        s.tell(s.at_carrier().seen[0], answer::accepted);
        s.pulse();
        CHECK(complaints(s) == "");
    }
}

TEST_CASE("delivery: parts made for an account that could not begin are not left to the next") {
    // The lane with rules has a token for one part a second; the other has no link.
    sending_side s(
        {.window = 5, .rate = 1, .texts = signed_by_carrier(), .others = {plain_other()}});
    s.other().slots(0, "down");
    s.accept(of_text(s, "【明湖】a"));
    s.accept(of_text(s, "【明湖】b"));
    s.pulse();
    auto& seen = s.at_carrier().seen;
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].octets.size() == 2); // without the signature
    s.other().slots(5, "up");
    s.pulse();
    REQUIRE(seen.size() == 2);
    CHECK(seen[1].octets.size() == 10); // with it
}

TEST_CASE("delivery: what one account deferred another sends in parts of its own") {
    sending_side s({.window = 5, .texts = signed_by_carrier(), .others = {plain_other()}});
    s.other().slots(0, "down");
    s.accept(of_text(s, "【明湖】" + repeated("中", 64)));
    s.pulse();
    auto& seen = s.at_carrier().seen;
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].octets.size() == 128);
    s.tell(seen[0], answer::deferred);
    s.lane().slots(0, "down");
    s.other().slots(5, "up");
    s.pass(20s);
    s.pass(1s);
    REQUIRE(seen.size() == 2);
    CHECK(seen[1].octets.size() == 136);
    CHECK(rows(s) == "1 1 1 2 0");
    s.tell(seen[1], answer::accepted);
    s.pulse();
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: a text that is carried whole is whole as its account wants it") {
    sending_side s({.window = 5, .carries = {.whole = 1000}, .texts = signed_by_carrier()});
    s.accept(of_text(s, "【明湖】" + repeated("中", 100)));
    s.pulse();
    REQUIRE(s.at_carrier().seen.size() == 1);
    CHECK(s.at_carrier().seen[0].octets == repeated("中", 100)); // the rig does not encode
    CHECK(!s.at_carrier().seen[0].udh);
}

} // namespace text_rules_test
