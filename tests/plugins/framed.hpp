// Whether a packet can begin like that, for those who cut a stream by the protocol's shape.
#pragma once

#include "sdk/link/framer.hpp"
#include "sdk/octets.hpp"

#include <string>
#include <string_view>

namespace posthorn::framed {

inline bool can_begin(const sdk::framer::shape& packets, std::string_view octets) {
    sdk::framer stream(packets);
    stream.feed(octets);
    return stream.next(octets) != sdk::framer::broken;
}

inline bool can_begin(const sdk::framer::shape& packets, std::uint32_t length) {
    std::string octets;
    sdk::octet_writer(octets).number(length);
    return can_begin(packets, octets);
}

} // namespace posthorn::framed
