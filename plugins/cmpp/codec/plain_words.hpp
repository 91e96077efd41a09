// What the codes of a gateway's answers and reports mean, for a person who does not know CMPP.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::cmpp {

/// Of "8 flow control" or "UNDELIV"; empty for what speaks for itself, or is not of CMPP.
std::string plain_words(std::string_view code);

} // namespace posthorn::cmpp
