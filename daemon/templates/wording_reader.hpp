// Reads texts in several languages from a settings file and tries them on a sample.
#pragma once

#include "settings/reader.hpp"
#include "templates/wording_set.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace posthorn::templates {

// The map `key` of texts by language into `set.texts`, checked against `set.fields`; without
// signatures. Returns the languages written there, sorted, also those whose text has a mistake.
std::vector<std::string> read_wordings(settings::reader& root, std::string_view key,
                                       wording_set& set);

// `default_language`: one of `languages`; may be left out where there is only one.
std::string read_default_language(settings::reader& root,
                                  const std::vector<std::string>& languages);

// The least a source may send: good data without its optional fields.
boost::json::object least_of(const boost::json::object& good, const std::vector<field>& fields);

// A text must come out in every language, from good data and from good data without its optional
// fields. `texts` is the reader of the texts; `whose` stands in the mistake: "an event".
void try_wordings(const wording_set& set, const boost::json::object& good, settings::reader& texts,
                  std::string_view whose);

} // namespace posthorn::templates
