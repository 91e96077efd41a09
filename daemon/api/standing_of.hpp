// How sending stands now, for those who say what a message waits for. On the loop's thread.
#pragma once

#include "api/surroundings.hpp"
#include "ledger/standing.hpp"

namespace posthorn::api {

inline ledger::standing standing_of(const surroundings& around) {
    const auto live = around.status();
    ledger::standing out{
        .now = around.now(), .halted = live.halted, .pauses = live.pauses, .accounts = {}};
    for (const auto& a : live.accounts)
        out.accounts.push_back({.name = a.name,
                                .pool = a.pool,
                                .own_pool = a.own_pool,
                                .ranks = a.ranks,
                                .slots = a.slots,
                                .open = a.open,
                                .rate = a.rate,
                                .why = a.why,
                                .paused = a.paused,
                                .throttled = a.throttled});
    return out;
}

} // namespace posthorn::api
