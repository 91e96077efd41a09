// One text for each household, where a type says so: asked at the claim, after policy; what has left is
// remembered in the commit of its intent.
#include "delivery/desk.hpp"
#include "settings/scalars.hpp"
#include "store/text_hash.hpp"

#include <algorithm>

namespace posthorn::delivery {

namespace {

constexpr duration moment = std::chrono::seconds(1);
constexpr duration longest_answer = std::chrono::seconds(30);

instant made(const outgoing& o) { return o.fresh ? o.since : made_at(o.message.id); }

} // namespace

void desk::look_for_collapse() {
    any_collapse_ = std::ranges::any_of(
        settings_.types, [](const auto& t) { return t.second.collapse.has_value(); });
}

// Null: its type does not collapse.
const type_rules* desk::collapsing(const message& m) const {
    if (!any_collapse_)
        return nullptr;
    const auto* rules = rules_of(m);
    return rules != nullptr && rules->collapse ? rules : nullptr;
}

// Where account or customer are not known, a number stands for its household.
std::uint64_t desk::household_of(const message& m, const type_rules& rules) {
    const auto whose = m.household != 0 ? std::to_string(m.household) : m.recipient;
    return store::text_hash(rules.name + " " + whose);
}

cover desk::cover_of(const outgoing& o, const type_rules& rules) {
    return {.household = household_of(o.message, rules), .made = made(o)};
}

bool desk::is_covered(const outgoing_ptr& o) {
    const auto* rules = collapsing(o->message);
    if (rules == nullptr || goes_on(*o))
        return false;
    const auto mine = cover_of(*o, *rules);
    const auto by = covers_.over(mine.household, mine.made, rules->collapse->hold, now());
    if (!by)
        return false;
    if (!by->surely) { // if that one is refused, this one is the household's
        put_off(o, {.what = policy::decision::kind::wait, .until = now() + moment});
        return true;
    }
    ++seen_["suppressed by collapse"];
    close(o, part_event::suppress,
          "covered by " + by->by + ": " + rules->name + " goes once to each " +
              std::string(name_of(rules->collapse->by)) + " within " +
              settings::show(rules->collapse->hold));
    return true;
}

void desk::cover_others(outgoing& o) {
    const auto* rules = collapsing(o.message);
    if (rules == nullptr)
        return;
    o.covers = std::make_unique<cover>(cover_of(o, *rules));
    covers_.add(*o.covers, o.message.id, o.fresh ? o.fresh->key : std::string(),
                now() + longest_answer);
}

void desk::uncover_others(outgoing& o, bool stored) {
    if (!o.covers)
        return;
    if (stored)
        ops_for(o.message).emplace_back(store::uncover{o.message.id, o.covers->household});
    covers_.remove(*o.covers);
    o.covers.reset();
}

// A person has it sent again: what left for its number covers it no more.
std::optional<store::uncover> desk::uncovered(const message& m) {
    const auto* rules = collapsing(m);
    if (rules == nullptr)
        return std::nullopt;
    const auto household = household_of(m, *rules);
    const auto by = covers_.forget(household);
    return by ? std::optional(store::uncover{*by, household}) : std::nullopt;
}

// What was made before then covers nothing that may still come.
instant desk::covers_needed_since(instant now) const {
    auto longest = duration{};
    for (const auto& [type, rules] : settings_.types)
        if (rules.collapse)
            longest = std::max(longest, rules.collapse->hold);
    return now - longest - std::chrono::hours(24); // some are claimed late
}

} // namespace posthorn::delivery
