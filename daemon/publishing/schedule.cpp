#include "publishing/schedule.hpp"

#include "publishing/cron.hpp"
#include "templates/calendar.hpp"
#include "templates/in_quotes.hpp"

#include <algorithm>
#include <string>

namespace posthorn::publishing {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;

// The 29th of February may be eight years away.
constexpr days farthest = days(8 * 366);

template <std::size_t Size>
std::bitset<Size> bits_of(const cron_field& field) {
    std::bitset<Size> out;
    for (const auto n : field.values)
        out.set(n);
    return out;
}

} // namespace

result<schedule> schedule::read(const topics::schedule_text& at, const templates::zone& zone) {
    schedule out(zone);
    std::string wrong;
    switch (at.kind) {
    case topics::schedule_kind::cron:
        wrong = out.read_cron(at.texts.at(0));
        break;
    case topics::schedule_kind::month_end:
        wrong = out.read_month_end(at.texts.at(0));
        break;
    case topics::schedule_kind::dates:
        wrong = out.read_dates(at.texts);
        break;
    }
    if (!wrong.empty())
        return refuse(std::move(wrong));
    return out;
}

std::string schedule::read_cron(const std::string& written) {
    const auto fields = parse_cron(written);
    if (!fields)
        return fields.error().reason;
    minutes_ = bits_of<60>(fields->of(cron_part::minute));
    hours_ = bits_of<24>(fields->of(cron_part::hour));
    days_ = bits_of<32>(fields->of(cron_part::day));
    months_ = bits_of<13>(fields->of(cron_part::month));
    weekdays_ = bits_of<7>(fields->of(cron_part::weekday));
    either_day_ = !fields->of(cron_part::day).star && !fields->of(cron_part::weekday).star;
    return {};
}

std::string schedule::read_month_end(const std::string& written) {
    const auto time = templates::parse_time("2000-01-01T" + written, templates::zone::utc());
    if (!time || written.size() != std::string_view("18:00").size())
        return "is a time of the day like '18:00', not " + templates::in_quotes(written);
    const std::chrono::hh_mm_ss clock(from_micros(*time) - instant(sys_days(2000y / 1 / 1)));
    month_end_ = true;
    hours_.set(static_cast<std::size_t>(clock.hours().count()));
    minutes_.set(static_cast<std::size_t>(clock.minutes().count()));
    return {};
}

std::string schedule::read_dates(const std::vector<std::string>& written) {
    for (const auto& one : written) {
        const auto time = templates::parse_time(one, zone_);
        if (!time)
            return time.error().reason;
        dates_.push_back(from_micros(*time));
    }
    std::ranges::sort(dates_);
    if (std::ranges::adjacent_find(dates_) != dates_.end())
        return "names the same time twice";
    return dates_.empty() ? "is empty: it would never come" : "";
}

bool schedule::has(sys_days date) const {
    const std::chrono::year_month_day d(date);
    if (month_end_)
        return d.day() == (d.year() / d.month() / std::chrono::last).day();
    if (!months_.test(static_cast<unsigned>(d.month())))
        return false;
    const bool day = days_.test(static_cast<unsigned>(d.day()));
    const bool weekday = weekdays_.test(std::chrono::weekday(date).c_encoding());
    return either_day_ ? day || weekday : day && weekday;
}

// Where the clock skips an hour they are not in the order of the wall clock.
std::vector<instant> schedule::times_on(sys_days date) const {
    std::vector<instant> out;
    for (std::size_t h = 0; h < hours_.size(); ++h)
        for (std::size_t m = 0; hours_.test(h) && m < minutes_.size(); ++m)
            if (minutes_.test(m))
                out.push_back(from_micros(zone_.to_utc(
                    to_micros(date + std::chrono::hours(h) + std::chrono::minutes(m)))));
    std::ranges::sort(out);
    return out;
}

std::optional<instant> schedule::next(instant after) const {
    if (!dates_.empty()) {
        const auto found = std::ranges::upper_bound(dates_, after);
        return found == dates_.end() ? std::nullopt : std::optional(*found);
    }
    const auto today = sys_days(zone_.date_at(after));
    for (auto date = today - days(1); date <= today + farthest; date += days(1)) {
        if (!has(date))
            continue;
        const auto times = times_on(date);
        if (const auto found = std::ranges::upper_bound(times, after); found != times.end())
            return *found;
    }
    return std::nullopt;
}

std::optional<instant> schedule::newest(instant after, instant until) const {
    const auto last_in = [&](const std::vector<instant>& times) -> std::optional<instant> {
        const auto end = std::ranges::upper_bound(times, until);
        if (end == times.begin() || *(end - 1) <= after)
            return std::nullopt;
        return *(end - 1);
    };
    if (!dates_.empty())
        return last_in(dates_);
    const auto first = sys_days(zone_.date_at(after)) - days(1);
    for (auto date = sys_days(zone_.date_at(until)) + days(1); date >= first; date -= days(1))
        if (has(date))
            if (const auto found = last_in(times_on(date)))
                return found;
    return std::nullopt;
}

} // namespace posthorn::publishing
