// Who has opted out of what, in memory: what the ledger says now, asked for every message. Sixteen
// octets for each entry in force, in a table at most three quarters full.
#pragma once

#include "model/consent.hpp"
#include "model/id.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::policy {

class opted_out {
public:
    struct entry { // of the ledger
        posthorn::id id = 0;
        consent_way how = consent_way::text;
    };

    // Numbers are E.164 digits without '+', or addresses; what is neither is never opted out.
    // `entry` keeps back those of the categories that no other entry does.
    void out(std::string_view number, category_set which, entry by);
    void out(std::uint64_t key, category_set which, entry by); // consent_key of one
    void in(std::string_view number, category_set which);

    // The entry that forbids this category to be sent to the number; none: it may be sent.
    std::optional<entry> forbids(std::string_view number, category c) const;
    category_set of(std::string_view number) const;

    bool empty() const { return used_ == 0; }
    void expect(std::size_t entries); // so many are about to come
    std::size_t octets() const { return slots_.size() * sizeof(slot); }

private:
    struct slot {
        std::uint64_t number : 50;    // 0: free; at most 15 digits, or above them an address's
        std::uint64_t categories : 8; // 0: came back
        std::uint64_t how : 6;
        posthorn::id entry;
    };

    template <class Visit>
    void each_of(std::uint64_t number, Visit visit) const;
    category_set of(std::uint64_t key) const;
    void put(slot s);
    void rebuild(std::size_t size);

    std::vector<slot> slots_; // a power of two of them
    std::size_t used_ = 0;    // not free
};

// What a source and a person read of a message that was kept back:
// "opted out of billing on 2026-11-26 04:10 UTC by text (entry 123)".
std::string reason_of(category c, const opted_out::entry& e);

} // namespace posthorn::policy
