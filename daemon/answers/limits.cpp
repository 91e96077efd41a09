#include "answers/limits.hpp"

#include <functional>
#include <utility>

namespace posthorn::answers {

namespace {

using namespace std::chrono_literals;

constexpr unsigned most_in_a_row = 5;
constexpr duration in_a_row_within = 10min;

} // namespace

bool limits::has_room(const phone& p, instant now) const {
    if (p.answered.size() >= per_hour_)
        return false;
    return p.answered.size() < per_minute_ ||
           p.answered[p.answered.size() - per_minute_] + 1min <= now;
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
        return word::be_silent;
    if (has_room(p, now)) {
        p.answered.push_back(now);
        p.told = false;
        return word::answer;
    }
    return std::exchange(p.told, true) ? word::be_silent : word::say_so;
}

void limits::forget_old(instant now) {
    std::erase_if(phones_, [now](const auto& p) { return p.second.last + 1h <= now; });
}

} // namespace posthorn::answers
