// What fits into one part beside its header; the one place that parts.cpp and measure.cpp count by.
// For this room only.
#pragma once

#include "encoding/parts.hpp"

#include <compare>
#include <cstddef>

namespace posthorn::encoding {

constexpr std::size_t air_octets = 140;

/// Octets of the UDH with UDHL; concat_bits 0 for a text in one part.
constexpr std::size_t header_octets(alphabet tables, int concat_bits) {
    std::size_t elements = concat_bits == 16 ? 6 : concat_bits == 8 ? 5 : 0;
    elements += tables.single != single_shift::none ? 3 : 0;
    elements += tables.locking != locking_shift::none ? 3 : 0;
    return elements == 0 ? 0 : elements + 1;
}

/// In septets or UTF-16 units.
struct part_limits {
    std::size_t alone;  ///< of a text in one part
    std::size_t joined; ///< of each of several parts
};

constexpr part_limits limits_of(coding code, alphabet tables, int concat_bits) {
    const auto units = [code](std::size_t header) {
        return code == coding::gsm7 ? (air_octets - header) * 8 / 7 : (air_octets - header) / 2;
    };
    return {units(header_octets(tables, 0)), units(header_octets(tables, concat_bits))};
}

/// All octets that go on the air, by which ways to code a text are compared: fewer parts first.
struct airtime {
    std::size_t parts = 0, units = 0;

    auto operator<=>(const airtime&) const = default;
};

constexpr airtime airtime_of(std::size_t parts, std::size_t units, alphabet tables,
                             int concat_bits) {
    return {parts, units + parts * header_octets(tables, parts > 1 ? concat_bits : 0)};
}

} // namespace posthorn::encoding
