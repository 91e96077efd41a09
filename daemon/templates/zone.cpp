#include "templates/zone.hpp"

#include "settings/problem.hpp"

#include <unicode/basictz.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace posthorn::templates {

zone::zone(std::string name, std::shared_ptr<const icu::TimeZone> rules)
    : name_(std::move(name)), rules_(std::move(rules)) {}

std::optional<zone> zone::named(std::string_view name) {
    const auto id = icu::UnicodeString::fromUTF8(
        icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
    std::shared_ptr<const icu::TimeZone> rules(icu::TimeZone::createTimeZone(id));
    if (*rules == icu::TimeZone::getUnknown() || name.empty())
        return std::nullopt;
    return zone(std::string(name), std::move(rules));
}

zone zone::utc() {
    return zone("UTC", std::shared_ptr<const icu::TimeZone>(icu::TimeZone::createTimeZone("UTC")));
}

std::int64_t zone::to_utc(std::int64_t local_micros) const {
    return to_utc(local_micros, doubled::first);
}

std::int64_t zone::to_utc(std::int64_t local_micros, doubled which) const {
    // ICU counts milliseconds in a double, which holds them exactly for any year we accept.
    const auto millis = local_micros / 1000 - (local_micros % 1000 < 0 ? 1 : 0);
    int32_t raw = 0;
    int32_t saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(rules_.get());
    if (basic != nullptr)
        basic->getOffsetFromLocal(static_cast<UDate>(millis), UCAL_TZ_LOCAL_FORMER,
                                  which == doubled::first ? UCAL_TZ_LOCAL_FORMER
                                                          : UCAL_TZ_LOCAL_LATTER,
                                  raw, saving, status);
    else
        rules_->getOffset(static_cast<UDate>(millis), true, raw, saving, status);
    return local_micros - (std::int64_t{raw} + saving) * 1000;
}

duration zone::offset_at(instant t) const {
    const auto millis = std::chrono::floor<std::chrono::milliseconds>(t.time_since_epoch());
    int32_t raw = 0;
    int32_t saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    rules_->getOffset(static_cast<UDate>(millis.count()), false, raw, saving, status);
    return std::chrono::milliseconds(std::int64_t{raw} + saving);
}

// Where the clock skips midnight the day begins when it has, and where it shows midnight twice at
// the second: the hour before that is of the day before.
local_day zone::day_of(instant t) const {
    const auto date = std::chrono::floor<std::chrono::days>(t + offset_at(t));
    const auto midnight = [this](std::chrono::sys_days local) {
        return from_micros(to_utc(to_micros(local), doubled::second));
    };
    const local_day day{midnight(date), midnight(date + std::chrono::days(1))};
    return t < day.begins ? local_day{midnight(date - std::chrono::days(1)), day.begins} : day;
}

std::chrono::year_month_day zone::date_at(instant t) const {
    return std::chrono::floor<std::chrono::days>(t + offset_at(t));
}

duration zone::time_of_day(instant t) const {
    const auto local = t + offset_at(t);
    return local - std::chrono::floor<std::chrono::days>(local);
}

std::string zone::wall_clock(instant t) const {
    const std::chrono::hh_mm_ss time(time_of_day(t));
    const auto two = [](auto n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
    return two(time.hours().count()) + ":" + two(time.minutes().count());
}

namespace {

std::vector<std::string> names_in(std::unique_ptr<icu::StringEnumeration> all) {
    UErrorCode status = U_ZERO_ERROR;
    std::vector<std::string> names;
    while (all) {
        const char* next = all->next(nullptr, status);
        if (next == nullptr || U_FAILURE(status))
            break;
        names.emplace_back(next);
    }
    return names;
}

} // namespace

bool is_zone_name(std::string_view name) {
    static const auto known = [] { // asked for each row of an import
        auto names =
            names_in(std::unique_ptr<icu::StringEnumeration>(icu::TimeZone::createEnumeration()));
        std::ranges::sort(names);
        return names;
    }();
    return std::ranges::binary_search(known, name, std::ranges::less());
}

std::string nearest_zone(std::string_view name) {
    UErrorCode status = U_ZERO_ERROR;
    const auto names =
        names_in(std::unique_ptr<icu::StringEnumeration>(icu::TimeZone::createTimeZoneIDEnumeration(
            UCAL_ZONE_TYPE_CANONICAL_LOCATION, nullptr, nullptr, status)));
    const std::vector<std::string_view> views(names.begin(), names.end());
    return std::string(settings::nearest(name, views));
}

} // namespace posthorn::templates
