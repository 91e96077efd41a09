// Text in columns that line up on a terminal, also with Chinese characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::cli {

// Columns a terminal needs for a UTF-8 text: wide characters count two.
std::size_t width_of(std::string_view utf8);

class table {
public:
    // Columns whose name begins with '>' are aligned to the right.
    explicit table(std::vector<std::string> columns);

    void add(std::vector<std::string> cells);
    bool empty() const { return rows_.empty(); }

    // Each line indented by `indent` spaces; columns without a single text are left out.
    std::string text(std::size_t indent = 2) const;

private:
    std::vector<std::string> columns_;
    std::vector<bool> right_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace posthorn::cli
