// A CSV file (RFC 4180) as texts: the first line names the columns. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tables {

struct csv {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows; // as long as `columns`, each
    std::string mistake;                        // "line 7 has 3 cells, the first line 4"
};

csv read_csv(std::string_view text);

} // namespace tables
