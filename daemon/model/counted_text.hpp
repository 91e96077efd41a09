// A text that counts: another one like it, or one more to its number, may be kept back for it.
#pragma once

#include "model/time.hpp"
#include "model/words.hpp"

#include <cstdint>

namespace posthorn {

struct counted_text {
    std::uint64_t number = 0; // digits of the recipient
    category what = category::marketing;
    std::uint64_t text = 0; // a hash of it; 0: any like it may be sent again
    instant at{};           // of its first intent

    bool operator==(const counted_text&) const = default;
};

} // namespace posthorn
