// What carriers answer, what happens when they do not, and parts that came back without having
// left.
#include "delivery/desk.hpp"

namespace posthorn::delivery {

store::tell_part desk::telling(const message& m, std::uint8_t n, part_event what) const {
    store::tell_part op{.message = m.id,
                        .account = m.account,
                        .n = n,
                        .single = m.parts.size() == 1,
                        .what = what,
                        .pool = m.pool,
                        .priority = m.priority,
                        .source = m.source,
                        .due_at = m.due_at,
                        .was_due_at = m.due_at,
                        .at = around_.now()};
    for (const auto& p : m.parts)
        if (p.n == n)
            op.attempts = p.attempts;
    return op;
}

void desk::flush() {
    store::store::done then;
    if (!requeued_.empty()) // only now will a claim find them
        then = [this, flows = std::exchange(requeued_, {})](auto) {
            for (const auto& [flow, due_at] : flows)
                queued(flow, due_at);
        };
    book(urgent_expenses_, urgent_ops_);
    book(expenses_, ops_);
    if (!urgent_ops_.empty())
        store().submit(std::exchange(urgent_ops_, {}), then, true);
    if (!ops_.empty())
        store().submit(std::exchange(ops_, {}), then);
    if (!failing_.empty())
        submit_failing();
}

void desk::verdict(lane& from, const outgoing_ptr& o, part_range parts, instant opened_at,
                   const sdk::verdict& v) {
    const auto first_sent = no_more_resending(o->message.id, parts);
    if (std::ranges::all_of(parts_in(o->message, parts),
                            [](const part& p) { return is_final(p.state); }))
        return judge(o->message, v); // the one receipt for all of it was faster
    switch (v.what) {
    case sdk::verdict::kind::accepted:
        accepted(from, o, parts, v);
        break;
    case sdk::verdict::kind::deferred:
        deferred(from, o, parts, v, first_sent);
        break;
    case sdk::verdict::kind::rejected:
        if (!first_sent && goes_elsewhere(from, o, parts, v))
            return;
        rejected(from, o, parts, v);
        break;
    case sdk::verdict::kind::uncertain:
        doubted(from, o, parts, first_sent.value_or(opened_at), v.code);
        break;
    }
    judge(o->message, v);
}

// When these parts were sent first, if they were uncertain before.
std::optional<instant> desk::no_more_resending(posthorn::id message, part_range parts) {
    std::optional<instant> first_sent;
    for (const auto n : parts.numbers())
        if (const auto again = resending_.extract({message, n}))
            first_sent = again.mapped();
    return first_sent;
}

// Too late for the part to be anything but uncertain, and better than any guess. When it was sent
// more than once, only an acceptance is an answer to all of it.
void desk::late_verdict(lane& from, const sent_part& which, const sdk::verdict& v) {
    using kind = sdk::verdict::kind;
    doubt d;
    if (!doubts_.take(which.message, which.parts.first, d)) { // settled, or on its way again
        if (v.what == kind::accepted && !v.ref.empty())
            await_receipt(from, v.ref,
                          {.message = which.message, .parts = which.parts, .single = which.single});
        return;
    }
    ++seen_["answered late"];
    if (v.what == kind::accepted) {
        accepted(from, d.out, d.parts, v);
        rest_goes_on(d, part_event::accept);
    } else if (v.what == kind::uncertain ||
               part_numbered(d.out->message, d.parts.first)->attempts > 1) {
        return doubts_.add(std::move(d));
    } else if (v.what == kind::rejected) {
        rejected(from, d.out, d.parts, v);
    } else {
        deferred(from, d.out, d.parts, v, std::nullopt);
    }
    judge(d.out->message, v);
}

void desk::rejected(lane& from, const outgoing_ptr& o, part_range parts, const sdk::verdict& v) {
    if (v.opted_out)
        opted_out_at(from, o->message.recipient, v.code);
    for (auto& p : parts_in(o->message, parts)) {
        auto op = telling(o->message, p.n, part_event::reject);
        op.code = v.code;
        op.reason = "refused by " + from.settings().account + ": " + v.code;
        ops_for(o->message).emplace_back(std::move(op));
        p.state = part_state::rejected;
    }
    if (std::ranges::all_of(o->message.parts, [](const part& p) {
            return p.state == part_state::rejected || p.state == part_state::queued;
        }))
        uncount(*o, true); // no phone has any of it
    nothing_more_leaves(from, o->message);
    ++seen_["rejected by carrier"];
}

void desk::accepted(lane& from, const outgoing_ptr& o, part_range parts, const sdk::verdict& v) {
    auto& m = o->message;
    auto& ops = ops_for(m);
    if (o->covers)
        covers_.settle(*o->covers);
    const auto account = from.settings().account_number;
    for (auto& p : parts_in(m, parts)) {
        auto op = telling(m, p.n, part_event::accept);
        op.ref = v.ref;
        op.code = v.code;
        ops.emplace_back(std::move(op));
        p.state = part_state::submitted;
        if (!from.settings().receipts)
            ops.emplace_back(telling(m, p.n, part_event::give_up));
    }
    if (from.settings().price)
        charge(from, m, parts);
    const bool any = from.settings().receipts || from.settings().bounces;
    if (!any || v.ref.empty())
        return; // no receipt can name it
    const auto of = static_cast<std::uint8_t>(m.parts.size());
    references::entry e{.message = m.id, .parts = parts, .of = of, .single = of == 1};
    if (const auto* rule = failover_of(m.type))
        mind_failover(from, *rule, v.ref, now(), e);
    await_receipt(from, v.ref, e);
    if (strangers_.empty())
        return;
    const auto key = from.adapter().match_key(v.ref, false);
    if (const auto early = strangers_.take(account, key)) { // its receipt came before the answer
        from.record().receipt_came_first();
        settle_by_receipt(account, key, early->receipt.what, early->receipt.code, ops);
        drop(early, ops);
    }
}

void desk::await_receipt(lane& from, std::string_view ref, references::entry e) {
    e.joint = from.carries().one_receipt && e.of > 1;
    e.unlikely = !from.settings().receipts;
    references_.add(from.settings().account_number, from.adapter().match_key(ref, false), e);
}

// Back to the queue. Throttled or never left: at its old place, in hand, without an attempt
// counted. What was being sent again is as uncertain as before.
void desk::deferred(lane& from, const outgoing_ptr& o, part_range parts, const sdk::verdict& v,
                    std::optional<instant> first_sent) {
    auto& m = o->message;
    const auto attempts = part_numbered(m, parts.first)->attempts;
    const auto retry = wait_before_retry(settings_.retry, attempts, random());
    const auto wait = v.counts ? std::max(v.after, retry) : v.after;
    if (first_sent) {
        doubted_again(from, o, parts, *first_sent, now() + wait, v.code);
        return;
    }
    const bool later = v.counts || (!v.throttled && v.after > duration{}); // else at its old place
    const auto due_at = later ? now() + wait : m.due_at;
    for (auto& p : parts_in(m, parts)) {
        auto op = telling(m, p.n, part_event::defer);
        op.counts = v.counts;
        op.code = v.code;
        op.due_at = due_at;
        if (v.counts)
            op.reason = "deferred by " + from.settings().account + ": " + v.code;
        else
            --p.attempts;
        ops_for(m).emplace_back(std::move(op));
        p.state = part_state::queued;
        m.due_at = due_at; // where the parts before the next one wait by now
    }
    if (later)
        hold_back(from, m);
    if (!v.counts)
        o->came_back = true;
    if (!goes_on(*o))
        uncount(*o, true);
    wait_again(from, o);
    ++seen_[v.counts ? "deferred" : "throttled or not sent"];
}

bool desk::any_sent_again(const message& m) const {
    const auto found = resending_.lower_bound({m.id, 0});
    return found != resending_.end() && found->first.first == m.id;
}

// A part has failed: the store has closed those that had not left. Those to be sent again have.
void desk::nothing_more_leaves(lane& from, message& m) {
    for (auto& p : m.parts)
        if (p.state == part_state::queued && !was_uncertain(m.id, p.n))
            p.state = part_state::cancelled;
    hold_back(from, m);
}

void desk::hold_back(lane& from, const message& m) {
    if (!any_sent_again(m))
        from.forget_rest_of(m.id);
}

// It has queued parts: in hand when they are due, else in the store's queue.
void desk::wait_again(lane& from, const outgoing_ptr& o) {
    if (o->message.due_at > now() && !any_sent_again(o->message))
        requeued_.emplace_back(o->flow(), o->message.due_at);
    else {
        from.forget_rest_of(o->message.id);
        wait_for_lane(o);
    }
}

// The intent was committed, but its bytes did not leave: paused, stopped, no link, or too late.
void desk::take_back_unsent(lane& from, const outgoing_ptr& o,
                            const std::vector<part_range>& units) {
    const bool over = halted_.empty() && o->message.expires_at <= now();
    hold_back(from, o->message);
    for (const auto& parts : units) {
        if (const auto first_sent = no_more_resending(o->message.id, parts)) {
            doubted_again(from, o, parts, *first_sent, now(), "not sent again");
            continue;
        }
        for (auto& p : parts_in(o->message, parts)) {
            auto op = telling(o->message, p.n, over ? part_event::expire : part_event::defer);
            op.counts = false;
            op.reason = over ? "its time was over before it could be sent" : "";
            ops_for(o->message).emplace_back(std::move(op));
            p.state = over ? part_state::expired : part_state::queued;
            if (!over)
                --p.attempts;
        }
    }
    o->came_back = true;
    if (over)
        nothing_more_leaves(from, o->message);
    else if (o->queued_parts() > 0)
        wait_again(from, o);
    flush();
}

void desk::doubted(lane& from, const outgoing_ptr& o, part_range parts, instant opened_at,
                   const std::string& code) {
    auto& m = o->message;
    for (auto& p : parts_in(m, parts)) {
        auto op = telling(m, p.n, part_event::doubt);
        op.code = code;
        ops_for(m).emplace_back(std::move(op));
        p.state = part_state::uncertain;
        ++seen_["uncertain"];
    }
    o->counts.reset(); // whatever comes of it, it may have arrived
    if (o->covers)
        covers_.settle(*std::exchange(o->covers, nullptr));
    hold_back(from, m);
    add_doubt(o, parts, from.settings().account_number, opened_at, from.settings().repeat_safe);
    infer_from_strangers(from.settings().account_number, m.recipient);
}

// It was to be sent again, and was not, or the carrier did not want it yet: the first time counts.
void desk::doubted_again(lane& from, const outgoing_ptr& o, part_range parts, instant opened_at,
                         instant resend_at, const std::string& code) {
    doubted(from, o, parts, opened_at, code);
    doubt d;
    if (!doubts_.take(o->message.id, parts.first, d))
        return; // its receipt was here already
    d.resend_at = resend_at;
    doubts_.add(std::move(d));
}

// A part that was uncertain is settled: the others, if they have waited for it, go on.
void desk::rest_goes_on(const doubt& settled, part_event what) {
    auto& m = settled.out->message;
    const auto state = next(part_state::uncertain, what);
    for (auto& p : parts_in(m, settled.parts))
        p.state = state;
    auto* l = lane_of(settled.account);
    if (!l)
        return; // the account is gone: a restart sorts it out
    if (state != part_state::submitted && state != part_state::delivered)
        nothing_more_leaves(*l, m);
    else if (settled.out->queued_parts() > 0)
        wait_again(*l, settled.out);
}

// The store found a part not as we thought: it was closed, or a receipt has failed a sibling. Those
// that were to be sent again must not be forgotten with it.
void desk::not_opened(lane& from, const outgoing_ptr& o, const std::vector<part_range>& units) {
    std::vector<std::pair<part_range, instant>> again;
    for (const auto& parts : units)
        if (const auto first_sent = no_more_resending(o->message.id, parts))
            again.emplace_back(parts, *first_sent);
    nothing_more_leaves(from, o->message);
    if (again.size() == 1 && units.size() == 1)
        return; // it is settled
    duration apart{};
    for (const auto& [parts, opened_at] : again) {
        for (auto& p : parts_in(o->message, parts)) {
            --p.attempts;
            p.state = part_state::uncertain;
        }
        add_doubt(o, parts, from.settings().account_number, opened_at, from.settings().repeat_safe);
        // One by one: else the one that is settled would keep the others back for ever.
        doubt d;
        doubts_.take(o->message.id, parts.first, d);
        if (d.resend_at != instant{})
            d.resend_at += std::exchange(apart, apart + std::chrono::seconds(1));
        doubts_.add(std::move(d));
    }
}

void desk::add_doubt(const outgoing_ptr& o, part_range parts, name_id account, instant opened_at,
                     bool repeat_safe) {
    const auto rule = settings_.types.find(o->message.type);
    const auto rules = rule == settings_.types.end() ? type_rules{} : rule->second;
    const bool again = repeat_safe || o->message.doubt == on_uncertain::resend;
    doubts_.add({.out = o,
                 .parts = parts,
                 .single = o->message.parts.size() == 1,
                 .account = account,
                 .opened_at = opened_at,
                 .resend_at = again ? now() + rules.uncertain_wait : instant{},
                 .give_up_at = opened_at + rules.hold_for,
                 .text = parts.first == 1 ? o->message.text : std::string()});
}

void desk::resend(doubt d) {
    auto* l = lane_of(d.account);
    if (!l) {
        doubts_.add(std::move(d));
        return;
    }
    for (auto& p : parts_in(d.out->message, d.parts)) {
        resending_.insert_or_assign({d.out->message.id, p.n}, d.opened_at);
        p.state = part_state::queued; // for the lane; the store knows better
    }
    l->take_back(d.out);
    l->wake();
    ++seen_["sent again"];
}

void desk::stop_asking(const doubt& d) {
    for (const auto n : d.parts.numbers()) {
        auto op = telling(d.out->message, n, part_event::stop_asking);
        op.single = d.single;
        op.reason = "no answer and no receipt came: whether it arrived is not known";
        ops_for(d.out->message).emplace_back(std::move(op));
    }
    rest_goes_on(d, part_event::stop_asking);
}

bool desk::settle(posthorn::id message, std::uint8_t n, bool again, store::operation by) {
    doubt d;
    if (!doubts_.take(message, n, d))
        return false;
    auto& ops = ops_for(d.out->message);
    const auto reason = by.reason;
    ops.emplace_back(std::move(by));
    if (again) {
        log(sdk::level::info, "",
            "uncertain part sent again msg=" + std::to_string(message) + " " + reason);
        flush(); // before the intent
        resend(std::move(d));
        return true;
    }
    for (const auto& p : parts_in(d.out->message, d.parts)) {
        auto op = telling(d.out->message, p.n, part_event::accept);
        op.code = "taken as sent: " + reason;
        ops.emplace_back(std::move(op));
    }
    rest_goes_on(d, part_event::accept);
    flush();
    return true;
}

void desk::link_is_up(lane& which) {
    doubts_.postpone(which.settings().account_number, now(), settings_.types);
}

void desk::link_is_lost(lane& which) {
    if (around_.link_lost)
        around_.link_lost(which.settings().account_number, which.proven());
}

void desk::give_up(std::vector<store::tell_part> overdue) {
    for (auto& op : overdue)
        ops_.emplace_back(std::move(op));
    flush();
}

} // namespace posthorn::delivery
