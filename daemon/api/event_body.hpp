// Events as business systems write them in HTTP: the columns of an outbox row as members of a JSON
// object, `data` as an object, times as RFC 3339.
#pragma once

#include "model/event.hpp"
#include "model/refusal.hpp"

#include <boost/json/value.hpp>

#include <string_view>
#include <vector>

namespace posthorn::api {

// "2026-11-02T09:00:00Z", with a fraction or an offset like +08:00.
result<instant> read_rfc3339(std::string_view text);

// `key`: what must name the event; empty: the member `key` does. What its values mean is not
// checked here: intake parks what it cannot use.
result<event> read_event(const boost::json::value& body, std::string_view key);

} // namespace posthorn::api
