// How often one phone is answered: a person is never held up by it, a machine that answers our
// answers is.
//
//   under both limits      answer
//   the first one beyond   say so, once
//   more                   be silent, until the minute and the hour have room again
//   beyond again and again it is a nuisance
//
// Also silent: the same text for the sixth time in ten minutes. Pure; one thread.
#pragma once

#include "model/time.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace posthorn::answers {

class limits {
public:
    struct rule {
        unsigned per_minute = 10, per_hour = 60;
        unsigned nuisance_after = 5; // times that it went beyond within a day; 0: never

        bool operator==(const rule&) const = default;
    };
    enum class word : std::uint8_t {
        answer,
        say_so,
        be_silent,
        is_nuisance // be silent; said once, then it is counted anew
    };

    explicit limits(const rule& r) : rule_(r) {}

    void use(const rule& r) { rule_ = r; } // what was counted stays
    word ask(const std::string& number, std::string_view text, instant now);
    void forget_old(instant now); // now and then
    std::size_t known() const { return phones_.size(); }

private:
    struct phone {
        std::deque<instant> answered; // of the last hour, at most per_hour of them
        std::size_t text = 0;         // the last one
        unsigned same = 0;            // how often it came in a row
        instant last{};
        bool told = false;      // that it is too much
        unsigned beyond = 0;    // times that it went beyond a limit
        instant beyond_since{}; // the first of them
    };

    bool has_room(const phone& p, instant now) const;
    word goes_beyond(phone& p, instant now, word otherwise) const;

    rule rule_;
    std::unordered_map<std::string, phone> phones_;
};

} // namespace posthorn::answers
