// Which accounts may carry a message, and in which order. Pure: made once from the accounts and the
// rules, then only read.
//
//   message ─► facts that routing asks for ─► pool "sms marketing 86138" ─► accounts in tiers
//
// A message queues in the pool that names its facts, and not the accounts: when those change, rows stay as
// they are, and the answer changes. Where nothing asks for facts there is one pool, "sms".
#pragma once

#include "routing/asked_facts.hpp"
#include "routing/rules.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::routing {

struct facts {
    category of = category::service;
    std::string_view recipient; // E.164 without '+'
    unsigned parts = 1;
    bool extended = false; // digits are to follow the sender, by which its reader's answer is known
};

// One that may carry it. Those of a lower tier come first; within one, shares go by weight.
struct candidate {
    std::size_t account = 0; // its place
    unsigned tier = 0;
    unsigned weight = 0; // 0: whoever has room
};

// Of one account, for a person.
struct judgement {
    std::string account;
    std::string why_not;             // it does not carry it; empty: it may
    unsigned tier = 0;               // if it may
    std::optional<millionths> price; // of a part to this number
    std::string currency;
};

// In a hundred texts so many arrive; by the place of the account. Missing: nothing is known.
using qualities = std::map<std::size_t, unsigned>;

class table {
public:
    table(std::vector<account> accounts, std::shared_ptr<const rules> r);

    // A place in pools().
    std::size_t pool_of(const facts& f) const;
    const std::vector<std::string>& pools() const { return names_; }
    std::vector<candidate> candidates(std::size_t pool, const qualities& known = {}) const;

    // What candidates() says, of every account, in the order in which they come.
    std::vector<judgement> judged(std::size_t pool, const facts& f,
                                  const qualities& known = {}) const;
    const route* route_of(std::size_t pool) const; // null: none fits
    std::string carrier_of(std::string_view recipient) const;
    std::optional<millionths> price(std::size_t account, std::string_view recipient) const;

    // Every account carries everything, as it has room.
    bool plain() const;
    bool any_by_quality() const;
    const std::vector<account>& accounts() const { return accounts_; }
    const rules& made_of() const { return *rules_; }

    static constexpr std::size_t buckets = 16; // of numbers, where a route is sticky
    static constexpr std::size_t most_pools = 4096;
    // How many pools there may be; who reads the rules refuses more than most_pools.
    static std::size_t pools_needed(const std::vector<account>& accounts, const rules& r);

private:
    // Of each fact the place of its value in what is asked for.
    struct place {
        std::size_t category = 0, prefix = 0, carrier = 0, length = 0;
        std::size_t extended = 0;
        std::size_t bucket = 0;
    };
    void add_pools(place p);
    std::size_t base_of(const place& p) const;
    std::string name_of(const place& p, bool sticky) const;
    const route* route_for(const place& p) const;
    std::string why_not(const account& a, const route* r, const place& p) const;
    void put_in_order(const route& r, const place& p, const qualities& known,
                      std::vector<candidate>& out) const;
    static void stick(std::size_t bucket, std::vector<candidate>& out);
    void prefer_extended(std::vector<candidate>& out) const;

    std::vector<account> accounts_;
    std::shared_ptr<const rules> rules_;
    asked_facts asked_;
    std::vector<prices> prices_;                   // of each account
    prefix_map<std::size_t> prefixes_;             // places in asked_
    std::vector<std::size_t> carriers_;            // likewise, by place in the rules' carriers
    std::vector<std::pair<std::size_t, bool>> of_; // of each combination its first pool; sticky
    std::vector<std::string> names_;               // of pools
    std::vector<place> places_;                    // of pools
};

} // namespace posthorn::routing
