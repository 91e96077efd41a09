// What people order about messages that are on their way, or were.
#include "gateway/house.hpp"

#include <boost/asio/post.hpp>
#include <boost/json/serialize.hpp>

namespace posthorn::gateway {

using namespace std::chrono_literals;

namespace {

// As an event of our own: its key says who sent it, and when.
event manual_event(const api::manual_text& what, const store::operation& by) {
    boost::json::object data{{"text", what.text}};
    if (!what.language.empty())
        data["language"] = what.language;
    return {.source = std::string(own_source),
            .key = by.who + "-" + std::to_string(to_micros(by.at)),
            .type = std::string(manual_type),
            .to_kind = std::string(name_of(to_kind::number)),
            .to_ref = what.to,
            .data = boost::json::serialize(data),
            .created_at = by.at};
}

} // namespace

// The same text and octets, with the validity of its type anew.
void house::resend(store::whole_message earlier, bool repeat, store::operation by,
                   std::function<void(posthorn::id)> done) {
    const auto* type = c_->catalogue->type_named(earlier.event.type);
    auto m = std::move(earlier.message);
    const auto before = m.id;
    m.id = 0;
    m.account = 0;
    if (earlier.event.type != reply_type) // an answer leaves from the number that was texted
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
    if (const auto alike = desk_->forgive(op.message))
        ops.emplace_back(store::forgive_text{*alike});
    if (const auto cover = desk_->uncovered(op.message))
        ops.emplace_back(*cover);
    ops.emplace_back(std::move(op));
    store_.submit(std::move(ops), [this, flow, due_at, done = std::move(done)](auto outcomes) {
        desk_->queued(flow, due_at);
        done(outcomes.back().message);
    });
}

// Prepared and queued like every other text; the person is recorded in the same commit.
void house::send(api::manual_text what, store::operation by,
                 std::function<void(api::sent_text)> done) {
    const auto not_sent = [&](api::sent_text why) {
        asio::post(loop_, [done, why = std::move(why)] { done(why); });
    };
    if (const auto why = closed(std::string(own_source)); !why.empty())
        return not_sent({.closed = why});
    if (!what.account.empty() && account_named(*c_, what.account) == nullptr)
        return not_sent({.refusal = "no account is called '" + what.account +
                                    "': `posthorn accounts` lists them"});
    auto row = again_->prepare({.event = manual_event(what, by)}, now_());
    if (row.later)
        return not_sent({.closed = row.parked});
    if (!row.parked.empty())
        return not_sent({.refusal = row.parked});
    by.which = "to " + masked(row.message.recipient) + ", key " + row.event.key;
    auto op = completed(sources_.find(own_source)->second, std::move(row));
    if (what.priority)
        op.message.priority = *what.priority;
    if (!what.account.empty())
        op.message.pool = pools_.at(own_pool(what.account));
    api::sent_text told{.key = op.event.key, .parts = op.message.parts.size()};
    const auto& m = op.message;
    const store::flow_name flow{m.pool, m.priority, m.source};
    const auto due_at = m.due_at;
    std::vector<store::op> ops;
    ops.emplace_back(std::move(op));
    ops.emplace_back(std::move(by));
    store_.submit(
        std::move(ops),
        [this, flow, due_at, told = std::move(told),
         done = std::move(done)](auto outcomes) mutable {
            const auto& o = outcomes.front();
            told.event = o.event;
            told.message = o.message;
            if (o.what == store::outcome::code::applied)
                desk_->queued(flow, due_at);
            else
                told.refusal = "another text was sent in this very moment: send it again";
            done(std::move(told));
        },
        flow.priority == priority::urgent);
}

std::string house::pause(const scope& which, bool stopped, store::operation by,
                         std::function<void(std::int64_t)> done) {
    store::scope_numbers numbers;
    const auto find = [](const auto& names, const std::string& name) {
        const auto found = names.find(name);
        return found == names.end() ? 0 : found->second;
    };
    if (which.kind == scope_kind::source)
        numbers.name = find(sources_, which.name);
    else if (which.kind == scope_kind::type)
        numbers.name = find(types_, which.name);
    else if (const auto* lane =
                 which.kind == scope_kind::account ? desk_->lane_named(which.name) : nullptr)
        numbers.name = lane->settings().account_number;
    const bool any = which.kind == scope_kind::everything || which.kind == scope_kind::run;
    if (!any && numbers.name == 0)
        return "no " + std::string(name_of(which.kind)) + " " + which.name + " is configured";
    numbers.source = find(sources_, which.source);
    if (!which.source.empty() && numbers.source == 0)
        return "no source " + which.source + " is configured";
    const auto before = sweeper_->cancelled();
    store::pause what{which, stopped, by.who, by.reason, by.at};
    desk_->pause(std::move(what), numbers, std::move(by));
    sweeper_->look(before, std::move(done));
    return {};
}

} // namespace posthorn::gateway
