#include "api/timer_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/query_reader.hpp"
#include "api/shapes.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;

object step_shape(const store::timer_step& s) {
    object out{{"id", std::to_string(s.id)}, {"due_at", rfc3339(s.due_at)},
               {"timer", s.timer},           {"type", s.type},
               {"source", s.source},         {"subject", s.subject}};
    out["began"] = object{{"type", s.began_type},
                          {"key", s.began_key},
                          {"occurred_at", rfc3339(s.occurred_at)},
                          {"to_kind", s.to_kind},
                          {"to_ref", s.to_ref}};
    return out;
}

} // namespace

std::vector<route> timer_handlers::table() {
    return {
        {"GET", "/v1/timers", [this](request r) { return list(std::move(r)); }},
        {"POST", "/v1/timers/{id}/cancel", [this](request r) { return cancel(std::move(r)); }},
        {"POST", "/v1/timers/cancel", [this](request r) { return cancel_all(std::move(r)); }},
    };
}

asio::awaitable<answer> timer_handlers::list(request asked) {
    query_reader query(asked);
    const store::step_query which{.source = query.text("source"),
                                  .subject = query.text("subject"),
                                  .timer = query.text("timer")};
    const auto limit = query.limit();
    if (!query.mistake.empty())
        co_return bad_request(query.mistake);
    const auto found =
        co_await runtime::run_on(pool_, [&] { return around_.timers->waiting(which, limit); });
    array steps;
    for (const auto& s : found)
        steps.push_back(step_shape(s));
    co_return answer{.body = object{{"steps", std::move(steps)}}};
}

// Whether anything was cancelled. What nobody waited for is no deed.
asio::awaitable<bool> timer_handlers::commit(store::cancel_steps what, store::operation by) {
    std::vector<store::op> ops;
    ops.emplace_back(std::move(what));
    if (!by.what.empty())
        ops.emplace_back(std::move(by));
    const auto told = co_await runtime::answer_of<std::vector<store::outcome>>(
        [&](auto done) { around_.commit(std::move(ops), done); });
    co_return told.front().what == store::outcome::code::applied;
}

asio::awaitable<answer> timer_handlers::cancel(request asked) {
    const auto body = read_body(asked.body, {"reason"});
    const auto id = number_in<posthorn::id>(asked.segments[0]).value_or(0);
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    if (body.at("reason").empty())
        co_return bad_request("say why: {\"reason\": \"...\"}");
    const auto found = co_await runtime::run_on(pool_, [&] { return around_.timers->step(id); });
    bool was = !found.empty();
    if (was) {
        auto by =
            deed(asked, around_.now(), "timers cancel",
                 "timer " + found.front().timer + ", step " + asked.segments[0], body.at("reason"));
        by.result = found.front().type + " of source " + found.front().source + ", key " +
                    found.front().began_key;
        store::cancel_steps what{.step = id, .timer = {}, .at = around_.now()};
        was = co_await commit(std::move(what), std::move(by));
    }
    if (!was)
        co_return problem(404, "Not found",
                          "no step " + asked.segments[0] + " waits: `posthorn timers` lists them");
    co_return answer{.body = object{{"id", asked.segments[0]}, {"cancelled", true}}};
}

asio::awaitable<answer> timer_handlers::cancel_all(request asked) {
    const auto body = read_body(asked.body, {"timer", "reason"});
    const auto timer = body.at("timer");
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    if (timer.empty() || body.at("reason").empty())
        co_return problem(400, "Bad request",
                          "say which, and why: {\"timer\": \"...\", \"reason\": \"...\"}");
    auto by = deed(asked, around_.now(), "timers cancel", "timer " + timer, body.at("reason"));
    for (bool first = true, more = true; more; first = false) { // some hundred at once
        store::cancel_steps what{.step = 0, .timer = timer, .at = around_.now()};
        store::operation once = std::exchange(by, store::operation());
        more = co_await commit(std::move(what), std::move(once));
        if (first && !more)
            co_return problem(404, "Not found", "no step of a timer '" + timer + "' waits");
    }
    co_return answer{.body = object{{"timer", timer}, {"cancelled", true}}};
}

} // namespace posthorn::api
