// One JSON object appended to a string without building it in memory first.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::simulator {

class json_line {
public:
    explicit json_line(std::string& out) : out_(out) { out_.push_back('{'); }

    template <class Number>
    json_line& number(std::string_view key, Number value) {
        begin(key);
        std::array<char, 24> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        out_.append(digits.data(), end);
        return *this;
    }
    json_line& text(std::string_view key, std::string_view value) {
        begin(key);
        out_.push_back('"');
        for (const char c : value)
            append_char(c);
        out_.push_back('"');
        return *this;
    }
    json_line& hex(std::string_view key, std::string_view octets) {
        begin(key);
        out_.push_back('"');
        for (const char c : octets)
            append_hex(static_cast<unsigned char>(c));
        out_.push_back('"');
        return *this;
    }
    json_line& flag(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
    /// `json` is a JSON value already.
    json_line& raw(std::string_view key, std::string_view json) {
        begin(key);
        out_.append(json);
        return *this;
    }
    void end() { out_.push_back('}'); }

private:
    void begin(std::string_view key) {
        if (out_.back() != '{')
            out_.push_back(',');
        out_.push_back('"');
        out_.append(key);
        out_.append("\":");
    }
    void append_hex(unsigned octet) {
        constexpr std::string_view digits = "0123456789abcdef";
        out_.push_back(digits[octet >> 4]);
        out_.push_back(digits[octet & 15]);
    }
    // Octets from a peer need not be UTF-8: each is written as the Latin-1 letter it would be.
    void append_char(char c) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out_.push_back('\\');
            out_.push_back(c);
        } else if (octet < 0x20 || octet >= 0x7F) {
            out_.append("\\u00");
            append_hex(octet);
        } else {
            out_.push_back(c);
        }
    }

    std::string& out_;
};

} // namespace posthorn::simulator
