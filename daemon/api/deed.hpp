// What a person or a source did, for the log of operations.
#pragma once

#include "api/router.hpp"
#include "store/ops.hpp"

#include <string>
#include <utility>

namespace posthorn::api {

inline store::operation deed(const request& asked, instant at, std::string what, std::string which,
                             std::string reason) {
    return {.who = asked.user,
            .what = std::move(what),
            .which = std::move(which),
            .reason = std::move(reason),
            .at = at};
}

} // namespace posthorn::api
