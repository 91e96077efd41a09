// Subscriptions as JSON.
#pragma once

#include "model/subscription.hpp"

#include <boost/json/array.hpp>

#include <vector>

namespace posthorn::api {

boost::json::array subscriptions_shape(const std::vector<subscription>& all);

} // namespace posthorn::api
