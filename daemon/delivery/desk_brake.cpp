// What the brake is told, and its orders: pauses as a person makes them, by which they are lifted
// too.
#include "delivery/desk.hpp"

namespace posthorn::delivery {

namespace {

run_name name_in(const scope& which, const store::scope_numbers& numbers) {
    const bool run = which.kind == scope_kind::run;
    return {numbers.source, run ? 0 : numbers.name, run ? which.name : std::string()};
}

} // namespace

bool desk::only_warned(const message& m) const {
    if (m.priority == priority::urgent)
        return true;
    const auto* rules = rules_of(m);
    return rules != nullptr && rules->statutory;
}

brake::word desk::may_begin(const outgoing_ptr& o) {
    if (!brake_.enabled())
        return brake::word::go;
    const auto may = brake_.ask(o->message, now());
    obey_brake();
    if (may == brake::word::stop && !turn_away(o))
        return brake::word::go; // it could not be paused, and must not block the others
    return may;
}

void desk::begins(outgoing& o) {
    if (brake_.enabled() && brake_.opened(o.message))
        o.first = outgoing::among_first::opening;
}

void desk::began(outgoing& o, bool left) {
    if (o.first != outgoing::among_first::opening)
        return;
    o.first = left ? outgoing::among_first::left : outgoing::among_first::no;
    if (left)
        brake_.left(o.message);
    else
        brake_.not_left(o.message);
}

void desk::judge(const message& m, const sdk::verdict& v) {
    const bool rejected = v.what == sdk::verdict::kind::rejected;
    if (!brake_.enabled() || (!rejected && v.what != sdk::verdict::kind::accepted))
        return;
    brake_.answered(m, rejected);
    obey_brake();
}

void desk::judge_receipt(posthorn::id message, part_event what) {
    if (!brake_.enabled())
        return;
    brake_.ended(message, what == part_event::deliver);
    obey_brake();
}

void desk::obey_brake() {
    if (!brake_.has_orders())
        return;
    for (auto& order : brake_.take_orders())
        obey(std::move(order));
}

void desk::obey(brake_order order) {
    using kind = brake_order::kind;
    const auto which = scope_of(order.which);
    const auto* there = pauses_.of(which);
    const bool ours = there && there->by_brake();
    if (order.what == kind::warn) {
        log(sdk::level::warn, "",
            shown(which) + " would be paused, but for its type or priority: " + order.reason);
        return;
    }
    if ((there && !ours) || (!there && order.what == kind::go_on))
        return; // a person has decided
    const bool pauses = order.what == kind::pause;
    store::operation by{.who = std::string(brake_name),
                        .what = pauses ? "pause" : "resume",
                        .which = shown(which),
                        .reason = order.reason,
                        .at = now()};
    log(pauses ? sdk::level::warn : sdk::level::info, "",
        shown(which) + (pauses ? " is paused by the brake: " : " goes on: ") + order.reason +
            (pauses ? ": `posthorn resume" + option_of(which) + "`" : ""));
    if (pauses) {
        flush(); // what is set aside now must be in the store's queue by then
        store::pause what{which, false, by.who, std::move(order.reason), by.at};
        pause(std::move(what), {order.which.type, order.which.source}, std::move(by));
        return;
    }
    pauses_.remove(which);
    go_on(which, std::move(by));
    // Not before all that was set aside is committed, which lies before this.
    store().submit({}, [this](auto) { around_.goes_on(); });
}

// A person says go, to what was paused or to what was warned of.
bool desk::let_go(const scope& which, const std::vector<pauses::entry>& lifted) {
    if (!brake_.enabled() || (which.kind != scope_kind::run && which.kind != scope_kind::type))
        return false;
    bool warned = false;
    for (const auto& p : lifted) // the brake may not know them: it counts since the start
        warned |= brake_.let_go(name_in(p.what.scope, p.numbers));
    for (const auto& w : brake_.warnings())
        if (which.includes(scope_of(w.which)))
            warned |= brake_.let_go(w.which);
    return warned;
}

scope desk::scope_of(const run_name& which) const {
    const auto source = around_.source_name(which.source);
    if (which.type == 0)
        return {scope_kind::run, which.run, source};
    const auto rules = settings_.types.find(which.type);
    return {scope_kind::type, rules == settings_.types.end() ? "?" : rules->second.name, source};
}

std::vector<store::pause> desk::told_pauses() const {
    std::vector<store::pause> out;
    for (const auto& p : pauses_.all()) {
        auto& told = out.emplace_back(p.what);
        if (!p.by_brake())
            continue;
        const auto progress = brake_.progress(name_in(p.what.scope, p.numbers));
        told.reason += progress.empty() ? "" : "; " + progress;
    }
    return out;
}

std::vector<told_warning> desk::warnings() const {
    std::vector<told_warning> out;
    for (auto& w : brake_.warnings())
        out.push_back({scope_of(w.which), std::move(w.reason)});
    return out;
}

} // namespace posthorn::delivery
