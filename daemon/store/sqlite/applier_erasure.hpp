// What must be forgotten: the part of the applier that does it. While it works, what is deleted is
// overwritten. Rare: nothing is prepared beforehand but what redacts.
#pragma once

#include "model/id.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/tally.hpp"

namespace posthorn::store {

struct outcome;
struct redact;
struct begin_erasure;
struct erase_number;
struct erase_rows;
struct overwrite_free;
struct end_erasure;

class erasure_applier {
public:
    // `changes`: what the open transaction changed so far, packed.
    erasure_applier(SQLite::Database& db, tally& tallies, std::string& changes);

    outcome apply(const redact&);
    outcome apply(const begin_erasure&);
    outcome apply(const erase_number&);
    outcome apply(const erase_rows&);
    outcome apply(const overwrite_free&);
    outcome apply(const end_erasure&);

private:
    void erase_message(posthorn::id message, const std::string& instead);

    SQLite::Database& db_;
    tally& tallies_;
    std::string& changes_;
    statement redact_message_, redact_parts_, redact_event_;
};

} // namespace posthorn::store
