#include "model/consent.hpp"

#include "model/address.hpp"
#include "model/number.hpp"

namespace posthorn {

std::uint64_t consent_key(std::string_view recipient) {
    constexpr std::uint64_t first = 1'000'000'000'000'000; // no number has 16 digits
    constexpr std::uint64_t end = std::uint64_t{1} << 50;
    if (!is_address(recipient))
        return digits_of(recipient);
    std::uint64_t hash = 14695981039346656037U; // FNV-1a
    for (const char c : recipient) {            // however it is spelt
        const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        hash = (hash ^ static_cast<unsigned char>(small)) * 1099511628211U;
    }
    return first + hash % (end - first);
}

} // namespace posthorn
