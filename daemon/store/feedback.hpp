// What a commit changed, in the order of the commits: one entry per message or event, packed.
#pragma once

#include "model/id.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store {

struct change {
    enum class kind : std::uint8_t {
        message,       // it moved on and is not final
        message_final, // it became final, or was corrected
        event_parked,  // an event is parked (again, or no more)
        refused,       // a row in `refused`; id is its id
        late,          // a row in `late_receipt`; id is its id
        passed,        // a row in `passed`; id is its id
        published,     // an event that is for a topic: how its publication goes
        for_many,      // an event for many: how its expansion goes
    };
    posthorn::id id = 0;
    change::kind what = kind::message;
    bool operator==(const change&) const = default;
};

inline void pack(std::string& out, const change& c) {
    for (int shift = 0; shift < 64; shift += 8)
        out += static_cast<char>(static_cast<std::uint64_t>(c.id) >> shift);
    out += static_cast<char>(c.what);
}

inline std::vector<change> unpack_changes(std::string_view packed) {
    std::vector<change> out;
    out.reserve(packed.size() / 9);
    for (; packed.size() >= 9; packed.remove_prefix(9)) {
        std::uint64_t id = 0;
        for (std::size_t i = 0; i < 8; ++i)
            id |= std::uint64_t{static_cast<unsigned char>(packed[i])} << (8 * i);
        out.push_back({static_cast<posthorn::id>(id), static_cast<change::kind>(packed[8])});
    }
    return out;
}

} // namespace posthorn::store
