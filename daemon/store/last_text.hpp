// When a number last got a text of certain types: so that an everyday word is understood by what it
// answers. Nothing is written for it while sending; it is looked for when such a word comes.
#pragma once

#include "store/search.hpp"

namespace posthorn::store {

// Of those taken in since `since`; nothing when none has left, or none was found in time. Asks for
// each type as search::find does, with its limits.
std::optional<instant> last_text_of(search& messages, const std::string& number,
                                    const std::vector<std::string>& types, instant since);

} // namespace posthorn::store
