// An event's data as values of its declared fields.
#pragma once

#include "model/refusal.hpp"
#include "templates/field.hpp"
#include "templates/value.hpp"
#include "templates/zone.hpp"

#include <boost/json/object.hpp>

#include <vector>

namespace posthorn::templates {

// Values in the order of the fields; their texts live in `data`. The refusal names every mistake,
// the first ten at most. A blank text is a missing one.
result<std::vector<value>> read_data(const std::vector<field>& fields,
                                     const boost::json::object& data, const zone& local);

} // namespace posthorn::templates
