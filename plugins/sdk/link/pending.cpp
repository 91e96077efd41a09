#include "sdk/link/pending.hpp"

#include <bit>
#include <cassert>

namespace posthorn::sdk {

// The numbers are consecutive, so the plain number is a perfect hash until a straggler stays.
pending_table::pending_table(unsigned capacity)
    : slots_(capacity), buckets_(std::bit_ceil(std::size_t{capacity} * 2), none),
      mask_(buckets_.size() - 1), free_(0) {
    for (std::uint32_t i = 0; i + 1 < capacity; ++i)
        slots_[i].newer = i + 1;
}

void pending_table::insert(const entry& e) {
    assert(!full() && !contains(e.sequence));
    const auto index = free_;
    auto& s = slots_[index];
    free_ = s.newer;
    s = {e, newest_, none};
    (newest_ == none ? oldest_ : slots_[newest_].newer) = index;
    newest_ = index;
    ++size_;
    auto bucket = e.sequence.number & mask_;
    while (buckets_[bucket] != none)
        bucket = (bucket + 1) & mask_;
    buckets_[bucket] = index;
}

std::optional<pending_table::entry> pending_table::take(sequence_number sequence) {
    const auto bucket = find(sequence);
    if (!bucket)
        return std::nullopt;
    const auto index = buckets_[*bucket];
    empty_bucket(*bucket);
    auto& s = slots_[index];
    (s.older == none ? oldest_ : slots_[s.older].newer) = s.newer;
    (s.newer == none ? newest_ : slots_[s.newer].older) = s.older;
    s.newer = free_;
    free_ = index;
    --size_;
    return s.what;
}

pending_table::entry pending_table::take_oldest() { return *take(oldest().sequence); }

std::optional<std::size_t> pending_table::find(sequence_number sequence) const {
    for (auto bucket = sequence.number & mask_; buckets_[bucket] != none;
         bucket = (bucket + 1) & mask_)
        if (slots_[buckets_[bucket]].what.sequence == sequence)
            return bucket;
    return std::nullopt;
}

// Moves later entries of the run back over the hole, so that find() may stop at an empty bucket.
void pending_table::empty_bucket(std::size_t hole) {
    for (auto next = (hole + 1) & mask_; buckets_[next] != none; next = (next + 1) & mask_) {
        const auto home = slots_[buckets_[next]].what.sequence.number & mask_;
        if (((next - home) & mask_) >= ((next - hole) & mask_)) {
            buckets_[hole] = buckets_[next];
            hole = next;
        }
    }
    buckets_[hole] = none;
}

} // namespace posthorn::sdk
