#include "email/codec/mime.hpp"
#include "email/codec/transfer_encoding.hpp"

#include <doctest/doctest.h>

#include <string>

namespace codec_mime_test {

using namespace posthorn;
using namespace posthorn::email;

namespace {

const envelope to_zhang{.from = "bills@example.com",
                        .from_name = "明湖供电",
                        .reply_to = "help@example.com",
                        .to = "zhang@example.net",
                        .message = 4711,
                        .now =
                            sdk::instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 27) +
                                         std::chrono::hours(4))};

bool has_line(const std::string& mail, const std::string& line) {
    return ("\r\n" + mail).find("\r\n" + line + "\r\n") != std::string::npos;
}

std::string fifteen_times(const std::string& text) {
    std::string out;
    for (int i = 0; i < 15; ++i)
        out += text;
    return out;
}

void check_lines(const std::string& mail) {
    for (std::size_t at = 0; at < mail.size();) {
        const auto end = mail.find('\n', at);
        REQUIRE(end != std::string::npos);
        CHECK(mail[end - 1] == '\r');
        CHECK(end - at <= 80);
        at = end + 1;
    }
    for (const char c : mail)
        REQUIRE(static_cast<unsigned char>(c) < 0x80);
}

} // namespace

TEST_CASE("mime: the head of a letter") {
    const auto mail = mail_of({"Your bill", "Hello\n", ""}, to_zhang);
    CHECK(has_line(mail, "Date: Fri, 27 Nov 2026 04:00:00 +0000"));
    CHECK(has_line(mail, "From: =?UTF-8?B?5piO5rmW5L6b55S1?= <bills@example.com>"));
    CHECK(has_line(mail, "To: <zhang@example.net>"));
    CHECK(has_line(mail, "Reply-To: <help@example.com>"));
    CHECK(has_line(mail, "Subject: Your bill"));
    CHECK(has_line(mail, "Message-ID: <posthorn.4711@example.com>"));
    CHECK(has_line(mail, "Auto-Submitted: auto-generated"));
    CHECK(has_line(mail, "Content-Type: text/plain; charset=utf-8"));
    CHECK(mail.ends_with("\r\n\r\nHello\r\n"));
    check_lines(mail);
}

TEST_CASE("mime: the same letter is the same mail, whenever it is sent again") {
    const letter l{"账单", "正文", "<p>正文</p>"};
    CHECK(mail_of(l, to_zhang) == mail_of(l, to_zhang));
}

TEST_CASE("mime: plain and HTML are two ways to read it") {
    std::string plain, html;
    for (int i = 0; i < 40; ++i) {
        plain += "您好，您的电费是128.50元。";
        html += "<p class=\"x\">a = b, and a long line that goes on for a while</p>";
    }
    const auto mail = mail_of({"账单", plain, html}, to_zhang);
    CHECK(mail.find("multipart/alternative; boundary=\"=_posthorn.4711\"") != std::string::npos);
    CHECK(mail.find("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64") !=
          std::string::npos);
    CHECK(mail.find("text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable") !=
          std::string::npos);
    CHECK(mail.ends_with("\r\n--=_posthorn.4711--\r\n"));
    check_lines(mail);
}

TEST_CASE("mime: whose letter a message id names") {
    CHECK(is_message_id_of_ours(message_id_of(17, "a@b.example"), "a@b.example"));
    for (const auto* other : {"posthorn.17@c.example", "posthorn.@b.example", "17@b.example",
                              "posthorn.1x@b.example", "posthorn.17", ""}) {
        CAPTURE(other);
        CHECK_FALSE(is_message_id_of_ours(other, "a@b.example"));
    }
}

TEST_CASE("mime: words in a header") {
    struct {
        std::string words, written;
    } const rows[] = {
        {"Your bill", "Your bill"},
        {"", ""},
        {"账单", "=?UTF-8?B?6LSm5Y2V?="},
        {"a =?x?= b", "=?UTF-8?B?YSA9P3g/PSBi?="},
        {std::string(61, 'x'),
         "=?UTF-8?B?" + fifteen_times("eHh4") + "?=\r\n =?UTF-8?B?eHh4eHh4eHh4eHh4eHh4eA==?="},
    };
    for (const auto& row : rows) {
        CAPTURE(row.words);
        CHECK(header_words(row.words) == row.written);
    }
    CHECK(display_name("Minghu \"P\" \\") == R"("Minghu \"P\" \\")");
}

TEST_CASE("mime: quoted-printable") {
    struct {
        std::string text, written;
    } const rows[] = {
        {"a = b", "a =3D b\r\n"},
        {"ends \n\tand\t", "ends=20\r\n\tand=09\r\n"},
        {"From here", "=46rom here\r\n"},
        {"x\n\ny", "x\r\n\r\ny\r\n"},
        {"é", "=C3=A9\r\n"},
        {std::string(80, 'x'), std::string(75, 'x') + "=\r\n" + "xxxxx\r\n"},
        {"", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(quoted_printable(row.text) == row.written);
    }
}

} // namespace codec_mime_test
