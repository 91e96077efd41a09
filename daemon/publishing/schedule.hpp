// When a topic's query is asked: the wall clock of one zone.
//
//     at: {cron: "30 18 * * 1-5"}         # minute hour day month weekday
//     at: {month_end: "18:00"}            # on the last day of each month
//     at: {dates: [2026-12-31T09:00]}
//
// A time that the clock skips is taken by the rules in force before the change, one that it shows
// twice is the first of both. As cron has it: where day and weekday are both given (neither begins
// with *), either will do.
#pragma once

#include "model/refusal.hpp"
#include "templates/zone.hpp"
#include "topics/topic.hpp"

#include <bitset>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace posthorn::publishing {

class schedule {
public:
    // The refusal says what is wrong with it, and what to write instead.
    static result<schedule> read(const topics::schedule_text& at, const templates::zone& zone);

    // The first occurrence later than that; nothing when none comes any more.
    std::optional<instant> next(instant after) const;
    // The last one later than `after`, at `until` at the latest.
    std::optional<instant> newest(instant after, instant until) const;

private:
    explicit schedule(templates::zone zone) : zone_(std::move(zone)) {}

    // Why not; empty: it is read.
    std::string read_cron(const std::string& written);
    std::string read_month_end(const std::string& written);
    std::string read_dates(const std::vector<std::string>& written);
    bool has(std::chrono::sys_days date) const;
    std::vector<instant> times_on(std::chrono::sys_days date) const;

    templates::zone zone_;
    std::vector<instant> dates_; // in order; else what follows
    bool month_end_ = false;     // instead of the days, months and weekdays
    bool either_day_ = false;    // of the month or of the week
    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<32> days_;
    std::bitset<13> months_;
    std::bitset<7> weekdays_; // 0: Sunday
};

} // namespace posthorn::publishing
