// What the types say, as the store keeps it: a version for each time it says something else.
#pragma once

#include "gateway/configuration.hpp"
#include "store/ops.hpp"

#include <string>
#include <vector>

namespace posthorn::gateway {

// Of each type, in the order of the catalogue.
std::vector<store::keep_wording> wordings_in(const configuration& c, const std::string& who,
                                             instant at);

// In the same order, the versions that the store has given them: messages are made by these.
void use_versions(configuration& c, const std::vector<std::int64_t>& versions);

} // namespace posthorn::gateway
