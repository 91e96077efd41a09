#include "publishing/cron.hpp"

#include "settings/problem.hpp"
#include "templates/in_quotes.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

namespace posthorn::publishing {

namespace {

using templates::in_quotes;

constexpr std::array<std::string_view, 12> month_names{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_names{"sun", "mon", "tue", "wed",
                                                        "thu", "fri", "sat"};

struct field_rules {
    std::string_view name;
    unsigned least, most;
};
constexpr std::array<field_rules, 5> rules{
    {{"minute", 0, 59}, {"hour", 0, 23}, {"day", 1, 31}, {"month", 1, 12}, {"weekday", 0, 7}}};

std::vector<std::string_view> split(std::string_view text, std::string_view at) {
    std::vector<std::string_view> out;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find_first_of(at, begin), text.size());
        out.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

std::optional<unsigned> number_in(std::string_view text) {
    if (text.empty() || text.size() > 4)
        return std::nullopt;
    unsigned n = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        n = n * 10 + static_cast<unsigned>(c - '0');
    }
    return n;
}

template <std::size_t Count>
std::optional<unsigned> name_in(const std::array<std::string_view, Count>& names,
                                std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto found = std::ranges::find(names, small);
    if (found == names.end())
        return std::nullopt;
    return static_cast<unsigned>(found - names.begin());
}

class field_parser {
public:
    explicit field_parser(cron_part part)
        : part_(part), rules_(rules.at(static_cast<std::size_t>(part))) {}

    result<cron_field> parse(std::string_view text) const {
        cron_field out{.star = text.starts_with('*'), .values = {}};
        for (const auto item : split(text, ","))
            if (auto why = add(out, item); !why.empty())
                return refuse(std::string(rules_.name) + " " + in_quotes(text) + ": " + why);
        std::ranges::sort(out.values);
        const auto twice = std::ranges::unique(out.values);
        out.values.erase(twice.begin(), twice.end());
        return out;
    }

private:
    std::optional<unsigned> value_of(std::string_view text) const {
        if (part_ == cron_part::month)
            if (const auto month = name_in(month_names, text))
                return *month + 1;
        if (part_ == cron_part::weekday)
            if (const auto day = name_in(weekday_names, text))
                return day;
        const auto n = number_in(text);
        return n && *n >= rules_.least && *n <= rules_.most ? n : std::nullopt;
    }

    std::string not_one(std::string_view text) const {
        return in_quotes(text) + " is none: " + std::to_string(rules_.least) + " to " +
               std::to_string(rules_.most) +
               (part_ == cron_part::month     ? ", or jan to dec"
                : part_ == cron_part::weekday ? ", or sun to sat"
                                              : "");
    }

    // Why not; empty: added.
    std::string add(cron_field& to, std::string_view item) const {
        const auto slash = item.find('/');
        const auto range = item.substr(0, slash);
        const auto dash = range.find('-');
        std::optional<unsigned> first = rules_.least, last = rules_.most;
        if (range != "*") {
            first = value_of(range.substr(0, dash));
            if (!first)
                return not_one(range.substr(0, dash));
            last = dash == std::string_view::npos ? first : value_of(range.substr(dash + 1));
            if (!last)
                return not_one(range.substr(dash + 1));
            if (*first > *last)
                return in_quotes(range) + " goes backwards: list what you mean with commas";
        }
        std::optional<unsigned> step = 1;
        if (slash != std::string_view::npos) {
            if (range != "*" && dash == std::string_view::npos)
                return in_quotes(item) + " has a step but no range: write '" + std::string(range) +
                       "-" + std::to_string(rules_.most) + "/" +
                       std::string(item.substr(slash + 1)) + "'";
            step = number_in(item.substr(slash + 1));
            if (!step || *step == 0)
                return in_quotes(item) + " has no step above zero after its '/'";
        }
        for (auto n = *first; n <= *last; n += *step)
            to.values.push_back(part_ == cron_part::weekday ? n % 7 : n);
        return {};
    }

    cron_part part_;
    const field_rules& rules_;
};

bool any_date(const cron_fields& f) {
    constexpr std::array<unsigned, 13> days{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const auto earliest = f.of(cron_part::day).values.front();
    return std::ranges::any_of(f.of(cron_part::month).values,
                               [&](unsigned month) { return earliest <= days.at(month); });
}

} // namespace

result<cron_fields> parse_cron(std::string_view text) {
    std::vector<std::string_view> words;
    for (const auto word : split(text, " \t"))
        if (!word.empty())
            words.push_back(word);
    if (words.size() != rules.size())
        return refuse("has " + std::to_string(words.size()) +
                      " fields, and needs five: minute hour day month weekday, such as "
                      "'30 18 * * 1-5'");
    cron_fields out;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        auto field = field_parser(static_cast<cron_part>(i)).parse(words[i]);
        if (!field)
            return field.error();
        out.parts.at(i) = std::move(*field);
    }
    if (!any_date(out))
        return refuse("no month of " + in_quotes(words[3]) + " has a day " + in_quotes(words[2]) +
                      ": it would never come");
    return out;
}

} // namespace posthorn::publishing
