#include "policy/holiday_file.hpp"

#include "model/time_text.hpp"
#include "settings/reader.hpp"
#include "templates/calendar.hpp"

#include <optional>

namespace posthorn::policy {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr auto date_wanted = "' is no date like 2026-10-01, and no range like "
                             "2026-10-01..2026-10-07";

struct range {
    sys_days first, last;
};

std::optional<sys_days> date_from(std::string_view written) {
    const auto read = templates::parse_date(written);
    return read ? std::optional(sys_days(days(read.value()))) : std::nullopt;
}

std::optional<range> range_from(std::string_view written) {
    const auto dots = written.find("..");
    const auto first = date_from(written.substr(0, dots));
    const auto last = dots == std::string_view::npos ? first : date_from(written.substr(dots + 2));
    if (!first || !last || *last < *first)
        return std::nullopt;
    return range{*first, *last};
}

std::string year_of(sys_days day) { return iso(day).substr(0, 4); }

class year_reader {
public:
    year_reader(settings::reader year, std::string number, holidays& into)
        : year_(std::move(year)), number_(std::move(number)), into_(into) {}

    void read() {
        auto named = year_.optional_map("holidays");
        for (const auto& name : named.keys())
            read_days(named, name, name);
        read_days(year_, "workdays", {});
    }

private:
    // `name` empty: worked.
    void read_days(settings::reader from, const std::string& key, const std::string& name) {
        for (const auto& written : from.texts(key, {})) {
            const auto r = range_from(written);
            if (!r)
                from.fail(key, "'" + written + date_wanted);
            else if (year_of(r->first) != number_ || year_of(r->last) != number_)
                from.fail(key, written + " is not in " + number_);
            else
                add(from, key, name, *r);
        }
    }
    void add(settings::reader from, const std::string& key, const std::string& name,
             const range& r) {
        for (auto day = r.first; day <= r.last; day += days(1))
            if (!(name.empty() ? into_.add_workday(day) : into_.add(day, name)))
                from.fail(key, iso(day) + " is named twice");
    }

    settings::reader year_;
    std::string number_;
    holidays& into_;
};

} // namespace

holidays load_holidays(const std::filesystem::path& file, settings::problem_list& problems) {
    holidays out;
    auto source = settings::document::load(file);
    auto root = source.root();
    for (const auto& year : root.keys())
        year_reader(root.map(year), year, out).read();
    const auto found = source.finish();
    problems.insert(problems.end(), found.begin(), found.end());
    return out;
}

} // namespace posthorn::policy
