// What a part costs, and what may be spent: millionths of a currency unit, since carriers charge
// fractions of a cent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn {

using millionths = std::int64_t;

// "0.045", "1", ".5": at most six decimals, below a million. Nothing for others.
std::optional<millionths> price_from(std::string_view written);
// The same of many parts together, below a billion.
std::optional<millionths> amount_from(std::string_view written);

// "0.045"; at least two decimals.
std::string shown_price(millionths price);

} // namespace posthorn
