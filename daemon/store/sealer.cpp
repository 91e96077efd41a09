#include "store/sealer.hpp"

#include "embedded/month_index.hpp"
#include "model/state.hpp"
#include "store/archive.hpp"
#include "store/copied_numbers.hpp"
#include "store/durable_file.hpp"
#include "store/fault_point.hpp"
#include "store/month_file.hpp"

#include <algorithm>
#include <ranges>
#include <set>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

namespace posthorn::store {

namespace {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;

constexpr int rows_between_rests = 1'024;
constexpr int rests_per_sync = 32; // so that the disk never has much to write at once
constexpr int cache_kib = 4'096;
constexpr std::size_t most_runs = 256; // in a block, told apart

class cannot_seal : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

std::string shown_mib(std::uintmax_t octets) { return std::to_string((octets >> 20) + 1) + " MiB"; }

void leave_free(std::uintmax_t octets, const fs::path& folder) {
    std::error_code unknown;
    const auto free = fs::space(folder, unknown).available;
    if (!unknown && free < octets)
        throw cannot_seal("it needs " + shown_mib(octets) + " on the disk of " + folder.string() +
                          ", and " + shown_mib(free) + " are free: free space");
}

// Rests as long as it has worked.
class leisure {
public:
    leisure(const std::stop_token& stop, fs::path file, std::int64_t spare)
        : stop_(stop), file_(std::move(file)), spare_(static_cast<std::uintmax_t>(spare)) {}

    // Of one row; true when it is time to commit.
    bool rest() {
        if (stop_.stop_requested())
            throw cannot_seal("posthornd is stopping");
        if (++rows_ % rows_between_rests != 0)
            return false;
        std::this_thread::sleep_for(clock::now() - began_);
        began_ = clock::now();
        return rows_ % (rows_between_rests * rests_per_sync) == 0;
    }
    void sync() const {
        make_durable(file_);
        leave_free(spare_, file_.parent_path());
    }

private:
    const std::stop_token& stop_;
    fs::path file_;
    std::uintmax_t spare_;
    std::int64_t rows_ = 0;
    clock::time_point began_ = clock::now();
};

SQLite::Database new_index(const fs::path& file) {
    SQLite::Database db(file.string(),
                        SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLITE_OPEN_NOMUTEX);
    db.exec("PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
            "PRAGMA cache_size = -4096");
    db.exec(std::string(embedded::month_index_sql));
    return db;
}

class index_builder {
public:
    index_builder(const fs::path& file, const std::stop_token& stop, const seal_sizes& sizes)
        : sizes_(sizes), leisure_(stop, file, sizes.spare), db_(new_index(file)),
          number_(db_, "INSERT INTO number VALUES(?,?,?)"),
          key_(db_, "INSERT OR IGNORE INTO key VALUES(?,?,?)"),
          apart_(db_, "INSERT INTO apart VALUES(?,?)"),
          slice_(db_, "INSERT INTO slice VALUES(?,?,?)"),
          block_(db_, "INSERT INTO block VALUES(?,?)"),
          trait_(db_, "INSERT INTO trait VALUES(?,?,?)") {
        db_.exec("BEGIN");
    }

    // Everything in the month. How many messages.
    std::int64_t add_all(SQLite::Database& month) {
        statement rows(month, "SELECT m.id, m.event, m.source, m.type, m.state, m.recipient, "
                              "e.key, e.run FROM message AS m CROSS JOIN event AS e "
                              "ON e.id = m.event ORDER BY m.id");
        for (; rows.row(); ++messages_) {
            add(rows);
            rest();
            if (block_rows_ == sizes_.block)
                end_block();
            if (numbers_.size() == sizes_.slice)
                end_slice();
        }
        end_block();
        end_slice();
        db_.exec("COMMIT");
        db_.exec("PRAGMA user_version = " + std::to_string(index_format));
        return messages_;
    }

private:
    struct entry {
        std::int32_t hash = 0;
        posthorn::id what = 0;
        auto operator<=>(const entry&) const = default;
    };

    void add(statement& row) {
        const auto message = row.number(0), event = row.number(1);
        if (block_rows_++ == 0)
            first_in_block_ = message;
        if (numbers_.empty())
            first_in_slice_ = message;
        last_ = message;
        numbers_.push_back({short_hash(row.text(5)), message});
        keys_.push_back({short_hash(row.text(6)), event});
        if (message != event + 1)
            apart_.bind(event, message).run();
        sources_.insert(row.number(2));
        types_.insert(row.number(3));
        states_.insert(row.number(4));
        if (const auto run = row.text(7); runs_.size() <= most_runs && !runs_.contains(run))
            runs_.emplace(run);
    }

    void end_block() {
        if (std::exchange(block_rows_, 0) == 0)
            return;
        block_.bind(first_in_block_, last_).run();
        const auto note = [&](std::string_view what, const auto& values) {
            for (const auto& value : values)
                trait_.bind(what, value, first_in_block_).run();
        };
        note("source", sources_);
        note("type", types_);
        note("state", states_);
        if (runs_.size() > most_runs)
            trait_.bind("many runs", 1, first_in_block_).run();
        else
            note("run", runs_);
        sources_.clear();
        types_.clear();
        states_.clear();
        runs_.clear();
    }

    void end_slice() {
        if (numbers_.empty())
            return;
        slice_.bind(++slices_, first_in_slice_, last_).run();
        append(numbers_, number_);
        append(keys_, key_);
        fault_point("slice of a month sealed");
    }

    void append(std::vector<entry>& entries, statement& into) {
        std::ranges::sort(entries);
        for (const auto& e : entries) {
            into.bind(slices_, e.hash, e.what).run();
            rest();
        }
        entries.clear();
    }

    void rest() {
        if (!leisure_.rest())
            return;
        db_.exec("COMMIT");
        leisure_.sync();
        db_.exec("BEGIN");
    }

    seal_sizes sizes_;
    leisure leisure_;
    SQLite::Database db_;
    statement number_, key_, apart_, slice_, block_, trait_;
    std::vector<entry> numbers_, keys_;               // of the slice
    std::set<std::int64_t> sources_, types_, states_; // of the block
    std::set<std::string, std::less<>> runs_;
    posthorn::id first_in_block_ = 0, first_in_slice_ = 0, last_ = 0;
    std::size_t block_rows_ = 0;
    std::int64_t slices_ = 0, messages_ = 0;
};

// Rises with each commit that copies something to the month.
std::int64_t copies_to(SQLite::Database& month) {
    if (!month.tableExists("copied"))
        return 0;
    statement row(month, "SELECT ifnull(max(id), 0) FROM copied");
    row.row();
    return row.number(0);
}

// Under the lock of those who copy: so the index either has what they copied, or they find it and
// take it away.
void put_in_place(const fs::path& month, const fs::path& made, std::int64_t copies) {
    SQLite::Database db(month.string(), // never made anew: it may have been dropped
                        SQLite::OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    db.setBusyTimeout(5'000);
    const SQLite::Transaction alone(db, SQLite::TransactionBehavior::IMMEDIATE);
    if (copies_to(db) != copies)
        throw cannot_seal("messages were copied to it meanwhile");
    fault_point("month sealed");
    fs::rename(made, index_of(month));
    fault_point("month has its index");
}

void seal(const fs::path& month, const std::stop_token& stop, const seal_sizes& sizes,
          sealed_month& out) {
    leave_free(fs::file_size(month) / 5 + static_cast<std::uintmax_t>(sizes.spare),
               month.parent_path());
    const fs::path made = index_of(month).string() + ".unfinished";
    std::int64_t copies = 0;
    {
        auto db = open_database(month, access::read_only, cache_kib);
        const SQLite::Transaction one_snapshot(db);
        copies = copies_to(db);
        out.messages = index_builder(made, stop, sizes).add_all(db);
    }
    make_durable(made);
    put_in_place(month, made, copies);
    make_durable(month.parent_path());
    out.octets = static_cast<std::int64_t>(fs::file_size(index_of(month)));
}

// What a crash left, and indexes whose month is gone.
void clear_away(const fs::path& history) {
    std::vector<fs::path> all;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(history, missing))
        all.push_back(entry.path());
    for (const auto& file : all) {
        const auto month = fs::path(file).replace_extension(".db");
        if (file.extension() == ".unfinished" ||
            (file.extension() == ".index" && !fs::exists(month, missing)))
            fs::remove(file, missing);
    }
}

bool is_sealed(const fs::path& month) {
    const month_file file(month, cache_kib);
    return !file.begun || file.sealed;
}

} // namespace

sealed_month seal_next(const fs::path& history, std::string_view after, instant now,
                       const std::stop_token& stop, const seal_sizes& sizes) {
    const auto first_open = archive::month_named(now - sealed_after);
    const auto months = archive::months(history);
    if (after.empty())
        clear_away(history);
    for (const auto& [name, file] : months | std::views::reverse) { // the oldest first
        if (name <= after || name >= first_open)
            continue;
        sealed_month out;
        try {
            if (is_sealed(file))
                continue;
            out.month = name;
            seal(file, stop, sizes, out);
        } catch (const std::exception& e) { // the disk, the file: whatever it is, others go on
            out.month = name;
            out.wrong = e.what();
            std::error_code ignored;
            fs::remove(index_of(file).string() + ".unfinished", ignored);
        }
        return out;
    }
    return {};
}

} // namespace posthorn::store
