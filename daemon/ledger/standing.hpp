// How sending stands at this moment, and what that means for one message: why it goes by the account it
// goes by, and what it waits for. Pure.
#pragma once

#include "store/reader.hpp"

#include <map>
#include <string>
#include <vector>

namespace posthorn::ledger {

struct account_standing {
    std::string name;
    std::string pool, own_pool; // of what it carries; own_pool: what only it may carry
    std::map<std::string, unsigned> ranks = {}; // by pool, where routes tell messages apart
    unsigned slots = 0;                         // 0: no link
    unsigned open = 0;
    unsigned rate = 0; // parts a second; 0: no limit
    std::string why;   // there is no link
    bool paused = false;
    bool throttled = false; // its carrier said that we are too fast
};

struct standing {
    instant now{};
    std::string halted; // why nothing may be sent; empty: it may
    std::vector<store::pause> pauses;
    std::vector<account_standing> accounts;
};

// "it is the only account that carries sms"; empty: no account has it yet.
std::string why_by_account(const store::message_story& m, const standing& s);

// "a link: mobile-a has none (bind refused)"; empty: for nothing, it has ended.
std::string waits_for(const event& of, const store::message_story& m, const standing& s);

} // namespace posthorn::ledger
