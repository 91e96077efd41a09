// Texts that go once more by another account: the part of the applier that keeps what the accounts before
// had of them.
#pragma once

#include "model/message.hpp"
#include "store/sqlite/connection.hpp"
#include "store/tried_before.hpp"

#include <optional>
#include <unordered_set>
#include <vector>

namespace posthorn::store {

class failover_applier {
public:
    struct held_receipt { // a part's, which was not told
        std::uint8_t n = 1;
        part_event what = part_event::fail;
        std::string code;
    };

    explicit failover_applier(SQLite::Database& db);

    // Nearly all are not, and that costs nothing.
    bool knows(posthorn::id message) const { return !known_.empty() && known_.contains(message); }
    unsigned times(posthorn::id message);
    bool waits(posthorn::id message);
    // For a claim.
    std::optional<tried_before> find(posthorn::id message);

    void begin(posthorn::id message);  // its parts stand as the account has them
    void go_on(posthorn::id message);  // it has left the queue
    void forget(posthorn::id message); // it left live.db
    // Of the last account, while it waits. False: that part has its receipt.
    bool hold(posthorn::id message, std::uint8_t n, part_event what, std::string_view code,
              instant at);
    std::vector<held_receipt> held(posthorn::id message);
    // Of an account before. True: with this all that it had has been delivered.
    bool delivered_before(posthorn::id message, name_id account, std::uint8_t n, instant at);

    void keep() { gone_.clear(); } // the transaction was committed
    void undo();                   // it was not

private:
    std::unordered_set<posthorn::id> known_; // all that have a row, and some that have none
    std::vector<posthorn::id> gone_;         // of the open transaction
    statement state_, begin_, take_single_, take_parts_, go_on_, forget_, forget_parts_, hold_,
        held_, accounts_, delivered_, undelivered_;
};

} // namespace posthorn::store
