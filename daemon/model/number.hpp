// Phone numbers: what a source writes becomes E.164 digits without '+', or a reason why not.
#pragma once

#include "model/refusal.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn {

// The numbering plan of a country whose national numbers sources may write.
struct country {
    std::string name;         // for messages: "CN"
    std::string calling_code; // "86"
    std::string trunk_prefix; // "0", "" when there is none
    std::string
        mobile; // pattern of national numbers: digits, 'x' any digit, [3-9]; "1[3-9]xxxxxxxxx"
};

// Accepts +86 138..., 0086138..., 86138... (when the rest fits the country), national 138...,
// full-width digits, spaces, dots, dashes and parentheses. A number with '+' or '00' of another
// country is taken as it is when it has 7 to 15 digits. The error says what is wrong, with the
// number masked.
result<std::string> to_e164(std::string_view written, const std::vector<country>& countries);

// The digits of a number in E.164 as an integer, at most 15 of them; 0 when it is none (no digit, one
// too many, or a leading 0).
std::uint64_t digits_of(std::string_view number);

// 861380****678: what logs and people without need see. Keeps the last three digits; of an address,
// z*******@example.com, the first letter and the domain.
std::string masked(std::string_view recipient);

} // namespace posthorn
