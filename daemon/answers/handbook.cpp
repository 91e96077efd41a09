#include "answers/handbook.hpp"

namespace posthorn::answers {

std::vector<commands::lookup_shape> shapes_of(const lookups::catalogue& lookups) {
    std::vector<commands::lookup_shape> out;
    for (const auto& l : lookups)
        out.push_back({l->name, l->takes, l->fields, l->sample});
    return out;
}

} // namespace posthorn::answers
