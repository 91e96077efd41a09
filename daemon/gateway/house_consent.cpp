// What people say about a number's consent.
#include "gateway/house.hpp"

namespace posthorn::gateway {

// The log of operations has it too, unless it changes nothing: that is known here already, but for
// a text of the same number that is being committed.
void house::set_consent(store::set_consent what, std::function<void(store::outcome)> done) {
    const auto before = desk_->opted_out().of(what.number);
    const bool changes = out_of_after(before, what.out, what.which) != before;
    std::vector<store::op> log;
    if (changes)
        log.emplace_back(store::operation{.who = what.who,
                                          .what = what.out ? "consent out" : "consent in",
                                          .which = std::string(category_or_all(what.which)) +
                                                   " of " + masked(what.number),
                                          .reason = what.reason,
                                          .at = what.at});
    desk_->set_consent(std::move(what), std::move(log),
                       [done = std::move(done)](const store::outcome& o) { done(o); });
}

} // namespace posthorn::gateway
