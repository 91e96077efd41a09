// Reading and writing the primitive types of SMPP: big endian integers, C-octet strings, octets.
// For the codec's own files.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::smpp {

constexpr std::uint8_t octet_at(std::string_view s, std::size_t at) noexcept {
    return static_cast<std::uint8_t>(s[at]);
}
constexpr std::uint16_t u16_at(std::string_view s, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(octet_at(s, at) << 8 | octet_at(s, at + 1));
}
constexpr std::uint32_t u32_at(std::string_view s, std::size_t at) noexcept {
    return static_cast<std::uint32_t>(u16_at(s, at)) << 16 | u16_at(s, at + 2);
}

/// Of user data that begins with a header: the whole header, as far as it is there.
constexpr std::size_t udh_size(std::string_view octets) noexcept {
    return octets.empty() ? 0 : std::min(octets.size(), octet_at(octets, 0) + std::size_t{1});
}

inline void append_u8(std::string& out, std::uint8_t value) {
    out.push_back(static_cast<char>(value));
}
inline void append_u16(std::string& out, std::uint16_t value) {
    const char octets[] = {static_cast<char>(value >> 8), static_cast<char>(value)};
    out.append(octets, sizeof octets);
}
inline void append_u32(std::string& out, std::uint32_t value) {
    const char octets[] = {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
                           static_cast<char>(value >> 8), static_cast<char>(value)};
    out.append(octets, sizeof octets);
}
inline void append_cstring(std::string& out, std::string_view text) {
    out.append(text);
    out.push_back('\0');
}

/// A cursor that never reads past the end: after the first miss ok() is false and all is empty.
class octet_reader {
public:
    explicit octet_reader(std::string_view octets) noexcept : rest_(octets) {}

    bool ok() const noexcept { return ok_; }
    std::string_view rest() const noexcept { return rest_; }

    std::uint8_t u8() noexcept {
        const auto taken = octets(1);
        return taken.empty() ? std::uint8_t{0} : octet_at(taken, 0);
    }
    std::uint32_t u32() noexcept {
        const auto taken = octets(4);
        return taken.empty() ? 0 : u32_at(taken, 0);
    }
    std::string_view octets(std::size_t count) noexcept {
        if (count > rest_.size())
            return fail();
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    /// Up to and without the NUL. Longer than the specification allows is accepted up to a cap.
    std::string_view cstring() noexcept {
        constexpr std::size_t cap = 1024;
        const auto end = rest_.substr(0, cap).find('\0');
        if (end == std::string_view::npos)
            return fail();
        const auto taken = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return taken;
    }

private:
    std::string_view fail() noexcept {
        ok_ = false;
        rest_ = {};
        return {};
    }

    std::string_view rest_;
    bool ok_ = true;
};

} // namespace posthorn::smpp
