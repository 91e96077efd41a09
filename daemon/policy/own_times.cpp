#include "policy/own_times.hpp"

#include "model/hours_text.hpp"
#include "model/number.hpp"
#include "policy/slots.hpp"

#include <algorithm>
#include <utility>

namespace posthorn::policy {

namespace {

constexpr std::uint64_t fifty_bits = (std::uint64_t{1} << 50) - 1; // more than 15 digits need
constexpr std::size_t most_zones = 10'000; // the world has some 600; a slot has room for 16,383

} // namespace

std::size_t own_times::index_of(std::uint64_t number) const {
    auto i = place_of(number, slots_.size());
    while (slots_[i].number != 0 && slots_[i].number != number)
        i = (i + 1) & (slots_.size() - 1);
    return i;
}

const own_times::slot* own_times::find(std::uint64_t number) const {
    if (slots_.empty() || number == 0)
        return nullptr;
    const auto& s = slots_[index_of(number)];
    return s.number == 0 ? nullptr : &s;
}

own_times::entry own_times::of(std::string_view number) const {
    if (slots_.empty())
        return {};
    const auto* found = find(digits_of(number) & fifty_bits);
    return found ? entry{static_cast<std::uint16_t>(found->zone), found->hours} : entry{};
}

// Those that have taken theirs back make room when the table grows.
void own_times::grow() {
    if ((used_ + 1) * 4 <= slots_.size() * 3)
        return;
    const auto before =
        std::exchange(slots_, std::vector<slot>(std::max(slots_.size() * 2, smallest_table)));
    used_ = 0;
    for (const auto& s : before)
        if (s.zone != 0 || !s.hours.all_day())
            at(s.number) = s;
}

own_times::slot& own_times::at(std::uint64_t number) {
    auto& s = slots_[index_of(number)];
    if (s.number == 0) {
        s.number = number & fifty_bits;
        ++used_;
    }
    return s;
}

std::uint16_t own_times::number_of_zone(const std::string& name) {
    const auto known = std::ranges::find(zones_, name, &templates::zone::name);
    if (known != zones_.end())
        return static_cast<std::uint16_t>(known - zones_.begin() + 1);
    auto fresh = zones_.size() < most_zones ? templates::zone::named(name) : std::nullopt;
    if (!fresh)
        return 0;
    zones_.push_back(std::move(*fresh));
    return static_cast<std::uint16_t>(zones_.size());
}

void own_times::put(std::string_view number, const std::optional<std::string>& zone,
                    const std::optional<std::string>& hours) {
    const auto key = digits_of(number) & fifty_bits;
    if (key == 0)
        return;
    auto now = of(number);
    if (zone)
        now.zone = number_of_zone(*zone);
    if (hours)
        now.hours = hours_from(*hours).value_or(day_hours{});
    if (!now.any() && !find(key))
        return;
    grow();
    auto& s = at(key);
    s.zone = now.zone & 0x3FFFU;
    s.hours = now.hours;
}

} // namespace posthorn::policy
