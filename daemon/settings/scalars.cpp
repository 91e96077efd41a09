#include "settings/scalars.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <string>

namespace posthorn::settings {

namespace {

struct unit {
    std::string_view name;
    std::int64_t factor;
};

constexpr std::array<unit, 5> durations{{{"ms", 1'000},
                                         {"s", 1'000'000},
                                         {"m", 60'000'000},
                                         {"h", 3'600'000'000},
                                         {"d", 86'400'000'000}}};
constexpr std::array<unit, 10> sizes{{{"", 1},
                                      {"B", 1},
                                      {"KB", 1'000},
                                      {"MB", 1'000'000},
                                      {"GB", 1'000'000'000},
                                      {"TB", 1'000'000'000'000},
                                      {"KiB", 1LL << 10},
                                      {"MiB", 1LL << 20},
                                      {"GiB", 1LL << 30},
                                      {"TiB", 1LL << 40}}};

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

template <std::size_t Count>
result<std::int64_t> parse_with_unit(std::string_view text, const std::array<unit, Count>& units,
                                     std::string_view example) {
    const auto wrong = [&] { return refuse(std::string(example) + ", is " + quoted(text)); };
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error == std::errc::result_out_of_range)
        return refuse("is too large: " + quoted(text));
    if (error != std::errc{} || count < 0)
        return wrong();
    auto name = text.substr(static_cast<std::size_t>(end - text.data()));
    if (name.starts_with(' '))
        name.remove_prefix(1);
    for (const auto& u : units) {
        if (u.name != name)
            continue;
        if (count > std::numeric_limits<std::int64_t>::max() / u.factor)
            return refuse("is too large: " + quoted(text));
        return count * u.factor;
    }
    return wrong();
}

} // namespace

result<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range)
        return refuse("is too large: " + quoted(text));
    if (error != std::errc{} || end != text.data() + text.size())
        return refuse("must be a whole number, is " + quoted(text));
    return value;
}

result<bool> parse_flag(std::string_view text) {
    if (text == "true" || text == "yes" || text == "on")
        return true;
    if (text == "false" || text == "no" || text == "off")
        return false;
    return refuse("must be true or false, is " + quoted(text));
}

result<duration> parse_duration(std::string_view text) {
    const auto micros =
        parse_with_unit(text, durations, "must be a time with its unit (500ms, 60s, 5m, 24h, 90d)");
    if (!micros)
        return micros.error();
    return duration(*micros);
}

result<std::int64_t> parse_bytes(std::string_view text) {
    return parse_with_unit(text, sizes, "must be a size in octets (4096, 64KiB, 10GiB)");
}

std::string show(duration d) {
    std::string_view name = durations[0].name;
    std::int64_t factor = durations[0].factor;
    for (const auto& u : durations)
        if (d.count() != 0 && d.count() % u.factor == 0) {
            name = u.name;
            factor = u.factor;
        }
    return std::to_string(d.count() / factor) + std::string(name);
}

} // namespace posthorn::settings
