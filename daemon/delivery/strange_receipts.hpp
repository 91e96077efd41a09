// Receipts that fit no part (yet): they came before their answer, or the answer was lost, or they
// are of none of our texts. Kept a week, and never more than the newest 20,000: a carrier that
// sends nonsense costs no more than that.
#pragma once

#include "store/ops.hpp"

#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::delivery {

struct strange_receipt {
    store::add_receipt receipt;
    posthorn::id row = 0; // once committed
    bool matched = false; // before that: its row is to go again
};
using strange_ptr = std::shared_ptr<strange_receipt>;

class strange_receipts {
public:
    bool empty() const { return by_key_.empty(); }
    std::size_t size() const { return by_key_.size(); }
    // `key`: the adapter's match_key of its id.
    bool contains(name_id account, const std::string& key) const {
        return by_key_.contains({account, key});
    }
    // In the place of one with that key.
    void add(strange_ptr r, const std::string& key);
    // Null when there is none.
    strange_ptr take(name_id account, const std::string& key);
    // The oldest of this account and number for which `fits(receipt, key)` says so; null when none.
    template <class Fits>
    strange_ptr take_of(name_id account, std::string_view recipient, Fits fits);
    // Those that are too old, and the oldest of too many.
    std::vector<strange_ptr> drop_old(instant now);

private:
    using name = std::pair<name_id, std::string>;
    struct kept {
        name key;
        strange_ptr receipt;
    };
    using list = std::list<kept>;

    strange_ptr take(list::iterator at) {
        auto found = std::move(at->receipt);
        by_key_.erase(at->key);
        oldest_first_.erase(at);
        return found;
    }

    list oldest_first_;
    std::map<name, list::iterator> by_key_;
};

template <class Fits>
strange_ptr strange_receipts::take_of(name_id account, std::string_view recipient, Fits fits) {
    for (auto at = oldest_first_.begin(); at != oldest_first_.end(); ++at)
        if (at->key.first == account && at->receipt->receipt.recipient == recipient &&
            fits(at->receipt->receipt, at->key.second))
            return take(at);
    return nullptr;
}

} // namespace posthorn::delivery
