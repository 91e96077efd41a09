// One SGIP packet. What can be read can be written again, and then reads the same; likewise the texts
// of the numbers in it.
#include "fuzz/fuzz.hpp"

#include "sgip/codec/pdu.hpp"

using namespace posthorn::sgip;
using posthorn::fuzz::require;

namespace {

std::string written(const pdu& p) {
    std::string out;
    encode(out, p);
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto octets = posthorn::fuzz::octets_of(data, size);
    if (const auto number = sequence_of(octets))
        require(sequence_of(text_of(*number)) == number, "a number's text is read as the number");
    pdu first, second;
    if (decode(octets, first))
        return 0;
    require(sequence_of(text_of(first.head.sequence)) == first.head.sequence,
            "a number has a text of its own");
    const auto once = written(first);
    require(!decode(once, second), "what was read and written can be read");
    require(second.head.length == once.size(), "Message_Length is the length of the packet");
    require(second.head.id == first.head.id && second.head.sequence == first.head.sequence,
            "the header stays the same");
    require(second.body.index() == first.body.index(), "the body is of the same kind");
    const auto twice = written(second); // a reserve too long was cut, maybe behind a space
    require(once.size() == twice.size(), "the body stays as long");
    require(!decode(twice, first) && written(first) == twice, "the body stays the same");
    return 0;
}
