// An event was for many when it was expanded, whatever it says of its recipient: one to an account with
// one number has its message at once. Inside the store only.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::store {

// SQL: 1 or 0. `e`: what the event's table is called; `live`: live.db's schema.
inline std::string was_for_many(std::string_view e, std::string_view live = "main") {
    const std::string event(e);
    // not IN (...): for that SQLite builds a table each time the statement runs
    return "(" + event + ".to_kind<>'number' AND " + event +
           ".to_kind<>'email' AND EXISTS (SELECT 1 FROM " + std::string(live) +
           ".expansion AS was_for_many WHERE was_for_many.event=" + event + ".id))";
}

} // namespace posthorn::store
