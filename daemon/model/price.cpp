#include "model/price.hpp"

#include "model/digits.hpp"

namespace posthorn {

namespace {

constexpr millionths unit = 1'000'000;
constexpr std::size_t decimals = 6;

millionths value_of(std::string_view digits) {
    millionths value = 0;
    for (const char c : digits)
        value = value * 10 + (c - '0');
    return value;
}

std::optional<millionths> read(std::string_view written, std::size_t longest) {
    const auto point = written.find('.');
    const auto whole = written.substr(0, point);
    const auto rest =
        point == std::string_view::npos ? std::string_view() : written.substr(point + 1);
    const bool some = !whole.empty() || !rest.empty();
    if (!some || whole.size() > longest || rest.size() > decimals || !all_digits(whole) ||
        !all_digits(rest) || (point != std::string_view::npos && rest.empty()))
        return std::nullopt;
    std::string padded(rest);
    padded.resize(decimals, '0');
    return value_of(whole) * unit + value_of(padded);
}

} // namespace

std::optional<millionths> price_from(std::string_view written) { return read(written, 6); }

std::optional<millionths> amount_from(std::string_view written) { return read(written, 9); }

std::string shown_price(millionths price) {
    auto rest = std::to_string(unit + price % unit).substr(1);
    while (rest.size() > 2 && rest.back() == '0')
        rest.pop_back();
    return std::to_string(price / unit) + "." + rest;
}

} // namespace posthorn
