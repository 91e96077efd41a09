// The user data header in front of a text (3GPP TS 23.040 9.2.3.24), read from received octets:
//
//   UDHL | IEI length data … | IEI length data … | text
//
// Elements come in any order, unknown ones are skipped, of a repeated one the last counts.
#pragma once

#include "encoding/gsm7.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace posthorn::encoding {

/// This text is part `number` (1 to total) of `total`.
struct concat {
    unsigned reference = 0;
    unsigned total = 0;
    unsigned number = 0;
    int reference_bits = 8; ///< 8 and 16 bit references are different even when equal

    bool operator==(const concat&) const = default;
};

struct user_data_header {
    std::optional<concat> part;    ///< absent also when total or number make no sense
    alphabet tables{};             ///< national tables announced for this part
    bool unknown_language = false; ///< a national table we do not have: the text will be wrong
    bool broken = false;           ///< a length is wrong: not concatenated, keep the raw octets
    std::size_t text_at = 0;       ///< where text begins; 0 when UDHL reaches beyond the octets
};

/// Reads the header of octets whose UDH indicator is set.
user_data_header read_header(std::string_view octets);

} // namespace posthorn::encoding
