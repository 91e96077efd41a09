// The body of an answer over HTTP as rows; private to this room.
#pragma once

#include "lookups/answer.hpp"
#include "lookups/lookup.hpp"

#include <string_view>

namespace posthorn::lookups {

answer read_http_answer(const lookup& of, long status, std::string_view body);

} // namespace posthorn::lookups
