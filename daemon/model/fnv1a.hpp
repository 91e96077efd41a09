// The hash of a text where it is stored: it stays what it is.
#pragma once

#include <cstdint>
#include <string_view>

namespace posthorn {

// FNV-1a, 64 bits.
constexpr std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (const char c : text)
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return h;
}

// The same where 0 stands for none.
constexpr std::uint64_t fnv1a_not_0(std::string_view text) {
    const auto h = fnv1a(text);
    return h == 0 ? 1 : h;
}

} // namespace posthorn
