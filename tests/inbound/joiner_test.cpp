#include "inbound/joiner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace joiner_test {

using namespace posthorn;
using namespace posthorn::inbound;
using namespace std::chrono_literals;

namespace {

constexpr instant start = from_micros(1'760'000'000'000'000);

std::string utf16(std::u16string_view text) {
    std::string out;
    for (const auto c : text) {
        out += static_cast<char>(c >> 8);
        out += static_cast<char>(c);
    }
    return out;
}

std::string header(unsigned reference, unsigned total, unsigned number) {
    return {
        5, 0, 3, static_cast<char>(reference), static_cast<char>(total), static_cast<char>(number)};
}

inbound_text piece(posthorn::id id, unsigned reference, unsigned total, unsigned number,
                   std::string octets, duration after = {}, std::uint8_t coding = 8) {
    return {.id = id,
            .account = 1,
            .sender = "8613800000001",
            .recipient = "10690000",
            .octets = header(reference, total, number) + std::move(octets),
            .data_coding = coding,
            .udh = true,
            .at = start + after};
}

} // namespace

TEST_CASE("inbound: a short text waits for nothing") {
    joiner j(5min);
    const auto out = j.add({.id = 7, .text = "YE", .at = start});
    REQUIRE(out.text);
    CHECK(out.text->head.text == "YE");
    CHECK(out.text->parts == std::vector<posthorn::id>{7});
    CHECK(j.waiting() == 0);
}

TEST_CASE("inbound: parts are joined in whatever order they come") {
    const std::vector<std::u16string> pieces{u"查", u"电费", u"2026年"};
    std::vector<unsigned> order{1, 2, 3};
    do {
        joiner j(5min);
        joined last;
        posthorn::id id = 10;
        for (const auto n : order)
            last = j.add(piece(id++, 9, 3, n, utf16(pieces[n - 1])));
        CAPTURE(order[0]);
        CAPTURE(order[1]);
        REQUIRE(last.text);
        CHECK(last.text->head.text == "查电费2026年");
        CHECK(last.text->complete);
        CHECK(last.text->parts.size() == 3);
        CHECK(last.text->head.id == 10); // the first that came
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("inbound: a character that lies across the cut is whole again") {
    joiner j(5min);
    const auto smile = utf16(u"\U0001F600");
    CHECK_FALSE(j.add(piece(1, 9, 2, 1, utf16(u"好") + smile.substr(0, 2))).text);
    const auto out = j.add(piece(2, 9, 2, 2, smile.substr(2) + utf16(u"的")));
    REQUIRE(out.text);
    CHECK(out.text->head.text == "好\U0001F600的");
}

TEST_CASE("inbound: parts may be in different codings") {
    joiner j(5min);
    j.add(piece(1, 9, 2, 1, "BILL ", {}, 0));
    const auto out = j.add(piece(2, 9, 2, 2, utf16(u"十月")));
    REQUIRE(out.text);
    CHECK(out.text->head.text == "BILL 十月");
}

TEST_CASE("inbound: texts of different phones, numbers and references do not mix") {
    joiner j(5min);
    auto other_phone = piece(2, 9, 2, 2, utf16(u"二"));
    other_phone.sender = "8613800000002";
    auto other_number = piece(3, 9, 2, 2, utf16(u"二"));
    other_number.recipient = "106900001";
    auto other_account = piece(4, 9, 2, 2, utf16(u"二"));
    other_account.account = 2;
    CHECK_FALSE(j.add(piece(1, 9, 2, 1, utf16(u"一"))).text);
    CHECK_FALSE(j.add(other_phone).text);
    CHECK_FALSE(j.add(other_number).text);
    CHECK_FALSE(j.add(other_account).text);
    CHECK_FALSE(j.add(piece(5, 10, 2, 2, utf16(u"二"))).text);
    CHECK_FALSE(j.add(piece(6, 9, 3, 2, utf16(u"二"))).text);
    CHECK(j.waiting() == 6);
    CHECK(j.add(piece(7, 9, 2, 2, utf16(u"二"))).text->head.text == "一二");
}

TEST_CASE("inbound: after the wait a text goes as it is, and its last part comes too late") {
    joiner j(5min);
    j.add(piece(1, 9, 3, 1, utf16(u"一")));
    j.add(piece(2, 9, 3, 3, utf16(u"三"), 1min));
    CHECK(j.take_due(start + 4min).empty());
    const auto due = j.take_due(start + 5min);
    REQUIRE(due.size() == 1);
    CHECK(due[0].head.text == "一[…]三");
    CHECK_FALSE(due[0].complete);
    const auto late = j.add(piece(3, 9, 3, 2, utf16(u"二"), 6min));
    CHECK_FALSE(late.text);
    CHECK(late.settled == inbound_outcome::late);
    CHECK(late.head == 1);
}

TEST_CASE("inbound: a part that comes twice is told, before and after its text is whole") {
    joiner j(5min);
    j.add(piece(1, 9, 2, 1, utf16(u"一")));
    CHECK(j.add(piece(2, 9, 2, 1, utf16(u"一"))).settled == inbound_outcome::duplicate);
    CHECK(j.add(piece(3, 9, 2, 2, utf16(u"二"))).text->parts.size() == 2);
    const auto again = j.add(piece(4, 9, 2, 2, utf16(u"二"), 1min));
    CHECK(again.settled == inbound_outcome::duplicate);
    CHECK(again.head == 1);
    // the reference comes round: another text
    CHECK_FALSE(j.add(piece(5, 9, 2, 2, utf16(u"四"), 2min)).settled);
    CHECK(j.add(piece(6, 9, 2, 1, utf16(u"三"), 2min)).text->head.text == "三四");
}

TEST_CASE("inbound: a reference that comes round closes the text that was never finished") {
    joiner j(5min);
    j.add(piece(1, 9, 2, 1, utf16(u"一")));
    const auto out = j.add(piece(2, 9, 2, 1, utf16(u"新")));
    REQUIRE(out.text);
    CHECK(out.text->head.text == "一[…]");
    CHECK(j.add(piece(3, 9, 2, 2, utf16(u"的"))).text->head.text == "新的");
}

TEST_CASE("inbound: what is open is bounded, whatever comes") {
    joiner j(5min);
    std::size_t whole = 0;
    for (posthorn::id i = 0; i < 30'000; ++i) {
        auto p = piece(i, 9, 3, 1, "x");
        p.sender = std::to_string(i);
        whole += j.add(p).text.has_value();
    }
    CHECK(j.waiting() <= 20'001);
    CHECK(whole + j.waiting() == 30'000);
}

} // namespace joiner_test
