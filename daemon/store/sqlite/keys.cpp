#include "store/sqlite/keys.hpp"

#include "store/archive.hpp"
#include "store/text_hash.hpp"

#include <algorithm>

namespace posthorn::store {

namespace {

// Source first, so that a slice is in the order of its table.
std::string packed(name_id source, std::string_view key) {
    std::string out;
    out.reserve(4 + key.size());
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(static_cast<std::uint32_t>(source) >> shift);
    out += key;
    return out;
}

name_id source_of(std::string_view name) {
    std::uint32_t source = 0;
    for (std::size_t i = 0; i < 4; ++i)
        source = source << 8 | static_cast<unsigned char>(name[i]);
    return static_cast<name_id>(source);
}

std::uint64_t hash_of(std::string_view name) {
    const std::uint64_t h = text_hash(name) * 0xd6e8feb86659fd93ULL;
    return h ^ (h >> 32);
}

// A Bloom filter of 16 bits a key and 8 probes: one key in 1,700 is asked in vain.
constexpr std::size_t bits_per_key = 16;
constexpr int probes = 8;

template <class F>
bool each_bit(std::uint64_t hash, std::size_t bits, F f) {
    const std::uint64_t step = hash >> 32 | 1;
    for (int i = 0; i < probes; ++i, hash += step)
        if (!f((hash & 0xFFFFFFFF) % bits))
            return false;
    return true;
}

void put(std::string& filter, std::uint64_t hash) {
    each_bit(hash, filter.size() * 8, [&](std::size_t bit) {
        filter[bit / 8] = static_cast<char>(filter[bit / 8] | 1 << (bit % 8));
        return true;
    });
}

bool may_have(const std::string& filter, std::uint64_t hash) {
    return each_bit(hash, filter.size() * 8,
                    [&](std::size_t bit) { return (filter[bit / 8] >> (bit % 8) & 1) != 0; });
}

} // namespace

key_index::key_index(SQLite::Database& db, std::size_t keys_per_slice,
                     const std::filesystem::path& history)
    : db_(db), keys_per_slice_(keys_per_slice), insert_(db, "INSERT INTO key VALUES(?,?,?,?,?,?)"),
      find_(db, "SELECT event, outbox_id, hash FROM key WHERE slice=? AND source=? AND key=?"),
      update_(db,
              "UPDATE key SET event=?, outbox_id=?, hash=? WHERE slice=? AND source=? AND key=?"),
      slice_(db, "INSERT INTO key_slice VALUES(?,?,?,0,x'')"),
      seal_(db, "UPDATE key_slice SET sealed_at=?, filter=? WHERE slice=?") {
    load(history);
}

void key_index::load(const std::filesystem::path& history) {
    // A slice that was being written when we died: its keys are all still found through `event`.
    db_.exec("DELETE FROM key WHERE slice IN (SELECT slice FROM key_slice WHERE sealed_at = 0);"
             "DELETE FROM key_slice WHERE sealed_at = 0;");
    statement slices(db_, "SELECT slice, last_event, filter FROM key_slice ORDER BY slice");
    while (slices.row()) {
        sealed_.push_back({slices.number(0), std::string(slices.text(2))});
        next_slice_ = slices.number(0) + 1;
        sealed_through_ = std::max<posthorn::id>(sealed_through_, slices.number(1));
    }
    highest_ = sealed_through_;
    load_newest(db_);
    for (const auto& [name, file] : archive::months(history)) {
        auto month = open_database(file, access::read_only, 2'000);
        if (month.tableExists("event"))
            load_newest(month);
    }
}

void key_index::load_newest(SQLite::Database& db) {
    statement newest(db, "SELECT id, source, key, outbox_id, hash FROM event WHERE id > ?");
    newest.bind(sealed_through_);
    while (newest.row()) {
        const key_entry entry{newest.number(0), newest.number(3),
                              static_cast<std::uint64_t>(newest.number(4))};
        hot_.emplace(packed(static_cast<name_id>(newest.number(1)), newest.text(2)), entry);
        highest_ = std::max(highest_, entry.event);
    }
}

std::optional<key_entry> key_index::find(name_id source, std::string_view key) {
    const std::string name = packed(source, key);
    for (const auto* memory : {&hot_, &sealing_})
        if (const auto found = memory->find(name); found != memory->end())
            return found->second;
    const auto hash = hash_of(name);
    for (auto slice = sealed_.rbegin(); slice != sealed_.rend(); ++slice) {
        if (!may_have(slice->filter, hash))
            continue;
        find_.bind(slice->slice, source, key);
        std::optional<key_entry> entry;
        if (find_.row())
            entry = key_entry{find_.number(0), find_.number(1),
                              static_cast<std::uint64_t>(find_.number(2))};
        find_.reset();
        if (entry)
            return entry;
    }
    return std::nullopt;
}

void key_index::add(name_id source, std::string_view key, const key_entry& entry) {
    std::string name = packed(source, key);
    hot_.emplace(name, entry);
    highest_ = std::max(highest_, entry.event);
    added_.push_back(std::move(name));
}

void key_index::replace(name_id source, std::string_view key, const key_entry& entry) {
    const std::string name = packed(source, key);
    if (const auto before = find(source, key))
        replaced_.push_back({name, *before});
    if (replace_in_memory(name, entry))
        return;
    const auto hash = hash_of(name);
    const auto update = [&](std::int64_t slice) {
        return update_
                   .bind(entry.event, entry.outbox_id, static_cast<std::int64_t>(entry.hash), slice,
                         source, key)
                   .run() > 0;
    };
    if (!sorted_.empty() && update(next_slice_))
        return;
    for (const auto& slice : sealed_)
        if (may_have(slice.filter, hash) && update(slice.slice))
            return;
}

// Whether that is all there is to it; else the key also has, or will have, a row.
bool key_index::replace_in_memory(const std::string& name, const key_entry& entry) {
    if (const auto found = hot_.find(name); found != hot_.end()) {
        found->second = entry;
        return true;
    }
    if (const auto found = sealing_.find(name); found != sealing_.end()) {
        found->second = entry;
        std::ranges::lower_bound(sorted_, name, {}, &named::name)->entry = entry;
    }
    return false;
}

void key_index::begin_slice() {
    sealing_ = std::move(hot_);
    hot_ = {};
    hot_.reserve(keys_per_slice_);
    sealing_through_ = highest_;
    pending_filter_.assign(std::max<std::size_t>(sealing_.size() * bits_per_key / 8, 8), '\0');
    sorted_.clear();
    sorted_.reserve(sealing_.size());
    for (const auto& [name, entry] : sealing_) {
        put(pending_filter_, hash_of(name));
        sorted_.push_back({name, entry});
    }
    std::ranges::sort(sorted_, {}, &named::name);
    written_ = written_kept_ = 0;
}

void key_index::seal_some(std::size_t rows, std::int64_t now) {
    if (sorted_.empty()) {
        if (hot_.size() < keys_per_slice_ || !added_.empty()) // only what is surely committed
            return;
        begin_slice();
    }
    if (finished_)
        return;
    if (written_ == 0)
        slice_.bind(next_slice_, sealing_through_, sorted_.size()).run();
    for (; rows > 0 && written_ < sorted_.size(); --rows, ++written_) {
        const auto& [name, entry] = sorted_[written_];
        insert_
            .bind(next_slice_, source_of(name), std::string_view(name).substr(4), entry.event,
                  entry.outbox_id, static_cast<std::int64_t>(entry.hash))
            .run();
    }
    if (written_ == sorted_.size())
        finish_slice(now);
}

void key_index::finish_slice(std::int64_t now) {
    seal_.bind(now, blob{pending_filter_}, next_slice_).run();
    finished_ = true;
}

void key_index::keep() {
    added_.clear();
    replaced_.clear();
    written_kept_ = written_;
    if (!finished_)
        return;
    sealed_.push_back({next_slice_++, std::move(pending_filter_)});
    sealed_through_ = sealing_through_;
    sealing_ = {};
    sorted_ = {};
    finished_ = false;
}

void key_index::undo() {
    for (auto before = replaced_.rbegin(); before != replaced_.rend(); ++before)
        replace_in_memory(before->name, before->entry);
    replaced_.clear();
    for (const auto& name : added_)
        hot_.erase(name);
    added_.clear();
    written_ = written_kept_;
    finished_ = false;
}

} // namespace posthorn::store
