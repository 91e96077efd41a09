// Texts from phones that come in parts. Input, for each text: an octet of who and how, an octet of
// length, the octets with their user data header. Every text comes to exactly one end.
#include "fuzz/fuzz.hpp"

#include "encoding/utf8.hpp"
#include "inbound/joiner.hpp"

#include <algorithm>
#include <set>

using namespace posthorn;
using fuzz::require;

namespace {

using namespace std::chrono_literals;

constexpr duration wait = 10min;

// What became of the texts, by their ids.
struct ends {
    std::set<posthorn::id> waiting, ended;

    void end(posthorn::id id) {
        require(waiting.erase(id) == 1, "only what came and has no end yet comes to an end");
        ended.insert(id);
    }
    void whole(const inbound::whole_text& t) {
        require(!t.parts.empty(), "a text has parts");
        require(std::ranges::count(t.parts, t.head.id) == 1, "a text has its head once");
        require(*std::ranges::min_element(t.parts) == t.head.id, "the head came first");
        require(!encoding::check_utf8(t.head.text), "a text from a phone is UTF-8");
        for (const auto part : t.parts)
            end(part);
    }
};

// Bits of `how`: 1 sender, 2 recipient, 4 no header, 8 and 16 coding, 32 a minute later, 64 an hour
// later, 128 look for what is due.
inbound_text read_text(std::string_view& octets, unsigned how) {
    constexpr std::uint8_t codings[] = {0x00, 0x03, 0x08, 0x0F};
    inbound_text t;
    t.sender = (how & 1U) != 0 ? "8613800000001" : "8613800000002";
    t.recipient = (how & 2U) != 0 ? "1069" : "10690001";
    t.udh = (how & 4U) == 0;
    t.data_coding = codings[how >> 3U & 3U];
    const auto size = std::min<std::size_t>(fuzz::take_octet(octets), octets.size());
    t.octets = octets.substr(0, size);
    octets.remove_prefix(size);
    return t;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto octets = fuzz::octets_of(data, size);
    inbound::joiner join(wait);
    ends all;
    instant now{};
    for (posthorn::id id = 1; !octets.empty(); ++id) {
        const auto how = fuzz::take_octet(octets);
        auto t = read_text(octets, how);
        now += (how & 64U) != 0 ? duration(1h) : (how & 32U) != 0 ? duration(1min) : duration(1ms);
        t.id = id;
        t.at = now;
        all.waiting.insert(id);
        const auto became = join.add(std::move(t));
        require(!(became.text && became.settled), "a text is one thing");
        if (became.text)
            all.whole(*became.text);
        if (became.settled) {
            require(became.head > 0 && became.head < id, "what is settled belongs to one before");
            all.end(id);
        }
        if ((how & 128U) != 0)
            for (const auto& due : join.take_due(now))
                all.whole(due);
        require(join.waiting() <= all.waiting.size(), "each text that waits has a part");
    }
    for (const auto& due : join.take_due(now + wait))
        all.whole(due);
    require(all.waiting.empty() && join.waiting() == 0, "in the end nothing waits");
    return 0;
}
