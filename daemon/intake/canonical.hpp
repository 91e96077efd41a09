// One spelling for all JSON texts that mean the same: what the content hash of an event is made of.
// It must never change: hashes are remembered for 400 days.
//
// Keys in the order of their octets at every level, no white space, strings with the fewest
// escapes, whole numbers as digits, others in the shortest form that reads back the same (so 1.10
// is 1.1).
#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace posthorn::intake {

std::string canonical(const boost::json::object& data);

} // namespace posthorn::intake
