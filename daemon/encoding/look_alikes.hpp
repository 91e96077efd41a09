// What GSM 7-bit has instead of characters that it lacks.
#pragma once

#include <optional>
#include <string_view>

namespace posthorn::encoding {

/// Where hardly anybody would see a difference: quotes, dashes, blanks, full-width signs. May be
/// empty: the character cannot be seen. Nothing where there is no such thing.
std::optional<std::string_view> look_alike(char32_t code);

/// The same, or where a reader understands it all the same: letters without their accents, Greek
/// capitals that look Latin, signs spelt out.
std::optional<std::string_view> near_alike(char32_t code);

} // namespace posthorn::encoding
