// Types that timers begin with and make, and what is wrong with the file of a timer.
#pragma once

#include "timers/timer_file.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace timer_types {

using namespace posthorn;

inline std::string type_text(const std::string& name, const std::string& whom,
                             const std::string& fields, const std::string& sample,
                             const std::string& zone = "Asia/Shanghai") {
    return "name: " + name + "\ncategory: billing\npriority: normal\nwhom: [" + whom +
           "]\nvalidity: 24h\nzone: " + zone + "\nfields:\n" + fields +
           "signature: X\ntexts: {en: \"Text {{ account }}\"}\nsample:\n" + sample;
}

inline std::vector<templates::event_type> types_in(const std::string& zone = "Asia/Shanghai") {
    const std::vector<std::pair<std::string, std::string>> texts{
        {"bill.issued",
         type_text("bill.issued", "number, account",
                   "  account: {kind: text}\n  amount: {kind: money, currency: CNY}\n"
                   "  balance: {kind: money, currency: CNY, required: false}\n"
                   "  monthly_use: {kind: money, currency: CNY, required: false}\n"
                   "  due_date: {kind: date}\n  until: {kind: time, required: false}\n"
                   "  area: {kind: text, required: false}\n",
                   "  account: A-1\n  amount: 5.00\n  balance: 1.00\n  monthly_use: 10.00\n"
                   "  due_date: 2026-11-30\n  until: 2026-11-30T16:00:00+08:00\n  area: s1\n",
                   zone)},
        {"arrears.first",
         type_text(
             "arrears.first", "number, account",
             "  account: {kind: text}\n  amount: {kind: money, currency: CNY}\n"
             "  pay_by: {kind: date}\n  days: {kind: integer, required: false}\n"
             "  cut_at: {kind: time, required: false}\n  note: {kind: text, required: false}\n",
             "  account: A-1\n  amount: 5.00\n  pay_by: 2026-12-10\n")},
        {"balance.low", type_text("balance.low", "number, account", "  account: {kind: text}\n",
                                  "  account: A-1\n")},
        {"staff.told",
         type_text("staff.told", "role", "  account: {kind: text}\n", "  account: A-1\n")},
    };
    std::vector<templates::event_type> out;
    settings::problem_list problems;
    for (const auto& [name, text] : texts)
        if (auto type =
                templates::read_type(text, name + ".yaml", templates::zone::utc(), problems))
            out.push_back(std::move(*type));
    REQUIRE_MESSAGE(problems.empty(), settings::format(problems));
    return out;
}

// A good one of these types.
inline timers::timer good_timer(const std::string& text,
                                const std::string& zone = "Asia/Shanghai") {
    settings::problem_list problems;
    auto t = timers::read_timer(text, "arrears.yaml", types_in(zone), problems);
    REQUIRE_MESSAGE(problems.empty(), settings::format(problems));
    return std::move(*t);
}

} // namespace timer_types
