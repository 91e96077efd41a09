#include "delivery/strange_receipts.hpp"

namespace posthorn::delivery {

namespace {

constexpr auto keep = std::chrono::days(7);
constexpr std::size_t most = 20'000;

} // namespace

void strange_receipts::add(strange_ptr r, const std::string& key) {
    name by{r->receipt.account, key};
    if (const auto there = by_key_.find(by); there != by_key_.end())
        take(there->second);
    oldest_first_.push_back({by, std::move(r)});
    by_key_.emplace(std::move(by), std::prev(oldest_first_.end()));
}

strange_ptr strange_receipts::take(name_id account, const std::string& key) {
    const auto found = by_key_.find({account, key});
    return found == by_key_.end() ? nullptr : take(found->second);
}

std::vector<strange_ptr> strange_receipts::drop_old(instant now) {
    std::vector<strange_ptr> dropped;
    while (!oldest_first_.empty() &&
           (oldest_first_.size() > most || oldest_first_.front().receipt->receipt.at + keep <= now))
        dropped.push_back(take(oldest_first_.begin()));
    return dropped;
}

} // namespace posthorn::delivery
