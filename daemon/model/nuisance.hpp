// A number that bothers (骚扰): until its time is over, what it texts is kept and not answered. An
// opt-out is heeded all the same.
#pragma once

#include "model/time.hpp"

#include <string>

namespace posthorn {

struct nuisance {
    std::string number; // E.164 without '+'
    instant since{}, until{};
    std::string who; // the user, or the name of a token; empty: it went beyond its limits too often
    std::string reason;
};

} // namespace posthorn
