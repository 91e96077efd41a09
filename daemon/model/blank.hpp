// Characters nobody sees: a text of nothing else is empty, whatever its octets.
#pragma once

#include <string_view>

namespace posthorn {

// White space and invisible characters alone, or nothing at all. The text is UTF-8.
bool is_blank(std::string_view text);

// Without such characters at both ends.
std::string_view trimmed(std::string_view text);

} // namespace posthorn
