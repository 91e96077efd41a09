// A value on its way from an event's data into a text. No doubles: money is minor units, decimals
// are digits and a scale.
#pragma once

#include "templates/field.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace posthorn::templates {

struct scalar {
    templates::kind kind = kind::text;
    bool present = false;
    std::uint8_t scale = 0; // digits of `number` after the decimal point
    // integer, decimal, money: the digits; date: days since 1970; time: microseconds UTC since
    // 1970; boolean: 0 or 1; list: how many items.
    std::int64_t number = 0;
    std::string_view text; // text, choice, number; owned by the data or the program
};

struct value : scalar {
    std::vector<value> items; // of a list; of an object its fields in their declared order
};

} // namespace posthorn::templates
