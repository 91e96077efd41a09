#include "sdk/http/approved_template.hpp"

#include <algorithm>

namespace posthorn::sdk {

namespace {

constexpr std::string_view opens = "【", closes = "】";

bool is_name(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                                  "WXYZ0123456789_") == std::string_view::npos;
}

// Of the next gap: where it begins, its name, where it ends; npos when there is none.
struct gap_at {
    std::size_t begin = std::string_view::npos, end = 0;
    std::string_view name;
};

gap_at next_gap(std::string_view text) {
    for (std::size_t at = text.find('{'); at != std::string_view::npos;
         at = text.find('{', at + 1)) {
        const auto close = text.find('}', at);
        if (close == std::string_view::npos)
            break;
        const auto name = text.substr(at + 1, close - at - 1);
        if (!is_name(name))
            continue;
        const bool dollar = at > 0 && text[at - 1] == '$';
        return {dollar ? at - 1 : at, close + 1, name};
    }
    return {};
}

} // namespace

approved_template::approved_template(std::string id, std::string_view text) : id_(std::move(id)) {
    for (auto gap = next_gap(text); gap.begin != std::string_view::npos; gap = next_gap(text)) {
        if (gap.begin == 0 && !pieces_.empty())
            mistake_ = "nothing stands between two gaps: nobody can tell where one ends";
        pieces_.push_back({std::string(text.substr(0, gap.begin)), std::string(gap.name)});
        text.remove_prefix(gap.end);
    }
    pieces_.push_back({std::string(text), {}});
}

std::size_t approved_template::literal_size() const {
    std::size_t size = 0;
    for (const auto& p : pieces_)
        size += p.literal.size();
    return size;
}

// Each literal is taken where it comes first behind a gap, but the last one at the end: where any
// fit exists, this is one.
std::optional<approved_template::parameters> approved_template::fit(std::string_view text) const {
    if (!text.starts_with(pieces_.front().literal))
        return std::nullopt;
    text.remove_prefix(pieces_.front().literal.size());
    if (pieces_.size() == 1)
        return text.empty() ? std::optional(parameters()) : std::nullopt;
    parameters found;
    for (std::size_t i = 0; i + 1 < pieces_.size(); ++i) {
        const auto& next = pieces_[i + 1].literal;
        const bool is_last = i + 2 == pieces_.size();
        std::size_t end = text.size() - std::min(text.size(), next.size());
        if (!is_last)
            end = text.empty() ? std::string_view::npos : text.find(next, 1);
        if (end == std::string_view::npos || end == 0 || (is_last && !text.ends_with(next)))
            return std::nullopt;
        const auto value = text.substr(0, end);
        for (const auto& [name, earlier] : found)
            if (name == pieces_[i].gap && earlier != value)
                return std::nullopt;
        found.emplace_back(pieces_[i].gap, value);
        text.remove_prefix(end + next.size());
    }
    return found;
}

std::size_t approved_template::nearness(std::string_view text) const {
    std::size_t size = 0;
    for (const auto& p : pieces_) {
        const auto at = size == 0 ? (text.starts_with(p.literal) ? 0 : std::string_view::npos)
                                  : text.find(p.literal);
        if (at == std::string_view::npos)
            break;
        size += p.literal.size();
        text.remove_prefix(at + p.literal.size());
    }
    return size;
}

std::optional<std::string_view> without_signature(std::string_view text,
                                                  std::string_view sign_name) {
    std::string_view signature;
    if (const auto latin = "[" + std::string(sign_name) + "] "; text.starts_with(latin))
        return text.substr(latin.size());
    if (text.starts_with(opens)) {
        const auto end = text.find(closes);
        if (end == std::string_view::npos)
            return text;
        signature = text.substr(opens.size(), end - opens.size());
        text.remove_prefix(end + closes.size());
    } else if (text.ends_with(closes)) {
        const auto begin = text.rfind(opens);
        if (begin == std::string_view::npos)
            return text;
        signature =
            text.substr(begin + opens.size(), text.size() - closes.size() - begin - opens.size());
        text = text.substr(0, begin);
    } else {
        return text;
    }
    if (signature != sign_name)
        return std::nullopt;
    return text;
}

approved_templates::approved_templates(
    std::span<const std::pair<std::string, std::string>> id_and_text, std::string sign_name)
    : sign_name_(std::move(sign_name)) {
    for (const auto& [id, text] : id_and_text)
        all_.emplace_back(id, without_signature(text, sign_name_).value_or(text));
    std::ranges::sort(all_, [](const auto& a, const auto& b) {
        const auto x = a.literal_size(), y = b.literal_size();
        return x != y ? x > y : a.id() < b.id();
    });
}

std::optional<approved_templates::match> approved_templates::find(std::string_view text) const {
    const auto bare = without_signature(text, sign_name_);
    if (!bare)
        return std::nullopt;
    for (const auto& t : all_)
        if (auto found = t.fit(*bare))
            return match{&t, std::move(*found)};
    return std::nullopt;
}

std::string approved_templates::mistake(std::string_view text) const {
    if (find(text))
        return {};
    const auto bare = without_signature(text, sign_name_);
    if (!bare)
        return "the signature of the text is not sign_name " + sign_name_;
    const approved_template* nearest = nullptr;
    std::size_t most = 0;
    for (const auto& t : all_)
        if (const auto near = t.nearness(*bare); near > most) {
            nearest = &t;
            most = near;
        }
    if (nearest == nullptr)
        return "the text fits no approved template, nor comes near one";
    return "the text fits no approved template; " + nearest->id() + " comes nearest";
}

std::string check_template(std::string_view id, std::string_view text) {
    return approved_template(std::string(id), text).mistake();
}

} // namespace posthorn::sdk
