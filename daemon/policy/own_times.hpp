// Numbers with times of their own: a zone, hours in which they prefer to be told, or both. In memory, for
// policy asks for every message. Sixteen octets each, in a table at most three quarters full.
#pragma once

#include "model/subscription.hpp"
#include "templates/zone.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::policy {

class own_times {
public:
    struct entry {
        std::uint16_t zone = 0; // of zone_of(); 0: none is known
        day_hours hours;        // all day: any will do
        bool any() const { return zone != 0 || !hours.all_day(); }
    };

    // As people have them: an IANA name, and hours as shown(day_hours). Nothing leaves what is known as
    // it was; an empty text, and what cannot be read, takes it away.
    void put(std::string_view number, const std::optional<std::string>& zone,
             const std::optional<std::string>& hours);

    entry of(std::string_view number) const;
    const templates::zone& zone_of(std::uint16_t zone) const { return zones_[zone - 1U]; }
    std::size_t zones() const { return zones_.size(); }

    bool empty() const { return used_ == 0; }
    std::size_t octets() const { return slots_.size() * sizeof(slot); }

private:
    struct slot {
        std::uint64_t number : 50 = 0; // 0: free; at most 15 digits
        std::uint64_t zone : 14 = 0;
        day_hours hours;
    };

    std::size_t index_of(std::uint64_t number) const; // of its slot, else of the one free for it
    const slot* find(std::uint64_t number) const;
    slot& at(std::uint64_t number);
    void grow();
    std::uint16_t number_of_zone(const std::string& name);

    std::vector<slot> slots_; // a power of two of them
    std::size_t used_ = 0;    // not free
    std::vector<templates::zone> zones_;
};

} // namespace posthorn::policy
