// What the text of an item is made of, when a lookup is asked for it.
#pragma once

#include "topics/topic.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace posthorn::topics {

// The columns of the first row by name, all rows as `rows`, and the parameter by its name where no
// column has it. `rows` is not empty; with each_row it is the one row.
boost::json::object item_data(const topic& of, const boost::json::array& rows,
                              std::string_view parameter);

} // namespace posthorn::topics
