// Which keys a source has used. The newest live in memory; sealed ones lie in slices in key order,
// each behind a filter that answers "surely not here" without touching a page:
//
//   new key ─► hot (memory) ─50,000─► sealing ─► sealed slice [filter] rows
//                                     a few hundred rows per commit, in key order
//
// At start the hot keys are read again from the events of live.db and history above the last sealed
// slice, and a slice that was being written is begun again. Used by the writer's thread only.
#pragma once

#include "model/id.hpp"
#include "model/message.hpp"
#include "store/sqlite/connection.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store {

// So long a key is remembered, whatever became of its event's record.
inline constexpr auto key_memory = std::chrono::days(400);

struct key_entry {
    posthorn::id event = 0;
    std::int64_t outbox_id = 0;
    std::uint64_t hash = 0;
};

class key_index {
public:
    key_index(SQLite::Database& db, std::size_t keys_per_slice,
              const std::filesystem::path& history);

    std::optional<key_entry> find(name_id source, std::string_view key);
    // Not yet used. Part of the open transaction until keep() or undo().
    void add(name_id source, std::string_view key, const key_entry& entry);
    // Another event row now stands behind the key (a parked event was replaced).
    void replace(name_id source, std::string_view key, const key_entry& entry);

    // Inside a transaction: writes up to `rows` of the slice being sealed, if there is one.
    void seal_some(std::size_t rows, std::int64_t now);
    void keep(); // the transaction was committed
    void undo(); // it was not

    // Every event up to this id has its key in a sealed slice.
    // In the open transaction.
    std::size_t added() const { return added_.size(); }
    posthorn::id sealed_through() const { return sealed_through_; }
    std::size_t hot() const { return hot_.size(); }

private:
    struct named {
        std::string name; // packed source, then key
        key_entry entry;
    };
    struct sealed {
        std::int64_t slice = 0;
        std::string filter;
    };
    using table = boost::unordered_flat_map<std::string, key_entry>;

    void load(const std::filesystem::path& history);
    void load_newest(SQLite::Database& db);
    void begin_slice();
    void finish_slice(std::int64_t now);
    bool replace_in_memory(const std::string& name, const key_entry& entry);

    SQLite::Database& db_;
    std::size_t keys_per_slice_;
    statement insert_, find_, update_, slice_, seal_;
    table hot_;
    table sealing_; // still found here while its rows are written
    std::vector<named> sorted_;
    std::size_t written_ = 0;
    std::size_t written_kept_ = 0;
    bool finished_ = false;
    std::int64_t next_slice_ = 1;
    posthorn::id sealing_through_ = 0;
    posthorn::id sealed_through_ = 0;
    posthorn::id highest_ = 0;
    std::vector<sealed> sealed_;
    std::string pending_filter_;
    std::vector<std::string> added_; // in the open transaction
    std::vector<named> replaced_;    // in the open transaction: what stood there before
};

} // namespace posthorn::store
