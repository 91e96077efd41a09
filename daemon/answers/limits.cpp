#include "answers/limits.hpp"

#include <functional>
#include <utility>

namespace posthorn::answers {

namespace {

using namespace std::chrono_literals;

constexpr unsigned most_in_a_row = 5;
constexpr duration in_a_row_within = 10min;
constexpr duration beyond_within = 24h;

} // namespace

bool limits::has_room(const phone& p, instant now) const {
    if (p.answered.size() >= rule_.per_hour)
        return false;
    return p.answered.size() < rule_.per_minute ||
           p.answered[p.answered.size() - rule_.per_minute] + 1min <= now;
}

limits::word limits::goes_beyond(phone& p, instant now, word otherwise) const {
    if (p.beyond == 0 || p.beyond_since + beyond_within <= now) {
        p.beyond = 0;
        p.beyond_since = now;
    }
    if (++p.beyond != rule_.nuisance_after)
        return otherwise;
    p.beyond = 0;
    return word::is_nuisance;
}

limits::word limits::ask(const std::string& number, std::string_view text, instant now) {
    auto& p = phones_[number];
    while (!p.answered.empty() && p.answered.front() + 1h <= now)
        p.answered.pop_front();
    const auto same = std::hash<std::string_view>()(text);
    p.same = same == p.text && p.last + in_a_row_within > now ? p.same + 1 : 1;
    p.text = same;
    p.last = now;
    if (p.same > most_in_a_row)
        return p.same == most_in_a_row + 1 ? goes_beyond(p, now, word::be_silent) : word::be_silent;
    if (has_room(p, now)) {
        p.answered.push_back(now);
        p.told = false;
        return word::answer;
    }
    return std::exchange(p.told, true) ? word::be_silent : goes_beyond(p, now, word::say_so);
}

void limits::forget_old(instant now) {
    std::erase_if(phones_, [now](const auto& entry) {
        const auto& p = entry.second;
        return p.last + 1h <= now && (p.beyond == 0 || p.beyond_since + beyond_within <= now);
    });
}

} // namespace posthorn::answers
