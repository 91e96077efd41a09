// Reading the daemon's JSON without stumbling over what an older or newer one leaves out, and
// writing our own.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace posthorn::cli {

// The member as a person reads it: texts as they are, numbers with thousands separated, "" where it
// is missing or null.
std::string text_at(const boost::json::value& object, std::string_view name);
std::string shown(const boost::json::value& value);

// The same, but digits as they are: ids.
std::string id_at(const boost::json::value& object, std::string_view name);

// The list of that name; empty where it is missing or no list.
const boost::json::array& list_at(const boost::json::value& object, std::string_view name);

// The object of that name; empty where it is missing or no object.
const boost::json::object& object_at(const boost::json::value& object, std::string_view name);

// One line for a program: JSON that every reader takes, whatever octets a row or a file had.
std::string json_line(const boost::json::value& value);

} // namespace posthorn::cli
