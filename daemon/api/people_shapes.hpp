// Numbers and customer accounts as JSON, for people on the Unix socket and for agents. Numbers are not
// masked: whom to unbind, one must see. Hashes are never shown.
#pragma once

#include "store/people.hpp"

#include <boost/json/object.hpp>

namespace posthorn::api {

boost::json::object person_shape(const store::person& p,
                                 const std::vector<store::binding_change>& changes, instant now);
boost::json::object account_shape(const store::account_story& a,
                                  const std::vector<store::binding_change>& changes);

} // namespace posthorn::api
