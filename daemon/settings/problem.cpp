#include "settings/problem.hpp"

#include <algorithm>
#include <numeric>

namespace posthorn::settings {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Edits that turn one name into the other; a swap of neighbours counts as one.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::vector<std::size_t> next(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        next[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto same = lower(a[i - 1]) == lower(b[j - 1]);
            next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0u : 1u)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                next[j] = std::min(next[j], before[j - 2] + 1);
        }
        std::swap(before, row);
        std::swap(row, next);
    }
    return row[b.size()];
}

} // namespace

std::string format(const problem& p) {
    std::string out = p.file;
    if (p.line > 0)
        out += ":" + std::to_string(p.line);
    if (p.line > 0 && p.column > 0)
        out += ":" + std::to_string(p.column);
    if (!out.empty())
        out += ": ";
    if (!p.path.empty())
        out += p.path + ": ";
    return out + p.what;
}

std::string format(const problem_list& all) {
    std::string out;
    for (const auto& p : all)
        out += format(p) + "\n";
    return out;
}

std::string_view nearest(std::string_view wanted, std::span<const std::string_view> known) {
    constexpr std::size_t longest = 64; // what is longer is no misspelt name
    if (wanted.size() > longest)
        return {};
    std::string_view best;
    auto best_distance = std::max<std::size_t>(1, (wanted.size() + 1) / 3) + 1;
    for (const auto name : known) {
        const auto edits = name.size() > longest ? best_distance : distance(wanted, name);
        if (edits < best_distance && edits < name.size()) {
            best = name;
            best_distance = edits;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view wanted, std::span<const std::string_view> known) {
    const auto name = nearest(wanted, known);
    return name.empty() ? std::string() : " (did you mean '" + std::string(name) + "'?)";
}

} // namespace posthorn::settings
