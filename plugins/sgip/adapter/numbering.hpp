// The numbers of our packets, for all links of an account. Two of them are never the same: the count
// goes on for ever, from wherever chance put it, so that neither a restart within the second nor a
// clock that is set back makes one again. Nothing has to be remembered.
#pragma once

#include "sdk/china_time.hpp"
#include "sdk/link/pending.hpp"
#include "sgip/codec/sequence.hpp"

namespace posthorn::sgip {

class numbering {
public:
    numbering(std::uint32_t node, std::uint32_t random) : node_(node), count_(random) {}

    sequence next(sdk::instant now) {
        const auto second = sdk::china_clock(now);
        if (second != second_) {
            second_ = second;
            time_ = sdk::month_to_second(second);
        }
        return {node_, time_, count_++};
    }

private:
    std::uint32_t node_, time_ = 0, count_;
    std::chrono::sys_seconds second_{};
};

inline sdk::sequence_number key_of(const sequence& s) {
    return {s.count, std::uint64_t{s.node} << 32 | s.time};
}
inline sequence sequence_of(const sdk::sequence_number& key) {
    return {static_cast<std::uint32_t>(key.before >> 32), static_cast<std::uint32_t>(key.before),
            key.number};
}

} // namespace posthorn::sgip
