// Versions of what types say: the part of the applier that keeps them.
#pragma once

#include "store/sqlite/connection.hpp"

namespace posthorn::store {

struct outcome;
struct keep_wording;

class wordings_applier {
public:
    explicit wordings_applier(SQLite::Database& db);

    outcome apply(const keep_wording&);

private:
    statement last_, add_;
};

} // namespace posthorn::store
