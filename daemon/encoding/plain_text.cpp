#include "encoding/plain_text.hpp"

#include "encoding/utf8.hpp"

namespace posthorn::encoding {

namespace {

bool is_space(char32_t c) {
    return c == U' ' || (c >= U'\t' && c <= U'\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

// Zero width, direction and variation marks that keyboards and copying leave behind.
bool is_dropped(char32_t c) {
    return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2064) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
}

// Of a plain character; '+' and '#' may belong to what was meant.
bool is_punctuation(char32_t c) {
    if (c < 0x80)
        return std::string_view("!\"'(),-./:;<>?[]_`{}~*").find(static_cast<char>(c)) !=
               std::string_view::npos;
    return c == 0xA1 || c == 0xAB || c == 0xB4 || c == 0xB7 || c == 0xBB || c == 0xBF ||
           (c >= 0x2010 && c <= 0x2027) || (c >= 0x2030 && c <= 0x205E) ||
           (c >= 0x3001 && c <= 0x3003) || (c >= 0x3008 && c <= 0x3011) ||
           (c >= 0x3014 && c <= 0x301F) || (c >= 0xFF5F && c <= 0xFF65);
}

} // namespace

char32_t plain_char(char32_t c) noexcept {
    if (is_dropped(c))
        return 0;
    if (is_space(c))
        return U' ';
    if (c >= 0xFF01 && c <= 0xFF5E) // full-width ! to ~
        c = c - 0xFF01 + U'!';
    return c >= U'a' && c <= U'z' ? c - U'a' + U'A' : c;
}

std::string plain_text(std::string_view utf8) {
    std::string out, gap; // gap: spaces and punctuation that stay when a word follows
    for (std::size_t at = 0; at < utf8.size();) {
        const auto read = read_char(utf8, at);
        at += read.octets == 0 ? 1 : read.octets;
        const auto c = read.octets == 0 ? replacement : plain_char(read.code);
        if (c == 0)
            continue;
        if (c == U' ') {
            if (!gap.ends_with(' '))
                gap += ' ';
        } else if (is_punctuation(c)) {
            append_utf8(gap, c);
        } else {
            if (!out.empty())
                out += gap;
            gap.clear();
            append_utf8(out, c);
        }
    }
    return out;
}

} // namespace posthorn::encoding
