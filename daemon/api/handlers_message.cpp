// What people decide about one message: cancel, resend.
#include "api/body_texts.hpp"
#include "api/handlers.hpp"
#include "api/number_in.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::object;
using kind = sdk::cancellation::kind;

// A carrier's answer to a submission that is under way is worth waiting for.
constexpr int looks = 25;
constexpr auto between_looks = std::chrono::milliseconds(200);

std::string_view name_of(kind k) {
    switch (k) {
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

answer cancel_answer(kind what, std::string_view why, const store::message_story* story) {
    object out{{"result", name_of(what)}};
    if (!why.empty())
        out["why"] = why;
    if (story) {
        out["message"] = std::to_string(story->id);
        out["state"] = posthorn::name_of(story->state);
    }
    return {.body = std::move(out)};
}

asio::awaitable<void> withdraw(const surroundings& around, posthorn::id message,
                               store::operation by) {
    auto start = [&](auto done) {
        auto later = std::make_shared<decltype(done)>(std::move(done));
        around.withdraw(message, std::move(by), [later] { (*later)(); });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(start),
                                                                         asio::use_awaitable);
}

asio::awaitable<sdk::cancellation> recall(const surroundings& around, store::submitted_part which,
                                          std::string reason) {
    const auto executor = co_await asio::this_coro::executor;
    auto start = [&](auto done) {
        auto later = std::make_shared<decltype(done)>(std::move(done));
        around.recall(which, reason, [later, executor](sdk::cancellation said) {
            asio::post(executor, [later, said = std::move(said)] { (*later)(said); });
        });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(sdk::cancellation)>(
        std::move(start), asio::use_awaitable);
}

asio::awaitable<posthorn::id> send_again(const surroundings& around, store::whole_message earlier,
                                         bool repeat, store::operation by) {
    auto start = [&](auto done) {
        auto later = std::make_shared<decltype(done)>(std::move(done));
        around.resend(std::move(earlier), repeat, std::move(by),
                      [later](posthorn::id fresh) { (*later)(fresh); });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(posthorn::id)>(
        std::move(start), asio::use_awaitable);
}

bool all_submitted_or_final(const store::message_story& m) {
    return std::ranges::all_of(m.parts, [](const store::part_story& p) {
        return p.state == part_state::submitted || is_final(p.state);
    });
}

// It surely did not reach the phone.
bool has_failed(message_state s) {
    return s == message_state::undelivered || s == message_state::rejected ||
           s == message_state::expired || s == message_state::cancelled ||
           s == message_state::suppressed;
}

} // namespace

const store::message_story* handlers::named_message::story() const {
    if (event)
        for (const auto& m : event->messages)
            if (m.id == message)
                return &m;
    return nullptr;
}

asio::awaitable<handlers::named_message> handlers::message_again(posthorn::id message) {
    named_message out;
    out.event = co_await runtime::run_on(pool_, [&] { return reader_.story_of(message); });
    out.message = message;
    co_return out;
}

asio::awaitable<handlers::named_message> handlers::message_named(std::string what,
                                                                 std::string source) {
    named_message out;
    auto found = co_await runtime::run_on(pool_, [&] {
        auto stories = reader_.stories_of_key(what, source);
        if (const auto number = number_in<posthorn::id>(what))
            if (auto story = reader_.story_of(*number))
                stories.insert(stories.begin(), std::move(*story));
        return stories;
    });
    if (found.size() > 1)
        out.mistake = "'" + what + "' names " + std::to_string(found.size()) +
                      " events: name its source, or its id (`posthorn show`)";
    else if (found.empty())
        out.mistake = "nothing is known of '" + what + "': it is neither an id nor a key";
    else
        out.event = std::move(found.front());
    if (!out.event || out.event->messages.empty())
        co_return out;
    const auto number = number_in<posthorn::id>(what);
    out.message = number.value_or(0);
    if (!out.story())
        out.message = out.event->messages.back().id;
    co_return out;
}

asio::awaitable<answer> handlers::cancel(request asked) {
    const auto body = read_body(asked.body, {"what", "source", "reason"});
    if (!body.mistake.empty() || body.at("what").empty() || body.at("reason").empty())
        co_return problem(400, "Bad request",
                          body.mistake.empty() ? "say what to cancel, and the reason"
                                               : body.mistake);
    auto found = co_await message_named(body.at("what"), body.at("source"));
    if (found.event && found.event->parked)
        co_return problem(409, "Parked",
                          "it is parked: nothing of it is sent unless somebody mends it and "
                          "`posthorn retry`");
    if (!found.story())
        co_return cancel_answer(kind::unknown, found.mistake, nullptr);
    const auto message = found.message;
    if (is_final(found.story()->state))
        co_return cancel_answer(found.story()->state == message_state::cancelled ? kind::cancelled
                                                                                 : kind::too_late,
                                "it is final", found.story());
    auto by = deed(asked, "cancel", "message " + std::to_string(message), body.at("reason"));
    const std::string reason = "cancelled: " + body.at("reason");
    co_await withdraw(around_, message, std::move(by));
    asio::steady_timer nap(co_await asio::this_coro::executor);
    for (int look = 0; look < looks && !stopping_; ++look) {
        found = co_await message_again(message);
        if (!found.story() || all_submitted_or_final(*found.story()))
            break;
        nap.expires_after(between_looks);
        co_await nap.async_wait(asio::use_awaitable);
    }
    posthorn::id first = message;
    const auto parts =
        co_await runtime::run_on(pool_, [&] { return reader_.submitted(first, message, 1); });
    sdk::cancellation worst{kind::cancelled, {}};
    for (const auto& part : parts) {
        auto said = co_await recall(around_, part, reason);
        if (said.what != kind::cancelled)
            worst = std::move(said);
    }
    found = co_await message_again(message);
    const auto* now = found.story();
    if (now && now->state == message_state::cancelled)
        co_return cancel_answer(kind::cancelled, {}, now);
    if (worst.what == kind::cancelled) // not for want of a carrier's answer
        co_return cancel_answer(kind::too_late, "some of it had left, and is not known to be back",
                                now);
    co_return cancel_answer(worst.what, worst.code, now);
}

asio::awaitable<answer> handlers::resend(request asked) {
    const auto body = read_body(asked.body, {"what", "source", "reason", "force"});
    if (!body.mistake.empty() || body.at("what").empty() || body.at("reason").empty())
        co_return problem(400, "Bad request",
                          body.mistake.empty() ? "say what to send again, and the reason"
                                               : body.mistake);
    const auto found = co_await message_named(body.at("what"), body.at("source"));
    const auto* story = found.story();
    if (!story)
        co_return problem(404, "Not found",
                          found.event ? "it never became a message: `posthorn show` says why"
                                      : found.mistake);
    const auto state = story->state;
    if (!is_final(state))
        co_return problem(409, "Still open",
                          "message " + std::to_string(story->id) + " is " +
                              std::string(posthorn::name_of(state)) +
                              ": cancel it first, or wait until it is final");
    const bool repeat = !has_failed(state);
    if (repeat && body.at("force") != "yes")
        co_return problem(409, "It may have arrived",
                          "message " + std::to_string(story->id) + " is " +
                              std::string(posthorn::name_of(state)) +
                              ": --force sends it again all the same, and counts it as a repeat");
    const auto earlier = found.message;
    auto whole = co_await runtime::run_on(pool_, [&] { return reader_.whole(earlier); });
    if (!whole)
        co_return problem(409, "Gone", "its text is not kept any more");
    const auto now = around_.now();
    if (whole->event.expires_at > instant{} && whole->event.expires_at <= now &&
        body.at("force") != "yes")
        co_return problem(409, "Its time is over",
                          "its source wanted it sent before a time that is past: --force sends it "
                          "all the same");
    auto by = deed(asked, "resend", "message " + std::to_string(earlier), body.at("reason"));
    by.result = repeat ? "counted as a repeat" : "";
    const auto event = whole->event.id;
    const auto fresh = co_await send_again(around_, std::move(*whole), repeat, std::move(by));
    co_return answer{.body = object{{"message", std::to_string(fresh)},
                                    {"event", std::to_string(event)},
                                    {"earlier", std::to_string(earlier)},
                                    {"repeat", repeat}}};
}

} // namespace posthorn::api
