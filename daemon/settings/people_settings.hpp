// `people:` of posthorn.yaml: PINs and binding codes of people who text in.
#pragma once

#include "model/lockout.hpp"
#include "settings/reader.hpp"

namespace posthorn::settings {

struct people_settings {
    lockout guesses; // of PINs and codes, by one number
    duration code_valid = std::chrono::days(30);

    bool operator==(const people_settings&) const = default;
};

people_settings read_people(reader map); // void: the defaults

} // namespace posthorn::settings
