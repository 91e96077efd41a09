#include "email/codec/mime.hpp"

#include "email/codec/opt_out.hpp"
#include "email/codec/transfer_encoding.hpp"
#include "sdk/numerals.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace posthorn::email {

namespace {

constexpr std::string_view prefix = "posthorn.";

std::string_view domain_of(std::string_view address) {
    return address.substr(std::min(address.find('@') + 1, address.size()));
}

// "Fri, 27 Nov 2026 04:00:00 +0000", whatever the locale.
std::string date_of(sdk::instant at) {
    using namespace std::chrono;
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = floor<std::chrono::days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(floor<seconds>(at - day));
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                  days.at(weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
                  months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

// Chinese in quoted-printable is three times as long, base64 of English is unreadable.
bool is_mostly_ascii(std::string_view text) {
    const auto foreign = std::ranges::count_if(text, [](char c) { return c < 0; });
    return static_cast<std::size_t>(foreign) * 6 <= text.size();
}

std::string with_crlf(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return out;
}

void append_text(std::string& out, std::string_view type, std::string_view text) {
    const bool readable = is_mostly_ascii(text);
    out.append("Content-Type: ").append(type).append("; charset=utf-8\r\n");
    out.append("Content-Transfer-Encoding: ").append(readable ? "quoted-printable" : "base64");
    out.append("\r\n\r\n");
    out.append(readable ? quoted_printable(text) : base64_lines(with_crlf(text)));
}

void append_body(std::string& out, const letter& l, std::uint64_t message) {
    if (l.html.empty())
        return append_text(out, "text/plain", l.plain);
    // neither encoding can make a line that begins with "--="
    const auto boundary = "=_posthorn." + std::to_string(message);
    out.append("Content-Type: multipart/alternative; boundary=\"").append(boundary);
    out.append("\"\r\n\r\n--").append(boundary).append("\r\n");
    append_text(out, "text/plain", l.plain);
    out.append("\r\n--").append(boundary).append("\r\n");
    append_text(out, "text/html", l.html);
    out.append("\r\n--").append(boundary).append("--\r\n");
}

} // namespace

std::string message_id_of(std::uint64_t message, std::string_view from) {
    return std::string(prefix) + std::to_string(message) + "@" + std::string(domain_of(from));
}

bool is_message_id_of_ours(std::string_view id, std::string_view from) {
    const auto at = id.find('@');
    if (!id.starts_with(prefix) || at == id.npos || id.substr(at + 1) != domain_of(from))
        return false;
    const auto number = id.substr(prefix.size(), at - prefix.size());
    return !number.empty() && sdk::all_digits(number);
}

std::string mail_of(const letter& l, const envelope& e) {
    std::string out;
    const auto head = [&](std::string_view name, const std::string& value) {
        out.append(name).append(": ").append(value).append("\r\n");
    };
    const auto angled = [](std::string_view address) { return "<" + std::string(address) + ">"; };
    head("Date", date_of(e.now));
    head("From", (e.from_name.empty() ? "" : display_name(e.from_name) + " ") + angled(e.from));
    head("To", angled(e.to));
    if (!e.reply_to.empty())
        head("Reply-To", angled(e.reply_to));
    head("Subject", header_words(l.subject));
    head("Message-ID", angled(message_id_of(e.message, e.from)));
    if (!e.opt_out.empty())
        head("List-Unsubscribe", list_unsubscribe(e.opt_out, e.message, e.from));
    head("Auto-Submitted", "auto-generated"); // no machine answers it
    head("MIME-Version", "1.0");
    append_body(out, l, e.message);
    return out;
}

} // namespace posthorn::email
