// Who may take from which pool now, where that is not simply every account of it. Accounts of a better
// tier go first: the others take only while none of those can. Equals with weights share by them.
#pragma once

#include "model/message.hpp"

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace posthorn::delivery {

struct seat {
    name_id account = 0;
    unsigned tier = 0;
    unsigned weight = 0; // 0: whoever has room
};

// By pool, the best tier first.
using seats = std::unordered_map<name_id, std::vector<seat>>;

// What may be taken from a pool at once, in parts.
struct allowance {
    name_id pool = 0;
    unsigned most = 0;
};

class routes {
public:
    using able = std::function<bool(name_id account)>; // it can carry something now

    void use(seats all);
    bool empty() const { return pools_.empty(); }
    bool knows(name_id pool) const { return pools_.contains(pool); }
    bool carries(name_id account, name_id pool) const;

    // Adds to `out`, which stays sorted by pool.
    void add_allowed(name_id account, const able& can, std::vector<allowance>& out);
    // True where that changes what others may take.
    bool took(name_id pool, name_id account, unsigned parts);
    // The best of the others that can; 0: none.
    name_id other_than(name_id account, name_id pool, const able& can) const;

private:
    struct place : seat {
        std::int64_t taken = 0; // parts, since those that can are the same
        bool can = false;       // as last seen
    };
    struct group { // of a pool
        std::vector<place> places;
        bool by_weight = false;
    };
    static unsigned share_of(const place& own, group& of, const able& can);

    std::unordered_map<name_id, group> pools_;
    std::unordered_map<name_id, std::vector<name_id>> of_account_; // sorted
};

} // namespace posthorn::delivery
