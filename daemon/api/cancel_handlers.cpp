#include "api/cancel_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/number_in.hpp"
#include "runtime/run_on.hpp"

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using kind = sdk::cancellation::kind;

bool may(const caller& who, std::string_view source) { return who.person || who.source == source; }

unsigned status_of(kind what) {
    switch (what) {
    case kind::cancelled:
        return 200;
    case kind::unknown:
        return 202;
    case kind::too_late:
    case kind::cannot:
        break;
    }
    return 409;
}

answer told(const cancel_outcome& outcome) {
    auto shape = cancel_shape(outcome);
    const auto status = status_of(outcome.what);
    if (status != 409)
        return {.status = status, .body = std::move(shape)};
    auto refused = problem(status, "Not cancelled",
                           std::string(cancel_name(outcome.what)) +
                               (outcome.why.empty() ? "" : ": " + outcome.why));
    refused.body.get_object().insert(shape.begin(), shape.end());
    return refused;
}

} // namespace

std::vector<route> cancel_handlers::table() {
    return {
        {"POST", "/v1/events/{source}/{key}/cancel",
         [this](request r) { return event(std::move(r)); }, whom_},
        {"POST", "/v1/messages/{id}/cancel", [this](request r) { return message(std::move(r)); },
         whom_},
    };
}

asio::awaitable<answer> cancel_handlers::event(request asked) {
    const auto& source = asked.segments[0];
    const auto& key = asked.segments[1];
    if (!may(asked.who, source))
        co_return of_another_source(asked.who);
    auto found =
        co_await runtime::run_on(pool_, [&] { return reader_.stories_of_key(key, source); });
    if (found.empty())
        co_return no_such_key(source);
    if (means_many(found.back(), 0)) {
        store::event_story story = std::move(found.back());
        co_return co_await take_back_all(std::move(asked), std::move(story));
    }
    if (found.back().messages.empty())
        co_return problem(409, "Not cancelled",
                          found.back().parked ? parked_is_not_sent : "there is no message of it");
    auto last = std::move(found.back().messages.back()); // those before it are final
    co_return co_await take_back(std::move(asked), std::move(last));
}

asio::awaitable<answer> cancel_handlers::message(request asked) {
    const auto wanted = number_in<posthorn::id>(asked.segments[0]).value_or(0);
    const auto found = co_await runtime::run_on(pool_, [&] { return reader_.story_of(wanted); });
    const auto* which =
        found && may(asked.who, found->event.source) ? message_in(*found, wanted) : nullptr;
    if (which == nullptr)
        co_return problem(404, "Not found",
                          "there is no message " + asked.segments[0] +
                              (asked.who.person ? "" : " of this source"));
    store::message_story copy = *which;
    co_return co_await take_back(std::move(asked), std::move(copy));
}

// What is recorded of it; or why it is refused.
result<store::operation> cancel_handlers::deed_on(const request& asked, std::string which) const {
    const auto body = read_body(asked.body, {"reason"});
    if (!body.mistake.empty())
        return refuse(body.mistake);
    const auto reason = body.at("reason");
    if (asked.who.person && reason.empty())
        return refuse("say why: {\"reason\": \"...\"}");
    return deed(asked, around_.now(), "cancel", std::move(which),
                reason.empty() ? "by its source" : reason);
}

asio::awaitable<answer> cancel_handlers::take_back(request asked, store::message_story which) {
    auto by = deed_on(asked, "message " + std::to_string(which.id));
    if (!by)
        co_return bad_request(by.error().reason);
    const auto outcome = co_await cancelling_.take_back(std::move(which), std::move(*by));
    co_return told(outcome);
}

asio::awaitable<answer> cancel_handlers::take_back_all(request asked, store::event_story which) {
    auto by = deed_on(asked, "event " + std::to_string(which.event.id));
    if (!by)
        co_return bad_request(by.error().reason);
    const auto outcome = co_await cancelling_.take_back_all(std::move(which), std::move(*by));
    co_return told(outcome);
}

} // namespace posthorn::api
