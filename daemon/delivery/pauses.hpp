// What people (and the brake) have paused or stopped, and what that means for a message or an
// account.
//
//   everything, account    the lanes concerned stand still; their messages wait where they are
//   source, type, run      their messages are set aside, so that they are in nobody's way
//   any of them, stopped   what has not left is cancelled, and what comes later too
#pragma once

#include "delivery/brake.hpp"
#include "model/message.hpp"
#include "store/ops.hpp"

#include <vector>

namespace posthorn::delivery {

class pauses {
public:
    struct entry {
        store::pause what;
        store::scope_numbers numbers;
        bool by_brake() const { return what.who == brake_name; }
    };

    // Replaces what was said of this very scope before.
    void add(store::pause what, store::scope_numbers numbers);
    // And those of it that are of one source; what there was.
    std::vector<entry> remove(const scope& which);

    bool empty() const { return all_.empty(); }
    const std::vector<entry>& all() const { return all_; }
    bool any_stopped() const;
    // An account, or everything.
    bool stands_still(name_id account) const;
    bool everything() const;
    // Why the message must not wait among the others: a stop before a pause. Null when it may.
    // `braked`: what the brake has paused holds it too.
    const store::pause* covering(const message& m, bool braked = true) const;
    const entry* of(const scope& which) const; // of this very scope

private:
    std::vector<entry> all_; // few
};

// "stopped: wrong amounts": what a source reads of a message that was cancelled by it.
std::string reason_of(const store::pause& stop);

} // namespace posthorn::delivery
