// A TCP stream. However it is cut into reads, the same PDUs come out, and nothing is left over.
#include "fuzz/fuzz.hpp"

#include "smpp/codec/framer.hpp"
#include "smpp/codec/pdu.hpp"

#include <algorithm>
#include <vector>

using namespace posthorn::smpp;
using posthorn::fuzz::require;

namespace {

struct heard {
    std::vector<std::string> pdus;
    bool broken = false;
    std::string problem;
    std::size_t pending = 0;

    bool operator==(const heard&) const = default;
};

heard hear(std::string_view octets, std::size_t piece) {
    constexpr std::size_t limit = 4096;
    framer cut(limit, 512);
    heard all;
    while (!octets.empty() && !all.broken) {
        cut.prepare();
        const auto taken = cut.feed(octets.substr(0, piece));
        require(taken > 0, "there is room whenever everything whole has been taken");
        octets.remove_prefix(taken);
        std::string_view one;
        auto outcome = cut.next(one);
        for (; outcome == framer::pdu; outcome = cut.next(one)) {
            require(one.size() >= header_size && one.size() <= limit,
                    "a PDU has 16 to limit octets");
            require(read_header(one).length == one.size(), "a PDU is as long as it says");
            all.pdus.emplace_back(one);
        }
        all.broken = outcome == framer::broken;
    }
    all.problem = cut.problem();
    all.pending = all.broken ? 0 : cut.pending();
    require(all.broken != all.problem.empty(), "what is broken is explained");
    return all;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto octets = posthorn::fuzz::octets_of(data, size);
    const auto piece = std::max(1U, posthorn::fuzz::take_octet(octets));
    const auto whole = hear(octets, 4096);
    const auto pieces = hear(octets, piece);
    require(whole.pdus == pieces.pdus, "pieces give the same PDUs");
    require(whole.broken == pieces.broken, "pieces break at the same place");
    require(whole.pending == pieces.pending, "pieces leave the same unfinished PDU");
    return 0;
}
