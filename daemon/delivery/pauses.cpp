#include "delivery/pauses.hpp"

#include <algorithm>

namespace posthorn::delivery {

namespace {

bool is_of_source(const pauses::entry& p, const message& m) {
    return p.what.scope.source.empty() || m.source == p.numbers.source;
}

bool is_about(const pauses::entry& p, const message& m) {
    switch (p.what.scope.kind) {
    case scope_kind::everything:
        return true;
    case scope_kind::account:
        return m.account == p.numbers.name; // bound to it: others may carry the rest
    case scope_kind::source:
        return m.source == p.numbers.name;
    case scope_kind::type:
        return m.type == p.numbers.name && is_of_source(p, m);
    case scope_kind::run:
        return m.run == p.what.scope.name && is_of_source(p, m);
    }
    return false;
}

// A lane stands still for it; its messages stay in their places.
bool is_of_lanes(scope_kind k) { return k == scope_kind::everything || k == scope_kind::account; }

} // namespace

void pauses::add(store::pause what, store::scope_numbers numbers) {
    std::erase_if(all_, [&](const entry& p) { return p.what.scope == what.scope; });
    all_.push_back({std::move(what), numbers});
}

std::vector<pauses::entry> pauses::remove(const scope& which) {
    const auto gone = std::stable_partition(
        all_.begin(), all_.end(), [&](const entry& p) { return !which.includes(p.what.scope); });
    std::vector<entry> out(std::make_move_iterator(gone), std::make_move_iterator(all_.end()));
    all_.erase(gone, all_.end());
    return out;
}

bool pauses::any_stopped() const {
    return std::ranges::any_of(all_, [](const entry& p) { return p.what.stopped; });
}

bool pauses::everything() const {
    return std::ranges::any_of(
        all_, [](const entry& p) { return p.what.scope.kind == scope_kind::everything; });
}

bool pauses::stands_still(name_id account) const {
    return std::ranges::any_of(all_, [&](const entry& p) {
        return p.what.scope.kind == scope_kind::everything ||
               (p.what.scope.kind == scope_kind::account && p.numbers.name == account);
    });
}

const store::pause* pauses::covering(const message& m, bool braked) const {
    const store::pause* found = nullptr;
    for (const auto& p : all_) {
        if (!is_about(p, m) || (!braked && p.by_brake()))
            continue;
        if (p.what.stopped)
            return &p.what;
        if (!is_of_lanes(p.what.scope.kind))
            found = &p.what;
    }
    return found;
}

const pauses::entry* pauses::of(const scope& which) const {
    const auto found =
        std::ranges::find_if(all_, [&](const entry& p) { return p.what.scope == which; });
    return found == all_.end() ? nullptr : &*found;
}

std::string reason_of(const store::pause& stop) {
    return "stopped (" + shown(stop.scope) + "): " + stop.reason;
}

} // namespace posthorn::delivery
