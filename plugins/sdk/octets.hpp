// Reading and writing the primitive types of the protocols whose fields have fixed widths (CMPP, SGIP,
// SMGP) by the same calls, so that the order of a body's fields stands once: big endian integers, and
// texts of fixed width, filled up with NULs. For the files of a codec.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace posthorn::sdk {

/// B is Body, or const Body where it is written: for functions that name its fields for both ways.
template <class B, class Body>
concept of = std::is_same_v<std::remove_const_t<B>, Body>;

inline void put_u32(std::string& octets, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        octets[at + i] = static_cast<char>(value >> (24 - 8 * i));
}

/// Never reads past the end: after the first miss ok() is false and all that follows is empty.
class octet_reader {
public:
    explicit octet_reader(std::string_view octets) noexcept : rest_(octets) {}

    bool ok() const noexcept { return ok_; }
    std::size_t left() const noexcept { return rest_.size(); }

    /// An integer, or an enumeration.
    template <class Number>
    void number(Number& value, std::size_t width = sizeof(Number)) noexcept {
        std::uint64_t read = 0;
        for (const char c : take(width))
            read = read << 8 | static_cast<std::uint8_t>(c);
        value = static_cast<Number>(read);
    }
    /// Up to the first NUL, without spaces around it; it may fill its width.
    void text(std::string_view& value, std::size_t width) noexcept {
        value = take(width);
        value = value.substr(0, value.find('\0'));
        const auto first = std::min(value.find_first_not_of(' '), value.size());
        value.remove_prefix(first);
        value = value.substr(0, value.find_last_not_of(' ') + 1);
    }
    void octets(std::string_view& value, std::size_t width) noexcept { value = take(width); }
    /// How many there are stands before them, in one octet.
    void texts(std::vector<std::string_view>& values, std::size_t width) {
        std::uint8_t count = 0;
        number(count);
        values.clear();
        for (unsigned i = 0; i < count && ok_; ++i)
            text(values.emplace_back(), width);
    }
    /// Its length stands before it, in one octet or more.
    template <class Length = std::uint8_t>
    void counted(std::string_view& value) noexcept {
        Length size = 0;
        number(size);
        value = take(size);
    }
    /// Whatever is there still: senders disagree about how wide it is.
    void last_text(std::string_view& value, std::size_t /*width*/) noexcept {
        text(value, rest_.size());
    }

private:
    std::string_view take(std::size_t count) noexcept {
        if (count > rest_.size()) {
            ok_ = false;
            rest_ = {};
            return {};
        }
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    std::string_view rest_;
    bool ok_ = true;
};

/// What does not fit its width is cut: whoever sends looks first (first_oversized).
class octet_writer {
public:
    explicit octet_writer(std::string& out) noexcept : out_(out) {}

    template <class Number>
    void number(Number value, std::size_t width = sizeof(Number)) {
        const auto whole = static_cast<std::uint64_t>(value);
        for (auto shift = width * 8; shift > 0; shift -= 8)
            out_.push_back(static_cast<char>(whole >> (shift - 8)));
    }
    void text(std::string_view value, std::size_t width) {
        out_.append(value.substr(0, width));
        out_.append(width - std::min(width, value.size()), '\0');
    }
    void octets(std::string_view value, std::size_t width) { text(value, width); }
    void texts(const std::vector<std::string_view>& values, std::size_t width) {
        number(static_cast<std::uint8_t>(values.size()));
        for (const auto value : values)
            text(value, width);
    }
    template <class Length = std::uint8_t>
    void counted(std::string_view value) {
        value = value.substr(0, std::numeric_limits<Length>::max());
        number(static_cast<Length>(value.size()));
        out_.append(value);
    }
    void last_text(std::string_view value, std::size_t width) { text(value, width); }

private:
    std::string& out_;
};

/// A packet that begins with its own length, in four octets: they are set when this ends.
class measured_packet {
public:
    explicit measured_packet(std::string& out) : out_(out), begin_(out.size()) {
        out.append(4, '\0');
    }
    ~measured_packet() { put_u32(out_, begin_, static_cast<std::uint32_t>(out_.size() - begin_)); }
    measured_packet(const measured_packet&) = delete;
    measured_packet& operator=(const measured_packet&) = delete;

private:
    std::string& out_;
    std::size_t begin_;
};

/// Makes a packet's body, a std::variant, one of this kind. Kept when it is already, for the room its
/// list has.
template <class Body, class AnyBody>
void become(AnyBody& body) {
    if (!std::holds_alternative<Body>(body))
        body.template emplace<Body>();
}

/// A text that is about to be written, and how many octets its place has.
struct placed_text {
    std::string_view field, text;
    std::size_t width;
};

/// The first that is wider than its place; empty: none is.
inline std::string_view first_oversized(std::span<const placed_text> all) noexcept {
    for (const auto& one : all)
        if (one.text.size() > one.width)
            return one.field;
    return {};
}

/// Whether all of these have something in them, and room: numbers of recipients.
inline bool all_fit(std::span<const std::string_view> texts, std::size_t width) noexcept {
    return std::ranges::all_of(texts,
                               [&](std::string_view t) { return !t.empty() && t.size() <= width; });
}

} // namespace posthorn::sdk
