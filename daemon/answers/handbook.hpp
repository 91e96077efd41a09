// All that is configured about answering; immutable, exchanged whole by a reload.
#pragma once

#include "answers/destinations.hpp"
#include "answers/phrases.hpp"
#include "commands/matcher.hpp"
#include "lookups/lookup.hpp"
#include "model/lockout.hpp"
#include "model/number.hpp"
#include "policy/opt_words.hpp"
#include "settings/inbound_settings.hpp"
#include "templates/zone.hpp"
#include "topics/directory.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace posthorn::answers {

struct handbook {
    commands::matcher matcher;
    lookups::catalogue lookups;
    answers::phrases phrases;
    policy::opt_words opt_words;
    settings::inbound_settings rules;
    answers::destinations destinations = {}; // whose our numbers are
    std::set<std::string> blocked;           // E.164 without '+'
    lockout guesses;                         // of PINs and codes
    std::vector<country> countries;
    templates::zone zone = templates::zone::utc();   // whose date it is
    std::shared_ptr<const topics::directory> topics; // never null
};

// Lookups as command files are checked against them.
std::vector<commands::lookup_shape> shapes_of(const lookups::catalogue& lookups);

} // namespace posthorn::answers
