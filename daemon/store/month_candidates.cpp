#include "store/month_candidates.hpp"

#include "store/copied_numbers.hpp"

#include <algorithm>
#include <functional>

namespace posthorn::store {

namespace {

std::vector<posthorn::id> all_of(statement& rows) {
    std::vector<posthorn::id> out;
    while (rows.row())
        out.push_back(rows.number(0));
    return out;
}

// Each once: a message may have been copied twice.
void keep_newest(std::vector<posthorn::id>& ids, std::size_t most) {
    std::ranges::sort(ids, std::greater<>());
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    ids.resize(std::min(most, ids.size()));
}

// "Not asked for, or it occurs in this block."
std::string occurs(std::string_view what, std::string_view value, std::string_view any) {
    const std::string v(value);
    return "AND (" + v + " = " + std::string(any) +
           " OR EXISTS (SELECT 1 FROM found.trait AS t WHERE t.what = '" + std::string(what) +
           "' AND t.value = " + v + " AND t.block = b.first)";
}

std::string blocks_sql(SQLite::Database& month) {
    const bool has_corrected = month.tableExists("corrected");
    return "SELECT b.first, b.last FROM found.block AS b WHERE b.first < ?2 AND b.last >= ?1 " +
           occurs("source", "?3", "0") + ") " + occurs("type", "?4", "0") + ") " +
           occurs("state", "?5", "-1") +
           (has_corrected ? " OR EXISTS (SELECT 1 FROM main.corrected AS c "
                            "WHERE c.message BETWEEN b.first AND b.last)) "
                          : ") ") +
           occurs("run", "?6", "''") +
           " OR EXISTS (SELECT 1 FROM found.trait AS t WHERE t.what = 'many runs' "
           "AND t.value = 1 AND t.block = b.first)) ORDER BY b.first DESC LIMIT 1";
}

} // namespace

numbered_messages::numbered_messages(month_file& month, std::string_view number)
    : hash_(short_hash(number)), sealed_(month.sealed),
      rows_(month.db, month.sealed
                          ? "SELECT n.message FROM found.slice AS s CROSS JOIN found.number AS n "
                            "ON n.slice = s.id WHERE s.first < ?2 AND s.last >= ?1 AND n.hash = ?3 "
                            "AND n.message < ?2 AND n.message >= ?1 "
                            "ORDER BY s.id DESC, n.message DESC LIMIT ?4"
                          : "SELECT numbers FROM main.copied WHERE first < ?2 AND last >= ?1") {}

std::vector<posthorn::id> numbered_messages::newest(id_range within, std::size_t most) {
    if (sealed_)
        return all_of(rows_.bind(within.first, within.end, hash_, most));
    std::vector<posthorn::id> out;
    rows_.bind(within.first, within.end);
    while (rows_.row()) {
        each_copied(rows_.text(0), [&](std::int32_t hash, posthorn::id message) {
            if (hash == hash_ && message >= within.first && message < within.end)
                out.push_back(message);
        });
        if (out.size() > 2 * most)
            keep_newest(out, most);
    }
    keep_newest(out, most);
    return out;
}

likely_blocks::likely_blocks(month_file& month, const wanted_traits& wanted)
    : wanted_(wanted), rows_(month.db, blocks_sql(month.db)) {}

std::optional<id_range> likely_blocks::newest(id_range within) {
    rows_.bind(within.first, within.end, wanted_.source, wanted_.type, wanted_.state.value_or(-1),
               wanted_.run);
    std::optional<id_range> out;
    if (rows_.row())
        out = {std::max(within.first, rows_.number(0)), std::min(within.end, rows_.number(1) + 1)};
    rows_.reset();
    return out;
}

std::vector<posthorn::id> messages_apart(SQLite::Database& sealed_month, posthorn::id event) {
    statement rows(sealed_month, "SELECT message FROM found.apart WHERE event = ? LIMIT 100");
    return all_of(rows.bind(event));
}

std::vector<posthorn::id> events_with_key(SQLite::Database& sealed_month, std::string_view key) {
    statement rows(sealed_month, "SELECT k.event FROM found.slice AS s CROSS JOIN found.key AS k "
                                 "ON k.slice = s.id WHERE k.hash = ? ORDER BY s.id DESC LIMIT 100");
    return all_of(rows.bind(short_hash(key)));
}

} // namespace posthorn::store
