// What a carrier's code means, for those who do not know SMPP:
//
//     ESME_RTHROTTLED (0x58)   we are too fast for this contract: we slow down and try again
//     UNDELIV err:005          it could not be delivered; err:005 is a number of the carrier's own
#pragma once

#include <string>
#include <string_view>

namespace posthorn::smpp {

// Of a status in any of its spellings, or of a receipt's words; empty: nothing is known of it.
std::string plain_words(std::string_view code);

} // namespace posthorn::smpp
