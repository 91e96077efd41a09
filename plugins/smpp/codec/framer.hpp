// Cuts a TCP stream into PDUs.
#pragma once

#include "sdk/link/framer.hpp"

namespace posthorn::smpp {

class framer : public sdk::framer {
public:
    static constexpr std::size_t default_limit = 68 * 1024;

    static constexpr shape shape_of(std::size_t limit) {
        return {.protocol = "SMPP",
                .length_field = "command_length",
                .least = 16,
                .most = limit,
                .may_encrypt = true};
    }

    /// `limit`: the longest PDU accepted, in octets.
    explicit framer(std::size_t limit = default_limit, std::size_t read_size = default_read_size)
        : sdk::framer(shape_of(limit), read_size) {}
};

} // namespace posthorn::smpp
