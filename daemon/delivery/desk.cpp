// New events, flows, spilling and refilling. Verdicts are in desk_verdicts.cpp, receipts in
// desk_receipts.cpp.
#include "delivery/desk.hpp"

namespace posthorn::delivery {

namespace {

// A message that could not leave for so long goes to the store's queue, and what follows it too:
// then the outbox is emptied (and its mistakes found) however slow the carrier is.
constexpr duration patience_with_held = std::chrono::seconds(5);
constexpr std::size_t low_water = 300;
constexpr std::size_t claim_size = 1000;
constexpr std::size_t spill_size = 1000;
// Rows that name another pool than they wait in are claimed only while less is in hand.
constexpr std::size_t most_strays = 5000;

// What is not sent is not published either; all else of it is carried out.
std::shared_ptr<const store::op_list> without_items(std::shared_ptr<const store::op_list> along) {
    if (!along)
        return along;
    auto kept = std::make_shared<store::op_list>(*along);
    std::erase_if(kept->ops, [](const auto& op) {
        return std::holds_alternative<store::add_publication>(op);
    });
    return kept;
}

} // namespace

desk::desk(desk_settings settings, desk_surroundings around)
    : settings_(std::move(settings)), around_(std::move(around)),
      judge_(settings_.policy, settings_.zone),
      spending_({.source =
                     [this](name_id source) {
                         return source == 0 ? std::string() : around_.source_name(source);
                     },
                 .category = [this](name_id type) -> std::optional<category> {
                     const auto known = settings_.types.find(type);
                     return known == settings_.types.end() ? std::nullopt : known->second.of;
                 }}),
      brake_(settings_.brake, [this](const message& m) { return only_warned(m); }) {
    look_for_collapse();
    look_for_failover();
    routes_.use(settings_.seats);
    heed_budgets();
}

desk::~desk() {
    // lanes hold messages that report to in_hand_ when they go
    lanes_.clear();
}

lane& desk::add_lane(lane_settings settings, boost::asio::any_io_executor executor) {
    lanes_.push_back(std::make_unique<lane>(*this, std::move(settings), executor));
    return *lanes_.back();
}

void desk::remove(lane& gone) {
    std::erase_if(lanes_, [&](const auto& l) { return l.get() == &gone; });
}

void desk::use(desk_settings settings) {
    settings.types.insert(settings_.types.begin(), settings_.types.end()); // the new ones win
    settings_ = std::move(settings);
    brake_.use(settings_.brake);
    judge_.use(settings_.policy, settings_.zone);
    heed_budgets();
    look_for_collapse();
    look_for_failover();
    routes_.use(settings_.seats);
    today_ = {};
    route_anew();
}

std::int64_t desk::unstored(name_id type) const {
    std::int64_t n = 0;
    for (const auto& [name, flow] : flows_.all())
        for (const auto& o : flow.waiting)
            n += !o->stored() && o->message.type == type;
    return n;
}

lane* desk::lane_of(name_id account) {
    for (auto& l : lanes_)
        if (l->settings().account_number == account)
            return l.get();
    return nullptr;
}

lane* desk::lane_named(std::string_view account) const {
    for (const auto& l : lanes_)
        if (l->settings().account == account)
            return l.get();
    return nullptr;
}

void desk::wake_lanes(name_id pool) {
    for (auto& l : lanes_)
        if (takes_from(*l, pool))
            l->wake();
}

void desk::halt(std::string why) {
    const bool changes = why.empty() != halted_.empty();
    halted_ = std::move(why);
    if (!changes)
        return;
    log(halted_.empty() ? sdk::level::info : sdk::level::error, "",
        halted_.empty() ? "sending goes on" : "sending stops: " + halted_);
    for (auto& l : lanes_)
        l->wake();
}

void desk::accept(std::vector<store::add_event> events) {
    std::vector<store::add_event> to_queue;
    std::set<name_id> pools;
    const auto time = now();
    for (auto& e : events) {
        const bool later = e.message.due_at > time;
        const store::flow_name name{e.message.pool, e.message.priority, e.source};
        e.message.source = e.source;
        e.message.run = e.event.run;
        const bool closed = !e.reason.empty();
        const auto* held = e.parked.empty() && !closed ? why_held(e.message) : nullptr;
        const bool no_message = e.parked.empty() && e.message.parts.empty();
        if (held && no_message && !e.for_many) { // nothing of it could be held back later
            e.parked = reason_of(*held);
            e.along.reset();
        } else if (held && held->stopped && e.for_many) { // its messages are not even made
            e.along = without_items(e.along);
        } else if (held && held->stopped) {
            for (auto& p : e.message.parts)
                p.state = next(p.state, part_event::cancel);
            e.reason = reason_of(*held);
            e.along = without_items(e.along);
            ++cancelled_in_hand_;
        }
        const bool at_once = no_message || !e.withdraws.empty(); // not when its turn to leave comes
        if (!e.parked.empty() || closed || at_once || later || held || flows_.at(name).spilling) {
            to_queue.push_back(std::move(e));
            continue;
        }
        auto o = std::make_shared<outgoing>(in_hand_);
        o->message = std::move(e.message);
        o->fresh = std::make_unique<event>(std::move(e.event));
        o->along = std::move(e.along);
        o->since = time;
        pools.insert(o->message.pool);
        flows_.push_back(std::move(o));
    }
    if (!to_queue.empty())
        store_in_queue(std::move(to_queue));
    for (const auto pool : pools)
        wake_lanes(pool);
}

store::add_event desk::adding(outgoing& o, instant now) {
    store::add_event op{.event = *o.fresh, .source = o.message.source, .at = now, .along = o.along};
    op.message = o.message; // the parts' octets go with it
    return op;
}

// The outcome of an add_event: the row may leave the outbox, whatever became of it.
void desk::added(outgoing& o, const store::outcome& outcome) {
    const bool applied = outcome.what == store::outcome::code::applied;
    if (o.fresh->outbox_id != 0) { // else it came from no outbox
        taken_rows row;
        row.add(o.fresh->outbox_id, applied);
        around_.taken_in(o.message.source, std::move(row));
    }
    o.fresh.reset();
    o.along.reset();
    if (!applied)
        return;
    o.message.id = outcome.message;
    o.message.event = outcome.event;
    if (o.covers)
        covers_.named(*o.covers, o.message.id);
    in_hand_.emplace(outcome.message, &o);
}

// Parked ones, those not yet due or put off, those behind a flow that does not move, those that withdraw
// others, and those whose sender waits for the commit.
void desk::store_in_queue(std::vector<store::add_event> events, store::store::done then) {
    struct row {
        name_id source;
        std::int64_t outbox_id;
        store::flow_name flow;
        instant due_at;
        bool waits, withdraws;
    };
    auto rows = std::make_shared<std::vector<row>>();
    std::vector<store::op> ops;
    bool urgent = false;
    for (auto& e : events) {
        const store::flow_name flow{e.message.pool, e.message.priority, e.source};
        const bool closed = !e.put_off && !e.reason.empty();
        const bool waits = e.parked.empty() && !closed && !e.message.parts.empty();
        rows->push_back(
            {e.source, e.event.outbox_id, flow, e.message.due_at, waits, !e.withdraws.empty()});
        if (waits)
            ++flows_.at(flow).on_their_way;
        urgent |= waits && flow.priority == priority::urgent;
        ops.emplace_back(std::move(e));
    }
    store().submit(
        std::move(ops),
        [this, rows, then = std::move(then)](std::span<const store::outcome> outcomes) {
            std::map<name_id, taken_rows> taken;
            bool withdrawing = false;
            for (std::size_t i = 0; i < rows->size(); ++i) {
                const auto& r = (*rows)[i];
                const bool applied = outcomes[i].what == store::outcome::code::applied;
                withdrawing |= r.withdraws;
                if (r.outbox_id != 0)
                    taken[r.source].add(r.outbox_id, applied);
                if (!r.waits)
                    continue;
                --flows_.at(r.flow).on_their_way;
                if (applied)
                    queued(r.flow, r.due_at);
            }
            for (auto& [source, rows_of_it] : taken)
                around_.taken_in(source, std::move(rows_of_it));
            if (withdrawing)
                around_.withdrawing();
            if (then)
                then(outcomes);
        },
        urgent);
}

void desk::queued(const store::flow_name& flow, instant due_at) {
    auto& f = flows_.at(flow);
    if (f.next_due == instant{} || due_at < f.next_due)
        f.next_due = due_at;
    if (due_at <= now())
        flows_may_need_refill();
}

void desk::flows_may_need_refill() {
    for (auto& [name, f] : flows_.all())
        refill(name, f);
}

// Claims from the store's queue when little of the flow is left in hand.
void desk::refill(const store::flow_name& name, shares::flow& f) {
    const auto time = now();
    if (f.claiming || f.waiting.size() >= low_water || f.next_due == instant{} || f.next_due > time)
        return;
    if (f.strays && in_hand_.size() >= most_strays)
        return;
    f.claiming = true;
    store().claim(name, time, claim_size + in_hand_.size(), [this, name](store::claimed found) {
        auto& flow = flows_.at(name);
        flow.claiming = false;
        flow.next_due = found.next_due;
        std::size_t fresh = 0;
        std::set<name_id> pools{name.pool};
        const auto all = found.messages.size();
        auto failed = found.failed_over.begin();
        for (auto& m : found.messages) {
            const bool before = failed != found.failed_over.end() && failed->message == m.id;
            const auto its = before ? failed++ : failed;
            if (in_hand_.contains(m.id))
                continue;
            ++fresh;
            auto o = in_hand_again(std::move(m));
            if (before)
                goes_again(*o, std::move(*its));
            if (turn_away(o))
                continue;
            find_pool(*o);
            pools.insert(o->waits_in().pool);
            if (before)
                wait_for_another(std::move(o));
            else if (auto* l = lane_for(*o))
                l->take_back(std::move(o));
            else
                flows_.push_back(std::move(o));
        }
        flow.strays = pools.size() > 1;
        // Some of it is in hand for another part's sake, or not settled yet: look again later, but not
        // later than the next one is due.
        const auto later = now() + patience_with_held;
        const bool in_vain = fresh == 0 && flow.next_due <= now();
        if (fresh < all && (flow.next_due == instant{} || flow.next_due > later || in_vain))
            flow.next_due = later;
        if (found.next_due == instant{} && flow.on_their_way == 0 &&
            flow.waiting.size() < low_water)
            flow.spilling = false; // it has caught up
        for (const auto pool : pools)
            wake_lanes(pool);
    });
}

outgoing_ptr desk::in_hand_again(posthorn::message m) {
    auto o = std::make_shared<outgoing>(in_hand_);
    o->message = std::move(m);
    make_only_part(*o);
    o->since = now();
    if (brake_.follows(o->message.id))
        o->first = outgoing::among_first::left;
    in_hand_.emplace(o->message.id, o.get());
    return o;
}

// The store does not keep its octets: they are made by the same rules as before.
void desk::make_only_part(outgoing& o) {
    auto& m = o.message;
    auto* l = m.account != 0 ? lane_of(m.account) : nullptr;
    const bool for_any = m.account == 0 || (l && !l->makes_parts());
    o.made_for = for_any ? 0 : m.account;
    if (m.parts.size() != 1 || !m.parts.front().octets.empty())
        return;
    if (l && !for_any && m.coding != coding::email)
        if (auto made = l->parts_for(m); made && made->made.parts.size() == 1) {
            m.coding = made->made.coding;
            o.udh = made->udh;
            m.parts.front().octets = std::move(made->made.parts.front().octets);
            return;
        }
    if (m.account != 0 && m.coding == coding::gsm7 && !encoding::encode_gsm7(m.text))
        m.coding = coding::ucs2; // its account had tables for it
    m.parts.front().octets = around_.encode(m.coding, m.text);
}

void desk::cannot_carry(lane& from, const outgoing_ptr& o, std::string_view why) {
    lane* other = nullptr;
    for (const auto& l : lanes_) {
        const bool may = l.get() != &from && !l->winding_up() &&
                         !o->has_failed_by(l->settings().account_number) &&
                         takes_from(*l, o->waits_in().pool) && l->parts_for(o->message);
        if (may && (other == nullptr || (l->link_up() && !other->link_up())))
            other = l.get();
    }
    if (other == nullptr)
        return close(o, part_event::suppress,
                     "account " + from.settings().account +
                         " cannot carry the text: " + std::string(why));
    other->take_back(o);
    other->wake();
}

void desk::spill(shares::flow& f) {
    f.spilling = true;
    std::vector<store::add_event> events;
    std::deque<outgoing_ptr> stay;
    const auto time = now();
    for (auto& o : f.waiting) {
        if (o->fresh && events.size() < spill_size)
            events.push_back(adding(*o, time));
        else
            stay.push_back(std::move(o));
    }
    f.waiting = std::move(stay);
    if (!events.empty())
        store_in_queue(std::move(events));
}

void desk::close_expired(shares::flow& f, instant now) {
    std::vector<outgoing_ptr> over;
    std::erase_if(f.waiting, [&](outgoing_ptr& o) {
        if (o->message.expires_at > now)
            return false;
        over.push_back(std::move(o));
        return true;
    });
    for (auto& o : over)
        close(o, part_event::expire, "its time was over before it could be sent");
}

void desk::close(const outgoing_ptr& o, part_event what, std::string reason) {
    if (!o->fresh) {
        std::vector<store::op> ops;
        for (auto& p : o->message.parts) {
            if (resending_.erase({o->message.id, p.n}) == 0) {
                if (p.state == part_state::queued)
                    p.state = next(p.state, what);
                continue;
            }
            auto asked = telling(o->message, p.n, part_event::stop_asking);
            asked.reason = "sent once, and not again: whether it arrived is not known";
            ops.emplace_back(std::move(asked));
            p.state = part_state::unresolved;
        }
        ops.emplace_back(store::close_message{o->message.id, what, std::move(reason), now()});
        store().submit(
            std::move(ops), [o](auto) {}, o->message.priority == priority::urgent);
        return;
    }
    for (auto& p : o->message.parts)
        p.state = next(p.state, what);
    auto op = adding(*o, now());
    op.reason = std::move(reason);
    std::vector<store::op> ops;
    ops.emplace_back(std::move(op));
    store().submit(std::move(ops), [this, o](std::span<const store::outcome> outcomes) {
        added(*o, outcomes.front());
    });
}

void desk::pulse() {
    if (!halted_.empty()) {
        drop_old_receipts({}); // by their number: it may be the clock that is wrong
        flush();
        return;
    }
    const auto time = now();
    for (auto& [name, f] : flows_.all()) {
        close_expired(f, time);
        const auto oldest = std::ranges::find_if(f.waiting, [](auto& o) { return !o->stored(); });
        if (oldest != f.waiting.end() && (*oldest)->since + patience_with_held <= time)
            spill(f);
        refill(name, f);
    }
    const auto may_go = [this](const doubt& d) {
        const auto* l = lane_of(d.account);
        return l && l->link_up() && may_send(d.account) && !is_held(*d.out) &&
               !is_quiet(d.out->message);
    };
    for (auto& d : doubts_.take_due(time, may_go)) {
        const bool due = d.resend_at != instant{} && d.resend_at <= time && may_go(d);
        if (due && d.out->message.expires_at > time)
            resend(std::move(d));
        else
            stop_asking(d);
    }
    look_for_missing_receipts(time);
    drop_old_receipts(time);
    forget_counted(time);
    tell_budgets();
    let_go_unbound(time);
    for (auto& l : lanes_) {
        l->close_expired(time);
        l->wake();
    }
    flush();
}

void desk::recover(store::recovered& found) {
    for (auto& p : found.pauses)
        pauses_.add(std::move(p.what), p.numbers);
    opted_out_.expect(static_cast<std::size_t>(found.opted_out));
    if (found.each_opted_out)
        found.each_opted_out([this](std::uint64_t key, category_set categories, consent_way how,
                                    posthorn::id entry) {
            opted_out_.out(key, categories, {entry, how});
        });
    if (found.each_with_times)
        found.each_with_times([this](auto number, auto zone, auto hours) {
            times().put(number, std::string(zone), std::string(hours));
        });
    if (found.each_counted)
        found.each_counted([this](const counted_text& t) { judge_.add(t, now()); });
    if (found.each_cover)
        found.each_cover([this](const cover& c, posthorn::id m) { covers_.add(c, m, {}); });
    found.each_answered(
        [this](name_id account, std::string_view ref, posthorn::id message, std::uint8_t n) {
            if (auto* l = lane_of(account)) {
                const auto key = l->adapter().match_key(ref, false);
                references_.add(account, key, {.message = message, .parts = {n, n}});
                references_.done(account, key);
            }
        });
    for (const auto& before : found.failed_over)
        if (auto* l = lane_of(before.account))
            await_receipt(*l, before.ref,
                          {.message = before.message, .parts = {before.n, before.n}});
    found.each_submitted([this](const store::submitted_before& p) {
        auto* l = lane_of(p.account);
        if (!l)
            return;
        references::entry e{
            .message = p.message, .parts = {p.n, p.n}, .of = p.of, .single = p.of == 1};
        if (const auto* rule = failover_of(p.type))
            mind_failover(*l, *rule, p.ref, p.at, e);
        await_receipt(*l, p.ref, e);
    });
    for (const auto& late : found.late)
        if (auto* l = lane_of(late.account))
            await_receipt(*l, late.ref, {.message = late.message, .parts = {late.n, late.n}});
    for (auto& r : found.receipts) {
        auto* l = lane_of(r.receipt.account);
        const auto key = receipt_key(l, r.receipt.ref);
        strangers_.add(
            std::make_shared<strange_receipt>(strange_receipt{std::move(r.receipt), r.id}), key);
    }
    recover_doubts(found.uncertain);
    for (const auto& [name, due_at] : found.flows) {
        auto& f = flows_.at(name);
        f.next_due = due_at;
        f.spilling = true; // what is new goes behind what waits
    }
}

// Several parts of one message may be uncertain.
void desk::recover_doubts(std::vector<store::open_part>& found) {
    struct open_message {
        outgoing_ptr out;
        std::vector<part_opened> parts;
    };
    std::map<posthorn::id, open_message> messages;
    for (auto& u : found) {
        auto& open = messages[u.message.id];
        open.parts.push_back({u.n, u.opened_at});
        if (!open.out)
            open.out = in_hand_again(std::move(u.message));
    }
    for (const auto& [id, open] : messages)
        add_doubts(open.out, open.parts);
    for (const auto& [id, open] : messages) // a receipt may have come before the answer was lost
        infer_from_strangers(open.out->message.account, open.out->message.recipient);
}

// Where the account carries texts whole and all parts are in doubt, they left as one.
void desk::add_doubts(const outgoing_ptr& o, const std::vector<part_opened>& parts) {
    const auto& m = o->message;
    const auto* l = lane_of(m.account);
    const bool repeat_safe = l && l->settings().repeat_safe;
    if (l && l->carries().whole > 0 && parts.size() == m.parts.size()) {
        const part_range all{m.parts.front().n, m.parts.back().n};
        return add_doubt(o, all, m.account, parts.front().at, repeat_safe);
    }
    for (const auto& p : parts)
        add_doubt(o, {p.n, p.n}, m.account, p.at, repeat_safe);
}

} // namespace posthorn::delivery
