#include "sdk/simulator/seen.hpp"

#include <cstring>
#include <utility>

namespace posthorn::simulator {

namespace {

std::uint64_t stir(std::uint64_t x) noexcept {
    x *= 0x9e3779b97f4a7c15U;
    return x ^ (x >> 29);
}

} // namespace

bool seen::repeat(std::uint64_t hash) {
    if (hash == 0)
        hash = 1;
    if ((count_ + 1) * 10 > slots_.size() * 7)
        grow();
    const auto mask = slots_.size() - 1;
    for (auto at = hash & mask;; at = (at + 1) & mask) {
        if (slots_[at] == hash)
            return true;
        if (slots_[at] == 0) {
            slots_[at] = hash;
            ++count_;
            return false;
        }
    }
}

void seen::grow() {
    const auto old = std::exchange(slots_, {});
    slots_.resize(old.empty() ? 1024 : old.size() * 2);
    const auto mask = slots_.size() - 1;
    for (const auto hash : old) {
        if (hash == 0)
            continue;
        auto at = hash & mask;
        while (slots_[at] != 0)
            at = (at + 1) & mask;
        slots_[at] = hash;
    }
}

std::uint64_t hash_octets(std::string_view octets, std::uint64_t before) noexcept {
    auto hash = stir(before ^ octets.size());
    while (octets.size() >= 8) {
        std::uint64_t word;
        std::memcpy(&word, octets.data(), 8);
        hash = stir(hash ^ word);
        octets.remove_prefix(8);
    }
    std::uint64_t word = 0;
    if (!octets.empty())
        std::memcpy(&word, octets.data(), octets.size());
    return stir(stir(hash ^ word));
}

} // namespace posthorn::simulator
