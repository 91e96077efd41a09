// Which texts have been taken before: a set of 64-bit hashes, 8 octets for each and some room.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace posthorn::simulator {

class seen {
public:
    /// True when the hash was there already.
    bool repeat(std::uint64_t hash);
    std::uint64_t size() const { return count_; }

private:
    void grow();

    std::vector<std::uint64_t> slots_; // open addressing; 0 is an empty slot
    std::uint64_t count_ = 0;
};

/// A fast hash of octets, chained through `before`.
std::uint64_t hash_octets(std::string_view octets, std::uint64_t before) noexcept;

} // namespace posthorn::simulator
