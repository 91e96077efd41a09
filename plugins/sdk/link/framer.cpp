#include "sdk/link/framer.hpp"

#include <algorithm>
#include <cstring>

namespace posthorn::sdk {

namespace {

struct stranger {
    std::string_view first; // octets of a foreign protocol where the length should be
    std::string_view what;
    std::string_view advice; // where the account could encrypt
};

constexpr stranger strangers[] = {
    {"\x16\x03", "the peer begins a TLS handshake: it expects TLS on this port", "; say tls: on"},
    {"\x15\x03", "the peer answers with a TLS alert: this is a TLS port", "; say tls: on"},
    {"HTTP", "an HTTP server answers here: this is another port, check host and port", ""},
    {"GET ", "an HTTP client speaks here: it has the wrong port", ""},
    {"POST", "an HTTP client speaks here: it has the wrong port", ""},
    {"SSH-", "an SSH server answers here: this is another port, check host and port", ""},
};

std::optional<std::size_t> first_four(std::string_view held) {
    if (held.size() < 4)
        return std::nullopt;
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < 4; ++i)
        length = length << 8 | static_cast<std::uint8_t>(held[i]);
    return length;
}

} // namespace

framer::framer(const shape& as, std::size_t read_size)
    : shape_(as), capacity_(as.most + read_size), buffer_(new char[capacity_]) {}

std::span<char> framer::prepare() {
    if (begin_ > 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    return {buffer_.get() + end_, capacity_ - end_};
}

void framer::commit(std::size_t octets) { end_ = std::min(end_ + octets, capacity_); }

std::size_t framer::feed(std::string_view octets) {
    const auto room = prepare();
    const auto taken = std::min(room.size(), octets.size());
    if (taken > 0)
        std::memcpy(room.data(), octets.data(), taken);
    commit(taken);
    return taken;
}

framer::outcome framer::next(std::string_view& octets) {
    if (!problem_.empty())
        return broken;
    const std::string_view held(buffer_.get() + begin_, end_ - begin_);
    const auto length = shape_.length_of ? shape_.length_of(held) : first_four(held);
    if (!length)
        return more;
    if (*length < shape_.least || *length > shape_.most)
        return refuse(*length);
    if (held.size() < *length)
        return more;
    octets = held.substr(0, *length);
    begin_ += *length;
    return pdu;
}

framer::outcome framer::refuse(std::size_t length) {
    const std::string_view held(buffer_.get() + begin_, end_ - begin_);
    for (const auto& known : strangers)
        if (held.starts_with(known.first)) {
            problem_ = known.what;
            if (shape_.may_encrypt)
                problem_ += known.advice;
            return broken;
        }
    nack_ = true;
    problem_ = std::string(shape_.length_field) + " is " + std::to_string(length) +
               ", allowed are " + std::to_string(shape_.least) + " to " +
               std::to_string(shape_.most) + ": the stream is out of step or not " +
               std::string(shape_.protocol);
    return broken;
}

} // namespace posthorn::sdk
