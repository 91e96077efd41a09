#include "ledger/standing.hpp"

#include "model/time_text.hpp"

#include <algorithm>
#include <optional>

namespace posthorn::ledger {

namespace {

using accounts = std::vector<const account_standing*>;

std::string listed(const accounts& all) {
    std::string out;
    for (const auto* a : all)
        out += (out.empty() ? "" : ", ") + a->name;
    return out;
}

bool is_bound(const store::message_story& m, const standing& s) {
    return std::ranges::any_of(s.accounts, [&](const auto& a) { return a.own_pool == m.pool; });
}

unsigned rank_in(const account_standing& a, const std::string& pool) {
    const auto found = a.ranks.find(pool);
    return found == a.ranks.end() ? 0 : found->second;
}

// The first choice first.
accounts carriers_of(const store::message_story& m, const standing& s) {
    accounts out;
    for (const auto& a : s.accounts)
        if (a.pool == m.pool || a.own_pool == m.pool || a.ranks.contains(m.pool))
            out.push_back(&a);
    std::ranges::stable_sort(out, {}, [&](const auto* a) { return rank_in(*a, m.pool); });
    return out;
}

// One that holds this message, and not only an account.
const store::pause* pause_of(const event& e, const store::message_story& m, const standing& s) {
    const auto holds = [&](const store::pause& p) {
        const auto& of = p.scope;
        switch (of.kind) {
        case scope_kind::everything:
            return true;
        case scope_kind::source:
            return of.name == e.source;
        case scope_kind::type:
            return of.name == e.type && (of.source.empty() || of.source == e.source);
        case scope_kind::run:
            return of.name == e.run && (of.source.empty() || of.source == e.source);
        case scope_kind::account:
            return of.name == m.account;
        }
        return false;
    };
    const auto found = std::ranges::find_if(s.pauses, holds);
    return found == s.pauses.end() ? nullptr : &*found;
}

std::string told(const store::pause& p) {
    return "the end of a " + std::string(p.stopped ? "stop" : "pause") + ": " + shown(p.scope) +
           (p.stopped ? " was stopped by " : " was paused by ") + p.who +
           (p.reason.empty() ? "" : " (" + p.reason + ")") + "; `posthorn resume" +
           option_of(p.scope) + "` ends it";
}

// Why none of these takes it now; nothing: one does.
std::optional<std::string> obstacle_of(const account_standing& a) {
    if (a.paused)
        return "the end of a pause: account " + a.name + " is paused";
    if (a.slots == 0)
        return "a link: " + a.name + " has none" + (a.why.empty() ? "" : " (" + a.why + ")");
    if (a.throttled)
        return a.name + ": its carrier said that we are too fast";
    if (a.open >= a.slots)
        return "room in the window of " + a.name + ": all " + std::to_string(a.slots) +
               " places are taken";
    return std::nullopt;
}

std::string turn_at(const accounts& all) {
    std::string out = "its turn: others are before it";
    for (const auto* a : all)
        out += ", " + a->name +
               (a->rate > 0 ? " sends " + std::to_string(a->rate) + " parts a second"
                            : " sends as fast as its carrier answers");
    return out;
}

std::string waits_for_account(const store::message_story& m, const standing& s) {
    const auto all = carriers_of(m, s);
    if (all.empty())
        return "an account that carries " + m.pool + ": none is configured";
    std::string out;
    for (const auto* a : all) {
        const auto obstacle = obstacle_of(*a);
        if (!obstacle)
            return turn_at(all);
        out += (out.empty() ? "" : "; or ") + *obstacle;
    }
    return out;
}

} // namespace

std::string why_by_account(const store::message_story& m, const standing& s) {
    if (m.account.empty())
        return {};
    if (is_bound(m, s))
        return "it is bound to it: ordered so, or the text it answers came over it";
    const auto all = carriers_of(m, s);
    if (std::ranges::none_of(all, [&](const auto* a) { return a->name == m.account; }))
        return "it carried " + m.pool + " then";
    if (all.size() == 1)
        return "it is the only account that carries " + m.pool;
    accounts before;
    const auto own = rank_in(**std::ranges::find(all, m.account, &account_standing::name), m.pool);
    for (const auto* a : all)
        if (rank_in(*a, m.pool) < own)
            before.push_back(a);
    if (!before.empty())
        return "those before it could not carry " + m.pool + " then: " + listed(before);
    if (rank_in(*all.back(), m.pool) > own)
        return "by the routes it comes first for " + m.pool + ": " + listed(all);
    return "it was the first of those that carry " + m.pool + " to have room: " + listed(all);
}

std::string waits_for(const event& of, const store::message_story& m, const standing& s) {
    const auto any = [&](part_state state) {
        return std::ranges::any_of(m.parts, [&](const auto& p) { return p.state == state; });
    };
    if (is_final(m.state))
        return {};
    if (!any(part_state::queued)) {
        if (any(part_state::sending))
            return "the answer of " + m.account;
        if (any(part_state::uncertain))
            return "a receipt, or a person: no answer of " + m.account +
                   " came (`posthorn uncertain`)";
        return "a receipt of " + m.account;
    }
    if (!s.halted.empty())
        return "sending to go on: " + s.halted;
    if (const auto* p = pause_of(of, m, s))
        return told(*p);
    if (m.due_at > s.now)
        return m.reason.empty() ? "its time, " + minute_in_utc(m.due_at) : m.reason;
    return waits_for_account(m, s);
}

} // namespace posthorn::ledger
