// Test vectors as JSON and octets as hexadecimal digits.
#pragma once

#include "encoding/gsm7.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace posthorn::encoding::test {

inline boost::json::value read_vectors(const std::string& file) {
    const std::string path = std::string(TESTS_DIR) + "/encoding/vectors/" + file;
    std::ifstream in(path);
    if (!in)
        throw std::runtime_error("cannot read " + path);
    std::stringstream text;
    text << in.rdbuf();
    return boost::json::parse(text.str());
}

inline std::string text_at(const boost::json::object& row, std::string_view key) {
    const auto* value = row.if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

inline std::string hex_of(std::string_view octets) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : octets) {
        out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
        out.push_back(digits[static_cast<unsigned char>(c) & 15]);
    }
    return out;
}

inline std::string octets_of(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    return out;
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
