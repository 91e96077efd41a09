// Fills in what the desk and the store's writer know, for surroundings::status and ::uncertain.
//
//     watch.sample(now);                          // about once a second
//     around.status = [&] { auto s = watch.snapshot(); s.started_at = ...; return s; };
#pragma once

#include "api/surroundings.hpp"
#include "delivery/desk.hpp"

#include <deque>

namespace posthorn::api {

class desk_watch {
public:
    desk_watch(delivery::desk& desk, const store::store& store) : desk_(desk), store_(store) {}

    void sample(instant now);
    // All but started_at and sources. Rates are those of the last ten seconds.
    status_snapshot snapshot() const;
    std::vector<uncertain_part> uncertain() const;

private:
    struct moment {
        instant at{};
        store::writer_figures store;
        std::map<std::string, std::uint64_t> submitted; // by account
    };
    moment now_is(instant now) const;

    delivery::desk& desk_;
    const store::store& store_;
    std::deque<moment> seen_; // the last ten seconds
};

} // namespace posthorn::api
