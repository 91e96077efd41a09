#include "delivery/track_record.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <numeric>
#include <ranges>

namespace posthorn::delivery {

namespace {

constexpr std::size_t most_samples = 4096, most_prefixes = 1000, most_shown = 10;
constexpr std::uint32_t halved_at = 4000, enough = 50;
constexpr std::size_t prefix_digits =
    5; // in China that tells the carrier a number was given out by
constexpr auto longest_wait = std::chrono::hours(24);
constexpr std::string_view layout = "1"; // of what is written

std::string share(std::uint32_t of, std::uint32_t all) {
    const auto tenths = all == 0 ? 0 : std::uint64_t{of} * 1000 / all;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

std::string shown(std::uint64_t milliseconds) {
    if (milliseconds < 1000)
        return std::to_string(milliseconds) + " ms";
    if (milliseconds < 120'000)
        return std::to_string((milliseconds + 999) / 1000) + " s";
    return std::to_string((milliseconds + 59'999) / 60'000) + " min";
}

// Splits off the next word; nothing when there is none, or it is no number.
std::optional<std::uint32_t> take_number(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    std::uint32_t value = 0;
    const auto read = std::from_chars(line.data(), line.data() + line.size(), value);
    if (read.ec != std::errc{})
        return std::nullopt;
    line.remove_prefix(static_cast<std::size_t>(read.ptr - line.data()));
    return value;
}

} // namespace

void track_record::figures::count(bool arrived, duration took) {
    ++(arrived ? delivered : not_delivered);
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    const auto power = std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 0)));
    ++after.at(std::min<std::size_t>(static_cast<std::size_t>(power), buckets - 1));
    if (all() < halved_at)
        return;
    delivered /= 2;
    not_delivered /= 2;
    for (auto& n : after)
        n /= 2;
}

std::string track_record::figures::delay(unsigned percent) const {
    const auto sum = std::accumulate(after.begin(), after.end(), std::uint64_t{0});
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i + 1 < buckets; ++i)
        if ((so_far += after.at(i)) * 100 >= sum * percent)
            return "within " + shown(std::uint64_t{1} << i);
    return "after more than " + shown(std::uint64_t{1} << (buckets - 2));
}

std::uint32_t track_record::prefix_of(std::string_view recipient) {
    std::uint32_t prefix = 0;
    const auto head = recipient.substr(0, prefix_digits);
    std::from_chars(head.data(), head.data() + head.size(), prefix);
    return prefix;
}

// Ids of messages made one after the other differ in their last bits.
track_record::sample& track_record::place_of(posthorn::id message) {
    return samples_[static_cast<std::uint64_t>(message) % most_samples];
}

void track_record::accepted(posthorn::id message, std::string_view recipient, instant now) {
    if (samples_.empty())
        samples_.resize(most_samples);
    auto& place = place_of(message);
    if (place.message == 0 || now - place.since > longest_wait)
        place = {message, now, prefix_of(recipient)};
}

void track_record::ended(posthorn::id message, bool delivered, instant now) {
    if (samples_.empty())
        return;
    auto& place = place_of(message);
    if (place.message != message)
        return;
    const auto took = now - place.since;
    all_.count(delivered, took);
    if (by_prefix_.size() < most_prefixes || by_prefix_.contains(place.prefix))
        by_prefix_[place.prefix].count(delivered, took);
    place = {};
    changed_ = true;
}

std::optional<unsigned> track_record::delivered_of_hundred() const {
    if (all_.all() < enough)
        return std::nullopt;
    return all_.delivered * 100 / all_.all();
}

std::vector<std::pair<std::string, std::string>> track_record::told() const {
    if (all_.all() == 0)
        return {};
    const auto words = [](const figures& f) {
        return share(f.delivered, f.all()) + " of " + std::to_string(f.all()) +
               ", half of the receipts " + f.delay(50) + ", 95 % " + f.delay(95);
    };
    std::vector<std::pair<std::string, std::string>> out = {
        {"delivered", words(all_)},
        {"receipts before the answer", early_ ? "yes" : "no"},
        {"our reference in receipts", echoes_ ? "yes" : "no"}};
    std::vector<std::pair<std::uint32_t, const figures*>> most;
    for (const auto& [prefix, f] : by_prefix_)
        if (f.all() >= enough)
            most.emplace_back(prefix, &f);
    std::ranges::sort(most, std::ranges::greater(),
                      [](const auto& p) { return std::pair(p.second->all(), p.first); });
    for (const auto& [prefix, f] : most | std::views::take(most_shown))
        out.emplace_back("delivered to " + std::to_string(prefix) + "…", words(*f));
    return out;
}

// A line for all, beginning with layout and habits; then one for each prefix.
std::string track_record::written() const {
    std::string out(layout);
    const auto add = [&out](std::uint32_t n) { (out += ' ') += std::to_string(n); };
    add(early_ ? 1 : 0);
    add(echoes_ ? 1 : 0);
    out += '\n';
    const auto add_line = [&](std::uint32_t prefix, const figures& f) {
        add(prefix);
        add(f.delivered);
        add(f.not_delivered);
        for (const auto n : f.after)
            add(n);
        out += '\n';
    };
    add_line(0, all_);
    for (const auto& [prefix, f] : by_prefix_)
        add_line(prefix, f);
    return out;
}

bool track_record::read_line(std::string_view line) {
    figures f;
    const auto prefix = take_number(line), delivered = take_number(line),
               not_delivered = take_number(line);
    if (!prefix || !delivered || !not_delivered)
        return false;
    f.delivered = std::min(*delivered, halved_at);
    f.not_delivered = std::min(*not_delivered, halved_at);
    for (auto& n : f.after)
        n = std::min(take_number(line).value_or(0), halved_at);
    if (*prefix == 0)
        all_ = f;
    else if (by_prefix_.size() < most_prefixes)
        by_prefix_[*prefix] = f;
    return true;
}

track_record track_record::read(std::string_view written) {
    track_record out;
    const auto next_line = [&written] {
        const auto line = written.substr(0, written.find('\n'));
        written.remove_prefix(std::min(line.size() + 1, written.size()));
        return line;
    };
    auto head = next_line();
    if (!head.starts_with(std::string(layout) + " "))
        return out;
    head.remove_prefix(layout.size());
    out.early_ = take_number(head).value_or(0) != 0;
    out.echoes_ = take_number(head).value_or(0) != 0;
    while (!written.empty() && out.read_line(next_line())) {
    }
    return out;
}

} // namespace posthorn::delivery
