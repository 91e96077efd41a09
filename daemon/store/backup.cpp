#include "store/backup.hpp"

#include "store/sqlite/connection.hpp"

#include <SQLiteCpp/Backup.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace posthorn::store {

namespace {

namespace fs = std::filesystem;

constexpr int pages_per_step = 128;
constexpr int steps_per_sync = 8; // so that the disk never has much to write at once
constexpr std::uintmax_t spare = 64 << 20;
constexpr int cache_kib = 2'000;

[[noreturn]] void fail(const fs::path& what, const std::string& why) {
    throw backup_failed(what.string() + ": " + why);
}

std::string error_text(int code) { return std::generic_category().message(code); }

class open_file {
public:
    open_file(const fs::path& file, int how)
        : file_(file), fd_(::open(file.c_str(), how | O_CLOEXEC)) {
        if (fd_ < 0)
            fail(file, "cannot be opened (" + error_text(errno) + ")");
    }
    ~open_file() { ::close(fd_); }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;

    void sync() const {
        if (::fsync(fd_) != 0)
            fail(file_, "cannot be made durable (" + error_text(errno) + ")");
    }
    // A restored outbox must be as open to its source as this one is. That some groups are not ours
    // to give is no failure: who restores is told to look.
    void look_like(const fs::path& other) const {
        struct stat found {};
        if (::stat(other.c_str(), &found) != 0)
            return;
        [[maybe_unused]] const int given = ::fchown(fd_, static_cast<uid_t>(-1), found.st_gid);
        if (::fchmod(fd_, found.st_mode & 0777) != 0)
            fail(file_, "its mode cannot be set (" + error_text(errno) + ")");
    }

private:
    fs::path file_;
    int fd_;
};

std::vector<fs::path> databases_in(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code missing, gone;
    for (const auto& entry : fs::directory_iterator(folder, missing))
        if (entry.path().extension() == ".db" && entry.is_regular_file(gone))
            out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
}

std::uintmax_t size_of(const fs::path& file) {
    std::error_code missing;
    const auto size = fs::file_size(file, missing);
    return missing ? 0 : size;
}

std::string shown_mib(std::uintmax_t octets) { return std::to_string((octets >> 20) + 1) + " MiB"; }

class backup {
public:
    backup(const backup_places& from, const fs::path& into, std::stop_token stop)
        : from_(from), into_(into), work_(into.string() + ".unfinished"), stop_(std::move(stop)) {}

    backup_figures make(const pause& when_restored) {
        begin();
        try {
            copy_all(when_restored);
            finish();
        } catch (...) {
            std::error_code ignored;
            fs::remove_all(work_, ignored);
            throw;
        }
        return done_;
    }

private:
    enum class pace : std::uint8_t {
        swift,  // the writer's log grows while it lasts
        gentle, // leaves the disk to others half of the time
    };

    void begin() {
        if (!into_.is_absolute() || !into_.has_filename())
            fail(into_, "is not the absolute path of a new folder");
        if (fs::exists(into_))
            fail(into_, "is there already, and a backup is never overwritten: name another");
        if (fs::exists(work_))
            fail(work_, "is what a backup left that did not end: remove it");
        look_for_space();
        std::error_code ec;
        if (!fs::create_directory(work_, ec))
            fail(work_, "cannot be made (" + ec.message() +
                            "): the folder around it must exist, and posthornd may write there");
        fs::permissions(work_, fs::perms::owner_all); // texts and numbers are in it
    }

    void look_for_space() const {
        std::uintmax_t needed = spare;
        auto files = databases_in(from_.outbox);
        files.push_back(from_.live);
        for (const auto& folder : {from_.results, from_.history})
            for (auto& file : databases_in(folder))
                files.push_back(std::move(file));
        for (const auto& file : files)
            needed += size_of(file) + size_of(file.string() + "-wal");
        std::error_code ec;
        const auto free = fs::space(into_.parent_path(), ec).available;
        if (ec)
            fail(into_.parent_path(), ec.message());
        if (free < needed)
            fail(into_, "needs " + shown_mib(needed) + ", and " + shown_mib(free) + " are free");
    }

    void copy_all(const pause& when_restored) {
        copy_folder(from_.outbox, "outbox");
        copy(from_.live, work_ / "live.db", pace::swift);
        pause_copy(when_restored);
        copy_folder(from_.results, "result");
        copy_folder(from_.history, "history");
        for (const auto& file : from_.small)
            if (fs::exists(file))
                copy_plain(file, work_ / file.filename());
    }

    void copy_folder(const fs::path& folder, const char* name) {
        const auto into = work_ / name;
        fs::create_directory(into);
        for (const auto& file : databases_in(folder))
            if (fs::exists(file)) // an old month may have gone since
                copy(file, into / file.filename(), pace::gentle);
        open_file(into, O_RDONLY | O_DIRECTORY).sync();
    }

    void copy(const fs::path& file, const fs::path& to, pace how) {
        try {
            copy_snapshot(file, to, how);
        } catch (const SQLite::Exception& e) {
            fail(file, std::string("cannot be copied (") + e.what() + ")");
        }
        keep(file, to);
    }

    void keep(const fs::path& file, const fs::path& copy) {
        const open_file made(copy, O_RDWR);
        made.look_like(file);
        made.sync();
        ++done_.files;
        done_.octets += static_cast<std::int64_t>(size_of(copy));
    }

    // Within one transaction of the source, else each of its commits would begin the copy again.
    void copy_snapshot(const fs::path& file, const fs::path& to, pace how) {
        auto source = open_database(file, access::read_only, cache_kib);
        const SQLite::Transaction snapshot(source);
        statement(source, "SELECT count(*) FROM sqlite_master").row();
        SQLite::Database target(to.string(),
                                SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLITE_OPEN_NOMUTEX);
        target.exec("PRAGMA synchronous = OFF"); // made durable here, piece by piece
        target.exec("PRAGMA cache_size = -2000");
        const open_file made(to, O_RDWR);
        SQLite::Backup all(target, source);
        for (int step = 1;; ++step) {
            if (stop_.stop_requested())
                fail(into_, "posthornd is stopping");
            const auto began = std::chrono::steady_clock::now();
            if (all.executeStep(pages_per_step) == SQLITE_DONE)
                return;
            if (step % steps_per_sync == 0)
                made.sync();
            if (how == pace::gentle)
                std::this_thread::sleep_for(std::chrono::steady_clock::now() - began);
        }
    }

    void pause_copy(const pause& p) {
        const auto file = work_ / "live.db";
        try {
            SQLite::Database copy(file.string(), SQLite::OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
            copy.exec("PRAGMA journal_mode = DELETE"); // one file, until the daemon opens it
            statement(copy, "INSERT INTO pause VALUES(?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET "
                            "reason = excluded.reason || '; before: ' || reason")
                .bind(p.scope.kind, p.scope.name, p.scope.source, p.stopped, p.who, p.reason, p.at)
                .run();
        } catch (const SQLite::Exception& e) {
            fail(file, std::string("cannot be paused (") + e.what() + ")");
        }
        open_file(file, O_RDWR).sync();
    }

    void copy_plain(const fs::path& file, const fs::path& to) {
        std::error_code ec;
        if (!fs::copy_file(file, to, ec))
            fail(file, "cannot be copied (" + ec.message() + ")");
        keep(file, to);
    }

    void finish() {
        open_file(work_, O_RDONLY | O_DIRECTORY).sync();
        if (::renameat2(AT_FDCWD, work_.c_str(), AT_FDCWD, into_.c_str(), RENAME_NOREPLACE) != 0)
            fail(into_, "cannot be given its name (" + error_text(errno) + ")");
        open_file(into_.parent_path(), O_RDONLY | O_DIRECTORY).sync();
    }

    const backup_places& from_;
    fs::path into_, work_;
    std::stop_token stop_;
    backup_figures done_;
};

} // namespace

backup_figures back_up(const backup_places& from, const fs::path& into, const pause& when_restored,
                       std::stop_token stop) {
    try {
        return backup(from, into, std::move(stop)).make(when_restored);
    } catch (const fs::filesystem_error& e) {
        throw backup_failed(e.what());
    }
}

} // namespace posthorn::store
