#include "settings/brake_settings.hpp"

#include <algorithm>

namespace posthorn::settings {

brake_settings read_brake(reader map) {
    brake_settings b;
    if (map.is_void())
        return b;
    const auto number = [](reader& from, const std::string& key, std::int64_t most,
                           unsigned fallback) {
        return static_cast<unsigned>(from.integer(key, {1, most}, fallback));
    };
    b.enabled = map.flag("enabled", b.enabled);
    b.first = number(map, "first", 100'000, b.first);
    b.enough = number(map, "enough", 100'000, std::min(b.enough, b.first));
    if (b.enough > b.first)
        map.fail("enough", "must not be more than first: no more receipts are looked at");
    b.good = number(map, "good", 100, b.good);
    b.rejects = number(map, "rejects", 100, b.rejects);
    auto types = map.optional_map("most_in_an_hour");
    for (const auto& type : types.keys())
        b.most_in_an_hour[type] = number(types, type, 1'000'000'000, 0);
    return b;
}

} // namespace posthorn::settings
