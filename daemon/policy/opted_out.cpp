#include "policy/opted_out.hpp"

#include "model/time_text.hpp"
#include "policy/slots.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace posthorn::policy {

namespace {

constexpr std::uint64_t all_digits = (std::uint64_t{1} << 50) - 1; // more than 15 need
} // namespace

// A number's slots lie one after another from its place on, among others', up to a free one.
template <class Visit>
void opted_out::each_of(std::uint64_t number, Visit visit) const {
    if (slots_.empty() || number == 0)
        return;
    for (auto i = place_of(number, slots_.size()); slots_[i].number != 0;
         i = (i + 1) & (slots_.size() - 1))
        if (slots_[i].number == number)
            visit(i);
}

category_set opted_out::of(std::string_view number) const { return of(consent_key(number)); }

category_set opted_out::of(std::uint64_t key) const {
    category_set all;
    each_of(key, [&](std::size_t i) {
        all = all.with({static_cast<std::uint8_t>(slots_[i].categories)});
    });
    return all;
}

std::optional<opted_out::entry> opted_out::forbids(std::string_view number, category c) const {
    std::optional<entry> found;
    each_of(consent_key(number), [&](std::size_t i) {
        if (category_set{static_cast<std::uint8_t>(slots_[i].categories)}.has(c))
            found = entry{slots_[i].entry, static_cast<consent_way>(slots_[i].how)};
    });
    return found;
}

void opted_out::out(std::string_view number, category_set which, entry by) {
    out(consent_key(number), which, by);
}

void opted_out::out(std::uint64_t key, category_set which, entry by) {
    const auto fresh = which.without(of(key));
    if (key == 0 || fresh.empty())
        return;
    std::optional<std::size_t> again; // a slot it has left
    each_of(key, [&](std::size_t i) {
        if (slots_[i].categories == 0)
            again = i;
    });
    const slot s{.number = key & all_digits,
                 .categories = fresh.bits,
                 .how = static_cast<std::uint8_t>(by.how) & 0x3FU,
                 .entry = by.id};
    if (again) {
        slots_[*again] = s;
        return;
    }
    expect(1);
    put(s);
}

void opted_out::in(std::string_view number, category_set which) {
    each_of(consent_key(number),
            [&](std::size_t i) { slots_[i].categories &= ~std::uint64_t{which.bits}; });
}

void opted_out::put(slot s) {
    auto i = place_of(s.number, slots_.size());
    while (slots_[i].number != 0)
        i = (i + 1) & (slots_.size() - 1);
    slots_[i] = s;
    ++used_;
}

void opted_out::expect(std::size_t entries) {
    const auto wanted = (used_ + entries) * 4 / 3 + 1;
    if (wanted > slots_.size())
        rebuild(std::bit_ceil(std::max(wanted, smallest_table)));
}

void opted_out::rebuild(std::size_t size) {
    const auto before = std::exchange(slots_, std::vector<slot>(size, slot{}));
    used_ = 0;
    for (const auto& s : before)
        if (s.categories != 0)
            put(s);
}

std::string reason_of(category c, const opted_out::entry& e) {
    return "opted out of " + std::string(name_of(c)) + " on " + minute_in_utc(made_at(e.id)) +
           " by " + std::string(name_of(e.how)) + " (entry " + std::to_string(e.id) + ")";
}

} // namespace posthorn::policy
