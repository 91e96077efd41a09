// The ids a simulated carrier gives: random to look at, never twice in a run and hardly ever in
// two.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::smpp::simulator {

enum class id_style : std::uint8_t { hex, dec, uuid };

class message_ids {
public:
    explicit message_ids(id_style style);

    /// Sets `in_response` to a new id, and `in_receipt` to what the receipt shall call it:
    /// `other_base` turns hex to decimal or back, `zeros` pads it to 24 digits.
    void next(std::string& in_response, std::string& in_receipt, bool other_base, bool zeros);

private:
    id_style style_;
    std::uint64_t start_, count_ = 0;
};

} // namespace posthorn::smpp::simulator
