#include "model/lockout.hpp"

#include <algorithm>

namespace posthorn {

instant locked_until(const lockout& rule, unsigned tries, instant at) {
    if (tries < rule.tries)
        return {};
    auto wait = std::min(rule.locked_for, rule.longest);
    for (unsigned i = rule.tries; i < tries && wait < rule.longest; ++i)
        wait = std::min(wait * 2, rule.longest);
    return at + wait;
}

} // namespace posthorn
