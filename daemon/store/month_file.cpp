#include "store/month_file.hpp"

#include "embedded/history.hpp"
#include "store/copied_numbers.hpp"
#include "store/durable_file.hpp"
#include "store/sealer.hpp"

#include <utility>
#include <vector>

namespace posthorn::store {

namespace {

std::int64_t version_of(SQLite::Database& db, const char* schema) {
    statement row(db, std::string("PRAGMA ") + schema + ".user_version");
    row.row();
    return row.number(0);
}

// One that is not whole, or of another format, counts for nothing: the month is sealed again.
bool attach_index(SQLite::Database& db, const std::filesystem::path& index) {
    if (!std::filesystem::exists(index))
        return false;
    try {
        statement(db, "ATTACH ? AS found").bind(index.string()).run();
        return version_of(db, "found") == index_format;
    } catch (const SQLite::Exception& e) {
        if (may_pass(e))
            throw;
        return false;
    }
}

// Tables of earlier releases, as they are now.
void widen_tables(SQLite::Database& month) {
    if (!has_wording(month))
        month.exec("ALTER TABLE message ADD COLUMN wording INTEGER");
}

} // namespace

bool has_wording(SQLite::Database& month) {
    return statement(month, "SELECT 1 FROM pragma_table_info('message') WHERE name='wording'")
        .row();
}

std::filesystem::path index_of(const std::filesystem::path& month) {
    auto out = month;
    return out.replace_extension(".index");
}

SQLite::Database open_month(const std::filesystem::path& file, const std::filesystem::path& live) {
    std::filesystem::create_directories(file.parent_path());
    auto db = open_database(file, access::read_write, 8'192);
    db.exec("PRAGMA wal_autocheckpoint = 4000");
    make_tables(db, embedded::history_sql);
    widen_tables(db);
    if (!statement(db, "SELECT 1 FROM message LIMIT 1").row())
        db.exec("PRAGMA user_version = 1"); // `copied` will have named all of them
    statement(db, "ATTACH ? AS live").bind("file:" + live.string() + "?mode=ro").run();
    db.exec("INSERT OR IGNORE INTO main.name SELECT * FROM live.name");
    return db;
}

SQLite::Database open_for_change(const std::filesystem::path& file) {
    SQLite::Database db(file.string(), SQLite::OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    db.setBusyTimeout(5'000);
    db.exec("PRAGMA secure_delete = ON");
    db.exec("PRAGMA cache_size = -4096");
    db.exec("PRAGMA temp_store = MEMORY");
    return db;
}

void unseal(const std::filesystem::path& month) {
    const auto index = index_of(month);
    if (!std::filesystem::exists(index))
        return;
    std::filesystem::remove(index);
    make_durable(index.parent_path());
}

void mend_copied(SQLite::Database& month, posthorn::id after, posthorn::id last) {
    if (!month.tableExists("copied"))
        return;
    statement rows(month, "SELECT id, numbers FROM copied WHERE last>? AND first<=?");
    statement message(month, "SELECT recipient FROM message WHERE id=?");
    std::vector<std::pair<std::int64_t, std::string>> mended;
    rows.bind(after, last);
    while (rows.row()) {
        copied_numbers still;
        const auto before = rows.text(1);
        each_copied(before, [&](std::int32_t hash, posthorn::id id) {
            if (message.bind(id).row() && short_hash(message.text(0)) == hash)
                still.add(message.text(0), id);
            message.reset();
        });
        if (still.packed().size() != before.size())
            mended.emplace_back(rows.number(0), still.packed());
    }
    statement mend(month, "UPDATE copied SET numbers=? WHERE id=?"); // the sealer counts its rows
    for (const auto& [row, numbers] : mended)
        mend.bind(blob{numbers}, row).run();
}

month_file::month_file(const std::filesystem::path& file, int cache_kib)
    : db(open_database(file, access::read_only, cache_kib)), begun(db.tableExists("message")) {
    if (!begun)
        return;
    listed = version_of(db, "main") >= 1;
    sealed = attach_index(db, index_of(file));
}

} // namespace posthorn::store
