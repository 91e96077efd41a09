// Where a key lies in a table of open addressing whose size is a power of two. Private to this room.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace posthorn::policy {

inline constexpr std::size_t smallest_table = 64;

inline std::size_t place_of(std::uint64_t key, std::size_t slots) {
    return (key * 0x9E3779B97F4A7C15ULL) >> (64 - std::countr_zero(slots));
}

} // namespace posthorn::policy
