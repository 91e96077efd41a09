// What a number has opted out of and the words that led there, as JSON.
#pragma once

#include "store/reader.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace posthorn::api {

boost::json::object consent_shape(const std::string& number,
                                  const std::vector<store::consent_entry>& entries);

} // namespace posthorn::api
