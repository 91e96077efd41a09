#include "api/cancelling.hpp"

#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using kind = sdk::cancellation::kind;

// A carrier's answer to a submission that is under way is worth waiting for.
constexpr int looks = 25;
constexpr auto between_looks = std::chrono::milliseconds(200);

bool all_submitted_or_final(const store::message_story& m) {
    return std::ranges::all_of(m.parts, [](const store::part_story& p) {
        return p.state == part_state::submitted || is_final(p.state);
    });
}

} // namespace

const store::message_story* message_in(const store::event_story& event, posthorn::id message) {
    for (const auto& m : event.messages)
        if (m.id == message)
            return &m;
    return nullptr;
}

asio::awaitable<std::optional<store::message_story>> cancelling::again(posthorn::id message) {
    std::optional<store::message_story> out;
    const auto event = co_await runtime::run_on(pool_, [&] { return reader_.story_of(message); });
    if (event)
        if (const auto* found = message_in(*event, message))
            out = *found;
    co_return out;
}

asio::awaitable<void> cancelling::wait_until_settled(posthorn::id message) {
    asio::steady_timer nap(co_await asio::this_coro::executor);
    for (int look = 0; look < looks && !stopping_; ++look) {
        const auto now = co_await again(message);
        if (!now || all_submitted_or_final(*now))
            break;
        nap.expires_after(between_looks);
        co_await nap.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<cancel_outcome> cancelling::take_back(store::message_story before,
                                                      store::operation by) {
    cancel_outcome out{.message = before.id, .state = before.state};
    if (is_final(before.state)) {
        const bool was = before.state == message_state::cancelled;
        out.what = was ? kind::cancelled : kind::too_late;
        out.why = "it is final";
        co_return out;
    }
    const std::string reason = "cancelled: " + by.reason;
    co_await runtime::answer_of<void>(
        [&](auto done) { around_.withdraw(before.id, std::move(by), done); });
    co_await wait_until_settled(before.id);
    posthorn::id first = before.id;
    const auto parts =
        co_await runtime::run_on(pool_, [&] { return reader_.submitted(first, before.id, 1); });
    sdk::cancellation worst{kind::cancelled, {}};
    for (const auto& part : parts) {
        auto said = co_await runtime::answer_of<sdk::cancellation>(
            [&](auto done) { around_.recall(part, reason, done); });
        if (said.what != kind::cancelled)
            worst = std::move(said);
    }
    const auto now = co_await again(before.id);
    out.state.reset();
    if (now)
        out.state = now->state;
    out.what = worst.what;
    out.why = worst.code;
    if (now && now->state == message_state::cancelled) {
        out.what = kind::cancelled;
        out.why.clear();
    } else if (worst.what == kind::cancelled) { // not for want of a carrier's answer
        out.what = kind::too_late;
        out.why = "some of it had left, and is not known to be back";
    }
    co_return out;
}

std::string_view cancel_name(kind what) {
    switch (what) {
    case kind::cancelled:
        return "cancelled";
    case kind::too_late:
        return "too late";
    case kind::cannot:
        return "carrier cannot";
    case kind::unknown:
        break;
    }
    return "unknown";
}

boost::json::object cancel_shape(const cancel_outcome& outcome) {
    boost::json::object out{{"result", cancel_name(outcome.what)}};
    if (!outcome.why.empty())
        out["why"] = outcome.why;
    if (outcome.state) {
        out["message"] = std::to_string(outcome.message);
        out["state"] = posthorn::name_of(*outcome.state);
    }
    return out;
}

} // namespace posthorn::api
