#include "policy/sightings.hpp"

#include "policy/slots.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace posthorn::policy {

namespace {

std::uint32_t seconds_of(instant t) {
    const auto s = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
    return static_cast<std::uint32_t>(std::max<std::int64_t>(s, 1));
}

} // namespace

// A key's slots lie one after another from its place on, among others', up to a free one.
template <class Visit>
void sightings::each_of(std::uint64_t key, Visit visit) const {
    if (slots_.empty())
        return;
    for (auto i = place_of(key, slots_.size()); slots_[i].key != 0;
         i = (i + 1) & (slots_.size() - 1))
        if (slots_[i].key == key && slots_[i].at != 0)
            visit(i);
}

void sightings::add(std::uint64_t key, instant at, instant forget_before) {
    if ((used_ + 1) * 4 > slots_.size() * 3)
        make_room(forget_before);
    put({key, seconds_of(at)});
}

void sightings::remove(std::uint64_t key, instant at) {
    std::optional<std::size_t> one;
    each_of(key, [&](std::size_t i) {
        if (slots_[i].at == seconds_of(at))
            one = i;
    });
    if (one)
        slots_[*one].at = 0;
}

void sightings::remove(std::uint64_t key) {
    each_of(key, [&](std::size_t i) { slots_[i].at = 0; });
}

unsigned sightings::count(std::uint64_t key, instant since) const {
    unsigned n = 0;
    each_of(key, [&](std::size_t i) { n += slots_[i].at >= seconds_of(since); });
    return n;
}

std::optional<instant> sightings::last(std::uint64_t key) const {
    std::uint32_t newest = 0;
    each_of(key, [&](std::size_t i) { newest = std::max(newest, slots_[i].at); });
    return newest == 0 ? std::nullopt : std::optional(instant(std::chrono::seconds(newest)));
}

void sightings::put(slot s) {
    auto i = place_of(s.key, slots_.size());
    while (slots_[i].key != 0)
        i = (i + 1) & (slots_.size() - 1);
    slots_[i] = s;
    ++used_;
}

// As many slots as what is kept needs, with as much again to come.
void sightings::make_room(instant forget_before) {
    const auto kept = [before = seconds_of(forget_before)](const slot& s) {
        return s.at != 0 && s.at >= before;
    };
    const auto all = std::exchange(slots_, {});
    const auto n = static_cast<std::size_t>(std::ranges::count_if(all, kept));
    slots_.resize(std::bit_ceil(std::max(n * 2 + 1, smallest_table)));
    used_ = 0;
    for (const auto& s : all)
        if (kept(s))
            put(s);
}

} // namespace posthorn::policy
