// Reads one topic from its file; private to this room.
#pragma once

#include "settings/reader.hpp"
#include "topics/topic_file.hpp"

namespace posthorn::topics {

// What is wrong is recorded in the document of `root`.
topic read_topic(settings::reader root, const std::string& file_name, const known_things& known);

// That its items can be made into texts, as far as samples tell. Only for a topic that was read
// without a problem.
void try_items(const topic& t, settings::reader root, const known_things& known);

} // namespace posthorn::topics
