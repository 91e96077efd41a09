// Whose messages a commit brought to a month, in 12 octets each: what finds a number while the
// month is still written, where an index would cost a page for each message.
//
//   short_hash of the recipient (4 octets) | id of the message (8), both little endian
#pragma once

#include "model/id.hpp"
#include "store/text_hash.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

namespace posthorn::store {

static_assert(std::endian::native == std::endian::little);

// Of a number or a key. Different ones may have the same: look at the row.
inline std::int32_t short_hash(std::string_view text) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(text_hash(text)));
}

inline constexpr std::size_t copied_number_size = sizeof(std::int32_t) + sizeof(posthorn::id);

class copied_numbers {
public:
    explicit copied_numbers(std::size_t at_most = 0) {
        packed_.reserve(at_most * copied_number_size);
    }
    void add(std::string_view recipient, posthorn::id message) {
        const auto hash = short_hash(recipient);
        char one[copied_number_size];
        std::memcpy(one, &hash, sizeof hash);
        std::memcpy(one + sizeof hash, &message, sizeof message);
        packed_.append(one, sizeof one);
        first_ = std::min(first_, message);
        last_ = std::max(last_, message);
    }
    bool empty() const { return packed_.empty(); }
    posthorn::id first() const { return first_; }
    posthorn::id last() const { return last_; }
    std::string_view packed() const { return packed_; }

private:
    std::string packed_;
    posthorn::id first_ = std::numeric_limits<posthorn::id>::max(), last_ = 0;
};

// Tells `found` of each: hash and message.
template <class Found>
void each_copied(std::string_view packed, const Found& found) {
    constexpr auto size = copied_number_size;
    for (std::size_t at = 0; at + size <= packed.size(); at += size) {
        std::int32_t of = 0;
        std::memcpy(&of, packed.data() + at, sizeof of);
        posthorn::id message = 0;
        std::memcpy(&message, packed.data() + at + sizeof of, sizeof message);
        found(of, message);
    }
}

} // namespace posthorn::store
