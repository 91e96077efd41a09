#include "inbound/repeats.hpp"

#include <functional>
#include <string_view>

namespace posthorn::inbound {

namespace {

using namespace std::chrono_literals;

constexpr duration unacknowledged_for = 1min; // no carrier waits longer for an answer
constexpr std::size_t most = 100'000; // received in a minute: the memory of a flood is bounded

std::uint64_t content_of(const inbound_text& t) {
    std::uint64_t mixed = t.data_coding * 2U + (t.udh ? 1U : 0U);
    for (const std::string_view piece : {std::string_view(t.sender), std::string_view(t.recipient),
                                         std::string_view(t.octets), std::string_view(t.text)})
        mixed = (mixed ^ std::hash<std::string_view>()(piece)) * 0x9E3779B97F4A7C15ULL;
    return mixed;
}

} // namespace

void repeats::forget_old(memory& of, instant now) {
    while (!of.received.empty() &&
           (of.received.size() > most || of.received.front().at + unacknowledged_for < now))
        of.received.pop_front();
    if (of.until < now)
        of.unacknowledged.clear();
}

posthorn::id repeats::original_of(const inbound_text& t) {
    auto& of = accounts_[t.account];
    forget_old(of, t.at);
    const auto found = of.unacknowledged.find(content_of(t));
    if (found == of.unacknowledged.end())
        return 0;
    auto again = found->second;
    of.unacknowledged.erase(found);
    again.at = again.acknowledged_at = t.at; // the carrier may not see this acknowledgement either
    of.received.push_back(again);
    return again.text;
}

void repeats::remember(const inbound_text& t, instant acknowledged_at) {
    auto& of = accounts_[t.account];
    const seen s{content_of(t), t.id, t.at, acknowledged_at};
    if (t.at <= of.lost_at) // received before the link was lost, committed after
        of.unacknowledged.emplace(s.content, s);
    else
        of.received.push_back(s);
}

void repeats::link_lost(name_id account, instant lost, instant proven, instant now) {
    auto& of = accounts_[account];
    forget_old(of, lost);
    for (const auto& s : of.received)
        if (s.acknowledged_at >= proven)
            of.unacknowledged.emplace(s.content, s);
    of.received.clear();
    of.lost_at = lost;
    of.until = now + brought_again_within;
}

} // namespace posthorn::inbound
