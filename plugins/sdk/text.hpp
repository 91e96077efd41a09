// What a unit says, for carriers that want it in another coding than the unit's. Each function
// speaks of the text behind the header; `recoded_header` is what then stands before it.
//
//     if (const auto ascii = sdk::ascii_of(u)) { format = 0; body = sdk::recoded_header(u) + *ascii; }
//     else { format = 8; body = sdk::recoded_header(u) + sdk::ucs2_of(u); }
//
// Nothing is cut inside a character: a unit is whole characters, whatever it is recoded to. Whether
// the result still fits a part (`air_octets`, header included) is for the adapter to look at: GSM
// 7-bit has 160 characters of one septet. An adapter that says its alphabet (sdk::carriage) never
// gets a GSM 7-bit unit that does not fit.
#pragma once

#include "sdk/gsm7_tables.hpp"
#include "sdk/unit.hpp"

#include <iconv.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::sdk {

constexpr std::size_t air_octets = 140; // of one part, header included; 160 septets

namespace text {

inline unsigned octet_at(std::string_view octets, std::size_t at) {
    return static_cast<unsigned char>(octets[at]);
}

// Octets of the header with its length; 0 where there is none, or it reaches beyond the unit.
inline std::size_t header_size(const unit& u) {
    if (!u.udh || u.octets.empty())
        return 0;
    const std::size_t size = octet_at(u.octets, 0) + std::size_t{1};
    return size <= u.octets.size() ? size : 0;
}

// Calls `take(kind, whole element)` for each element of the header.
template <class Take>
void each_element(const unit& u, Take take) {
    const auto end = header_size(u);
    for (std::size_t at = 1; at + 2 <= end;) {
        const std::size_t size = octet_at(u.octets, at + 1) + std::size_t{2};
        if (at + size > end)
            return;
        take(octet_at(u.octets, at), u.octets.substr(at, size));
        at += size;
    }
}

constexpr unsigned language_single = 0x24, language_locking = 0x25;

inline gsm_alphabet tables_of(const unit& u) {
    gsm_alphabet tables;
    each_element(u, [&](unsigned kind, std::string_view element) {
        const auto language = element.size() == 3 ? octet_at(element, 2) : 0U;
        if (kind == language_single && language <= 3)
            tables.single = static_cast<single_shift>(language);
        if (kind == language_locking && language <= 3 && language != 2)
            tables.locking = static_cast<locking_shift>(language);
    });
    return tables;
}

// One unit of UTF-16 after the other. A code that is absent after the escape shows what it shows
// without; a lone escape, and two, a space.
template <class Take>
void each_septet_character(std::string_view septets, const gsm_codes& codes, Take take) {
    for (std::size_t at = 0; at < septets.size(); ++at) {
        auto code = octet_at(septets, at) & 0x7FU;
        char16_t shown = codes.locking[code];
        if (septets[at] == gsm_escape) {
            code = at + 1 < septets.size() ? octet_at(septets, ++at) & 0x7FU : 0x1BU;
            shown = codes.single[code] != 0 ? codes.single[code] : codes.locking[code];
        }
        take(shown == gsm_escape ? u' ' : shown);
    }
}

inline const gsm_codes& default_codes() {
    static constexpr gsm_codes codes = codes_of({});
    return codes;
}

template <class Take>
void each_utf16_unit(const unit& u, Take take) {
    const auto octets = u.octets.substr(header_size(u));
    if (u.coding == coding::gsm7) {
        const auto tables = tables_of(u);
        if (tables == gsm_alphabet{})
            each_septet_character(octets, default_codes(), take);
        else
            each_septet_character(octets, codes_of(tables), take);
        return;
    }
    for (std::size_t at = 0; at + 1 < octets.size(); at += 2)
        take(static_cast<char16_t>(octet_at(octets, at) << 8 | octet_at(octets, at + 1)));
}

inline void append_utf8(std::string& out, char32_t c) {
    const auto put = [&](char32_t octet) { out.push_back(static_cast<char>(octet)); };
    if (c < 0x80)
        return put(c);
    if (c < 0x800)
        put(0xC0 | c >> 6);
    else if (c < 0x10000)
        put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F));
    else
        put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
}

// Nothing when a character is above `last`.
inline std::optional<std::string> octets_up_to(const unit& u, char16_t last) {
    if (u.coding == coding::email)
        return std::nullopt;
    std::string out;
    out.reserve(u.octets.size());
    bool all = true;
    each_utf16_unit(u, [&](char16_t c) {
        all = all && c <= last;
        out += static_cast<char>(c);
    });
    if (!all)
        return std::nullopt;
    return out;
}

class converter {
public:
    converter(const char* to, const char* from) : handle_(iconv_open(to, from)) {}
    ~converter() {
        if (is_open())
            iconv_close(handle_);
    }
    converter(const converter&) = delete;
    converter& operator=(const converter&) = delete;

    // Nothing when a character has no equal, or the octets are no text of their charset.
    std::optional<std::string> converted(std::string_view octets) const {
        if (!is_open())
            return std::nullopt;
        iconv(handle_, nullptr, nullptr, nullptr, nullptr);
        std::string out(octets.size() * 2 + 8, '\0');  // neither GBK nor UTF-8 grows by more
        auto* from = const_cast<char*>(octets.data()); // iconv does not write there
        auto* to = out.data();
        std::size_t left = octets.size(), room = out.size();
        if (iconv(handle_, &from, &left, &to, &room) != 0) // also what it would only approximate
            return std::nullopt;
        out.resize(out.size() - room);
        return out;
    }

private:
    // iconv_open says failure as (iconv_t)-1, and iconv_t is a pointer.
    bool is_open() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }

    iconv_t handle_;
};

} // namespace text

// UTF-8; of a letter its plain text. Half of a surrogate pair becomes U+FFFD.
inline std::string utf8_of(const unit& u) {
    if (u.coding == coding::email)
        return std::string(u.octets);
    std::string out;
    out.reserve(u.octets.size());
    char32_t high = 0; // waits for its other half
    text::each_utf16_unit(u, [&](char16_t c) {
        const bool low = c >= 0xDC00 && c <= 0xDFFF;
        if (high != 0 && low) {
            text::append_utf8(out, ((high - 0xD7C0) << 10) | (c & 0x3FFU));
            high = 0;
            return;
        }
        if (high != 0)
            text::append_utf8(out, 0xFFFD);
        high = c >= 0xD800 && c <= 0xDBFF ? c : 0;
        if (high == 0)
            text::append_utf8(out, low ? 0xFFFD : c);
    });
    if (high != 0)
        text::append_utf8(out, 0xFFFD);
    return out;
}

// UTF-16BE. Not of a letter.
inline std::string ucs2_of(const unit& u) {
    std::string out;
    out.reserve(u.octets.size() * 2);
    text::each_utf16_unit(u, [&](char16_t c) {
        out += static_cast<char>(c >> 8);
        out += static_cast<char>(c & 0xFF);
    });
    return out;
}

// Where every character is in US-ASCII, in Latin-1, in GBK; else nothing, and nothing of a letter.
inline std::optional<std::string> ascii_of(const unit& u) { return text::octets_up_to(u, 0x7F); }
inline std::optional<std::string> latin1_of(const unit& u) { return text::octets_up_to(u, 0xFF); }
inline std::optional<std::string> gbk_of(const unit& u) {
    static thread_local const text::converter to_gbk("GBK", "UTF-16BE");
    if (u.coding == coding::email)
        return std::nullopt;
    return to_gbk.converted(ucs2_of(u));
}

// The unit's header as it stands before recoded text: without the tables of its septets. Empty
// where the unit has none, or nothing else was in it.
inline std::string recoded_header(const unit& u) {
    std::string out;
    text::each_element(u, [&](unsigned kind, std::string_view element) {
        if (kind != text::language_single && kind != text::language_locking)
            out += element;
    });
    if (!out.empty())
        out.insert(out.begin(), static_cast<char>(out.size()));
    return out;
}

// UTF-8 of what a carrier writes: in Latin-1 (ASCII is a part of it), and in GBK; nothing when the
// octets are not GBK.
inline std::string utf8_of_latin1(std::string_view octets) {
    std::string out;
    out.reserve(octets.size());
    for (const char c : octets)
        text::append_utf8(out, static_cast<unsigned char>(c));
    return out;
}
inline std::optional<std::string> utf8_of_gbk(std::string_view octets) {
    static thread_local const text::converter from_gbk("UTF-8", "GB18030");
    return from_gbk.converted(octets);
}

} // namespace posthorn::sdk
