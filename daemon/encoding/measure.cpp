// Counting parts without making them, and naming the characters that make a text expensive.
#include "encoding/gsm7_tables.hpp"
#include "encoding/limits.hpp"

#include <array>
#include <cstdio>
#include <unordered_set>
#include <utility>

namespace posthorn::encoding {

namespace {

/// Counts a text whose characters cost `cost(code)` units; nothing when one costs 0 (cannot go).
template <class Cost>
std::optional<measure> count(std::string_view utf8, coding code, part_limits limit, Cost cost) {
    std::size_t total = 0, parts = 1, filled = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = read_char(utf8, at);
        const std::size_t units = c.octets == 0 ? 0 : cost(c.code);
        if (units == 0)
            return std::nullopt;
        at += c.octets;
        total += units;
        filled += units;
        if (filled > limit.joined) {
            ++parts;
            filled = units;
        }
    }
    if (total <= limit.alone)
        parts = 1;
    return measure{code, static_cast<unsigned>(parts), static_cast<unsigned>(total)};
}

std::optional<measure> count_gsm7(std::string_view utf8, alphabet tables, int concat_bits) {
    const auto& table = table_of(tables);
    return count(utf8, coding::gsm7, limits_of(coding::gsm7, tables, concat_bits),
                 [&](char32_t c) -> std::size_t { return table.find(c) >> 8; });
}

/// Control, blank and joining characters, which a person would not see or which would garble a
/// line.
bool has_no_glyph(char32_t c) {
    constexpr std::array<std::pair<char32_t, char32_t>, 10> ranges = {{{0x0000, 0x0020},
                                                                       {0x007F, 0x00A0},
                                                                       {0x00AD, 0x00AD},
                                                                       {0x0300, 0x036F},
                                                                       {0x2000, 0x200F},
                                                                       {0x2028, 0x202F},
                                                                       {0x205F, 0x206F},
                                                                       {0x3000, 0x3000},
                                                                       {0xFE00, 0xFE0F},
                                                                       {0xFEFF, 0xFEFF}}};
    for (const auto& [first, last] : ranges)
        if (c >= first && c <= last)
            return true;
    return false;
}

std::string shown(char32_t c) {
    char number[16];
    std::snprintf(number, sizeof number, "U+%04X", static_cast<unsigned>(c));
    std::string out = number;
    if (!has_no_glyph(c)) {
        out += ' ';
        append_utf8(out, c);
    }
    return out;
}

} // namespace

measure measure_text(std::string_view utf8, const split_options& options) {
    const int bits = options.reference_bits;
    if (const auto m = count_gsm7(utf8, {}, bits))
        return *m;
    if (options.national != alphabet{})
        if (const auto m = count_gsm7(utf8, options.national, bits))
            return *m;
    const auto m = count(utf8, coding::ucs2, limits_of(coding::ucs2, {}, bits),
                         [](char32_t c) -> std::size_t { return c < 0x10000 ? 1 : 2; });
    return m.value_or(measure{.code = coding::ucs2, .parts = 0, .units = 0});
}

std::vector<culprit> ucs2_culprits(std::string_view utf8) {
    std::vector<culprit> out;
    std::unordered_set<char32_t> seen;
    const auto& table = table_of({});
    std::size_t position = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = read_char(utf8, at);
        if (c.octets == 0)
            break;
        at += c.octets;
        ++position;
        if (table.find(c.code) == 0 && seen.insert(c.code).second)
            out.push_back({c.code, shown(c.code), position});
    }
    return out;
}

} // namespace posthorn::encoding
