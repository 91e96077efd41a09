#include "settings/problem.hpp"

#include "model/edits.hpp"

#include <algorithm>

namespace posthorn::settings {

namespace {

std::string lower(std::string_view name) {
    std::string out(name);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::size_t distance(std::string_view a, std::string_view b) {
    return edits_between<char>(lower(a), lower(b));
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
