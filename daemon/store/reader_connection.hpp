// The reader's way to live.db. Inside the store only.
#pragma once

#include "store/bounded_read.hpp"

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
    bool was_for_many(posthorn::id event);

    clock::time_point deadline{};
    SQLite::Database live;
    std::map<name_id, std::string> names;
};

template <class Work>
auto reader::ask(Work work) {
    return bounded_read(live_, open_, [&](connection& c) {
        c.read_names();
        return work(c);
    });
}

} // namespace posthorn::store
