// The first line of a CSV file: where a column is, and what is wrong with their names. Blanks around
// a name do not count.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::cli {

using header_row = std::vector<std::string>;

std::optional<std::size_t> place_of(const header_row& header, std::string_view name);
std::optional<std::string> repeated_column(const header_row& header); // the first that is
std::string list_of(const header_row& header);                        // "key, to, name"
// " (did you mean 'name'?)", or nothing.
std::string nearest_column(const header_row& header, std::string_view name);
bool is_rejects_column(std::string_view name); // ours, of a rejects file

} // namespace posthorn::cli
