// What people have paused or stopped, and what that means for a message or an account.
//
//   everything, account    the lanes concerned stand still; their messages wait where they are
//   source, type, run      their messages are set aside, so that they are in nobody's way
//   any of them, stopped   what has not left is cancelled, and what comes later too
#pragma once

#include "model/message.hpp"
#include "store/ops.hpp"

#include <vector>

namespace posthorn::delivery {

class pauses {
public:
    struct entry {
        store::pause what;
        name_id number = 0; // of the scope's name
    };

    void add(store::pause what, name_id number);
    bool remove(const scope& which); // false: there is no such pause

    bool empty() const { return all_.empty(); }
    const std::vector<entry>& all() const { return all_; }
    bool any_stopped() const;
    // An account, or everything.
    bool stands_still(name_id account) const;
    bool everything() const;
    // Why the message must not wait among the others: a stop before a pause. Null when it may.
    const store::pause* covering(const message& m) const;

private:
    std::vector<entry> all_; // few
};

// "stopped: wrong amounts": what a source reads of a message that was cancelled by it.
std::string reason_of(const store::pause& stop);

} // namespace posthorn::delivery
