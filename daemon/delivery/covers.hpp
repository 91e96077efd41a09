// Texts that left lately, by household: what is made about then for the same one is covered by them.
#pragma once

#include "model/cover.hpp"
#include "model/id.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace posthorn::delivery {

class covers {
public:
    // `name`: what the text is called, where its id is not known yet. `until`: as long as no answer to
    // it has come, those it may cover wait, but not longer.
    void add(const cover& c, posthorn::id message, std::string name, instant until = {});
    void settle(const cover& c);                      // the carrier has it, or may have it
    void named(const cover& c, posthorn::id message); // it has its id now
    void remove(const cover& c);                      // it did not leave after all
    std::optional<posthorn::id> forget(std::uint64_t household); // which it was
    // By which text one of this household, made then, is covered; nothing: by none.
    struct covering {
        std::string by;
        bool surely = true; // false: that one may not leave after all
    };
    std::optional<covering> over(std::uint64_t household, instant made, duration hold,
                                 instant now) const;
    void forget_before(instant then); // texts that were made before

private:
    struct text {
        instant made{};
        posthorn::id message = 0;
        std::string name;
        instant until{};
    };
    text* text_of(const cover& c); // null: another one covers, or none

    std::unordered_map<std::uint64_t, text> texts_; // the last of each household
};

} // namespace posthorn::delivery
