// What an event of a type carries: the declared fields of its `data` object.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::templates {

enum class kind : std::uint8_t {
    text,
    integer, // JSON integer
    decimal, // "123.45", exact, at most 18 digits
    money,   // "123.45" or minor units, see money_form; kept as minor units
    date,    // "2025-07-31"
    time,    // RFC 3339; without a zone it is in the type's zone
    boolean,
    choice, // one of a list of texts
    list,
    object,
    number // a phone number
};

inline constexpr std::array<std::string_view, 11> kind_names{"text", "integer", "decimal", "money",
                                                             "date", "time",    "boolean", "choice",
                                                             "list", "object",  "number"};

constexpr std::string_view name_of(kind k) { return kind_names[static_cast<std::size_t>(k)]; }

// How a source writes money: a decimal string in currency units, or an integer of minor units.
enum class money_form : std::uint8_t { decimal, minor };

inline constexpr std::array<std::string_view, 2> money_form_names{"decimal", "minor"};

struct field {
    std::string name;
    templates::kind kind = kind::text;
    bool required = true;
    std::string currency; // money: ISO 4217
    int minor_digits = 2; // money: 0..4
    money_form in = money_form::decimal;
    std::vector<std::string> choices; // choice
    std::vector<field> fields;        // object
    std::vector<field> of;            // list: the one description of its items
};

// a-z, 0-9 and _, not beginning with a digit, and no word of the language of texts.
bool is_field_name(std::string_view name);

} // namespace posthorn::templates
