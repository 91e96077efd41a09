#include "store/outbox.hpp"

#include "embedded/outbox.hpp"
#include "store/network_mount.hpp"
#include "store/outbox_sqlite.hpp"
#include "store/shared_file.hpp"

#include <sqlite3.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

namespace posthorn::store {

using namespace outbox_sqlite;

namespace {

constexpr std::size_t rows_per_delete = 500;
constexpr std::size_t octets_per_read = 8u << 20; // so that a few huge rows do not fill the memory

constexpr const char* columns = "id, type, key, run, subject, to_kind, to_ref, data, occurred_at, "
                                "not_before, expires_at, created_at";

instant time_at(sqlite3_stmt* s, int column, const char* name, std::string& problem) {
    const int type = sqlite3_column_type(s, column);
    if (type == SQLITE_NULL)
        return {};
    if (type == SQLITE_INTEGER)
        return from_micros(sqlite3_column_int64(s, column));
    problem += (problem.empty() ? "" : "; ") + std::string(name) + ": not microseconds: '" +
               text_at(s, column).substr(0, 40) + "'";
    return unreadable_time;
}

outbox_row row_at(sqlite3_stmt* s, const std::string& source) {
    outbox_row row;
    auto& e = row.event;
    e.source = source;
    e.outbox_id = sqlite3_column_int64(s, 0);
    e.type = text_at(s, 1);
    e.key = text_at(s, 2);
    e.run = text_at(s, 3);
    e.subject = text_at(s, 4);
    e.to_kind = text_at(s, 5);
    e.to_ref = text_at(s, 6);
    e.data = text_at(s, 7);
    e.occurred_at = time_at(s, 8, "occurred_at", row.problem);
    e.not_before = time_at(s, 9, "not_before", row.problem);
    e.expires_at = time_at(s, 10, "expires_at", row.problem);
    e.created_at = time_at(s, 11, "created_at", row.problem);
    return row;
}

std::optional<std::int64_t> id_in(sqlite3_stmt* s) {
    const reset_at_end end(s);
    if (!step(s, "cannot be read") || sqlite3_column_type(s, 0) == SQLITE_NULL)
        return std::nullopt;
    return sqlite3_column_int64(s, 0);
}

void bind_text(sqlite3_stmt* s, int column, const std::string& text) {
    sqlite3_bind_text64(s, column, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void bind_time(sqlite3_stmt* s, int column, instant t) {
    if (to_micros(t) == 0)
        sqlite3_bind_null(s, column);
    else
        sqlite3_bind_int64(s, column, to_micros(t));
}

void apply_schema(const std::filesystem::path& file) {
    std::chrono::milliseconds patience = std::chrono::seconds(5);
    database db;
    if (!open_existing(db, file, patience))
        throw outbox_failed(file.string() + ": " + advice_for(db.get()));
    const std::string ddl(embedded::outbox_sql);
    // Changing to WAL beside another process that does the same is refused without waiting.
    for (int tries = 0;; ++tries) {
        const int said = sqlite3_exec(db.get(), ddl.c_str(), nullptr, nullptr, nullptr);
        if (said == SQLITE_OK)
            return;
        if ((said & 0xFF) != SQLITE_BUSY || tries == 1000)
            throw outbox_failed(file.string() + ": " + advice_for(db.get()));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

} // namespace

struct outbox::connection {
    explicit connection(std::chrono::milliseconds wait) : patience(wait) {}

    std::chrono::milliseconds patience;
    database db;
    statement read;
    statement read_one;
    statement glance;
    statement version;
    statement remove;
    statement first;
    statement last;
    file_identity identity;
    std::int64_t seen_version = -1;
    bool durable = false; // synchronous=FULL is on: a writer

    // False when SQLite refuses; db is there to say why.
    bool open(const std::filesystem::path& file);
    void prepare_all();
};

bool outbox::connection::open(const std::filesystem::path& file) {
    if (!open_existing(db, file, patience))
        return false;
    try {
        run(db.get(), "PRAGMA synchronous = NORMAL",
            "settings"); // what we lose is deleted once more
        run(db.get(), "PRAGMA secure_delete = FAST", "settings");
        prepare_all();
        number_of(first.get(), "cannot be read");
        // A file made without the journal_mode of outbox.sql lets writers block our reading; where
        // it cannot be mended now, it still works.
        sqlite3_exec(db.get(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

void outbox::connection::prepare_all() {
    const std::string select = std::string("SELECT ") + columns + " FROM outbox WHERE ";
    read = prepare(db.get(), select + "id > ?1 ORDER BY id LIMIT ?2");
    read_one = prepare(db.get(), select + "id = ?1");
    glance = prepare(db.get(), "SELECT id, type FROM outbox WHERE id > ?1 ORDER BY id LIMIT ?2");
    version = prepare(db.get(), "PRAGMA data_version");
    remove = prepare(db.get(), "DELETE FROM outbox WHERE id = ?1");
    first = prepare(db.get(), "SELECT min(id) FROM outbox");
    last = prepare(db.get(), "SELECT max(id) FROM outbox");
}

outbox::outbox(std::string source, std::filesystem::path file, std::chrono::milliseconds patience)
    : source_(std::move(source)), file_(std::move(file)), patience_(patience) {}
outbox::~outbox() = default;
outbox::outbox(outbox&&) noexcept = default;
outbox& outbox::operator=(outbox&&) noexcept = default;

bool outbox::fail(std::string why) {
    open_.reset();
    problem_ = file_.string() + ": " + std::move(why);
    return false;
}

outbox::connection& outbox::now_open() {
    if (!open_)
        throw outbox_failed(file_.string() + ": is not open");
    return *open_;
}

bool outbox::open() {
    struct stat now {};
    if (::stat(file_.c_str(), &now) != 0)
        return fail(errno == ENOENT
                        ? "is not there yet: create it with outbox.sql, or `posthorn enqueue` does"
                        : std::strerror(errno));
    if (open_ && open_->identity == identity_of(now))
        return true;
    open_.reset();
    if (!S_ISREG(now.st_mode))
        return fail("is not a file");
    if (const auto network = network_file_system_at(file_); !network.empty())
        return fail("lies on a network file system (" + network +
                    "), where SQLite's locks are not safe: move the folder to a local disk");
    // SQLite would fall back to reading only, and then nothing could ever be deleted.
    if (::access(file_.c_str(), R_OK | W_OK) != 0)
        return fail("cannot be opened (" + std::string(std::strerror(errno)) +
                    "): the daemon needs to read and write it (chmod g+rw)");
    auto fresh = std::make_unique<connection>(patience_);
    fresh->identity = identity_of(now);
    if (!fresh->open(file_))
        return fail(advice_for(fresh->db.get()));
    if (::stat(file_.c_str(), &now) != 0 || fresh->identity != identity_of(now))
        return fail("was replaced just now");
    open_ = std::move(fresh);
    problem_.clear();
    return true;
}

file_identity outbox::identity() const { return open_ ? open_->identity : file_identity{}; }

std::vector<outbox_row> outbox::read(std::int64_t after, std::size_t limit) {
    try {
        return read_together(after, limit);
    } catch (const too_big&) {
        return read_one_by_one(ids_after(after, limit));
    }
}

std::vector<outbox_row> outbox::read_together(std::int64_t after, std::size_t limit) {
    auto* s = now_open().read.get();
    const reset_at_end end(s);
    sqlite3_bind_int64(s, 1, after);
    sqlite3_bind_int64(s, 2, static_cast<std::int64_t>(limit));
    std::vector<outbox_row> rows;
    rows.reserve(std::min<std::size_t>(limit, 4096));
    std::size_t octets = 0;
    while (octets < octets_per_read && step(s, "cannot be read")) {
        rows.push_back(row_at(s, source_));
        octets += rows.back().event.data.size();
    }
    return rows;
}

std::vector<outbox_row> outbox::read(std::span<const std::int64_t> ids) {
    auto* s = now_open().read_one.get();
    std::vector<outbox_row> rows;
    rows.reserve(ids.size());
    for (const auto id : ids) {
        const reset_at_end end(s);
        sqlite3_bind_int64(s, 1, id);
        try {
            if (step(s, "cannot be read"))
                rows.push_back(row_at(s, source_));
        } catch (const too_big&) {
            rows.push_back(without_huge_values(id));
        }
    }
    return rows;
}

std::vector<std::int64_t> outbox::ids_after(std::int64_t after, std::size_t limit) {
    const auto s =
        prepare(now_open().db.get(), "SELECT id FROM outbox WHERE id > ?1 ORDER BY id LIMIT ?2");
    sqlite3_bind_int64(s.get(), 1, after);
    sqlite3_bind_int64(s.get(), 2, static_cast<std::int64_t>(limit));
    std::vector<std::int64_t> ids;
    while (step(s.get(), "cannot be read"))
        ids.push_back(sqlite3_column_int64(s.get(), 0));
    return ids;
}

std::vector<outbox_row> outbox::read_one_by_one(std::span<const std::int64_t> ids) {
    std::vector<outbox_row> rows;
    std::size_t octets = 0;
    for (const auto& id : ids) {
        if (octets >= octets_per_read)
            break;
        for (auto& row : read(std::span(&id, 1))) {
            octets += row.event.data.size();
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

outbox_row outbox::without_huge_values(std::int64_t id) {
    outbox_row row;
    auto& e = row.event;
    e.source = source_;
    e.outbox_id = id;
    const std::pair<const char*, std::string*> texts[] = {
        {"type", &e.type},       {"key", &e.key},       {"run", &e.run},  {"subject", &e.subject},
        {"to_kind", &e.to_kind}, {"to_ref", &e.to_ref}, {"data", &e.data}};
    for (const auto& [name, text] : texts) {
        const auto s = prepare(now_open().db.get(),
                               "SELECT " + std::string(name) + " FROM outbox WHERE id = ?1");
        sqlite3_bind_int64(s.get(), 1, id);
        try {
            if (step(s.get(), "cannot be read"))
                *text = text_at(s.get(), 0);
        } catch (const too_big&) {
            row.problem +=
                (row.problem.empty() ? "" : "; ") + std::string(name) + ": is larger than 1 MiB";
        }
    }
    if (row.problem.empty()) // a time that is a huge text
        row.problem = "a time: is larger than 1 MiB";
    return row;
}

std::vector<outbox_glance> outbox::glance(std::int64_t after, std::size_t limit) {
    auto* s = now_open().glance.get();
    const reset_at_end end(s);
    sqlite3_bind_int64(s, 1, after);
    sqlite3_bind_int64(s, 2, static_cast<std::int64_t>(limit));
    std::vector<outbox_glance> rows;
    try {
        while (step(s, "cannot be read"))
            rows.push_back({sqlite3_column_int64(s, 0), text_at(s, 1)});
    } catch (const too_big&) { // no type is so long: it comes in its order, and is parked
        const auto seen = rows.empty() ? after : rows.back().id;
        for (const auto id : ids_after(seen, 1))
            rows.push_back({id, {}});
    }
    return rows;
}

bool outbox::changed() {
    auto& c = now_open();
    const auto version = number_of(c.version.get(), "cannot be read");
    return std::exchange(c.seen_version, version) != version;
}

void outbox::forget(std::span<const std::int64_t> ids) {
    auto& c = now_open();
    while (!ids.empty()) {
        const auto some = ids.first(std::min(ids.size(), rows_per_delete));
        ids = ids.subspan(some.size());
        run(c.db.get(), "BEGIN IMMEDIATE", "cannot delete");
        try {
            for (const auto id : some) {
                const reset_at_end end(c.remove.get());
                sqlite3_bind_int64(c.remove.get(), 1, id);
                step(c.remove.get(), "cannot delete");
            }
            run(c.db.get(), "COMMIT", "cannot delete");
        } catch (...) {
            sqlite3_exec(c.db.get(), "ROLLBACK", nullptr, nullptr, nullptr);
            throw;
        }
    }
}

std::optional<std::int64_t> outbox::first_id() { return id_in(now_open().first.get()); }
std::optional<std::int64_t> outbox::last_id() { return id_in(now_open().last.get()); }

std::size_t outbox::waiting() {
    const auto count = prepare(now_open().db.get(), "SELECT count(*) FROM outbox");
    return static_cast<std::size_t>(number_of(count.get(), "cannot be counted"));
}

void outbox::create(const std::filesystem::path& file) {
    const auto folder = std::filesystem::absolute(file).parent_path();
    if (const auto network = network_file_system_at(folder); !network.empty())
        throw outbox_failed(file.string() + ": lies on a network file system (" + network + ")");
    if (std::filesystem::exists(file))
        return apply_schema(file);
    // Made under another name first: whoever watches the folder never sees half of it.
    auto draft = file;
    draft += ".new-" + std::to_string(::getpid());
    ::unlink(draft.c_str()); // of a process that died
    if (!make_shared_file(draft))
        throw outbox_failed(draft.string() + ": cannot be created: " + std::strerror(errno));
    try {
        apply_schema(draft);
    } catch (...) {
        ::unlink(draft.c_str());
        throw;
    }
    const bool linked = ::link(draft.c_str(), file.c_str()) == 0;
    const int why = errno;
    ::unlink(draft.c_str());
    if (!linked && why != EEXIST) // else somebody was quicker
        throw outbox_failed(file.string() + ": cannot be created: " + std::strerror(why));
}

void outbox::insert(std::span<event> rows) {
    for (int tries = 0;; ++tries) {
        try {
            return insert_once(rows);
        } catch (const read_only&) {
            if (tries == 200)
                throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            open_.reset();
            if (!open())
                throw;
        }
    }
}

void outbox::insert_once(std::span<event> rows) {
    auto& c = now_open();
    if (!std::exchange(c.durable, true))
        run(c.db.get(), "PRAGMA synchronous = FULL", "cannot insert");
    const auto s = prepare(
        c.db.get(),
        std::string("INSERT INTO outbox(") + (columns + std::strlen("id, ")) +
            ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
            "coalesce(?11, CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)))");
    run(c.db.get(), "BEGIN IMMEDIATE", "cannot insert");
    try {
        for (auto& e : rows) {
            const reset_at_end end(s.get());
            int column = 0;
            for (const auto* text :
                 {&e.type, &e.key, &e.run, &e.subject, &e.to_kind, &e.to_ref, &e.data})
                bind_text(s.get(), ++column, *text);
            for (const auto t : {e.occurred_at, e.not_before, e.expires_at, e.created_at})
                bind_time(s.get(), ++column, t);
            step(s.get(), "cannot insert");
            e.outbox_id = sqlite3_last_insert_rowid(c.db.get());
        }
        run(c.db.get(), "COMMIT", "cannot insert");
    } catch (...) {
        sqlite3_exec(c.db.get(), "ROLLBACK", nullptr, nullptr, nullptr);
        throw;
    }
}

} // namespace posthorn::store
