// Phone numbers of China as its carriers write them. The daemon has them in E.164 digits without '+'.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace posthorn::sdk {

/// `13300000000` for 8613300000000; others as they are.
constexpr std::string_view national_number(std::string_view e164) noexcept {
    return e164.size() == 13 && e164.starts_with("861") ? e164.substr(2) : e164;
}

/// Of a mobile number in any of the ways carriers write one (13300000000, 8613300000000,
/// +8613300000000, 008613300000000): E.164 digits. Others as they are.
inline std::string e164_number(std::string_view written) {
    auto digits = written;
    for (const std::string_view prefix : {"+", "0086", "86"})
        if (digits.starts_with(prefix))
            digits.remove_prefix(prefix.size());
    const bool mobile =
        digits.size() == 11 && digits.front() == '1' &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    return mobile ? "86" + std::string(digits) : std::string(written);
}

/// E.164 digits with '+' before them where they are surely a mobile number of China.
inline std::string with_plus(std::string e164) {
    if (national_number(e164).size() < e164.size())
        e164.insert(0, "+");
    return e164;
}

} // namespace posthorn::sdk
