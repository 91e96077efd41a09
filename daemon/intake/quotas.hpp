// Who may still hand in how much: one count for all ways in.
//
//   room = limit - taken in since the window began - being taken in
//
// Rows are reserved before they are taken in, and settled when it is known what became of them;
// what was known before (a duplicate) gives its place back. An event counts in the window in which
// it is settled. A window never goes back with the clock, so that a jump gives no second quota.
#pragma once

#include "intake/catalogue.hpp"
#include "model/quota.hpp"
#include "templates/zone.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::intake {

// Any thread.
class quotas {
public:
    // `days`: where a day begins and ends.
    quotas(const catalogue& known, templates::zone days);

    // Another configuration: its limits hold at once, its zone from the next day on. Counts stay.
    void use(const catalogue& known, templates::zone days);

    // How many of `wanted` events may be taken in now. They are reserved until settled.
    std::size_t reserve(std::string_view source, std::size_t wanted, instant now);
    // Of `reserved` events so many were taken in.
    void settle(std::string_view source, std::size_t reserved, std::size_t taken_in, instant now);
    // Those that an earlier process took in today.
    void add_earlier(std::string_view source, std::int64_t events, instant now);

    // Of each window it has a limit for.
    std::vector<quota_use> uses(std::string_view source, instant now);
    // What stands in its way the longest; nothing when there is room.
    std::optional<quota_use> in_the_way(std::string_view source, instant now);

private:
    struct window {
        std::int64_t limit = 0; // 0: none
        std::int64_t taken_in = 0;
        instant ends{};
    };
    struct account {
        window minute, day;
        std::int64_t reserved = 0;
    };

    account& at(std::string_view source, instant now);
    void take_limits(const catalogue& known);
    std::vector<quota_use> uses_of(const account& a) const;

    std::mutex mutex_; // guards what follows
    templates::zone days_;
    std::map<std::string, account, std::less<>> accounts_;
};

} // namespace posthorn::intake
