#include "store/text_archive.hpp"

#include "model/inbound.hpp"
#include "store/archive.hpp"
#include "store/fault_point.hpp"
#include "store/month_file.hpp"

#include <map>

namespace posthorn::store {

namespace {

std::vector<posthorn::id> texts_to_move(const std::filesystem::path& live, posthorn::id after,
                                        posthorn::id before, std::size_t limit) {
    auto db = open_database(live, access::read_only, 1'000);
    statement rows(db, "SELECT id FROM inbound WHERE id > ? AND id < ? AND outcome IS NOT NULL "
                       "AND outcome != ? ORDER BY id LIMIT ?");
    rows.bind(after, before, name_of(inbound_outcome::failed), limit);
    std::vector<posthorn::id> out;
    while (rows.row())
        out.push_back(rows.number(0));
    return out;
}

void copy_to(SQLite::Database& month, const std::vector<posthorn::id>& texts) {
    SQLite::Transaction all(month, SQLite::TransactionBehavior::IMMEDIATE);
    statement one(month,
                  "INSERT OR REPLACE INTO main.inbound SELECT id, account, sender, recipient, "
                  "octets, text, data_coding, udh, received_at, outcome, head, command "
                  "FROM live.inbound WHERE id = ?");
    for (const auto text : texts)
        one.bind(text).run();
    fault_point("texts copied");
    all.commit();
    fault_point("texts in their month");
}

} // namespace

std::vector<posthorn::id> text_archive::copy(posthorn::id after, instant now, std::size_t limit) {
    auto texts = texts_to_move(live_, after, first_id_at(now - text_kept_live), limit);
    std::map<std::string, std::vector<posthorn::id>> by_month;
    for (const auto text : texts)
        by_month[archive::month_named(made_at(text))].push_back(text);
    for (const auto& [name, ids] : by_month) {
        auto month = open_month(folder_ / (name + ".db"), live_);
        copy_to(month, ids);
    }
    return texts;
}

} // namespace posthorn::store
