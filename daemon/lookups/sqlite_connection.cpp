#include "lookups/sqlite_connection.hpp"

#include "encoding/utf8.hpp"
#include "lookups/row.hpp"

#include <algorithm>
#include <thread>

namespace posthorn::lookups {

namespace {

namespace json = boost::json;

constexpr int longest_value = 1 << 20;       // octets
constexpr std::size_t most_octets = 1 << 20; // of an answer
constexpr int steps_between_looks = 1000;    // of SQLite's machine
constexpr std::size_t most_prepared = 200;
constexpr auto between_tries = std::chrono::microseconds(500);

// What interrupts a question; ends as its answer in ask().
struct interrupted {
    failed what;
};

// Reading and nothing else, whatever a query manages to say.
int only_reading(void*, int action, const char*, const char*, const char*, const char*) {
    const bool reads = action == SQLITE_SELECT || action == SQLITE_READ ||
                       action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE;
    return reads ? SQLITE_OK : SQLITE_DENY;
}

failure kind_of(int code) {
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        return failure::timeout;
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
        return failure::bad_data;
    case SQLITE_ERROR:
    case SQLITE_AUTH:
    case SQLITE_RANGE:
        return failure::refused;
    case SQLITE_READONLY: // with more to it: what a writer has left must be cleared up first
        return code == SQLITE_READONLY ? failure::refused : failure::down;
    default: // cannot open, I/O, not a database, corrupt, no memory
        return failure::down;
    }
}

// A statement with its parameters, which must outlive it; free again at the end, with its lock.
class in_use {
public:
    in_use(sqlite3_stmt* statement, const std::vector<std::optional<std::string>>& values)
        : statement_(statement) {
        for (std::size_t i = 0; i < values.size(); ++i)
            if (const auto& v = values[i])
                ::sqlite3_bind_text(statement, static_cast<int>(i + 1), v->data(),
                                    static_cast<int>(v->size()), SQLITE_STATIC);
    }
    ~in_use() {
        ::sqlite3_reset(statement_);
        ::sqlite3_clear_bindings(statement_);
    }
    in_use(const in_use&) = delete;
    in_use& operator=(const in_use&) = delete;

private:
    sqlite3_stmt* statement_;
};

} // namespace

sqlite_connection::sqlite_connection(std::string file, const std::atomic<bool>& stopping)
    : file_(std::move(file)), stopping_(stopping) {}

sqlite_connection::~sqlite_connection() { close(); }

bool sqlite_connection::is_over() const {
    return stopping_ || std::chrono::steady_clock::now() >= deadline_;
}

void sqlite_connection::fail(int code) {
    const auto kind = kind_of(code);
    std::string why = db_ == nullptr ? ::sqlite3_errstr(code) : ::sqlite3_errmsg(db_);
    if ((code & 0xFF) == SQLITE_BUSY)
        why = "locked by somebody who writes";
    else if (kind == failure::timeout)
        why = "the query takes too long";
    throw interrupted{{kind, file_ + ": " + why}};
}

void sqlite_connection::open() {
    const int code =
        ::sqlite3_open_v2(file_.c_str(), &db_, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK)
        fail(code);
    ::sqlite3_extended_result_codes(db_, 1);
    ::sqlite3_limit(db_, SQLITE_LIMIT_LENGTH, longest_value);
    ::sqlite3_busy_handler(
        db_,
        [](void* self, int) {
            if (static_cast<sqlite_connection*>(self)->is_over())
                return 0;
            std::this_thread::sleep_for(between_tries);
            return 1;
        },
        this);
    ::sqlite3_progress_handler(
        db_, steps_between_looks,
        [](void* self) { return static_cast<sqlite_connection*>(self)->is_over() ? 1 : 0; }, this);
    if (const int done = ::sqlite3_exec(db_, "PRAGMA query_only = on", nullptr, nullptr, nullptr))
        fail(done);
    ::sqlite3_set_authorizer(db_, only_reading, nullptr);
}

void sqlite_connection::close() {
    prepared_.clear();
    ::sqlite3_close(db_);
    db_ = nullptr;
}

void sqlite_connection::follow_file() {
    int moved = 0;
    if (db_ != nullptr &&
        (::sqlite3_file_control(db_, "main", SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK || moved))
        close();
    if (db_ == nullptr)
        open();
}

sqlite_connection::prepared& sqlite_connection::prepare(const lookup& l) {
    if (const auto known = prepared_.find(l.query); known != prepared_.end())
        return known->second;
    if (prepared_.size() >= most_prepared) // of lookups that have changed since
        prepared_.clear();
    sqlite3_stmt* made = nullptr;
    const int code = ::sqlite3_prepare_v3(db_, l.query.c_str(), static_cast<int>(l.query.size()),
                                          SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK)
        fail(code);
    prepared p;
    p.statement.reset(made);
    find_columns(p, l);
    return prepared_[l.query] = std::move(p);
}

void sqlite_connection::find_columns(prepared& p, const lookup& l) {
    p.columns.clear();
    const int count = ::sqlite3_column_count(p.statement.get());
    for (const auto& f : l.fields) {
        int at = 0;
        while (at < count && f.name != ::sqlite3_column_name(p.statement.get(), at))
            ++at;
        if (at == count)
            throw interrupted{{failure::bad_data, "the query gives no column '" + f.name + "'"}};
        p.columns.push_back(at);
    }
    p.made = ::sqlite3_stmt_status(p.statement.get(), SQLITE_STMTSTATUS_REPREPARE, 0);
}

json::object sqlite_connection::row_of(const prepared& p, const lookup& l, std::size_t& octets) {
    json::object row;
    for (std::size_t i = 0; i < l.fields.size(); ++i) {
        const auto& f = l.fields[i];
        const int at = p.columns[i];
        switch (::sqlite3_column_type(p.statement.get(), at)) {
        case SQLITE_INTEGER:
            row[f.name] = fitted(f, ::sqlite3_column_int64(p.statement.get(), at));
            break;
        case SQLITE_FLOAT:
            row[f.name] = ::sqlite3_column_double(p.statement.get(), at);
            break;
        case SQLITE_TEXT: {
            const auto* text =
                reinterpret_cast<const char*>(::sqlite3_column_text(p.statement.get(), at));
            const std::string_view seen(
                text, static_cast<std::size_t>(::sqlite3_column_bytes(p.statement.get(), at)));
            if (encoding::check_utf8(seen))
                throw interrupted{{failure::bad_data, "'" + f.name + "' is not UTF-8"}};
            octets += seen.size();
            row[f.name] = fitted(f, json::string(seen));
            break;
        }
        case SQLITE_BLOB:
            throw interrupted{{failure::bad_data, "'" + f.name + "' is a blob, no text"}};
        default: // NULL is left out
            break;
        }
    }
    return row;
}

json::array sqlite_connection::rows_of(prepared& p, const lookup& l) {
    json::array rows;
    std::size_t octets = 0;
    int code = SQLITE_ROW;
    while ((code = ::sqlite3_step(p.statement.get())) == SQLITE_ROW) {
        if (rows.size() == l.most_rows)
            throw interrupted{
                {failure::too_many_rows, "more than " + std::to_string(l.most_rows) + " rows"}};
        // the schema changed, and with it what stands where
        if (p.made != ::sqlite3_stmt_status(p.statement.get(), SQLITE_STMTSTATUS_REPREPARE, 0))
            find_columns(p, l);
        auto row = row_of(p, l, octets);
        if (octets > most_octets)
            throw interrupted{{failure::bad_data, "more than 1 MiB"}};
        if (auto why = mistakes_of(l, row); !why.empty())
            throw interrupted{{failure::bad_data, std::move(why)}};
        rows.push_back(std::move(row));
    }
    if (code != SQLITE_DONE)
        fail(code);
    return rows;
}

answer sqlite_connection::ask(const question& q) {
    deadline_ = q.deadline;
    if (is_over())
        return failed{failure::timeout, "other questions took too long"};
    try {
        follow_file();
        auto& p = prepare(*q.of);
        const in_use bound(p.statement.get(), q.values);
        return rows_of(p, *q.of);
    } catch (interrupted& e) {
        if (e.what.kind == failure::down)
            close();
        return std::move(e.what);
    }
}

} // namespace posthorn::lookups
