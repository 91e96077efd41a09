// What is counted of events, messages and parts as they change, and what was decided about them.
#include "store/sqlite/applier.hpp"

#include <algorithm>

namespace posthorn::store {

void applier::book_event(posthorn::id event, const message& its, bool for_many) {
    tallies_.book(event, 0,
                  !its.parts.empty() ? booked::for_one
                  : for_many         ? booked::for_many
                                     : booked::for_topic);
}

// Of a new message: those whose intents come with it.
void applier::book_parts(posthorn::id message, const posthorn::message& its) {
    for (const auto& p : its.parts)
        if (p.attempts > 0) {
            tallies_.book(message, its.account, booked::handed);
            tallies_.book(message, its.account, in(p.state));
        }
}

void applier::moved(posthorn::id message, message_state before, message_state now) {
    if (before == now)
        return;
    tallies_.book(message, 0, in(before), -1);
    tallies_.book(message, 0, in(now));
    if (is_final(before))
        tallies_.add(name_of(before), -1);
    if (is_final(now))
        tallies_.add(name_of(now));
}

void applier::book_part(posthorn::id message, name_id account, part_state before, part_state now,
                        bool counts) {
    book_step(before, now, counts,
              [&](booked what, std::int64_t n) { tallies_.book(message, account, what, n); });
}

// `before`: the account that the message had until now; what of its `parts` is there goes with it.
void applier::book_opened(const open_parts& o, name_id before, const std::vector<part_row>& parts) {
    for (const auto& p : o.parts) {
        tallies_.book(o.message, o.account, booked::handed);
        tallies_.book(o.message, o.account, in(part_state::sending));
        if (!p.uncertain)
            continue;
        tallies_.book(o.message, before, in(part_state::uncertain), -1);
        tallies_.book(o.message, before, booked::sent_again);
    }
    if (before == o.account)
        return;
    for (const auto& p : parts) {
        const bool opened =
            std::ranges::any_of(o.parts, [&](const auto& now) { return now.n == p.n; });
        if (opened || p.state == part_state::queued || p.attempts == 0)
            continue;
        for (const auto& [account, n] : {std::pair(before, -1), std::pair(o.account, 1)}) {
            tallies_.book(o.message, account, booked::handed, n);
            tallies_.book(o.message, account, in(p.state), n);
            if (is_behind_accepted(p.state))
                tallies_.book(o.message, account, booked::accepted, n);
        }
    }
}

void applier::book_late(const forget::taken& receipt) {
    moved(receipt.message, receipt.was, receipt.is);
    book_part(receipt.message, receipt.account, receipt.part_was, receipt.part_is, true);
}

name_id applier::account_of(posthorn::id message) {
    account_of_.bind(message);
    const auto account = account_of_.row() ? static_cast<name_id>(account_of_.number(0)) : 0;
    account_of_.reset();
    return account;
}

void applier::note_decision(posthorn::id about, instant at, std::string_view what,
                            std::string_view reason) {
    add_decision_.bind(about, at, what, reason).run();
}

// Why it was, as long as that still stands in its row.
void applier::note_no_longer_parked(posthorn::id event) { decided_parked_.bind(event).run(); }

} // namespace posthorn::store
