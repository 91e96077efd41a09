// A hash of a number, a key or a name, as it is kept in files: it stays what it is.
#pragma once

#include "model/fnv1a.hpp"

#include <cstdint>
#include <string_view>

namespace posthorn::store {

// FNV-1a, whose high bits are weak for short texts, folded into the low ones.
inline std::uint64_t text_hash(std::string_view text) {
    const auto h = fnv1a(text);
    return h ^ (h >> 32);
}

} // namespace posthorn::store
