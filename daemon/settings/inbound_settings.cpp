#include "settings/inbound_settings.hpp"

#include <algorithm>

namespace posthorn::settings {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t longest_number = 20; // on any carrier's wire

destination_settings read_destination(reader map) {
    destination_settings d;
    d.number = map.text("number");
    d.source = map.text("source");
    d.acknowledge = read_acknowledge(map, "acknowledge");
    d.begins = d.number.ends_with('*');
    if (d.begins)
        d.number.pop_back();
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (map.has("number") && (d.number.empty() || d.number.size() > longest_number ||
                              !std::ranges::all_of(d.number, is_digit)))
        map.fail("number",
                 "must be 1 to 20 digits, and * after them for all numbers that begin so");
    return d;
}

} // namespace

text_by_language read_acknowledge(reader map, std::string_view key) {
    text_by_language out;
    auto texts = map.optional_map(key);
    for (const auto& language : texts.keys())
        out[language] = texts.text(language);
    if (!texts.is_void() && out.empty())
        map.fail(key, "has no text in any language");
    return out;
}

inbound_settings read_inbound(reader map) {
    inbound_settings i;
    if (map.is_void())
        return i;
    const auto number = [&](std::string_view key, unsigned fallback, unsigned least = 1) {
        return static_cast<unsigned>(map.integer(key, {least, 1'000'000}, fallback));
    };
    i.join_within = map.duration("join_within", i.join_within, {10s, 24h});
    i.question_for = map.duration("question_for", i.question_for, {1min, 24h});
    i.patience = map.duration("patience", i.patience, {100ms, 5min});
    i.per_minute = number("per_minute", i.per_minute);
    i.per_hour = number("per_hour", i.per_hour);
    i.nuisance_after = number("nuisance_after", i.nuisance_after, 0);
    i.nuisance_for = map.duration("nuisance_for", i.nuisance_for, {1min, 365 * 24h});
    i.per_second = number("per_second", i.per_second, 0);
    i.blocked = map.texts("blocked", {});
    for (auto& destination : map.maps("destinations"))
        i.destinations.push_back(read_destination(destination));
    i.question_extensions = map.texts("question_extensions", {});
    return i;
}

} // namespace posthorn::settings
