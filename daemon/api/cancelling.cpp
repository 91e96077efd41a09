#include "api/cancelling.hpp"

#include "api/resending.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"
#include "topics/topic.hpp"

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
constexpr int looks_at_many = 35; // each of them is waited for so long
constexpr auto between_looks = std::chrono::milliseconds(200);

bool nothing_is_left(const store::event_story& of,
                     const std::map<message_state, std::int64_t>& messages) {
    const bool all_made = of.expanded ? of.expanded->done : of.published && of.published->done;
    return all_made &&
           std::ranges::all_of(messages, [](const auto& s) { return is_final(s.first); });
}

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

bool means_many(const store::event_story& event, posthorn::id number) {
    return (event.expanded || event.published) && message_in(event, number) == nullptr;
}

asio::awaitable<std::optional<store::message_story>> cancelling::again(posthorn::id message) {
    std::optional<store::message_story> out;
    const auto event = co_await runtime::run_on(pool_, [&] { return reader_.story_of(message); });
    if (event)
        if (const auto* found = message_in(*event, message))
            out = *found;
    co_return out;
}

asio::awaitable<std::optional<store::event_story>> cancelling::again_all(posthorn::id event) {
    co_return co_await runtime::run_on(pool_, [&] { return reader_.story_of(event); });
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

// All that it means has been gone through. Waits some seconds for that.
asio::awaitable<bool> cancelling::is_over(posthorn::id event) {
    asio::steady_timer nap(co_await asio::this_coro::executor);
    for (int look = 0; look < looks_at_many && !stopping_; ++look) {
        const bool goes_on =
            co_await runtime::run_on(pool_, [&] { return reader_.is_being_cancelled(event); });
        if (!goes_on)
            co_return true;
        nap.expires_after(between_looks);
        co_await nap.async_wait(asio::use_awaitable);
    }
    co_return false;
}

// Those of a topic are messages of events of their own, which have the item's run.
asio::awaitable<std::map<message_state, std::int64_t>>
cancelling::messages_of(const store::event_story& story) {
    const auto& of = story.event;
    std::map<message_state, std::int64_t> out;
    if (story.expanded)
        out = story.expanded->states;
    if (!story.published || story.published->texts == 0)
        co_return out;
    store::recount_wish wish;
    wish.span.from = made_at(of.id);
    wish.run = topics::run_of_item(of.to_ref, of.source + ":" + of.key);
    const auto files = around_.books();
    const auto stop = end_counting_.get_token();
    const auto rows =
        co_await runtime::run_on(counting_, [&] { return store::recount(files, wish, stop).rows; });
    for (unsigned n = 0; n < message_state_count; ++n) {
        const auto state = static_cast<message_state>(n);
        if (const auto found = rows.find({0, store::in(state)}); found != rows.end())
            out[state] = found->second;
    }
    co_return out;
}

asio::awaitable<cancel_outcome> cancelling::take_back_all(store::event_story before,
                                                          store::operation by) {
    const auto& e = before.event;
    cancel_outcome out{.event = e.id};
    out.messages = co_await messages_of(before);
    const bool was_final = nothing_is_left(before, out.messages);
    bool over = true;
    if (!was_final) {
        co_await runtime::answer_of<void>(
            [&](auto done) { around_.cancel_event(e.id, std::move(by), done); });
        over = co_await is_over(e.id);
        if (const auto after = co_await again_all(e.id))
            out.messages = co_await messages_of(*after);
    }
    std::int64_t all = 0, left = 0;
    for (const auto& [state, n] : out.messages) {
        all += n;
        left += has_failed(state) ? 0 : n;
    }
    if (!over) {
        out.what = kind::unknown;
        out.why = "it is being gone through: `posthorn show` tells how far";
    } else if (left == 0 && (!was_final || out.messages.contains(message_state::cancelled))) {
        out.what = kind::cancelled;
    } else {
        out.what = kind::too_late;
        out.why = was_final ? "nothing was left to cancel"
                            : std::to_string(left) + " of " + std::to_string(all) +
                                  " messages had left, and are not known to be back";
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
    if (outcome.event != 0) {
        out["event"] = std::to_string(outcome.event);
        auto& messages = out["messages"].emplace_object();
        for (const auto& [state, n] : outcome.messages)
            messages[posthorn::name_of(state)] = n;
    }
    return out;
}

} // namespace posthorn::api
