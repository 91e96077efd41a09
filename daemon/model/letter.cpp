#include "model/letter.hpp"

#include "model/blank.hpp"

#include <algorithm>

namespace posthorn {

namespace {

constexpr char before_html = '\f';

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// Subjects are written over several lines, too.
std::string one_line(std::string_view written) {
    std::string out;
    for (const char c : written)
        if (c != ' ' && !is_control(c))
            out += c;
        else if (!out.ends_with(' '))
            out += ' ';
    return std::string(trimmed(out));
}

void append_lines(std::string& out, std::string_view written) {
    for (const char c : written)
        if (!is_control(c) || c == '\n' || c == '\t')
            out += c;
}

} // namespace

std::string write_letter(const letter& l) {
    auto text = one_line(l.subject) + '\n';
    append_lines(text, l.plain);
    if (!l.html.empty()) {
        text += before_html;
        append_lines(text, l.html);
    }
    return text;
}

letter_view read_letter(std::string_view text) {
    const auto subject = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(subject.size() + 1, text.size()));
    const auto plain = text.substr(0, text.find(before_html));
    text.remove_prefix(std::min(plain.size() + 1, text.size()));
    return {subject, plain, text};
}

} // namespace posthorn
