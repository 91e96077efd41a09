// Times as receipts write them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::simulator {

/// YYMMDDhhmm. Hardly ever more than one a minute is new.
class minute_text {
public:
    /// `ahead`: how far the carrier's clock stands from UTC.
    explicit minute_text(std::chrono::hours ahead = {}) : ahead_(ahead) {}

    std::string_view of(std::int64_t utc_us) {
        using namespace std::chrono;
        const auto minute = floor<minutes>(sys_time<microseconds>(microseconds(utc_us)) + ahead_);
        if (minute != minute_) {
            minute_ = minute;
            const auto day = floor<days>(minute);
            const year_month_day date(day);
            const hh_mm_ss time(minute - day);
            text_.clear();
            append(static_cast<unsigned>(static_cast<int>(date.year()) % 100));
            append(static_cast<unsigned>(date.month()));
            append(static_cast<unsigned>(date.day()));
            append(static_cast<unsigned>(time.hours().count()));
            append(static_cast<unsigned>(time.minutes().count()));
        }
        return text_;
    }

private:
    void append(unsigned two_digits) {
        text_.push_back(static_cast<char>('0' + two_digits / 10));
        text_.push_back(static_cast<char>('0' + two_digits % 10));
    }

    std::chrono::hours ahead_;
    std::chrono::sys_time<std::chrono::minutes> minute_{std::chrono::minutes::min()};
    std::string text_;
};

} // namespace posthorn::simulator
