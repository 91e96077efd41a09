// The tables behind gsm7.hpp both ways, made at compile time from the sdk's data. For this room
// only.
#pragma once

#include "encoding/gsm7.hpp"

#include <array>
#include <cstdint>

namespace posthorn::encoding {

/// One pair of tables. 0 says absent; U+0000 is in no table.
struct gsm_table {
    sdk::gsm_codes shown;
    std::array<std::uint16_t, 0x400> codes{}; ///< by character: septets << 8 | code
    std::uint16_t euro = 0;
    std::uint16_t infinity = 0;

    /// septets << 8 | code, or 0.
    constexpr std::uint16_t find(char32_t c) const noexcept {
        if (c < codes.size())
            return codes[c];
        return c == 0x20AC ? euro : c == 0x221E ? infinity : std::uint16_t{0};
    }
};

const gsm_table& table_of(alphabet tables) noexcept;

} // namespace posthorn::encoding
