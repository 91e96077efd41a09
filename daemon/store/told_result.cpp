#include "store/told_result.hpp"

#include "store/sqlite/connection.hpp"

namespace posthorn::store {

std::optional<told_result> told_to(const std::filesystem::path& results, const std::string& source,
                                   std::int64_t outbox_id) {
    const auto file = results / (source + ".db");
    if (!std::filesystem::exists(file))
        return std::nullopt;
    auto db = open_database(file, access::read_only, 1'000);
    if (!db.tableExists("callback")) // it is just being made
        return std::nullopt;
    statement row(db,
                  "SELECT r.state, r.reason, r.final, r.updated_at, c.id IS NOT NULL, "
                  "ifnull(c.tries, 0) FROM result_row AS r LEFT JOIN callback AS c ON c.id=r.id "
                  "WHERE r.id=?");
    if (!row.bind(outbox_id).row())
        return std::nullopt;
    return told_result{.state = std::string(row.text(0)),
                       .reason = std::string(row.text(1)),
                       .is_final = row.number(2) != 0,
                       .at = row.time(3),
                       .callback = row.number(4) != 0,
                       .tries = row.number(5)};
}

} // namespace posthorn::store
