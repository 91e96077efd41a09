#include "smpp/simulator/message_ids.hpp"

#include <array>
#include <charconv>
#include <random>

namespace posthorn::smpp::simulator {

namespace {

// A bijection of 64 bits that leaves no pattern: different counts give different ids.
std::uint64_t scatter(std::uint64_t x) noexcept {
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93U;
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93U;
    return x ^ (x >> 32);
}

void append_hex(std::string& out, std::uint64_t number) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (int shift = 60; shift >= 0; shift -= 4)
        out.push_back(digits[(number >> shift) & 15]);
}

void append_dec(std::string& out, std::uint64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_uuid(std::string& out, std::uint64_t high, std::uint64_t low) {
    std::string hex;
    append_hex(hex, (high & ~0xF000U) | 0x4000U);
    append_hex(hex, (low >> 2) | 0x8000000000000000U);
    for (std::size_t i = 0; i < hex.size(); ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            out.push_back('-');
        out.push_back(hex[i]);
    }
}

} // namespace

message_ids::message_ids(id_style style) : style_(style) {
    std::random_device entropy;
    start_ = static_cast<std::uint64_t>(entropy()) << 32 | entropy();
}

void message_ids::next(std::string& in_response, std::string& in_receipt, bool other_base,
                       bool zeros) {
    const auto number = scatter(start_ + ++count_);
    in_response.clear();
    in_receipt.clear();
    if (style_ == id_style::uuid)
        append_uuid(in_response, number, scatter(number));
    else if (style_ == id_style::hex)
        append_hex(in_response, number);
    else
        append_dec(in_response, number);
    if (other_base && style_ == id_style::hex)
        append_dec(in_receipt, number);
    else if (other_base && style_ == id_style::dec)
        append_hex(in_receipt, number);
    else
        in_receipt = in_response;
    if (zeros && in_receipt.size() < 24)
        in_receipt.insert(0, 24 - in_receipt.size(), '0');
}

} // namespace posthorn::smpp::simulator
