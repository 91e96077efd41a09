#include "sdk/http/when.hpp"

namespace posthorn::sdk {

namespace {

std::string two_digits(std::int64_t n) {
    return {static_cast<char>('0' + n / 10 % 10), static_cast<char>('0' + n % 10)};
}

} // namespace

std::string iso_date(instant at) {
    const std::chrono::year_month_day d(std::chrono::floor<std::chrono::days>(at));
    return std::to_string(static_cast<int>(d.year())) + "-" +
           two_digits(static_cast<unsigned>(d.month())) + "-" +
           two_digits(static_cast<unsigned>(d.day()));
}

std::string iso_time(instant at) {
    const std::chrono::hh_mm_ss t(
        std::chrono::floor<std::chrono::seconds>(at - std::chrono::floor<std::chrono::days>(at)));
    return two_digits(t.hours().count()) + ":" + two_digits(t.minutes().count()) + ":" +
           two_digits(t.seconds().count());
}

std::string date_and_time(instant at) { return iso_date(at) + " " + iso_time(at); }

std::string unix_seconds(instant at) {
    return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

} // namespace posthorn::sdk
