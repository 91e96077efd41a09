// Whether a later event of its subject has made something needless, in whatever order they came. Inside
// the store only.
#pragma once

#include "model/message.hpp"
#include "store/sqlite/connection.hpp"
#include "store/withdrawal_rules.hpp"

#include <string>
#include <string_view>

namespace posthorn::store {

class withdrawn_finder {
public:
    explicit withdrawn_finder(SQLite::Database& live)
        : against_(live,
                   "SELECT types, happened_at, what FROM withdrawn WHERE source=? AND about=?") {}

    struct happening {
        name_id source = 0;
        std::string_view subject, what; // see what_of
        instant happened_at{};
    };
    // Why it is needless; empty: it is not.
    std::string reason(const happening& e) {
        std::string out;
        if (e.subject.empty())
            return out;
        against_.bind(e.source, hash_of_subject(e.subject));
        while (out.empty() && against_.row())
            if (against_.time(1) >= e.happened_at && means(against_.text(0), type_in(e.what)) &&
                against_.text(2) != e.what)
                out = withdrawn_by(against_.text(2));
        against_.reset();
        return out;
    }

private:
    statement against_;
};

} // namespace posthorn::store
