// What /metrics says: names and units are those of README, "Health and metrics". Labels are names
// from the configuration and states; never a number, a key or an id.
#pragma once

#include "api/shapes.hpp"

namespace posthorn::api {

// Pure. `now` is for ages.
std::string metrics_of(const status_snapshot& live, const stored_figures& stored,
                       const health_figures& health, const http_figures& http, instant now);

} // namespace posthorn::api
