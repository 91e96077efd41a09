#include "sdk/simulator/outcomes.hpp"

#include "sdk/numerals.hpp"

#include <algorithm>
#include <iterator>

namespace posthorn::simulator {

namespace {

// In the order of enum outcome.
constexpr std::string_view words[] = {"delivered", "undelivered", "expired", "rejected", "deleted",
                                      "unknown",   "accepted",    "enroute", "none"};

std::optional<fate> fate_named(std::string_view word) {
    const auto* const found = std::find(std::begin(words), std::end(words), word);
    if (found == std::end(words))
        return std::nullopt;
    return fate{.outcome = static_cast<outcome>(found - std::begin(words))};
}

std::string known_words() {
    std::string text;
    for (const auto word : words)
        text.append(text.empty() ? "" : ", ").append(word);
    return text;
}

} // namespace

std::string_view stat_of(outcome of) noexcept {
    constexpr std::string_view stats[] = {"DELIVRD", "UNDELIV", "EXPIRED", "REJECTD", "DELETED",
                                          "UNKNOWN", "ACCEPTD", "ACCEPTD", "UNKNOWN"};
    return stats[static_cast<std::size_t>(of)];
}

std::uint64_t spread(std::string_view octets, std::uint64_t seed) noexcept {
    std::uint64_t hash = 14695981039346656037U ^ seed;
    for (const char c : octets)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return hash;
}

std::optional<std::string> outcomes::set_shares(std::string_view text) {
    std::vector<share> parsed;
    std::uint64_t total = 0;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto item = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        const auto equals = item.find('=');
        const auto to = fate_named(item.substr(0, equals));
        const auto weight = equals == std::string_view::npos
                                ? std::nullopt
                                : sdk::whole_number<std::uint32_t>(item.substr(equals + 1));
        if (!to || !weight)
            return "\"" + std::string(item) + "\" is not OUTCOME=SHARE; outcomes are " +
                   known_words();
        total += *weight;
        parsed.push_back({total, *to});
    }
    if (total == 0)
        return std::string("the shares add up to nothing");
    shares_ = std::move(parsed);
    total_ = total;
    return std::nullopt;
}

std::optional<std::string> outcomes::add_suffix(std::string_view text) {
    const auto equals = std::min(text.find('='), text.size());
    const auto to = equals == text.size() ? std::nullopt : fate_named(text.substr(equals + 1));
    if (!to || equals == 0)
        return "\"" + std::string(text) + "\" is not SUFFIX=OUTCOME; outcomes are " + known_words();
    add(text.substr(0, equals), *to);
    return std::nullopt;
}

std::uint32_t status_in_digits(std::string_view text) {
    const bool hex = text.starts_with("0x");
    if (hex)
        text.remove_prefix(2);
    return sdk::whole_number<std::uint32_t>(text, hex ? 16 : 10).value_or(0);
}

std::optional<std::string> outcomes::add_refusal(std::string_view text) {
    const auto equals = std::min(text.find('='), text.size());
    const auto code = equals == text.size() ? 0 : status_(text.substr(equals + 1));
    if (equals == 0 || code == 0)
        return "\"" + std::string(text) +
               "\" is not SUFFIX=STATUS with a status of this protocol (see --help)";
    add(text.substr(0, equals), {.refused = code});
    return std::nullopt;
}

void outcomes::add(std::string_view suffix, fate to) {
    const auto longer = [](const rule& a, const rule& b) {
        return a.suffix.size() > b.suffix.size();
    };
    rule made{std::string(suffix), to};
    const auto behind = std::upper_bound(rules_.begin(), rules_.end(), made, longer);
    rules_.insert(behind, std::move(made));
}

fate outcomes::of(std::string_view destination) const {
    for (const auto& one : rules_)
        if (destination.ends_with(one.suffix))
            return one.to;
    if (shares_.empty())
        return {};
    const auto place = spread(destination, seed_) % total_;
    for (const auto& one : shares_)
        if (place < one.up_to)
            return one.to;
    return shares_.back().to;
}

} // namespace posthorn::simulator
