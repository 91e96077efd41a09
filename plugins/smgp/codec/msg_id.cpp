#include "smgp/codec/msg_id.hpp"

namespace posthorn::smgp {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

int value_of_digit(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    const auto small = static_cast<char>(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

} // namespace

std::string hex_of(std::string_view octets) {
    std::string out;
    out.reserve(2 * octets.size());
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        out.push_back(hex_digits[octet >> 4]);
        out.push_back(hex_digits[octet & 15]);
    }
    return out;
}

std::optional<msg_id> msg_id_of(std::string_view hex) noexcept {
    if (hex.size() != 2 * msg_id_size)
        return std::nullopt;
    msg_id out{};
    for (std::size_t i = 0; i < msg_id_size; ++i) {
        const auto high = value_of_digit(hex[2 * i]), low = value_of_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        out[i] = static_cast<char>(high << 4 | low);
    }
    return out;
}

} // namespace posthorn::smgp
