// Which part a carrier's id belongs to. One compact entry per part that waits for its receipt, and
// for a while afterwards, so that a second receipt is recognised; keyed by a 64-bit hash of account
// and id.
#pragma once

#include "model/id.hpp"
#include "model/message.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <deque>
#include <string_view>

namespace posthorn::delivery {

class references {
public:
    struct entry {
        posthorn::id message = 0;
        std::uint8_t n = 1;
        bool single = true;
        bool done = false; // its final receipt has come
    };

    // `key`: the adapter's match_key of the id. A carrier that uses an id again means the newer
    // part.
    void add(name_id account, std::string_view key, const entry& e) {
        auto& at = entries_[hash(account, key)];
        waiting_ += at.message == 0 || at.done;
        at = e;
    }
    entry* find(name_id account, std::string_view key) {
        const auto found = entries_.find(hash(account, key));
        return found == entries_.end() ? nullptr : &found->second;
    }
    // The receipt has come: kept among the newest 100,000 such.
    void done(name_id account, std::string_view key) {
        const auto h = hash(account, key);
        const auto found = entries_.find(h);
        if (found == entries_.end() || found->second.done)
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
    std::size_t waiting() const { return waiting_; }

private:
    static constexpr std::size_t remembered = 100'000;

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
    std::deque<std::uint64_t> recent_;
    std::size_t waiting_ = 0; // entries that are not done
};

} // namespace posthorn::delivery
