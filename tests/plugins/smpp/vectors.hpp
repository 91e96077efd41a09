// The recorded PDUs and tables in vectors/, and octets as hexadecimal text.
#pragma once

#include <boost/json.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace smpp_test {

inline boost::json::object read_vectors(const std::string& file) {
    const auto path = std::string(TESTS_DIR) + "/plugins/smpp/vectors/" + file;
    std::ifstream in(path);
    if (!in)
        throw std::runtime_error("cannot open " + path);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return boost::json::parse(text).as_object();
}

inline boost::json::array read_list(const std::string& file, const char* key) {
    return read_vectors(file).at(key).as_array();
}

inline std::string string_of(const boost::json::value& v) { return std::string(v.as_string()); }

inline std::string to_hex(std::string_view octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const char c : octets) {
        hex.push_back(digits[static_cast<unsigned char>(c) >> 4]);
        hex.push_back(digits[static_cast<unsigned char>(c) & 15]);
    }
    return hex;
}

inline std::string from_hex(std::string_view hex) {
    std::string octets;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        octets.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    return octets;
}

} // namespace smpp_test
