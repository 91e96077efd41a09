#include "settings/people_settings.hpp"

namespace posthorn::settings {

using namespace std::chrono_literals;

people_settings read_people(reader map) {
    people_settings p;
    if (map.is_void())
        return p;
    auto& g = p.guesses;
    g.tries = static_cast<unsigned>(map.integer("pin_tries", {1, 100}, g.tries));
    g.locked_for = map.duration("locked_for", g.locked_for, {.least = 1s, .most = g.longest});
    p.code_valid = map.duration("code_valid", p.code_valid, {.least = 1min, .most = 3660 * 24h});
    return p;
}

} // namespace posthorn::settings
