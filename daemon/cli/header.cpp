#include "cli/header.hpp"

#include "cli/rejects_file.hpp"
#include "model/blank.hpp"
#include "settings/problem.hpp"

#include <algorithm>

namespace posthorn::cli {

std::optional<std::size_t> place_of(const header_row& header, std::string_view name) {
    const auto found = std::ranges::find_if(
        header, [&](const std::string& column) { return trimmed(column) == name; });
    if (found == header.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - header.begin());
}

std::string list_of(const header_row& header) {
    std::string names;
    for (const auto& column : header)
        names += (names.empty() ? "" : ", ") + std::string(trimmed(column));
    return names;
}

std::string nearest_column(const header_row& header, std::string_view name) {
    const std::vector<std::string_view> known(header.begin(), header.end());
    return settings::did_you_mean(name, known);
}

std::optional<std::string> repeated_column(const header_row& header) {
    for (std::size_t i = 0; i < header.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (!trimmed(header[i]).empty() && trimmed(header[i]) == trimmed(header[j]))
                return std::string(trimmed(header[i]));
    return std::nullopt;
}

bool is_rejects_column(std::string_view name) {
    return std::ranges::find(rejects_columns, name) != rejects_columns.end();
}

} // namespace posthorn::cli
