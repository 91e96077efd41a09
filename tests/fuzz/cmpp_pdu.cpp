// One CMPP packet, after an octet that chooses the version. What can be read can be written again, and
// then reads the same; likewise the report in it.
#include "fuzz/fuzz.hpp"

#include "cmpp/codec/report.hpp"

using namespace posthorn::cmpp;
using posthorn::fuzz::require;

namespace {

std::string written(dialect as, const pdu& p) {
    std::string out;
    encode(out, as, p);
    return out;
}

std::string written(dialect as, const report& r) {
    std::string out;
    append_report(out, as, r);
    return out;
}

void use(dialect as, const deliver& d) {
    const auto first = read_report(d.content);
    if (!first)
        return;
    const auto once = written(as, *first); // a number too long was cut, maybe behind a space
    const auto second = read_report(once);
    require(second.has_value(), "a report that was read and written can be read");
    require(state_of(first->stat) == state_of(second->stat), "and says the same");
    const auto twice = written(as, *second);
    require(once.size() == twice.size(), "the report stays as long");
    const auto third = read_report(twice);
    require(third && written(as, *third) == twice, "the report stays the same");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto octets = posthorn::fuzz::octets_of(data, size);
    if (octets.empty())
        return 0;
    const auto as = octets.front() % 2 == 0 ? dialect::v20 : dialect::v30;
    pdu first, second;
    if (decode(octets.substr(1), as, first))
        return 0;
    if (const auto* d = std::get_if<deliver>(&first.body))
        use(as, *d);
    const auto once = written(as, first);
    require(!decode(once, as, second), "what was read and written can be read");
    require(second.head.length == once.size(), "Total_Length is the length of the packet");
    require(second.head.id == first.head.id && second.head.sequence == first.head.sequence,
            "the header stays the same");
    require(second.body.index() == first.body.index(), "the body is of the same kind");
    const auto twice = written(as, second); // a tail too long was cut, maybe behind a space
    require(once.size() == twice.size(), "the body stays as long");
    require(!decode(twice, as, first) && written(as, first) == twice, "the body stays the same");
    return 0;
}
