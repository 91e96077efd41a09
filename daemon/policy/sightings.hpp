// When something was seen, and how often since: sixteen octets for each time, in a table at most three
// quarters full. What is too old to matter goes when the table grows.
#pragma once

#include "model/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace posthorn::policy {

class sightings {
public:
    // Keys are not 0. Times count by seconds.
    void add(std::uint64_t key, instant at, instant forget_before);
    // One that was added so; nothing when there is none.
    void remove(std::uint64_t key, instant at);
    void remove(std::uint64_t key); // all of it

    unsigned count(std::uint64_t key, instant since) const;
    std::optional<instant> last(std::uint64_t key) const;

    std::size_t octets() const { return slots_.size() * sizeof(slot); }

private:
    struct slot {
        std::uint64_t key = 0; // 0: free
        std::uint32_t at = 0;  // seconds; 0: removed
    };

    template <class Visit>
    void each_of(std::uint64_t key, Visit visit) const;
    void put(slot s);
    void make_room(instant forget_before);

    std::vector<slot> slots_; // a power of two of them
    std::size_t used_ = 0;    // not free
};

} // namespace posthorn::policy
