// From a text to the parts that go on the air. One part holds 140 octets of user data
// (3GPP TS 23.040 9.2.3.24); a text that does not fit is cut and each part says where it belongs:
//
//   05 00 03 rr tt nn      reference (8 bits), total, number    153 septets or 67 UTF-16 units left
//   06 08 04 RR RR tt nn   the same with 16 bits                152 septets or 66 units left
//
// The alphabet is chosen for the whole text. An escape pair and a surrogate pair are never cut.
// Everything here counts the same way: preview, pacing, cost and sending cannot differ.
#pragma once

#include "encoding/gsm7.hpp"
#include "encoding/udh.hpp"
#include "model/message.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::encoding {

struct split_options {
    int reference_bits = 8;   ///< 8 or 16
    unsigned reference = 0;   ///< only its low `reference_bits` are used
    unsigned max_parts = 255; ///< 1 to 255
    /// The cheapest of these is used, and announced, where the default tables do not suffice.
    std::span<const alphabet> national{};
    /// A text with a character above it is UCS-2: 0x7F where septets will be made ASCII.
    char32_t gsm7_up_to = 0x10FFFF;
    /// What the carrier puts before the text itself: counted with the first part, and not sent.
    std::string_view carrier_adds{};
};

struct split_text {
    posthorn::coding code = coding::gsm7;
    std::vector<std::string> parts; ///< as in SMPP short_message, UDH included; never empty
    std::vector<unsigned> units;    ///< per part: septets or UTF-16 units, without the UDH
    bool udh = false;               ///< every part begins with a UDH (esm_class 0x40)
};

/// The parts of a text, or a sentence saying why there are none: not UTF-8, more than max_parts.
/// An empty text is one empty part.
boost::system::result<split_text, std::string> split(std::string_view utf8,
                                                     const split_options& options = {});

struct measure {
    posthorn::coding code = coding::gsm7;
    unsigned parts = 0; ///< may exceed 255; 0 says the text is not UTF-8
    unsigned units = 0; ///< of all parts together
};

/// What `split` would make, without making it; reference and max_parts do not count.
measure measure_text(std::string_view utf8, const split_options& options = {});

/// The octets of a text as one part without UDH, of any length (for message_payload too), in the
/// default tables: what split makes of a text that fits one part, but for national tables.
/// Throws std::invalid_argument when `code` cannot carry the text: ask measure_text first.
std::string encode_single(coding code, std::string_view utf8);

/// A character for which a text must go as UCS-2.
struct culprit {
    char32_t code = 0;
    std::string shown;        ///< "U+2019 ’"; only the number when there is nothing to see
    std::size_t position = 0; ///< of its first occurrence, in characters, counted from 1
};

/// "U+2019 ’", or only the number.
std::string shown(char32_t code);

/// Each once, in the order of the text; empty when it is GSM 7-bit. Stops where it is not UTF-8.
std::vector<culprit> ucs2_culprits(std::string_view utf8);

} // namespace posthorn::encoding
