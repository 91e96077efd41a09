// Reads e-mails in several languages from a type file, and tries them on its sample:
//
//     emails:
//       en:
//         subject: Your {{ period | date("yMMMM") }} bill
//         plain: |
//           ...
//         html: |          may be left out
//           <p>...</p>
#pragma once

#include "settings/reader.hpp"
#include "templates/letter_wording.hpp"
#include "templates/wording_set.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace posthorn::templates {

// The map `key` by language into `letters`, checked against `set.fields`. Returns the languages
// written there, sorted, also those that have a mistake.
std::vector<std::string> read_letters(settings::reader& root, std::string_view key,
                                      const wording_set& set, std::vector<letter_wording>& letters);

// As try_wordings: in every language, from good data and from the least of it. `emails` is the reader
// of the map.
void try_letters(const wording_set& set, const std::vector<letter_wording>& letters,
                 const boost::json::object& good, settings::reader& emails);

} // namespace posthorn::templates
