// Which part a carrier's id belongs to, or which parts, where a text went whole. One compact entry
// per part that waits for its receipt, and for a while afterwards, so that a second receipt is
// recognised; keyed by a 64-bit hash of account and id.
#pragma once

#include "delivery/outgoing.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace posthorn::delivery {

class references {
public:
    struct entry {
        posthorn::id message = 0;
        part_range parts;
        std::uint8_t of = 1; // parts of its message
        bool single = true;
        bool joint = false;    // one receipt is for all of its message
        bool done = false;     // its final receipt has come
        bool unlikely = false; // it has one only if something went wrong
        // So often its text goes by another account when the receipt says that it failed.
        std::uint8_t failovers = 0;

        part_range settled() const { return joint ? part_range{1, of} : parts; }
    };

    // `key`: the adapter's match_key of the id. A carrier that uses an id again means the newer
    // part; within one message all of them.
    void add(name_id account, std::string_view key, entry e) {
        const auto h = hash(account, key);
        auto& at = entries_[h];
        const bool fresh = at.message == 0 || at.done;
        waiting_ += fresh;
        if (!fresh && at.message == e.message)
            e.parts = {std::min(at.parts.first, e.parts.first),
                       std::max(at.parts.last, e.parts.last)};
        else if (e.joint)
            joint_[e.message].push_back(h);
        at = e;
        if (fresh && e.unlikely)
            forget_oldest(h);
    }
    entry* find(name_id account, std::string_view key) {
        const auto found = entries_.find(hash(account, key));
        return found == entries_.end() ? nullptr : &found->second;
    }
    // The receipt has come: kept among the newest 100,000 such.
    void done(name_id account, std::string_view key) {
        const auto h = hash(account, key);
        const auto found = entries_.find(h);
        if (found == entries_.end())
            return;
        const auto e = found->second;
        done(h, e.message);
        if (!e.joint)
            return;
        if (const auto others = joint_.extract(e.message))
            for (const auto other : others.mapped())
                done(other, e.message);
    }
    // The part was taken back: others of its message still wait, also for the one receipt of all.
    void done_alone(name_id account, std::string_view key) {
        const auto h = hash(account, key);
        const auto found = entries_.find(h);
        if (found == entries_.end())
            return;
        if (const auto others = joint_.find(found->second.message); others != joint_.end())
            std::erase(others->second, h);
        done(h, found->second.message);
    }
    std::size_t waiting() const { return waiting_; }
    // What still_waits() asks for.
    static std::uint64_t name_of(name_id account, std::string_view key) {
        return hash(account, key);
    }
    const entry* still_waits(std::uint64_t name, posthorn::id message) const {
        const auto found = entries_.find(name);
        const bool waits =
            found != entries_.end() && !found->second.done && found->second.message == message;
        return waits ? &found->second : nullptr;
    }

private:
    static constexpr std::size_t remembered = 100'000;
    static constexpr std::size_t most_unlikely = 500'000;

    // Most of these never have a receipt: only of the newest one is still recognised.
    void forget_oldest(std::uint64_t newest) {
        unlikely_.push_back(newest);
        if (unlikely_.size() <= most_unlikely)
            return;
        const auto oldest = entries_.find(unlikely_.front());
        unlikely_.pop_front();
        if (oldest == entries_.end() || oldest->second.done || !oldest->second.unlikely)
            return;
        --waiting_;
        entries_.erase(oldest);
    }

    void done(std::uint64_t h, posthorn::id message) {
        const auto found = entries_.find(h);
        if (found == entries_.end() || found->second.done || found->second.message != message)
            return;
        found->second.done = true;
        --waiting_;
        recent_.push_back(h);
        if (recent_.size() <= remembered)
            return;
        const auto oldest = entries_.find(recent_.front());
        recent_.pop_front();
        if (oldest != entries_.end() && oldest->second.done)
            entries_.erase(oldest);
    }

    static std::uint64_t hash(name_id account, std::string_view key) {
        constexpr std::uint64_t prime = 0x100000001b3ULL;
        // multiplied before the first character comes in: account and key must not mix
        std::uint64_t h = (0xcbf29ce484222325ULL ^ static_cast<std::uint32_t>(account)) * prime;
        for (const char c : key)
            h = (h ^ static_cast<unsigned char>(c)) * prime;
        h ^= h >> 29;
        h *= 0x9fb21c651e98df25ULL;
        return h ^ (h >> 32);
    }

    boost::unordered_flat_map<std::uint64_t, entry> entries_;
    std::unordered_map<posthorn::id, std::vector<std::uint64_t>> joint_; // none of them done
    std::deque<std::uint64_t> recent_;
    std::deque<std::uint64_t> unlikely_;
    std::size_t waiting_ = 0; // entries that are not done
};

} // namespace posthorn::delivery
