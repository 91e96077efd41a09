#include "delivery/shares.hpp"

namespace posthorn::delivery {

namespace {

std::int64_t weight(priority p) { return p == priority::bulk ? 1 : 4; }

unsigned cost(const outgoing& o) { return std::max(1U, o.queued_parts()); }

} // namespace

bool shares::any_waiting(name_id pool) const {
    for (const auto& [name, f] : flows_)
        if (name.pool == pool && !f.waiting.empty())
            return true;
    return false;
}

std::vector<outgoing_ptr> shares::take(name_id pool, unsigned parts) {
    std::vector<outgoing_ptr> out;
    bool others = false;
    for (const auto& [name, f] : flows_)
        others |= name.pool == pool && name.priority != priority::urgent && !f.waiting.empty();
    if (others && parts % 2 == 1)
        urgent_has_odd_one_ = !urgent_has_odd_one_;
    const unsigned urgent_most = others ? (parts + urgent_has_odd_one_) / 2 : parts;
    const unsigned urgent = take_urgent(pool, urgent_most, out);
    if (urgent < parts && others)
        take_shared(pool, parts - urgent, out);
    return out;
}

// Sources take turns, one message each.
unsigned shares::take_urgent(name_id pool, unsigned most, std::vector<outgoing_ptr>& out) {
    unsigned taken = 0;
    for (bool progress = true; progress && taken < most;) {
        progress = false;
        for (auto& [name, f] : flows_) {
            if (name.pool != pool || name.priority != priority::urgent || f.waiting.empty())
                continue;
            taken += cost(*f.waiting.front());
            out.push_back(std::move(f.waiting.front()));
            f.waiting.pop_front();
            progress = true;
            if (taken >= most)
                break;
        }
    }
    return taken;
}

unsigned shares::take_shared(name_id pool, unsigned most, std::vector<outgoing_ptr>& out) {
    unsigned taken = 0;
    while (taken < most) {
        // one turn: every flow after the last served one, then from the beginning
        bool served = false;
        auto at = flows_.upper_bound(last_served_);
        for (std::size_t i = 0; i < flows_.size() && taken < most; ++i, ++at) {
            if (at == flows_.end())
                at = flows_.begin();
            auto& [name, f] = *at;
            if (name.pool != pool || name.priority == priority::urgent)
                continue;
            if (f.waiting.empty()) {
                f.deficit = 0;
                continue;
            }
            f.deficit += weight(name.priority);
            while (!f.waiting.empty() && taken < most && f.deficit >= cost(*f.waiting.front())) {
                f.deficit -= cost(*f.waiting.front());
                taken += cost(*f.waiting.front());
                out.push_back(std::move(f.waiting.front()));
                f.waiting.pop_front();
            }
            last_served_ = name;
            served = true;
        }
        if (!served)
            break;
    }
    return taken;
}

} // namespace posthorn::delivery
