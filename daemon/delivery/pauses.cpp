#include "delivery/pauses.hpp"

#include <algorithm>

namespace posthorn::delivery {

namespace {

bool is_about(const pauses::entry& p, const message& m) {
    switch (p.what.scope.kind) {
    case scope_kind::everything:
        return true;
    case scope_kind::account:
        return m.account == p.number; // bound to it: others may carry the rest
    case scope_kind::source:
        return m.source == p.number;
    case scope_kind::type:
        return m.type == p.number;
    case scope_kind::run:
        return m.run == p.what.scope.name;
    }
    return false;
}

// A lane stands still for it; its messages stay in their places.
bool is_of_lanes(scope_kind k) { return k == scope_kind::everything || k == scope_kind::account; }

} // namespace

void pauses::add(store::pause what, name_id number) {
    remove(what.scope);
    all_.push_back({std::move(what), number});
}

bool pauses::remove(const scope& which) {
    return std::erase_if(all_, [&](const entry& p) { return p.what.scope == which; }) > 0;
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
               (p.what.scope.kind == scope_kind::account && p.number == account);
    });
}

const store::pause* pauses::covering(const message& m) const {
    const store::pause* found = nullptr;
    for (const auto& p : all_) {
        if (!is_about(p, m))
            continue;
        if (p.what.stopped)
            return &p.what;
        if (!is_of_lanes(p.what.scope.kind))
            found = &p.what;
    }
    return found;
}

std::string reason_of(const store::pause& stop) {
    return "stopped (" + shown(stop.scope) + "): " + stop.reason;
}

} // namespace posthorn::delivery
