// One row of an answer, made of what a system gave; private to this room.
#pragma once

#include "lookups/answer.hpp"
#include "lookups/lookup.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace posthorn::lookups {

// A value as the field wants it, where systems write the same differently and nothing is lost: 7 or
// "7", 1 or true, 2025-07-31 08:00:00+08.
boost::json::value fitted(const templates::field& f, boost::json::value v);

// Nothing when the row is what the lookup declares; else why not, naming fields but no values.
std::string mistakes_of(const lookup& of, const boost::json::object& row);

} // namespace posthorn::lookups
