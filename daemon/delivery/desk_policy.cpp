// Policy at the last moment, beside consent: at the claim, before a message's intent, and once more
// before its bytes. What a phone may have some of goes on; what a carrier has deferred is judged anew.
#include "delivery/desk.hpp"

namespace posthorn::delivery {

namespace {

constexpr duration between_forgetting = std::chrono::hours(1);

} // namespace

// Nothing: policy says nothing of it. It spares phones: a letter wakes nobody.
std::optional<policy::facts> desk::facts_of(const message& m) const {
    if (channel_of(m.coding) == channel::email)
        return std::nullopt;
    const auto* rules = rules_of(m);
    const auto what = rules == nullptr ? std::nullopt : rules->of;
    if (!what || !judge_.concerns(*what, m.recipient))
        return std::nullopt;
    return policy::facts{.what = *what,
                         .urgent = m.priority == priority::urgent,
                         .number = m.recipient,
                         .text = m.text,
                         .expires_at = m.expires_at};
}

policy::decision desk::decide(const message& m) {
    auto said = over_budget(m);
    if (said.what != policy::decision::kind::may)
        return said;
    const auto facts = facts_of(m);
    return facts ? judge_.ask(*facts, now()) : policy::decision{};
}

bool desk::keep_back(const outgoing_ptr& o) {
    using kind = policy::decision::kind;
    if (!o->failed_by.empty())
        return keep_back_again(o);
    auto said = goes_on(*o) ? policy::decision{} : decide(o->message);
    if (said.what == kind::may)
        return is_covered(o);
    const char* verb = said.what == kind::wait   ? "put off by "
                       : said.what == kind::drop ? "suppressed by "
                                                 : "expired by ";
    ++seen_[verb + std::string(name_of(said.by))];
    if (said.what == kind::wait)
        put_off(o, std::move(said));
    else
        close(o, said.what == kind::drop ? part_event::suppress : part_event::expire,
              std::move(said.reason));
    return true;
}

// Out of hand, to its place in the store's queue at that time.
void desk::put_off(const outgoing_ptr& o, policy::decision said) {
    auto& m = o->message;
    const auto until = said.until;
    const auto then = [this, letter = !said.by_email.empty()] {
        if (letter)
            around_.may_go_by_email();
    };
    if (o->fresh) {
        m.due_at = until;
        std::vector<store::add_event> events;
        auto& e = events.emplace_back(adding(*o, now()));
        e.put_off = !said.reason.empty();
        e.reason = std::move(said.reason);
        return store_in_queue(std::move(events), [then](auto) { then(); });
    }
    std::vector<store::op> ops;
    ops.emplace_back(store::put_off{m.id, until, std::move(said.reason), now()});
    store().submit(std::move(ops), [this, o, until, then](auto) {
        queued(o->flow(), until);
        then();
    });
}

std::string desk::by_email(const message& m) {
    if (in_hand_.contains(m.id))
        return {};
    const auto facts = facts_of(m);
    return facts ? judge_.ask_time(*facts, now()).by_email : std::string();
}

void desk::go_by_email(std::vector<store::go_by_email> letters, std::function<void()> done) {
    std::vector<store::flow_name> flows;
    std::vector<store::op> ops;
    for (auto& one : letters) {
        flows.push_back({one.letter.pool, one.letter.priority, one.letter.source});
        ops.emplace_back(std::move(one));
    }
    store().submit(std::move(ops),
                   [this, flows = std::move(flows), done = std::move(done)](auto outcomes) {
                       for (std::size_t i = 0; i < flows.size(); ++i) {
                           if (outcomes[i].what != store::outcome::code::applied)
                               continue;
                           ++seen_["sent by e-mail by quiet hours"];
                           queued(flows[i], now());
                       }
                       done();
                   });
}

std::optional<store::put_off> desk::put_off_anew(const message& m) {
    if (in_hand_.contains(m.id))
        return std::nullopt;
    const auto time = now();
    auto said = over_budget(m);
    if (const auto facts = facts_of(m); facts && said.what == policy::decision::kind::may)
        said = judge_.ask_time(*facts, time);
    if (said.what != policy::decision::kind::wait)
        return store::put_off{m.id, time, {}, time}; // it is looked at when it is claimed
    if (said.until == m.due_at)
        return std::nullopt;
    return store::put_off{m.id, said.until, std::move(said.reason), time};
}

bool desk::is_quiet(const message& m) {
    const auto facts = facts_of(m);
    return facts && !facts->urgent && judge_.is_quiet(*facts, now());
}

instant desk::deliver_by(const message& m) {
    const auto facts = facts_of(m);
    if (!facts || facts->urgent)
        return m.expires_at;
    return std::min(judge_.next_quiet(*facts, now()).value_or(m.expires_at), m.expires_at);
}

void desk::count(outgoing& o) {
    if (!o.failed_by.empty())
        return; // it was, when it left first
    cover_others(o);
    const auto facts = facts_of(o.message);
    const auto counts = facts ? judge_.to_count(*facts, now()) : std::nullopt;
    if (!counts)
        return;
    judge_.add(*counts, now());
    o.counts = std::make_unique<counted_text>(*counts);
}

void desk::uncount(outgoing& o, bool stored) {
    uncover_others(o, stored);
    if (!o.counts)
        return;
    if (stored)
        ops_for(o.message).emplace_back(store::uncount{o.message.id, o.counts->at});
    judge_.remove(*o.counts);
    o.counts.reset();
}

std::optional<counted_text> desk::forgive(const message& m) {
    const auto facts = facts_of(m);
    return facts ? judge_.forgive(*facts, now()) : std::nullopt;
}

// A little at a time.
void desk::forget_counted(instant now) {
    if ((!settings_.policy && !any_collapse_) || now < forget_counted_at_)
        return;
    forget_counted_at_ = now + between_forgetting;
    std::vector<store::op> ops;
    const auto needed = settings_.policy ? judge_.needed_since(now) : instant{};
    const auto covers_needed = covers_needed_since(now);
    covers_.forget_before(covers_needed);
    ops.emplace_back(store::forget_counted{needed, covers_needed, now});
    store().submit(std::move(ops), [this, now](std::span<const store::outcome> outcomes) {
        if (outcomes.front().what == store::outcome::code::applied)
            forget_counted_at_ = now;
    });
}

} // namespace posthorn::delivery
