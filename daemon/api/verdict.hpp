// The one line a person reads first: what is wrong now and why, and when the work will be done.
#pragma once

#include "api/surroundings.hpp"

namespace posthorn::api {

struct situation {
    std::vector<store::pause> pauses;
    std::vector<delivery::told_warning> warnings;
    std::vector<policy::budget_use> budgets;
    std::string halted;                   // why nothing may be sent
    std::string results_wait;             // why results and history cannot be written
    std::vector<std::string> unsealed;    // months of history, and why
    std::vector<std::string> unexpanded;  // events for many, and why
    std::vector<std::string> unpublished; // items and queries of topics, and why
    std::string timers_wait;              // why steps of timers are not made
    std::vector<account_status> accounts;
    std::vector<source_status> sources;
    std::int64_t parked = 0;
    std::string commonest;         // reason among the parked
    std::int64_t held = 0;         // uncertain parts only a person settles
    std::int64_t failed_texts = 0; // from phones, that no person has looked at
    std::int64_t set_aside = 0;    // messages that wait for the end of a pause
    std::int64_t queued = 0;
    std::int64_t uncarried = 0; // of the queued, those that no account carries
    std::string uncarried_pool; // the pool of the most of them
    bool queued_more = false;   // at least so many
    instant first_due{};        // of the queued
    instant now{};
};

// Pure. "all well: ..." when nothing is wrong; else all that is, the gravest first, joined by "; ".
std::string verdict(const situation& s);

} // namespace posthorn::api
