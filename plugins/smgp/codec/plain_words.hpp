// What the codes of a gateway's answers and reports mean, for a person who does not know SMGP.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::smgp {

/// Of "46 SrcTermID error" or "UNDELIV err:005"; empty for what speaks for itself, or is not of SMGP.
std::string plain_words(std::string_view code);

} // namespace posthorn::smgp
