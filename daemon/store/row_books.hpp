// What rows of messages come to in the words of books (store/books.hpp): as far as rows can tell. Inside
// the store only.
#pragma once

#include "store/books.hpp"
#include "store/sqlite/connection.hpp"

#include <tuple>
#include <vector>

namespace posthorn::store {

using all_books = std::map<std::tuple<book_slot, name_id, booked>, std::int64_t>;

// Whether a row tells that its part is there. A part that expired or was taken back may never have left.
constexpr bool rows_tell(part_state s) {
    return s != part_state::queued && s != part_state::suppressed && s != part_state::expired &&
           s != part_state::cancelled;
}

// For `SELECT <booked_columns> FROM message AS m`.
inline constexpr std::string_view booked_columns =
    "m.id, m.state, m.parts, m.account, m.part_state";

struct booked_row {
    posthorn::id message = 0;
    message_state state = message_state::queued;
    std::int64_t parts = 1;
    name_id account = 0;
    part_state part = part_state::queued; // the only one
};

inline booked_row read_booked(statement& row) {
    return {.message = row.number(0),
            .state = static_cast<message_state>(row.number(1)),
            .parts = row.number(2),
            .account = static_cast<name_id>(row.number(3)),
            .part = static_cast<part_state>(row.number(4))};
}

// Adds rows of one database up.
class row_books {
public:
    explicit row_books(SQLite::Database& db)
        : parts_(db, "SELECT part_state FROM main.part WHERE message=? ORDER BY n") {}

    // Tells the states of its parts.
    const std::vector<part_state>& add(const booked_row& m, all_books& to) {
        states_.clear();
        if (m.parts == 1) {
            states_.push_back(m.part);
        } else {
            parts_.bind(m.message);
            while (parts_.row())
                states_.push_back(static_cast<part_state>(parts_.number(0)));
        }
        const auto slot = slot_of(m.message);
        ++to[{slot, 0, in(m.state)}];
        for (const auto p : states_)
            if (rows_tell(p))
                ++to[{slot, m.account, in(p)}];
        return states_;
    }

private:
    statement parts_;
    std::vector<part_state> states_;
};

} // namespace posthorn::store
