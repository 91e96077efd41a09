// One call of a reader: its connection, a limit of two seconds, one snapshot. Inside the store only.
#pragma once

#include "store/reader.hpp"
#include "store/sqlite/connection.hpp"

#include <chrono>
#include <filesystem>
#include <memory>

namespace posthorn::store {

// To live.db. From `deadline` on it is interrupted.
struct live_connection {
    explicit live_connection(const std::filesystem::path& file)
        : live(open_database(file, access::read_only)) {
        interrupt_from(live, deadline);
    }

    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    SQLite::Database live;
};

// `Connection` has `live` and `deadline`, as live_connection. It is opened when it is first needed,
// and anew after a failure.
template <class Connection, class Work>
auto bounded_read(const std::filesystem::path& file, std::unique_ptr<Connection>& open, Work work) {
    constexpr auto longest = std::chrono::seconds(2);
    try {
        if (!open)
            open = std::make_unique<Connection>(file);
        open->deadline = std::chrono::steady_clock::now() + longest;
        SQLite::Transaction one_snapshot(open->live);
        return work(*open);
    } catch (const SQLite::Exception& e) {
        const bool late = was_interrupted(e);
        open.reset();
        throw read_failed(
            file.string() + ": " +
            (late ? "reading took longer than two seconds: the disk is slow, or busy" : e.what()));
    }
}

} // namespace posthorn::store
