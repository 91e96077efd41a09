#include "smpp/codec/framer.hpp"

#include "smpp/codec/octets.hpp"
#include "smpp/codec/pdu.hpp"

#include <algorithm>
#include <cstring>

namespace posthorn::smpp {

namespace {

struct stranger {
    std::string_view first; // octets of a foreign protocol where command_length should be
    std::string_view what;
};

constexpr stranger strangers[] = {
    {"\x16\x03", "the peer begins a TLS handshake: it expects TLS on this port; say tls: on"},
    {"\x15\x03", "the peer answers with a TLS alert: this is a TLS port; say tls: on"},
    {"HTTP", "an HTTP server answers here: the port is not SMPP, check host and port"},
    {"GET ", "an HTTP client speaks here: it has the wrong port"},
    {"POST", "an HTTP client speaks here: it has the wrong port"},
    {"SSH-", "an SSH server answers here: the port is not SMPP, check host and port"},
};

} // namespace

framer::framer(std::size_t limit, std::size_t read_size)
    : limit_(limit), capacity_(limit + read_size), buffer_(new char[capacity_]) {}

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
    if (held.size() < 4)
        return more;
    const auto length = u32_at(held, 0);
    if (length < header_size || length > limit_)
        return refuse(length);
    if (held.size() < length)
        return more;
    octets = held.substr(0, length);
    begin_ += length;
    return pdu;
}

framer::outcome framer::refuse(std::uint32_t length) {
    const std::string_view held(buffer_.get() + begin_, end_ - begin_);
    for (const auto& known : strangers)
        if (held.starts_with(known.first)) {
            problem_ = known.what;
            return broken;
        }
    nack_ = true;
    problem_ = "command_length is " + std::to_string(length) + ", allowed are " +
               std::to_string(header_size) + " to " + std::to_string(limit_) +
               ": the stream is out of step or not SMPP";
    return broken;
}

} // namespace posthorn::smpp
