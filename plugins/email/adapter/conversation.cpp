#include "email/adapter/conversation.hpp"

#include <algorithm>
#include <cctype>

namespace posthorn::email {

namespace {

using kind = sdk::verdict::kind;

constexpr std::size_t longest_answer = 300;

std::string printable(std::string_view line) {
    std::string out;
    for (const char c : line.substr(0, longest_answer))
        if (c != '\r' && c != '\n')
            out += c >= 0x20 && c <= 0x7E ? c : '?';
    return out;
}

outcome deferred(std::string code, bool counts, std::string trouble = {}) {
    return {{.what = kind::deferred, .counts = counts, .code = std::move(code)},
            std::move(trouble)};
}

// It wants a password, another one, or TLS; or it is closing: the next letter would meet the same.
bool is_of_account(int code) { return code == 421 || (code >= 530 && code <= 538); }

} // namespace

void conversation::said(std::string_view command) {
    const auto is = [&](std::string_view word) {
        return std::ranges::equal(command.substr(0, word.size()), word, {}, [](char c) {
            return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        });
    };
    parted = is("QUIT");
    if (parted)
        return;
    code = 0;
    answer.clear();
    if (is("EHLO") || is("HELO"))
        stage = stage::connecting; // perhaps once more: the connection before was dead
    else if (is("MAIL FROM"))
        stage = stage::sender;
    else if (is("RCPT TO"))
        stage = stage::recipient;
    else if (is("DATA"))
        stage = stage::letter;
}

void conversation::heard(std::string_view line) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (parted || line.size() < 3 || !std::ranges::all_of(line.substr(0, 3), digit))
        return;
    answer = printable(line);
    code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

void conversation::gave_all() {
    all_left = true;
    code = 0; // what was heard before was "go ahead"
    answer.clear();
}

outcome outcome_of(const conversation& c, bool done, std::string_view failure) {
    if (done)
        return {{.what = kind::accepted, .code = c.answer}, {}};
    const bool answered =
        c.code >= 400 && c.code < 600; // else it was well, and then something broke
    const auto why = answered ? c.answer : std::string(failure);
    if (c.all_left && !answered)
        return {{.what = kind::uncertain, .code = why}, why};
    if (!answered || c.stage == stage::connecting || is_of_account(c.code))
        return deferred(why, false, why);
    if (c.code < 500)
        return deferred(why, true);
    return {{.what = kind::rejected, .code = why}, {}};
}

} // namespace posthorn::email
