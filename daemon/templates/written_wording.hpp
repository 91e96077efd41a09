// What the texts and e-mails of a type say, as they are written in its file, in one spelling; by it one
// version of a wording is told from another.
//
//     {"texts": {"en": "[Minghu] Bill of {{ period ..."},
//      "emails": {"en": {"subject": "...", "plain": "...", "html": "..."}}}
#pragma once

#include "templates/event_type.hpp"

#include <string>

namespace posthorn::templates {

std::string written_of(const event_type& type);

} // namespace posthorn::templates
