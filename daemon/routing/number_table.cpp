#include "routing/number_table.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::routing {

namespace {

constexpr std::size_t most_told = 10; // mistakes: a whole file in the wrong shape is one

std::string_view trimmed(std::string_view text) {
    constexpr auto blank = " \t\r\"";
    const auto from = text.find_first_not_of(blank);
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(blank) - from + 1);
}

class table_reader {
public:
    explicit table_reader(rules& into) : into_(into) {}

    // What is wrong with a line; empty: nothing.
    std::string take(std::string_view line) {
        line = trimmed(line.substr(line.starts_with("\xEF\xBB\xBF") ? 3 : 0));
        if (line.empty() || line.starts_with('#'))
            return {};
        const auto comma = line.find(',');
        auto digits = trimmed(line.substr(0, comma));
        const auto rest =
            comma == std::string_view::npos ? line.substr(line.size()) : line.substr(comma + 1);
        const auto carrier = trimmed(rest.substr(0, rest.find(',')));
        if (digits.starts_with('+'))
            digits.remove_prefix(1);
        if (carrier.empty())
            return "has no carrier: it must be like 1380013,mobile";
        const auto place = place_of(carrier);
        if (!place)
            return "there are more carriers than there can be: is the carrier the second column?";
        if (!into_.numbers.put(digits, *place))
            return "begins with no number: it must be like 1380013,mobile";
        return {};
    }

private:
    std::optional<std::uint16_t> place_of(std::string_view carrier) {
        if (const auto found = places_.find(carrier); found != places_.end())
            return found->second;
        if (into_.carriers.size() >= std::numeric_limits<std::uint16_t>::max())
            return std::nullopt;
        const auto place = static_cast<std::uint16_t>(into_.carriers.size());
        into_.carriers.emplace_back(carrier);
        places_.emplace(carrier, place);
        return place;
    }

    rules& into_;
    std::map<std::string, std::uint16_t, std::less<>> places_;
};

} // namespace

void read_number_table(const std::filesystem::path& file, rules& into,
                       settings::problem_list& problems) {
    std::ifstream in(file);
    if (!in)
        problems.push_back({.file = file.string(),
                            .path = {},
                            .what = "cannot be read (see `numbers` in routes.yaml)"});
    table_reader reader(into);
    std::size_t told = 0;
    int n = 0;
    for (std::string line; told < most_told && std::getline(in, line);) {
        ++n;
        if (auto what = reader.take(line); !what.empty()) {
            problems.push_back(
                {.file = file.string(), .line = n, .path = {}, .what = std::move(what)});
            ++told;
        }
    }
}

} // namespace posthorn::routing
