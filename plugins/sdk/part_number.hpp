// Which part of a long text a unit is, by its header: for protocols that have fields for it.
#pragma once

#include "sdk/text.hpp"

#include <cstdint>

namespace posthorn::sdk {

struct part_number {
    std::uint8_t total = 1, number = 1;
};

/// 1 of 1 where the header, or the unit, says nothing of parts.
inline part_number part_number_of(const unit& u) {
    constexpr unsigned short_reference = 0x00, long_reference = 0x08;
    part_number out;
    text::each_element(u, [&](unsigned kind, std::string_view element) {
        const auto size = element.size();
        if ((kind == short_reference && size == 5) || (kind == long_reference && size == 6))
            out = {static_cast<std::uint8_t>(element[size - 2]),
                   static_cast<std::uint8_t>(element[size - 1])};
    });
    return out;
}

} // namespace posthorn::sdk
