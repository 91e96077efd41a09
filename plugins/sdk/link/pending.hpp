// The units of one link that have no answer yet, at most `capacity` of them: found by sequence
// number, and kept in the order of their deadlines, which is that of sending.
//
//     buckets_: open addressing by sequence ──► slots_: fixed pool, linked oldest to newest
//
// Nothing is allocated after construction.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

namespace posthorn::sdk {

// By which an answer finds its request: 32 bits; in SGIP 64 more before them.
struct sequence_number {
    std::uint64_t before = 0;
    std::uint32_t number = 0;

    constexpr sequence_number(std::uint32_t n = 0, std::uint64_t b = 0) : before(b), number(n) {}
    constexpr bool operator==(const sequence_number&) const = default;
    constexpr std::strong_ordering operator<=>(const sequence_number&) const = default;
};

class pending_table {
public:
    using time = std::chrono::steady_clock::time_point;

    struct entry {
        sequence_number sequence;
        std::uint64_t handle = 0;
        std::uint64_t begin = 0; // where its octets begin in what the link has written
        time deadline{};
        std::uint64_t note = 0; // the protocol's own, of the unit
        std::uint16_t reference = 0;
        std::uint16_t attempt = 1;
    };

    explicit pending_table(unsigned capacity);

    bool full() const { return free_ == none; }
    bool empty() const { return oldest_ == none; }
    unsigned size() const { return size_; }
    unsigned room() const { return static_cast<unsigned>(slots_.size()) - size_; }

    // Not when full; the sequence must not be in the table, the deadline not before the newest.
    void insert(const entry& e);
    bool contains(sequence_number sequence) const { return find(sequence).has_value(); }
    // Takes the entry out.
    std::optional<entry> take(sequence_number sequence);
    // The one with the earliest deadline; not when empty.
    const entry& oldest() const { return slots_[oldest_].what; }
    entry take_oldest();

private:
    static constexpr std::uint32_t none = UINT32_MAX;
    struct slot {
        entry what;
        std::uint32_t older = none, newer = none; // in the free list: newer only
    };

    std::optional<std::size_t> find(sequence_number sequence) const; // its bucket
    void empty_bucket(std::size_t bucket);

    std::vector<slot> slots_;
    std::vector<std::uint32_t> buckets_; // indices into slots_; a power of two, at most half full
    std::size_t mask_;
    std::uint32_t free_ = none, oldest_ = none, newest_ = none;
    unsigned size_ = 0;
};

} // namespace posthorn::sdk
