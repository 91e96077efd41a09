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

// Null where nothing may be taken.
allowance* shares::request::of(name_id pool) {
    const auto found = std::ranges::lower_bound(pools, pool, {}, &allowance::pool);
    return found != pools.end() && found->pool == pool && found->most > 0 ? &*found : nullptr;
}

// Flows only ever come, and stay where they are.
void shares::know_senders() {
    if (known_ == flows_.size())
        return;
    known_ = flows_.size();
    senders_.clear();
    next_ = 0;
    const store::flow_name* last = nullptr;
    for (auto at = flows_.begin(); at != flows_.end(); ++at) {
        const auto& name = at->first;
        if (!last || last->priority != name.priority || last->source != name.source)
            senders_.push_back({.priority = name.priority, .flows = {}});
        senders_.back().flows.push_back(at);
        last = &name;
    }
}

std::vector<outgoing_ptr> shares::take(std::vector<allowance> pools, unsigned parts) {
    know_senders();
    request r{.pools = std::move(pools), .parts = parts, .out = {}};
    const bool others = others_wait(r);
    if (others && parts % 2 == 1)
        urgent_has_odd_one_ = !urgent_has_odd_one_;
    take_urgent(r, others ? (parts + urgent_has_odd_one_) / 2 : parts);
    if (others)
        take_shared(r);
    return std::move(r.out);
}

bool shares::others_wait(request& r) const {
    for (const auto& [name, f] : flows_)
        if (name.priority != priority::urgent && !f.waiting.empty() && r.of(name.pool))
            return true;
    return false;
}

// Its pools take turns. Null: nothing of it may be taken.
shares::flow* shares::next_flow(sender& s, request& r) const {
    for (std::size_t i = 0; i < s.flows.size(); ++i) {
        const auto& [name, f] = *s.flows[(s.next + i) % s.flows.size()];
        if (f.waiting.empty() || !r.of(name.pool))
            continue;
        s.next = (s.next + i) % s.flows.size();
        return &s.flows[s.next]->second;
    }
    return nullptr;
}

void shares::take_one(flow& f, request& r) {
    auto& o = f.waiting.front();
    const auto parts = cost(*o);
    auto& left = *r.of(o->waits_in().pool);
    left.most -= std::min(left.most, parts);
    r.parts -= std::min(r.parts, parts);
    r.out.push_back(std::move(o));
    f.waiting.pop_front();
}

// Sources take turns, one message each.
void shares::take_urgent(request& r, unsigned most) {
    const auto rest = r.parts - most;
    for (bool progress = true; progress && r.parts > rest;) {
        progress = false;
        for (auto& s : senders_) {
            if (s.priority != priority::urgent || r.parts <= rest)
                continue;
            if (auto* f = next_flow(s, r)) {
                take_one(*f, r);
                ++s.next;
                progress = true;
            }
        }
    }
}

// One turn: every sender after the last served one, then from the beginning.
void shares::take_shared(request& r) {
    for (bool served = true; served && r.parts > 0;) {
        served = false;
        for (std::size_t i = 0; i < senders_.size() && r.parts > 0; ++i) {
            auto& s = senders_[next_++ % senders_.size()];
            if (s.priority == priority::urgent)
                continue;
            auto* f = next_flow(s, r);
            if (!f) {
                if (std::ranges::all_of(s.flows,
                                        [](auto at) { return at->second.waiting.empty(); }))
                    s.deficit = 0;
                continue;
            }
            served = true;
            s.deficit += weight(s.priority);
            for (; f && r.parts > 0 && s.deficit >= cost(*f->waiting.front());
                 f = next_flow(s, r)) {
                s.deficit -= cost(*f->waiting.front());
                take_one(*f, r);
                ++s.next;
            }
        }
        next_ %= senders_.size();
    }
}

} // namespace posthorn::delivery
