// Consent: what a number or an address may be opted out of, and by which way a word about it came.
#pragma once

#include "model/words.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace posthorn {

// Stored by number.
enum class consent_way : std::uint8_t { text, agent, import, carrier, email };

inline constexpr std::array<std::string_view, 5> consent_way_names{"text", "agent", "import",
                                                                   "carrier", "email"};

constexpr std::string_view name_of(consent_way v) {
    return consent_way_names[static_cast<std::size_t>(v)];
}

// What stands for a number or an address where there is room for 50 bits: of a number its digits, of an
// address a hash above them, so that one of a hundred million addresses would be taken for another one if a
// million of them were out. 0: it is neither, and out of nothing.
std::uint64_t consent_key(std::string_view recipient);

// Some of the categories; stored as its bits.
struct category_set {
    std::uint8_t bits = 0;

    static constexpr category_set of(category c) {
        return {static_cast<std::uint8_t>(1U << static_cast<unsigned>(c))};
    }
    constexpr bool has(category c) const { return (bits & of(c).bits) != 0; }
    constexpr bool empty() const { return bits == 0; }
    constexpr category_set with(category_set more) const {
        return {static_cast<std::uint8_t>(bits | more.bits)};
    }
    constexpr category_set without(category_set those) const {
        return {static_cast<std::uint8_t>(bits & ~those.bits)};
    }
    bool operator==(const category_set&) const = default;
};

// Statutory notices must be told, and what staff gets is their work: neither asks for consent.
inline constexpr category_set asks_consent = category_set::of(category::service)
                                                 .with(category_set::of(category::billing))
                                                 .with(category_set::of(category::marketing))
                                                 .with(category_set::of(category::survey));

// How a whole of them is called where one category may stand: in the ledger, in words and by people.
inline constexpr std::string_view all_categories = "all";

// What a word about one category changes, or about all; nothing where no consent is asked.
constexpr category_set categories_of(std::optional<category> which) {
    if (which && !asks_consent.has(*which))
        return {};
    return which ? category_set::of(*which) : asks_consent;
}
// What a number is out of after such a word: the one rule of the ledger, of memory and of answers.
constexpr category_set out_of_after(category_set before, bool out, std::optional<category> which) {
    return out ? before.with(categories_of(which)) : before.without(categories_of(which));
}
constexpr std::string_view category_or_all(std::optional<category> which) {
    return which ? name_of(*which) : all_categories;
}

} // namespace posthorn
