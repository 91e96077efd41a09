#include "gateway/timer_desk.hpp"

#include "runtime/run_on.hpp"
#include "store/fault_point.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace posthorn::gateway {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t at_once = 200;
constexpr duration remembered = 400 * 24h; // what was made, so that it is not made twice

event began(const store::timer_step& s) {
    return {.source = s.source,
            .key = s.began_key,
            .type = s.began_type,
            .run = s.run,
            .subject = s.subject,
            .to_kind = s.to_kind,
            .to_ref = s.to_ref,
            .data = s.data,
            .occurred_at = s.occurred_at};
}

} // namespace

timer_desk::timer_desk(const configuration& c, timer_needs needs)
    : needs_(std::move(needs)), reader_(needs_.live),
      tasks_(needs_.loop.get_executor(), [this](auto task, auto what) {
          needs_.log(sdk::level::error, std::string(task) + ": " + std::string(what));
      }) {
    use(c);
}

void timer_desk::use(const configuration& c) { timers_ = c.timers; }

const timers::timer* timer_desk::named(const std::string& name) const {
    const auto found = std::ranges::find(*timers_, name, &timers::timer::name);
    return found == timers_->end() ? nullptr : &*found;
}

// By a person: what is not sent has no consequences either.
bool timer_desk::is_stopped(const store::add_event& e) const {
    const message place{.source = e.source,
                        .type = e.message.type,
                        .pool = e.message.pool,
                        .priority = e.message.priority,
                        .run = e.event.run};
    const auto* why = needs_.desk.why_held(place);
    return why != nullptr && why->stopped;
}

void timer_desk::begin_along(store::add_event& e) {
    const auto& of = e.event;
    if (!e.parked.empty() || of.subject.empty() || is_stopped(e))
        return;
    store::op_list all;
    for (const auto& t : *timers_) {
        if (!t.enabled || t.begun_by(of.type) == nullptr)
            continue;
        const auto steps = maker_.steps_of(t, of, e.at);
        if (!steps) {
            needs_.log(sdk::level::warn, "timer " + t.name +
                                             " does not begin, source=" + of.source +
                                             " key=" + of.key + ": " + steps.error().reason);
            continue;
        }
        store::begin_timer op{.timer = t.name,
                              .source = e.source,
                              .subject = of.subject,
                              .type = of.type,
                              .key = of.key,
                              .run = of.run,
                              .to_kind = of.to_kind,
                              .to_ref = of.to_ref,
                              .data = of.data,
                              .occurred_at = happened_at(of),
                              .steps = {},
                              .at = e.at};
        for (const auto& s : *steps)
            op.steps.push_back({s.of->type, s.due_at, s.rule});
        all.ops.emplace_back(std::move(op));
    }
    if (all.ops.empty())
        return;
    if (e.along)
        all.ops.insert(all.ops.begin(), e.along->ops.begin(), e.along->ops.end());
    e.along = std::make_shared<const store::op_list>(std::move(all));
}

void timer_desk::start() { tasks_.spawn("timers", run()); }

asio::awaitable<void> timer_desk::run() {
    while (!stopping_) {
        std::string wrong;
        try {
            co_await round();
            co_await forget_old();
        } catch (const store::read_failed& e) { // the next round reads again
            wrong = e.what();
        }
        if (!wrong.empty() && wrong != trouble_)
            needs_.log(sdk::level::warn, wrong);
        trouble_ = std::move(wrong);
        if (stopping_)
            break;
        tick_.expires_after(1s);
        co_await tick_.async_wait(asio::as_tuple(asio::use_awaitable)); // stop() cuts it short
    }
}

asio::awaitable<void> timer_desk::stop() {
    stopping_ = true;
    tick_.cancel();
    co_await tasks_.wait();
}

// All that is due, in the order of its times.
asio::awaitable<void> timer_desk::round() {
    instant behind_due_at{};
    posthorn::id behind = 0;
    while (!stopping_ && !needs_.stands_still()) {
        const auto now = needs_.now();
        auto due = co_await runtime::run_on(
            reads_, [&] { return reader_.due(now, behind_due_at, behind, at_once); });
        due_since_ = due.empty() ? instant{} : due.front().due_at;
        if (due.empty() || stopping_ || needs_.stands_still())
            break;
        const bool more = due.size() == at_once;
        behind_due_at = due.back().due_at;
        behind = due.back().id;
        co_await make(std::move(due));
        due_since_ = {};
        if (!more)
            break;
    }
}

// In one commit: a step is made with its event, or neither is.
asio::awaitable<void> timer_desk::make(std::vector<store::timer_step> due) {
    struct made_event {
        std::string key;
        store::flow_name flow;
        instant due_at;
    };
    std::vector<store::op> ops;
    std::vector<made_event> made;
    std::size_t parked = 0; // the reasons stand with the events
    for (const auto& s : due) {
        auto op = making(s);
        const auto& m = op.event.message;
        made.push_back({op.event.event.key, {m.pool, m.priority, op.event.source}, m.due_at});
        if (!op.event.parked.empty())
            ++parked;
        ops.emplace_back(std::move(op));
    }
    store::fault_point("steps ready");
    const auto outcomes = co_await needs_.committed(std::move(ops));
    store::fault_point("steps committed");
    std::size_t count = 0;
    for (std::size_t i = 0; i < made.size(); ++i) {
        using enum store::outcome::code;
        if (outcomes[i].message != 0)
            needs_.desk.queued(made[i].flow, made[i].due_at);
        if (outcomes[i].what == applied)
            ++count;
        else if (outcomes[i].what != stale) // of another event
            needs_.log(sdk::level::warn,
                       "key " + made[i].key + " was used before: nothing is made");
    }
    needs_.log(parked == 0 ? sdk::level::info : sdk::level::warn,
               "made steps=" + std::to_string(count) +
                   (parked == 0 ? "" : " parked=" + std::to_string(parked)));
}

store::make_step timer_desk::making(const store::timer_step& s) {
    const auto of = began(s);
    const auto* t = named(s.timer);
    const auto* step = t == nullptr ? nullptr : t->step_of(s.type);
    auto made = t == nullptr      ? refuse("timer '" + s.timer + "' is not configured any more")
                : step == nullptr ? refuse("timer '" + s.timer + "' makes no such event any more")
                                  : maker_.event_of(*t, *step, of, s.due_at, needs_.now());
    store::make_step out{.step = s.id, .due_at = s.due_at, .event = {}};
    if (made) {
        out.event = needs_.prepared(s.source_number, std::move(*made));
        return out;
    }
    auto e = of; // with what there is, so that somebody can see it
    e.key = timers::key_of(s.began_key, s.type);
    e.type = s.type;
    e.created_at = needs_.now();
    out.event = needs_.prepared(s.source_number, std::move(e));
    out.event.parked = made.error().reason;
    out.event.message.parts.clear();
    out.event.for_many = false;
    out.event.along.reset();
    return out;
}

asio::awaitable<void> timer_desk::forget_old() {
    const auto now = needs_.now();
    if (now < forgot_at_ + 1h || needs_.stands_still())
        co_return;
    forgot_at_ = now;
    for (bool more = true; more && !stopping_;) {
        std::vector<store::op> one;
        one.emplace_back(store::forget_steps{now - remembered});
        const auto outcomes = co_await needs_.committed(std::move(one));
        more = outcomes.front().what == store::outcome::code::applied;
    }
}

} // namespace posthorn::gateway
