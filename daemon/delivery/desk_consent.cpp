// Consent at the last moment: at the claim, before a message's first intent, and once more before its
// bytes. What has begun goes on.
#include "delivery/desk.hpp"

namespace posthorn::delivery {

// Committed first, so that nothing is kept back on the word of what may yet be lost; whatever is
// submitted to the store after `done` meets it.
void desk::set_consent(store::set_consent what, std::vector<store::op> more,
                       std::function<void(const store::outcome&)> done) {
    std::vector<store::op> ops;
    ops.emplace_back(what);
    for (auto& op : more)
        ops.emplace_back(std::move(op));
    auto committed = [this, what = std::move(what),
                      done = std::move(done)](std::span<const store::outcome> outcomes) {
        heed(what, outcomes.front());
        done(outcomes.front());
    };
    store().submit(std::move(ops), std::move(committed), true);
}

void desk::heed(const store::set_consent& what, const store::outcome& committed) {
    if (committed.what != store::outcome::code::applied)
        return;
    const auto which = categories_of(what.which);
    if (what.out)
        opted_out_.out(what.number, which, {committed.event, what.how});
    else
        opted_out_.in(what.number, which);
}

bool desk::asks_consent(const message& m) const {
    const auto* rules = rules_of(m);
    return rules != nullptr && rules->asks_consent.has_value();
}

void desk::opted_out(sdk::opt_out word, std::function<void(bool heeded)> done) {
    if (around_.opted_out)
        return around_.opted_out(std::move(word), std::move(done));
    done(false);
}

// The carrier has it from the recipient: of all that one can opt out of, for it would carry none of it.
void desk::opted_out_at(const lane& carrier, const std::string& number, const std::string& code) {
    const auto before = opted_out_.of(number);
    if (consent_key(number) == 0 || out_of_after(before, true, std::nullopt) == before)
        return;
    around_.set_consent({.number = number,
                         .how = consent_way::carrier,
                         .words = carrier.settings().account + ": " + code,
                         .at = now()});
}

// By the word of the recipient, or of the phone whose person a letter is for.
std::optional<policy::opted_out::entry> desk::forbids(const message& m, category c) const {
    const auto entry = opted_out_.forbids(m.recipient, c);
    return entry || m.phone.empty() ? entry : opted_out_.forbids(m.phone, c);
}

std::string desk::forbidden(const message& m) const {
    const auto rules = settings_.types.find(m.type);
    if (rules == settings_.types.end()) { // of a type that is gone nobody can say that it may
        for (std::size_t i = 0; i < category_names.size(); ++i)
            if (const auto entry = forbids(m, static_cast<category>(i)))
                return reason_of(static_cast<category>(i), *entry) +
                       ", and what this is of is not known: its type is not configured any more";
        return {};
    }
    const auto& asks = rules->second.asks_consent;
    const auto entry = asks ? forbids(m, *asks) : std::nullopt;
    return entry ? reason_of(*asks, *entry) : std::string();
}

} // namespace posthorn::delivery
