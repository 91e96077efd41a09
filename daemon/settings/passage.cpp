#include "settings/passage.hpp"

#include "settings/state.hpp"

#include <algorithm>

namespace posthorn::settings {

namespace {

std::string_view trimmed(std::string_view line) {
    const auto begin = std::min(line.find_first_not_of(" \t"), line.size());
    line.remove_prefix(begin);
    return line.substr(0, line.find_last_not_of(" \t\r") + 1); // npos + 1 is 0
}

} // namespace

position passage::at(std::size_t offset) const {
    const auto after = std::upper_bound(
        anchors.begin(), anchors.end(), offset,
        [](std::size_t wanted, const anchor& known) { return wanted < known.offset; });
    if (after == anchors.begin())
        return {};
    const auto& known = *(after - 1);
    const auto between = std::string_view(text).substr(known.offset, offset - known.offset);
    const auto characters =
        std::count_if(between.begin(), between.end(), [](char c) { return (c & 0xC0) != 0x80; });
    return {known.at.line, known.at.column + static_cast<int>(characters)};
}

std::vector<passage::anchor> anchors_of(const document_state& document, const entry& e) {
    const auto& lines = document.lines;
    const auto& text = e.value.Scalar();
    auto row = static_cast<std::size_t>(e.value_at.line); // the one after the mark, from 0
    const auto column = static_cast<std::size_t>(e.value.Mark().column);
    std::vector<passage::anchor> anchors;
    std::size_t from = 0;
    const char style = row >= 1 && row <= lines.size() && column < lines[row - 1].size()
                           ? lines[row - 1][column]
                           : '\0';
    if (style != '|' && style != '>') {
        const bool quoted = style == '"' || style == '\'';
        anchors.push_back({0, {e.value_at.line, e.value_at.column + (quoted ? 1 : 0)}});
        from = 1;
    }
    for (; row < lines.size() && from < text.size(); ++row) {
        const auto line = trimmed(lines[row]);
        if (line.empty())
            continue;
        const auto found = text.find(line, from);
        if (found == std::string::npos)
            break;
        const auto indent = static_cast<int>(lines[row].find_first_not_of(" \t"));
        anchors.push_back({found, {static_cast<int>(row) + 1, indent + 1}});
        from = found + line.size();
    }
    if (anchors.empty())
        anchors.push_back({0, e.value_at});
    return anchors;
}

} // namespace posthorn::settings
