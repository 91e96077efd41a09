// Test vectors of texts.
#pragma once

#include "encoding/gsm7.hpp"
#include "recorded.hpp"

#include <string>
#include <string_view>

namespace posthorn::encoding::test {

using vectors::hex_of;
using vectors::octets_of;

inline boost::json::value read_vectors(const std::string& file) {
    return vectors::read("encoding/vectors/" + file);
}

inline std::string text_at(const boost::json::object& row, std::string_view key) {
    const auto* value = row.if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

inline alphabet alphabet_of(const boost::json::object& row) {
    alphabet out;
    const auto locking = text_at(row, "locking");
    const auto single = text_at(row, "single_shift");
    if (locking == "turkish")
        out.locking = locking_shift::turkish;
    if (locking == "portuguese")
        out.locking = locking_shift::portuguese;
    if (single == "turkish")
        out.single = single_shift::turkish;
    if (single == "spanish")
        out.single = single_shift::spanish;
    if (single == "portuguese")
        out.single = single_shift::portuguese;
    return out;
}

} // namespace posthorn::encoding::test
