#include "cli/table.hpp"

#include "encoding/utf8.hpp"

#include <algorithm>

namespace posthorn::cli {

namespace {

// East Asian wide and full-width characters, as far as they occur in names and texts.
bool is_wide(char32_t c) {
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
           (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) || c >= 0x20000;
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                    const std::vector<bool>& right, std::size_t indent) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (widths[i] == 0)
            continue;
        const std::string space(widths[i] - width_of(cells[i]), ' ');
        line += right[i] ? space + cells[i] : cells[i] + space;
        line += "  ";
    }
    return line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
}

} // namespace

std::size_t width_of(std::string_view utf8) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = encoding::read_char(utf8, at);
        width += is_wide(c.code) ? 2U : 1U;
        at += std::max(1U, c.octets);
    }
    return width;
}

table::table(std::vector<std::string> columns) : columns_(std::move(columns)) {
    for (auto& column : columns_) {
        right_.push_back(column.starts_with('>'));
        if (right_.back())
            column.erase(0, 1);
    }
}

void table::add(std::vector<std::string> cells) {
    cells.resize(columns_.size());
    rows_.push_back(std::move(cells));
}

std::string table::text(std::size_t indent) const {
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));
    for (std::size_t i = 0; i < widths.size(); ++i)
        if (widths[i] > 0)
            widths[i] = std::max(widths[i], width_of(columns_[i]));
    const bool named = std::ranges::any_of(columns_, [](const auto& c) { return !c.empty(); });
    std::string out = named ? line_of(columns_, widths, right_, indent) : "";
    for (const auto& row : rows_)
        out += line_of(row, widths, right_, indent);
    return out;
}

} // namespace posthorn::cli
