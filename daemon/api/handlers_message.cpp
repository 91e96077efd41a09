// What people decide about one message: cancel, resend.
#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/handlers.hpp"
#include "api/number_in.hpp"
#include "api/resending.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::object;

} // namespace

const store::message_story* handlers::named_message::story() const {
    return event ? message_in(*event, message) : nullptr;
}

asio::awaitable<handlers::named_message> handlers::message_named(std::string what,
                                                                 std::string source) {
    named_message out;
    auto found = co_await events_named(what, std::move(source));
    if (found.size() > 1)
        out.mistake = "'" + what + "' names " + std::to_string(found.size()) +
                      " events: name its source, or its id (`posthorn show`)";
    else if (found.empty())
        out.mistake = "nothing is known of '" + what +
                      "': it is neither an id nor a key, or what it names is kept no longer";
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
    const auto found = co_await message_named(body.at("what"), body.at("source"));
    if (found.event && found.event->parked)
        co_return problem(409, "Parked", parked_is_not_sent);
    cancel_outcome outcome{.why = found.mistake};
    const auto number = number_in<posthorn::id>(body.at("what")).value_or(0);
    if (found.event && means_many(*found.event, number)) {
        auto by = deed(asked, around_.now(), "cancel",
                       "event " + std::to_string(found.event->event.id), body.at("reason"));
        auto before = *found.event;
        outcome = co_await cancelling_.take_back_all(std::move(before), std::move(by));
        co_return answer{.body = cancel_shape(outcome)};
    }
    if (const auto* story = found.story()) {
        auto by = deed(asked, around_.now(), "cancel", "message " + std::to_string(story->id),
                       body.at("reason"));
        auto before = *story;
        outcome = co_await cancelling_.take_back(std::move(before), std::move(by));
    }
    co_return answer{.body = cancel_shape(outcome)};
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
    if (!whole || whole->message.text.empty())
        co_return problem(409, "Gone", "its text is not kept any more");
    const auto now = around_.now();
    if (whole->event.expires_at > instant{} && whole->event.expires_at <= now &&
        body.at("force") != "yes")
        co_return problem(409, "Its time is over",
                          "its source wanted it sent before a time that is past: --force sends it "
                          "all the same");
    auto by = deed(asked, around_.now(), "resend", "message " + std::to_string(earlier),
                   body.at("reason"));
    by.result = repeat ? "counted as a repeat" : "";
    const auto event = whole->event.id;
    const auto fresh = co_await runtime::answer_of<posthorn::id>(
        [&](auto done) { around_.resend(std::move(*whole), repeat, std::move(by), done); });
    co_return answer{.body = object{{"message", std::to_string(fresh)},
                                    {"event", std::to_string(event)},
                                    {"earlier", std::to_string(earlier)},
                                    {"repeat", repeat}}};
}

} // namespace posthorn::api
