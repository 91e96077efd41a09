#include "model/consent.hpp"

#include "model/address.hpp"
#include "model/fnv1a.hpp"
#include "model/number.hpp"

namespace posthorn {

std::uint64_t consent_key(std::string_view recipient) {
    constexpr std::uint64_t first = 1'000'000'000'000'000; // no number has 16 digits
    constexpr std::uint64_t end = std::uint64_t{1} << 50;
    if (!is_address(recipient))
        return digits_of(recipient);
    return first + fnv1a(in_small_letters(recipient)) % (end - first); // however it is spelt
}

} // namespace posthorn
