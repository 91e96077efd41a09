// What somebody means by an id of an event or message, or by a key: that may be the key of one event
// and the id of another, and several sources may use it.
#pragma once

#include "api/number_in.hpp"
#include "store/reader.hpp"

#include <string>
#include <utility>
#include <vector>

namespace posthorn::api {

// `source`: whose key; empty: anybody's. Throws store::read_failed. On the reader's thread.
inline std::vector<store::event_story> stories_named(store::reader& reader, const std::string& what,
                                                     const std::string& source) {
    auto stories = reader.stories_of_key(what, source);
    if (const auto id = number_in<posthorn::id>(what))
        if (auto story = reader.story_of(*id))
            stories.insert(stories.begin(), std::move(*story));
    return stories;
}

} // namespace posthorn::api
