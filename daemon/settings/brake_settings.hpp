// `brake:` of posthorn.yaml: when a run is paused because it begins badly, and by how much.
#pragma once

#include "settings/reader.hpp"

#include <map>
#include <string>

namespace posthorn::settings {

struct brake_settings {
    bool enabled = true;
    unsigned first = 100;  // messages of a run that leave before it is judged
    unsigned enough = 20;  // of them whose end must be known
    unsigned good = 80;    // percent of those that must be delivered
    unsigned rejects = 20; // percent of a run's last 200 answers; more are too many
    std::map<std::string, unsigned> most_in_an_hour; // messages of one source, by type

    bool operator==(const brake_settings&) const = default;
};

brake_settings read_brake(reader map); // void: the defaults

} // namespace posthorn::settings
