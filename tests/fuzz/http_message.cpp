// What comes to a simulated provider. However a connection is cut into reads, the same messages come
// out of it, and one that is written as it was read is read the same.
#include "fuzz/fuzz.hpp"

#include "sdk/simulator/http/message.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace posthorn::simulator::http;
using posthorn::fuzz::require;

namespace {

using posthorn::sdk::framer;

struct heard {
    std::vector<std::string> messages;
    bool broken = false;

    bool operator==(const heard&) const = default;
};

heard hear(std::string_view octets, std::size_t piece) {
    framer cut(message_frame, 512);
    heard all;
    while (!octets.empty() && !all.broken) {
        cut.prepare();
        octets.remove_prefix(cut.feed(octets.substr(0, piece)));
        std::string_view one;
        auto came = cut.next(one);
        for (; came == framer::pdu; came = cut.next(one))
            all.messages.emplace_back(one);
        all.broken = came == framer::broken;
    }
    return all;
}

void read_again(std::string_view octets) {
    const auto m = read_message(octets);
    if (!m)
        return;
    require(octets.ends_with(m->body), "the body is what stands at the end");
    require(m->second.starts_with(m->path()) && m->second.ends_with(m->query()),
            "path and query are of the target");
    require(m->status() == 0 || !m->second.empty(), "a status stands in the first line");
    std::string again;
    write_message(again, std::string(m->first) + " " + std::string(m->second) + " HTTP/1.1", "",
                  m->header("content-type"), m->body);
    const auto same = read_message(again);
    require(same.has_value(), "what was read can be written");
    require(same->first == m->first && same->second == m->second && same->body == m->body,
            "and says the same");
    require(same->header("content-type") == m->header("content-type"), "of the same type");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto octets = posthorn::fuzz::octets_of(data, size);
    const auto piece = std::max(1U, posthorn::fuzz::take_octet(octets));
    const auto whole = hear(octets, 4096);
    require(whole == hear(octets, piece), "pieces give the same messages");
    for (const auto& one : whole.messages)
        read_again(one);
    return 0;
}
