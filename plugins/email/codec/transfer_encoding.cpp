#include "email/codec/transfer_encoding.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace posthorn::email {

namespace {

constexpr std::size_t longest_line = 76;

std::string base64(std::string_view octets) {
    std::string out((octets.size() + 2) / 3 * 4 + 1, '\0'); // and a NUL
    const auto size = ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                        reinterpret_cast<const unsigned char*>(octets.data()),
                                        static_cast<int>(octets.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

bool is_printable(char c) { return c >= 0x20 && c <= 0x7E; }

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, is_printable) && text.find("=?") == text.npos;
}

bool follows(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Whole characters, as many as one encoded word of 75 letters holds.
std::string_view one_word(std::string_view utf8) {
    constexpr std::size_t most = 45;
    if (utf8.size() <= most)
        return utf8;
    auto size = most;
    while (size > 0 && follows(utf8[size]))
        --size;
    return utf8.substr(0, size == 0 ? most : size);
}

std::string encoded_words(std::string_view utf8) {
    std::string out;
    while (!utf8.empty()) {
        const auto word = one_word(utf8);
        out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(word) + "?=";
        utf8.remove_prefix(word.size());
    }
    return out;
}

// One line of the text, in as many lines as it needs.
void append_quoted(std::string& out, std::string_view line) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::size_t length = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool last = i + 1 == line.size();
        const bool blank = c == ' ' || c == '\t';
        // a line that begins so is changed by mailboxes of the old kind
        const bool from = i == 0 && line.starts_with("From ");
        const bool plain = !from && (blank ? !last : is_printable(c) && c != '=');
        const std::size_t needs = plain ? 1 : 3;
        if (length + needs > longest_line - 1) {
            out += "=\r\n";
            length = 0;
        }
        if (plain) {
            out += c;
        } else {
            const auto octet = static_cast<unsigned char>(c);
            out += '=';
            out += digits[octet >> 4];
            out += digits[octet & 15U];
        }
        length += needs;
    }
    out += "\r\n";
}

} // namespace

std::string base64_lines(std::string_view octets) {
    const auto all = base64(octets);
    std::string out;
    for (std::size_t at = 0; at < all.size(); at += longest_line)
        out.append(all, at, longest_line).append("\r\n");
    return out;
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        append_quoted(out, line);
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return out;
}

std::string header_words(std::string_view utf8) {
    constexpr std::size_t fits = 60; // beside the name of the header
    return is_plain(utf8) && utf8.size() <= fits ? std::string(utf8) : encoded_words(utf8);
}

std::string display_name(std::string_view utf8) {
    constexpr std::size_t fits = 60;
    if (!is_plain(utf8) || utf8.size() > fits)
        return encoded_words(utf8);
    std::string out = "\"";
    for (const char c : utf8) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "\"";
}

} // namespace posthorn::email
