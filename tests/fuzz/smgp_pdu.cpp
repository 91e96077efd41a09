// One SMGP packet. What can be read can be written again, and then reads the same.
#include "fuzz/fuzz.hpp"

#include "smgp/codec/pdu.hpp"

using namespace posthorn::smgp;
using posthorn::fuzz::require;

namespace {

std::string written(const pdu& p) {
    std::string out;
    encode(out, p);
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    pdu first, second;
    if (decode(posthorn::fuzz::octets_of(data, size), first))
        return 0;
    if (const auto* d = std::get_if<deliver>(&first.body))
        d->has_header();
    const auto once = written(first);
    require(!decode(once, second), "what was read and written can be read");
    require(second.head.length == once.size(), "PacketLength is the length of the packet");
    require(second.head.id == first.head.id && second.head.sequence == first.head.sequence,
            "the header stays the same");
    require(second.body.index() == first.body.index(), "the body is of the same kind");
    const auto twice = written(second); // a tail too long was cut, maybe behind a space
    require(once.size() == twice.size(), "the body stays as long");
    require(!decode(twice, first) && written(first) == twice, "the body stays the same");
    return 0;
}
