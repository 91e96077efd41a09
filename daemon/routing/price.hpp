// What a part costs: millionths of a currency unit, since carriers charge fractions of a cent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::routing {

using millionths = std::int64_t;

// "0.045", "1", ".5": at most six decimals, below a million. Nothing for others.
std::optional<millionths> price_from(std::string_view written);

// "0.045"; at least two decimals.
std::string shown(millionths price);

} // namespace posthorn::routing
