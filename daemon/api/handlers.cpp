#include "api/handlers.hpp"

#include "api/shapes.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;

constexpr std::size_t longest_name = 1024;
constexpr std::size_t retried_at_once = 500;

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number n{};
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, n);
    if (read.ec != std::errc() || read.ptr != end || n <= 0)
        return std::nullopt;
    return n;
}

// The texts of a body that is a JSON object with these members only; no body is an empty one.
struct body_texts {
    std::map<std::string, std::string, std::less<>> texts;
    std::string mistake;

    std::string at(std::string_view name) const {
        const auto found = texts.find(name);
        return found == texts.end() ? std::string() : found->second;
    }
};

body_texts read_body(const std::string& body, std::initializer_list<std::string_view> known) {
    body_texts out;
    if (body.empty())
        return out;
    boost::json::error_code ec;
    const auto parsed = boost::json::parse(body, ec);
    if (ec || !parsed.is_object()) {
        out.mistake = "the body is not a JSON object";
        return out;
    }
    for (const auto& [name, value] : parsed.get_object()) {
        const std::string_view member(name.data(), name.size());
        if (std::find(known.begin(), known.end(), member) == known.end())
            out.mistake = "unknown member '" + std::string(member) + "'";
        else if (!value.is_string() || value.get_string().size() > longest_name)
            out.mistake = "'" + std::string(member) + "' is not a text of at most 1,024 octets";
        else
            out.texts[std::string(member)] = std::string(value.get_string());
    }
    return out;
}

// Main's retry as something to await.
asio::awaitable<retry_counts> try_again(const surroundings& around,
                                        std::vector<store::parked_event> events) {
    auto start = [&](auto done) {
        auto later = std::make_shared<decltype(done)>(std::move(done));
        around.retry(std::move(events), [later](retry_counts n) { (*later)(n); });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(retry_counts)>(
        std::move(start), asio::use_awaitable);
}

} // namespace

std::vector<route> handlers::table() {
    return {
        {"GET", "/v1/status", [this](request r) { return status(std::move(r)); }},
        {"GET", "/v1/show", [this](request r) { return show(std::move(r)); }},
        {"GET", "/v1/uncertain", [this](request r) { return uncertain(std::move(r)); }},
        {"POST", "/v1/uncertain/{message}/{part}/resend",
         [this](request r) { return settle(std::move(r), true); }},
        {"POST", "/v1/uncertain/{message}/{part}/accept",
         [this](request r) { return settle(std::move(r), false); }},
        {"POST", "/v1/retry", [this](request r) { return retry(std::move(r)); }},
        {"POST", "/v1/pause", [this](request r) { return pause(std::move(r), true); }},
        {"POST", "/v1/resume", [this](request r) { return pause(std::move(r), false); }},
        {"POST", "/v1/reload", [this](request r) { return reload(std::move(r)); }},
        {"POST", "/v1/accept-clock", [this](request r) { return accept_clock(std::move(r)); }},
    };
}

asio::awaitable<answer> handlers::status(request) {
    const auto stored = co_await runtime::run_on(pool_, [&] {
        return stored_figures{reader_.tallies(), reader_.queue(), reader_.parked_reasons(),
                              reader_.names()};
    });
    co_return answer{.body = status_shape(around_.status(), stored, around_.now())};
}

asio::awaitable<std::string> handlers::verdict() {
    request nothing;
    const auto now = co_await status(std::move(nothing));
    co_return std::string(now.body.at("verdict").as_string());
}

asio::awaitable<answer> handlers::show(request asked) {
    const std::string what(asked.asked("what"));
    const std::string source(asked.asked("source"));
    if (what.empty() || what.size() > longest_name)
        co_return problem(400, "Bad request",
                          "say what to show: ?what=ID or ?what=KEY, at most 1,024 octets");
    const auto found = co_await runtime::run_on(pool_, [&] {
        auto stories = reader_.stories_of_key(what, source);
        if (const auto number = number_in<posthorn::id>(what))
            if (auto story = reader_.story_of(*number))
                stories.insert(stories.begin(), std::move(*story));
        return stories;
    });
    array events;
    for (const auto& story : found)
        events.push_back(story_shape(story));
    co_return answer{.body = object{{"events", std::move(events)}}};
}

asio::awaitable<answer> handlers::uncertain(request) {
    const auto parts = around_.uncertain();
    const auto events = co_await runtime::run_on(pool_, [&] {
        std::vector<std::optional<posthorn::event>> rows;
        for (const auto& p : parts)
            rows.push_back(reader_.event_row(p.event));
        return rows;
    });
    array all;
    for (std::size_t i = 0; i < parts.size(); ++i)
        all.push_back(uncertain_shape(parts[i], events[i]));
    co_return answer{.body = object{{"uncertain", std::move(all)}}};
}

asio::awaitable<answer> handlers::settle(request asked, bool resend) {
    const auto message = number_in<posthorn::id>(asked.segments[0]);
    const auto n = number_in<std::uint8_t>(asked.segments[1]);
    if (!message || !n)
        co_return problem(400, "Bad request",
                          asked.segments[0] + "/" + asked.segments[1] +
                              " is not MESSAGE/PART as GET /v1/uncertain lists it");
    const auto body = read_body(asked.body, {"reason"});
    if (!body.mistake.empty())
        co_return problem(400, "Bad request", body.mistake);
    if (!resend && body.at("reason").empty())
        co_return problem(400, "Bad request", "say why it is accepted: {\"reason\": \"...\"}");
    if (!around_.settle(*message, *n, resend, body.at("reason")))
        co_return problem(409, "Not uncertain",
                          "part " + asked.segments[0] + "/" + asked.segments[1] +
                              " is not uncertain, or not any more: `posthorn show " +
                              asked.segments[0] + "`");
    co_return answer{.body = object{{"message", asked.segments[0]}, {"part", *n}}};
}

asio::awaitable<answer> handlers::retry(request asked) {
    const auto body = read_body(asked.body, {"source", "key", "type", "reason_like"});
    if (!body.mistake.empty())
        co_return problem(400, "Bad request", body.mistake);
    const store::parked_filter which{body.at("source"), body.at("key"), body.at("type"),
                                     body.at("reason_like")};
    retry_counts sum;
    posthorn::id after = 0;
    while (!stopping_) {
        auto events = co_await runtime::run_on(
            pool_, [&] { return reader_.parked(which, after, retried_at_once); });
        if (events.empty())
            co_return answer{
                .body = object{{"retried", sum.retried}, {"still_parked", sum.still_parked}}};
        after = events.back().event.id;
        const auto n = co_await try_again(around_, std::move(events));
        sum.retried += n.retried;
        sum.still_parked += n.still_parked;
    }
    co_return problem(503, "Stopping",
                      "posthornd is stopping; " + std::to_string(sum.retried) +
                          " events were retried before");
}

asio::awaitable<answer> handlers::pause(request asked, bool yes) {
    const auto body = read_body(asked.body, {"reason"});
    if (!body.mistake.empty())
        co_return problem(400, "Bad request", body.mistake);
    around_.pause(yes);
    co_return answer{.body = object{{"paused", yes}}};
}

asio::awaitable<answer> handlers::accept_clock(request asked) {
    const auto body = read_body(asked.body, {"reason"});
    if (!body.mistake.empty())
        co_return problem(400, "Bad request", body.mistake);
    around_.accept_clock();
    co_return answer{.body = object{{"now", rfc3339(around_.now())}}};
}

} // namespace posthorn::api
