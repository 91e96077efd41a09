// The reader's way to live.db, and how long one call may take there. Inside the store only.
#pragma once

#include "store/reader.hpp"
#include "store/sqlite/connection.hpp"

#include <chrono>

namespace posthorn::store {

// For `SELECT <event_columns> FROM event AS e`.
inline constexpr std::string_view event_columns =
    "e.id, e.source, e.outbox_id, e.key, e.hash, e.type, e.run, e.subject, e.to_kind, e.to_ref, "
    "e.data, e.occurred_at, e.not_before, e.expires_at, e.created_at, e.received_at, e.parked";
inline constexpr int event_parked_column = 16;

struct reader::connection {
    using clock = std::chrono::steady_clock;

    explicit connection(const std::filesystem::path& file);

    void read_names();
    std::string name_of(name_id number) const {
        const auto found = names.find(number);
        return found == names.end() ? std::string() : found->second;
    }
    posthorn::event read_event(statement& row) const;

    clock::time_point deadline{};
    SQLite::Database live;
    std::map<name_id, std::string> names;
};

// One call: a connection, a limit, one snapshot of live.db.
template <class Work>
auto reader::ask(Work work) {
    constexpr auto longest = std::chrono::seconds(2);
    try {
        if (!open_)
            open_ = std::make_unique<connection>(live_);
        open_->deadline = connection::clock::now() + longest;
        SQLite::Transaction one_snapshot(open_->live);
        open_->read_names();
        return work(*open_);
    } catch (const SQLite::Exception& e) {
        const bool late = was_interrupted(e);
        open_.reset();
        throw read_failed(
            live_.string() + ": " +
            (late ? "reading took longer than two seconds: the disk is slow, or busy" : e.what()));
    }
}

} // namespace posthorn::store
