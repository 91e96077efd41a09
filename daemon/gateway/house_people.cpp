// What people order about messages that are on their way, or were.
#include "gateway/house.hpp"

namespace posthorn::gateway {

using namespace std::chrono_literals;

// The same text and octets, with the validity of its type anew.
void house::resend(store::whole_message earlier, bool repeat, store::operation by,
                   std::function<void(posthorn::id)> done) {
    const auto* type = c_->catalogue->type_named(earlier.event.type);
    auto m = std::move(earlier.message);
    const auto before = m.id;
    m.id = 0;
    m.account = 0;
    m.sender.clear();
    m.due_at = now_();
    m.expires_at = m.due_at + (type ? type->validity : duration(24h));
    for (auto& p : m.parts) {
        p.state = part_state::queued;
        p.attempts = 0;
    }
    const store::flow_name flow{m.pool, m.priority, m.source};
    std::vector<store::op> ops;
    ops.emplace_back(std::move(by));
    store::send_again op{.event = std::move(earlier.event),
                         .event_version = earlier.event_version,
                         .message = std::move(m),
                         .earlier = before,
                         .repeat = repeat,
                         .at = now_()};
    const auto due_at = op.at;
    ops.emplace_back(std::move(op));
    store_.submit(std::move(ops), [this, flow, due_at, done = std::move(done)](auto outcomes) {
        desk_->queued(flow, due_at);
        done(outcomes.back().message);
    });
}

std::string house::pause(const scope& which, bool stopped, store::operation by,
                         std::function<void(std::int64_t)> done) {
    name_id number = 0;
    const auto find = [&](const auto& names) {
        const auto found = names.find(which.name);
        number = found == names.end() ? 0 : found->second;
        return number != 0;
    };
    bool known = true;
    if (which.kind == scope_kind::source)
        known = find(sources_);
    else if (which.kind == scope_kind::type)
        known = find(types_);
    else if (which.kind == scope_kind::account)
        for (const auto& lane : desk_->lanes())
            if (lane->settings().account == which.name)
                number = lane->settings().account_number;
    if (!known || (which.kind == scope_kind::account && number == 0))
        return "no " + shown(which) + " is configured";
    const auto before = sweeper_->cancelled();
    store::pause what{which, stopped, by.who, by.reason, by.at};
    desk_->pause(std::move(what), number, std::move(by));
    sweeper_->look(before, std::move(done));
    return {};
}

} // namespace posthorn::gateway
