// Of a text that goes, or has gone, once more by another account: by which not.
#pragma once

#include "model/message.hpp"

#include <vector>

namespace posthorn::store {

struct tried_before {
    posthorn::id message = 0;
    bool waits = false;            // its parts stand as the last of them has left them
    std::vector<name_id> accounts; // had it before
};

} // namespace posthorn::store
