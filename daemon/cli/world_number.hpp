// Numbers of files, which come from everywhere and are written in many ways. What our own check takes as a
// number of our countries is that. All else is asked of libphonenumber, which knows the numbering plans of
// the world: whether there can be such a number, and whether a text reaches it. Only imports do, for it takes
// 11 us a number.
#pragma once

#include "model/number.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace posthorn::cli {

// As to_e164, which has the last word.
result<std::string> world_number(std::string_view written, const std::vector<country>& countries);

} // namespace posthorn::cli
