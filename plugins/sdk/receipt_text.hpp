// The text of a delivery receipt as SMPP's appendix B began it and others took it over:
//
//     id:0A141EFD sub:001 dlvrd:001 submit date:2611221015 done date:2611221016 stat:DELIVRD
//     err:000 text:Hello
//
// Spacing, order, case and which fields there are differ by vendor.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace posthorn::sdk {

/// The fields of a receipt text as they stand there. Absent ones are nothing, not "".
struct receipt_text {
    std::optional<std::string_view> id, sub, dlvrd, submit_date, done_date, stat, err, text;
};

namespace receipt_words {

// Some write `Submit_Date`.
constexpr char folded(char c) noexcept {
    if (c == '_')
        return ' ';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

inline bool starts_with(std::string_view text, std::string_view folded_word) noexcept {
    return text.size() >= folded_word.size() &&
           std::equal(folded_word.begin(), folded_word.end(), text.begin(),
                      [](char a, char b) { return a == folded(b); });
}

constexpr std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

struct keyword {
    std::string_view word;
    std::optional<std::string_view> receipt_text::*field;
};

inline constexpr std::array<keyword, 8> keywords = {{
    {"id:", &receipt_text::id},
    {"sub:", &receipt_text::sub},
    {"dlvrd:", &receipt_text::dlvrd},
    {"submit date:", &receipt_text::submit_date},
    {"done date:", &receipt_text::done_date},
    {"stat:", &receipt_text::stat},
    {"err:", &receipt_text::err},
    {"text:", &receipt_text::text},
}};

struct keyword_found {
    const keyword* key = nullptr; // null: none to the end
    std::size_t begin = 0;
};

// The next keyword that begins at `from` or behind a blank. Every one ends in a colon, so the
// colons are what is looked for.
inline keyword_found next_keyword(std::string_view text, std::size_t from) noexcept {
    for (auto colon = text.find(':', from); colon != std::string_view::npos;
         colon = text.find(':', colon + 1)) {
        for (const auto& candidate : keywords) {
            const auto size = candidate.word.size();
            if (colon + 1 < from + size || folded(text[colon - 1]) != candidate.word[size - 2])
                continue;
            const auto begin = colon + 1 - size;
            if ((begin == from || blank(text[begin - 1])) &&
                starts_with(text.substr(begin), candidate.word))
                return {&candidate, begin};
        }
    }
    return {nullptr, text.size()};
}

} // namespace receipt_words

inline bool begins_as_receipt(std::string_view text) noexcept {
    return std::any_of(
        receipt_words::keywords.begin(), receipt_words::keywords.end(),
        [&](const auto& candidate) { return receipt_words::starts_with(text, candidate.word); });
}

/// Reads keywords in any order and case; a value runs to the next keyword, `text:` to the end.
/// Nothing when it does not look like a receipt (no `stat:`, and it does not begin with a keyword).
inline std::optional<receipt_text> parse_receipt_text(std::string_view text) noexcept {
    using namespace receipt_words;
    text = trimmed(text);
    receipt_text fields;
    auto found = next_keyword(text, 0);
    const bool begins_with_keyword = found.key && found.begin == 0;
    while (found.key) {
        const auto* key = found.key;
        const auto begin = found.begin + key->word.size();
        const bool to_the_end = key->field == &receipt_text::text;
        found = to_the_end ? keyword_found{nullptr, text.size()} : next_keyword(text, begin);
        auto& field = fields.*(key->field);
        if (!field) // the first occurrence wins
            field = trimmed(text.substr(begin, found.begin - begin));
    }
    if (!fields.stat && !begins_with_keyword)
        return std::nullopt;
    return fields;
}

} // namespace posthorn::sdk
