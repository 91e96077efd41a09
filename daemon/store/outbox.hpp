// One source's outbox file: read in order, forget what is committed elsewhere. Many processes write
// to it, so every lock we take is short and none is held between two calls. config/outbox.sql is
// its schema, and compiled in.
#pragma once

#include "model/event.hpp"
#include "store/file_identity.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace posthorn::store {

// What a time that is no integer reads as; also found again in a parked event.
inline constexpr instant unreadable_time = instant::min();

// A row as its source wrote it; nothing of it is checked but what a type of C++ cannot hold.
struct outbox_row {
    posthorn::event event;
    std::string problem; // "not_before: not microseconds: '2026-11-01'"; empty when there is none
};

// What a look ahead needs to know of a row.
struct outbox_glance {
    std::int64_t id = 0;
    std::string type;
};

// Another process held the file longer than our patience. Nothing was read or changed: come back.
class outbox_busy : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The file cannot be used as it is now (vanished, replaced, damaged, I/O error): call open() again.
class outbox_failed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// One thread at a time. Every call that touches rows throws outbox_busy or outbox_failed, and needs
// open() to have said true.
class outbox {
public:
    // `patience`: how long a call waits for a process that holds the file.
    outbox(std::string source, std::filesystem::path file,
           std::chrono::milliseconds patience = std::chrono::seconds(5));
    ~outbox();
    outbox(outbox&&) noexcept;
    outbox& operator=(outbox&&) noexcept;

    // True when the file is there with our table. Otherwise false, and problem() says why: not
    // there yet, not a database, another table, no rights, a network file system. Costs one stat
    // when nothing changed. Never creates the file.
    bool open();
    const std::string& problem() const { return problem_; }
    const std::filesystem::path& file() const { return file_; }
    file_identity identity() const; // of the open file; zeros when there is none

    // Rows with id > `after`, in order, at most `limit`. A value of more than 1 MiB is left out, and
    // is the row's problem.
    std::vector<outbox_row> read(std::int64_t after, std::size_t limit);
    // Those of these rows that are there, in the order asked for.
    std::vector<outbox_row> read(std::span<const std::int64_t> ids);
    // The same rows as the first, but only what they are.
    std::vector<outbox_glance> glance(std::int64_t after, std::size_t limit);

    // Whether another connection has committed since the last call; true at first.
    bool changed();

    // Deletes exactly these rows, in transactions of at most 500. When it throws, some may be gone.
    void forget(std::span<const std::int64_t> ids);

    std::optional<std::int64_t> first_id(); // the lowest; nothing when there are no rows
    std::optional<std::int64_t> last_id();  // the highest
    std::size_t waiting();                  // rows in the table; reads all of it

    // For writers (`posthorn enqueue`, `posthorn import`): makes the file with its table when it is
    // missing, readable and writable for its group; throws outbox_failed with what to do.
    static void create(const std::filesystem::path& file);
    // All rows in one transaction, durable; outbox_id is filled in. created_at 0: now.
    void insert(std::span<event> rows);

private:
    struct connection;
    bool fail(std::string why);
    connection& now_open();
    void insert_once(std::span<event> rows);
    std::vector<outbox_row> read_together(std::int64_t after, std::size_t limit);
    std::vector<std::int64_t> ids_after(std::int64_t after, std::size_t limit);
    std::vector<outbox_row> read_one_by_one(std::span<const std::int64_t> ids);
    outbox_row without_huge_values(std::int64_t id);

    std::string source_;
    std::filesystem::path file_;
    std::chrono::milliseconds patience_;
    std::string problem_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
