// A hash of a number, a key or a name, as it is kept in files: it stays what it is.
#pragma once

#include <cstdint>
#include <string_view>

namespace posthorn::store {

// FNV-1a, whose high bits are weak for short texts, folded into the low ones.
inline std::uint64_t text_hash(std::string_view text) {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (const char c : text)
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return h ^ (h >> 32);
}

} // namespace posthorn::store
