// The `fields:` of a settings file (a type, a lookup), and its sample as the JSON a source would
// send.
#pragma once

#include "settings/reader.hpp"
#include "templates/field.hpp"

#include <boost/json/object.hpp>

#include <vector>

namespace posthorn::templates {

std::vector<field> read_fields(settings::reader& map);

// Numbers and switches as the fields want them, all else as text: 2025-07-31 and 128.50 need no
// quotes in YAML.
boost::json::object read_sample(settings::reader& map, const std::vector<field>& fields);

} // namespace posthorn::templates
