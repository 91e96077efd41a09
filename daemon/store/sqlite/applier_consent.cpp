// The ledger of consent and what it comes to now, which policy::opted_out has in memory: both are
// changed by the same rule.
#include "store/sqlite/applier.hpp"

namespace posthorn::store {

outcome applier::apply_one(const set_consent& o) {
    const auto key = consent_key(o.number);
    if (key == 0)
        return {.what = outcome::code::stale}; // nothing is ever sent there
    out_of_.bind(key).row();
    const category_set before{static_cast<std::uint8_t>(out_of_.number(0))};
    out_of_.reset();
    const auto after = out_of_after(before, o.out, o.which);
    if (after == before)
        return {.what = outcome::code::stale};
    const auto entry = ids_.next(o.at);
    add_consent_
        .bind(entry, o.at, o.number, o.out ? "out" : "in", category_or_all(o.which), name_of(o.how),
              o.who, o.inbound, o.words, o.reason)
        .run();
    if (o.out) {
        out_now_.bind(key, entry, after.without(before).bits, o.how).run();
    } else {
        in_now_.bind(key, categories_of(o.which).bits).run();
        forget_consents_.bind(key).run();
    }
    return {.event = entry};
}

} // namespace posthorn::store
