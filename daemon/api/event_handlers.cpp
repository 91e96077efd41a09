#include "api/event_handlers.hpp"

#include "api/event_body.hpp"
#include "api/number_in.hpp"
#include "api/shapes.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <iterator>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;
using code = store::outcome::code;

constexpr std::size_t longest_batch = 1000;
constexpr std::size_t deepest_body = 32;

std::string path_of_event(std::string_view source, std::string_view key) {
    return "/v1/events/" + url_encoded(source) + "/" + url_encoded(key);
}

void come_again(answer& to, const intake_answer& a) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(a.retry_after).count();
    to.headers.emplace_back("Retry-After", std::to_string(wait));
}

std::string over_quota(const std::string& source, const quota_use& quota) {
    return "source " + source + " has used its quota of " + limit_of(quota) +
           ": nothing was stored, the same again from " + quota.ends_at + " on";
}

// Nothing was taken: why, and when to come again.
answer not_taken(const intake_answer& a, const std::string& source) {
    auto refused = a.over_quota ? problem(429, "Quota used up", over_quota(source, *a.over_quota))
                                : problem(503, "Not taking events now", a.closed);
    come_again(refused, a);
    return refused;
}

std::string_view outcome_name(const taken_event& t) {
    switch (t.what) {
    case code::replay:
    case code::duplicate:
        return "duplicate";
    case code::reused:
        return "key_reused";
    case code::applied:
    case code::stale:
        break;
    }
    return t.parked.empty() ? "accepted" : "parked";
}

object event_shape(const event& e, const taken_event& t) {
    object out{{"source", e.source}, {"key", e.key}, {"outcome", outcome_name(t)}};
    out["event"] = std::to_string(t.event);
    if (t.what == code::reused)
        out["reason"] = "the key was used before, for other content: give this event a key of its "
                        "own";
    if (t.what != code::applied)
        return out;
    if (t.message != 0)
        out["message"] = std::to_string(t.message);
    if (!t.parked.empty())
        out["reason"] = t.parked;
    return out;
}

object left_out_shape(const event& e, const quota_use& quota) {
    return {{"source", e.source},
            {"key", e.key},
            {"outcome", "over_quota"},
            {"reason", over_quota(e.source, quota)}};
}

} // namespace

std::vector<route> event_handlers::table() {
    std::vector<route> all{
        {"POST", "/v1/events", [this](request r) { return post(std::move(r)); }, sources},
        {"GET", "/v1/events/{source}/{key}",
         [this](request r) { return event_of_key(std::move(r)); }, sources},
        {"GET", "/v1/messages/{id}", [this](request r) { return message(std::move(r)); }, sources},
    };
    std::ranges::move(cancels_.table(), std::back_inserter(all));
    return all;
}

asio::awaitable<answer> event_handlers::post(request asked) {
    boost::json::error_code ec;
    boost::json::parse_options options;
    options.max_depth = deepest_body;
    const auto body = boost::json::parse(asked.body, ec, {}, options);
    if (ec || !body.is_object())
        co_return problem(400, "Bad request",
                          "the body is not a JSON object" + (ec ? ": " + ec.message() : ""));
    if (body.get_object().contains("events"))
        co_return co_await post_batch(std::move(asked), body);
    co_return co_await post_one(std::move(asked), body);
}

asio::awaitable<intake_answer> event_handlers::take(std::string source, std::vector<event> events) {
    co_return co_await runtime::answer_of<intake_answer>(
        [&](auto done) { around_.take(std::move(source), std::move(events), done); });
}

asio::awaitable<answer> event_handlers::post_one(request asked, const boost::json::value& body) {
    auto read = read_event(body, asked.idempotency_key);
    if (!read)
        co_return bad_request(read.error().reason);
    read->source = asked.who.source;
    std::vector<event> one{*read};
    const auto a = co_await take(asked.who.source, std::move(one));
    if (a.events.empty())
        co_return not_taken(a, asked.who.source);
    const auto& t = a.events.front();
    auto shape = event_shape(*read, t);
    if (t.what == code::reused)
        co_return problem(409, "Key reused", shape["reason"].get_string());
    answer out{.status = t.what == code::applied ? 202U : 200U, .body = std::move(shape)};
    out.headers.emplace_back("Location", path_of_event(read->source, read->key));
    co_return out;
}

asio::awaitable<answer> event_handlers::post_batch(request asked, const boost::json::value& body) {
    const auto& list = body.at("events");
    if (!list.is_array() || body.get_object().size() != 1 || list.get_array().empty() ||
        list.get_array().size() > longest_batch)
        co_return problem(400, "Bad request",
                          "a batch is {\"events\": [...]} with 1 to 1,000 events");
    array outcomes;
    std::vector<std::size_t> places;
    std::vector<event> events;
    for (const auto& item : list.get_array()) {
        auto read = read_event(item, {});
        outcomes.emplace_back(object{{"outcome", "refused"}});
        if (!read) {
            outcomes.back().get_object()["reason"] = read.error().reason;
            continue;
        }
        read->source = asked.who.source;
        places.push_back(outcomes.size() - 1);
        events.push_back(std::move(*read));
    }
    answer out;
    if (!events.empty()) {
        auto copies = events;
        const auto a = co_await take(asked.who.source, std::move(copies));
        if (a.events.empty())
            co_return not_taken(a, asked.who.source);
        for (std::size_t i = 0; i < places.size(); ++i)
            outcomes[places[i]] = i < a.events.size() ? event_shape(events[i], a.events[i])
                                                      : left_out_shape(events[i], *a.over_quota);
        if (a.over_quota)
            come_again(out, a);
    }
    out.body = object{{"events", std::move(outcomes)}};
    co_return out;
}

asio::awaitable<answer> event_handlers::event_of_key(request asked) {
    const auto& source = asked.segments[0];
    const auto& key = asked.segments[1];
    if (source != asked.who.source)
        co_return of_another_source(asked.who);
    const auto found =
        co_await runtime::run_on(pool_, [&] { return reader_.stories_of_key(key, source); });
    if (found.empty())
        co_return no_such_key(source);
    co_return answer{.body = story_shape(found.back())};
}

asio::awaitable<answer> event_handlers::message(request asked) {
    const auto& written = asked.segments[0];
    const auto wanted = number_in<posthorn::id>(written).value_or(0);
    const auto found = co_await runtime::run_on(pool_, [&] { return reader_.story_of(wanted); });
    if (found && found->event.source == asked.who.source)
        if (const auto* m = message_in(*found, wanted))
            co_return answer{.body = message_with_event_shape(*m, found->event)};
    co_return problem(404, "Not found", "there is no message " + written + " of this source");
}

} // namespace posthorn::api
