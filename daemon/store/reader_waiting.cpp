// What waits in the store, for those who go through all of it a piece at a time.
#include "store/reader_connection.hpp"

namespace posthorn::store {

namespace {

constexpr std::string_view waiting_columns =
    "m.id, m.source, m.type, m.pool, m.account, m.priority, m.due_at, m.expires_at, "
    "(SELECT e.run FROM event AS e WHERE e.id = m.event)";

message waiting(statement& row) {
    return {.id = row.number(0),
            .source = static_cast<name_id>(row.number(1)),
            .type = static_cast<name_id>(row.number(2)),
            .pool = static_cast<name_id>(row.number(3)),
            .account = static_cast<name_id>(row.number(4)),
            .priority = static_cast<priority>(row.number(5)),
            .run = std::string(row.text(8)),
            .due_at = row.time(6),
            .expires_at = row.time(7)};
}

std::vector<message> read_waiting(statement& rows) {
    std::vector<message> out;
    while (rows.row())
        out.push_back(waiting(rows));
    return out;
}

} // namespace

std::vector<message> reader::queued_after(const queue_place& p, std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(
            c.live, "SELECT " + std::string(waiting_columns) +
                        " FROM queue AS q CROSS JOIN message AS m ON m.id = q.message "
                        "WHERE (q.pool, q.priority, q.source, q.due_at, q.message) > (?,?,?,?,?) "
                        "ORDER BY q.pool, q.priority, q.source, q.due_at, q.message LIMIT ?");
        rows.bind(p.flow.pool, p.flow.priority, p.flow.source, p.due_at, p.message, limit);
        return read_waiting(rows);
    });
}

std::vector<message> reader::set_aside_after(const aside_place& p, std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live, "SELECT " + std::string(waiting_columns) +
                                   " FROM set_aside AS a CROSS JOIN message AS m "
                                   "ON m.id = a.message "
                                   "WHERE (a.expires_at, a.message) > (?,?) "
                                   "ORDER BY a.expires_at, a.message LIMIT ?");
        rows.bind(p.expires_at, p.message, limit);
        return read_waiting(rows);
    });
}

std::vector<message> reader::put_off_after(const put_off_place& p, std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live,
                       "SELECT " + std::string(waiting_columns) +
                           ", m.recipient, m.coding FROM put_off AS o CROSS JOIN message AS m "
                           "ON m.id = o.message AND m.due_at = o.until AND m.state = ? "
                           "WHERE (o.until, o.message) > (?,?) "
                           "ORDER BY o.until, o.message LIMIT ?");
        rows.bind(message_state::queued, p.until, p.message, limit);
        std::vector<message> out;
        while (rows.row()) { // whose own times count
            auto& m = out.emplace_back(waiting(rows));
            m.recipient = rows.text(9);
            m.coding = static_cast<coding>(rows.number(10));
        }
        return out;
    });
}

std::vector<submitted_part> reader::submitted(posthorn::id& first, posthorn::id last,
                                              std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live, "SELECT " + std::string(waiting_columns) +
                                   ", m.recipient, m.sender, m.parts, m.part_state, m.ref "
                                   "FROM message AS m WHERE m.account > 0 AND m.final_at = 0 "
                                   "AND m.id BETWEEN ? AND ? ORDER BY m.id LIMIT ?");
        statement parts(c.live, "SELECT n, ref FROM part WHERE message=? AND part_state=?");
        rows.bind(first, last, limit);
        std::vector<submitted_part> out;
        std::size_t seen = 0;
        for (; rows.row(); ++seen) {
            submitted_part p{.message = waiting(rows)};
            first = p.message.id + 1;
            p.message.recipient = rows.text(9);
            p.message.sender = rows.text(10);
            p.single = rows.number(11) == 1;
            if (p.single && rows.number(12) == static_cast<int>(part_state::submitted)) {
                p.ref = rows.text(13);
                out.push_back(std::move(p));
            } else if (!p.single) {
                parts.bind(p.message.id, part_state::submitted);
                while (parts.row()) {
                    const bool same = !p.ref.empty() && p.ref == parts.text(1);
                    p.n = static_cast<std::uint8_t>(parts.number(0));
                    p.ref = parts.text(1);
                    if (!same)
                        out.push_back(p);
                }
            }
        }
        if (seen < limit)
            first = last + 1;
        return out;
    });
}

} // namespace posthorn::store
