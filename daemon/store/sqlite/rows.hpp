// Reading message rows: the one place that knows the order of their columns.
#pragma once

#include "model/message.hpp"
#include "model/nuisance.hpp"
#include "model/subscription.hpp"
#include "store/sqlite/connection.hpp"

#include <string>

namespace posthorn::store {

// For `SELECT <message_columns> FROM message AS m`: columns `first`... of a row.
inline constexpr std::string_view message_columns =
    "m.id, m.event, m.source, m.type, m.pool, m.account, m.priority, m.coding, m.on_uncertain, "
    "m.recipient, m.sender, m.language, m.text, m.due_at, m.expires_at, m.parts, m.part_state, "
    "m.attempts, (SELECT e.run FROM event AS e WHERE e.id = m.event)";

inline constexpr int message_column_count = 19;

// Beside them, in live.db.
inline constexpr std::string_view phone_of_letter =
    "CASE WHEN m.coding=2 THEN (SELECT l.phone FROM letter AS l WHERE l.message=m.id) END";

// Behind that; ?6: 1 where any message is of a household.
inline constexpr std::string_view household_of_message =
    "CASE WHEN ?6 THEN (SELECT h.household FROM household AS h WHERE h.message=m.id) END";

// Parts beyond the row's own (parts > 1) are read by `parts_of`.
message read_message(statement& row, int first, int& part_count);

// For `SELECT <subscription_columns>`.
inline constexpr std::string_view subscription_columns =
    "s.topic, s.number, s.parameter, s.language, s.paused, s.hours_from, s.hours_to, s.expires_at "
    "FROM subscription AS s";
subscription read_subscription(statement& row);

// Of `number, since, until, who, reason`.
nuisance read_nuisance(statement& row);

class parts_reader {
public:
    explicit parts_reader(SQLite::Database& db)
        : select_(db,
                  "SELECT n, part_state, attempts, octets FROM part WHERE message=? ORDER BY n") {}
    void read(message& m);

private:
    statement select_;
};

} // namespace posthorn::store
