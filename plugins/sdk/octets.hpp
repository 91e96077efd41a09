// Reading and writing the primitive types of the protocols whose fields have fixed widths (CMPP, SGIP,
// SMGP) by the same calls, so that the order of a body's fields stands once: big endian integers, and
// texts of fixed width, filled up with NULs. For the files of a codec.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace posthorn::sdk {

/// Never reads past the end: after the first miss ok() is false and all that follows is empty.
class octet_reader {
public:
    explicit octet_reader(std::string_view octets) noexcept : rest_(octets) {}

    bool ok() const noexcept { return ok_; }
    std::size_t left() const noexcept { return rest_.size(); }

    template <class Number>
    void number(Number& value, std::size_t width = sizeof(Number)) noexcept {
        value = 0;
        for (const char c : take(width))
            value = static_cast<Number>(value << 8 | static_cast<std::uint8_t>(c));
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

/// What does not fit its width is cut: whoever sends looks first (oversized_field).
class octet_writer {
public:
    explicit octet_writer(std::string& out) noexcept : out_(out) {}

    template <class Number>
    void number(Number value, std::size_t width = sizeof(Number)) {
        for (auto shift = width * 8; shift > 0; shift -= 8)
            out_.push_back(static_cast<char>(value >> (shift - 8)));
    }
    void text(std::string_view value, std::size_t width) {
        out_.append(value.substr(0, width));
        out_.append(width - std::min(width, value.size()), '\0');
    }
    void octets(std::string_view value, std::size_t width) { text(value, width); }
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
    ~measured_packet() {
        const auto length = out_.size() - begin_;
        for (std::size_t i = 0; i < 4; ++i)
            out_[begin_ + i] = static_cast<char>(length >> (24 - 8 * i));
    }
    measured_packet(const measured_packet&) = delete;
    measured_packet& operator=(const measured_packet&) = delete;

private:
    std::string& out_;
    std::size_t begin_;
};

} // namespace posthorn::sdk
