// A text as a client gave it, as far as it does not matter in which protocol.
#pragma once

#include "sdk/simulator/mailbox.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::simulator {

/// Each protocol derives one that knows when a receipt is wanted, and writes it.
class submitted {
public:
    std::string_view source, destination;
    std::uint8_t esm_class = 0; // 0x40: a user data header comes first
    std::uint8_t data_coding = 0, registered = 0;
    std::string_view short_message, tlvs; // as they came, for the journal
    std::string_view text;                // wherever it stood

    virtual bool wants_receipt(outcome of) const = 0;
    /// It is a part of a long text, and not the last.
    virtual bool more_parts_follow() const = 0;
    /// `id`: what the receipt shall call the text; `done_us`: when it was decided.
    virtual delivery receipt(std::string_view id, const fate& to, std::int64_t done_us) const = 0;

protected:
    ~submitted() = default;
};

/// What a user data header (element 00 or 08, the first) says of that.
inline bool header_says_more(std::string_view octets) noexcept {
    if (octets.size() <= 6)
        return false;
    const bool wide = octets[1] == 0x08;
    const std::size_t at = wide ? 5 : 4;
    const auto octet = [octets](std::size_t i) { return static_cast<std::uint8_t>(octets[i]); };
    return (wide || octets[1] == 0x00) && octet(at + 1) < octet(at);
}

} // namespace posthorn::simulator
