// SUBMITs whose answer never came. A REPORT that names one is as good as the answer: the carrier has
// taken it. They outlive their link, and the newest ones are kept.
#pragma once

#include "sgip/codec/sequence.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

namespace posthorn::sgip {

class doubtful {
public:
    static constexpr std::size_t most = 10'000; // the host remembers no more either

    void add(const sequence& s, std::uint64_t handle) {
        if (!handles_.emplace(s, handle).second)
            return;
        oldest_first_.push_back(s);
        if (oldest_first_.size() <= most)
            return;
        handles_.erase(oldest_first_.front());
        oldest_first_.pop_front();
    }
    // Its handle, once.
    std::optional<std::uint64_t> take(const sequence& s) {
        const auto found = handles_.extract(s);
        return found ? std::optional(found.mapped()) : std::nullopt;
    }

private:
    std::unordered_map<sequence, std::uint64_t, sequence_hash> handles_;
    std::deque<sequence> oldest_first_; // those taken too
};

} // namespace posthorn::sgip
