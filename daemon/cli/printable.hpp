// Text from rows and settings on its way to a terminal, which would obey an ESC in a key.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::cli {

// Control characters as '?', octets that are no UTF-8 as U+FFFD; line ends and tabs stay.
std::string printable(std::string_view text);

} // namespace posthorn::cli
