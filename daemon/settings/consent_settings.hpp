// `consent:` of posthorn.yaml: by which words a phone opts out and comes back, and what it is told.
#pragma once

#include "model/consent.hpp"
#include "model/time.hpp"
#include "settings/reader.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace posthorn::settings {

// By language; that of a word is the language of its answer.
using words_by_language = std::map<std::string, std::vector<std::string>>;

struct consent_settings {
    words_by_language out;
    words_by_language in;
    words_by_language out_after_hint; // they mean other things too
    duration hint_for{};              // so long after a text that carried the hint
    // What may stand after `out` and `in`; without a category: all of them. The first name of a
    // language is also how its answers call it.
    std::map<std::optional<category>, words_by_language> categories;
    struct {
        std::map<std::string, std::string> out, in, unchanged, stays; // by language; {what}
    } answers;
};

consent_settings read_consent(reader map); // void: the defaults

} // namespace posthorn::settings
