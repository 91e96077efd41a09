#include "email/codec/bounce.hpp"

#include <doctest/doctest.h>

#include <string>

namespace codec_bounce_test {

using namespace posthorn;
using namespace posthorn::email;

namespace {

std::string report(const std::string& status, const std::string& returned) {
    return "Content-Type: multipart/report; report-type=delivery-status;\r\n"
           "\tboundary=\"b/1\"\r\nSubject: Undelivered\r\n\r\nfor old readers\r\n--b/1\r\n\r\n"
           "I'm sorry\r\n\r\n--b/1\r\nContent-Type: message/delivery-status\r\n\r\n"
           "Reporting-MTA: dns; mx.example.com\r\n\r\n" +
           status + "\r\n--b/1\r\n" + returned + "\r\n--b/1--\r\n";
}

const std::string failed =
    "Final-Recipient: rfc822; zhang@example.net\r\nAction: failed\r\n"
    "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n  no such user\r\n";
const std::string returned = "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n"
                             "Message-Id: <posthorn.17@example.com>\r\n\r\nbody\r\n";

} // namespace

TEST_CASE("bounce: what a mail server could not deliver, and why") {
    const auto b = read_bounce(report(failed, returned));
    REQUIRE(b);
    CHECK(b->ref == "posthorn.17@example.com");
    CHECK(b->state == sdk::receipt_state::undelivered);
    CHECK(b->code == "5.1.1 smtp; 550 5.1.1 no such user");
    CHECK(b->recipient == "zhang@example.net");
}

TEST_CASE("bounce: what each action means") {
    struct {
        const char* action;
        sdk::receipt_state state;
    } const rows[] = {{"Failed", sdk::receipt_state::undelivered},
                      {"delivered", sdk::receipt_state::delivered},
                      {"delayed", sdk::receipt_state::enroute},
                      {"relayed", sdk::receipt_state::enroute},
                      {"whatever", sdk::receipt_state::enroute}};
    for (const auto& row : rows) {
        CAPTURE(row.action);
        const auto b = read_bounce(
            report(std::string("Action: ") + row.action + "\r\nStatus: 4.0.0\r\n", returned));
        REQUIRE(b);
        CHECK(b->state == row.state);
        CHECK(b->code == "4.0.0");
    }
}

TEST_CASE("bounce: only the head of the letter may come back, and lines may end in LF") {
    auto mail = report(failed, "Content-Type: text/rfc822-headers\r\n\r\n"
                               "Message-ID:\r\n <posthorn.18@example.com>\r\n");
    std::erase(mail, '\r');
    const auto b = read_bounce(mail);
    REQUIRE(b);
    CHECK(b->ref == "posthorn.18@example.com");
}

TEST_CASE("bounce: other mail is none") {
    const auto whole = report(failed, returned);
    struct {
        const char* what;
        std::string mail;
    } const rows[] = {
        {"nothing", ""},
        {"a letter of a person", "Subject: Re: Your bill\r\n\r\nWho are you?\r\n"},
        {"no boundary", "Content-Type: multipart/report\r\n\r\nx"},
        {"no returned letter", report(failed, "Content-Type: text/plain\r\n\r\nx")},
        {"no status", report("", returned)},
        {"a letter that quotes one", "Content-Type: text/plain\r\n\r\n" + whole},
    };
    for (const auto& row : rows) {
        CAPTURE(row.what);
        CHECK_FALSE(read_bounce(row.mail));
    }
    for (std::size_t n = 0; n < whole.size(); ++n) // cut anywhere, it breaks nothing
        read_bounce(std::string_view(whole).substr(0, n));
}

} // namespace codec_bounce_test
