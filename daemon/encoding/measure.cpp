// Counting parts without making them, and naming the characters that make a text expensive.
#include "encoding/gsm7_tables.hpp"
#include "encoding/limits.hpp"

#include <algorithm>
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

std::optional<measure> count_gsm7(std::string_view utf8, alphabet tables,
                                  const split_options& options) {
    const auto& table = table_of(tables);
    return count(
        utf8, coding::gsm7, limits_of(coding::gsm7, tables, options.reference_bits),
        [&](char32_t c) -> std::size_t { return c > options.gsm7_up_to ? 0 : table.find(c) >> 8; });
}

struct counted {
    measure sum;
    alphabet tables;
};

counted count_all(std::string_view utf8, const split_options& options) {
    if (const auto m = count_gsm7(utf8, {}, options))
        return {*m, {}};
    std::optional<counted> best;
    airtime least;
    for (const auto tables : options.national)
        if (const auto m = count_gsm7(utf8, tables, options)) {
            const auto needs = airtime_of(m->parts, m->units, tables, options.reference_bits);
            if (!best || needs < least)
                best = {*m, tables}, least = needs;
        }
    if (best)
        return *best;
    const auto m = count(utf8, coding::ucs2, limits_of(coding::ucs2, {}, options.reference_bits),
                         [](char32_t c) -> std::size_t { return c < 0x10000 ? 1 : 2; });
    return {m.value_or(measure{.code = coding::ucs2, .parts = 0, .units = 0}), {}};
}

unsigned units_of(std::string_view utf8, const counted& as) {
    unsigned units = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = read_char(utf8, at);
        units += as.sum.code == coding::ucs2 ? (c.code < 0x10000 ? 1U : 2U)
                                             : static_cast<unsigned>(septets_of(c.code, as.tables));
        at += std::max(c.octets, 1U);
    }
    return units;
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

} // namespace

measure measure_text(std::string_view utf8, const split_options& options) {
    if (options.carrier_adds.empty())
        return count_all(utf8, options).sum;
    auto all = count_all(std::string(options.carrier_adds).append(utf8), options);
    if (all.sum.parts > 0)
        all.sum.units -= units_of(options.carrier_adds, all);
    return all.sum;
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
