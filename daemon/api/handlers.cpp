#include "api/handlers.hpp"

#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/number_in.hpp"
#include "api/shapes.hpp"
#include "api/standing_of.hpp"
#include "api/stories_named.hpp"
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

constexpr std::size_t retried_at_once = 500;

std::string shown_filter(const store::parked_filter& f) {
    std::string out = "parked events";
    for (const auto& [name, value] :
         {std::pair{"source", &f.source}, std::pair{"key", &f.key}, std::pair{"type", &f.type},
          std::pair{"reason like", &f.reason_has}})
        if (!value->empty())
            out += std::string(", ") + name + " " + *value;
    return out;
}

} // namespace

void handlers::stop() {
    stopping_ = true;
    cancelling_.stop();
    ledger_.stop();
}

std::vector<route> handlers::table() {
    std::vector<route> all{
        {"GET", "/v1/status", [this](request r) { return status(std::move(r)); }},
        {"GET", "/v1/show", [this](request r) { return show(std::move(r)); }},
        {"GET", "/v1/uncertain", [this](request r) { return uncertain(std::move(r)); }},
        {"POST", "/v1/uncertain/{message}/{part}/resend",
         [this](request r) { return settle(std::move(r), true); }},
        {"POST", "/v1/uncertain/{message}/{part}/accept",
         [this](request r) { return settle(std::move(r), false); }},
        {"POST", "/v1/retry", [this](request r) { return retry(std::move(r)); }},
        {"POST", "/v1/pause", [this](request r) { return pause(std::move(r), false); }},
        {"POST", "/v1/stop", [this](request r) { return pause(std::move(r), true); }},
        {"POST", "/v1/resume", [this](request r) { return resume(std::move(r)); }},
        {"POST", "/v1/cancel", [this](request r) { return cancel(std::move(r)); }},
        {"POST", "/v1/resend", [this](request r) { return resend(std::move(r)); }, people | agents},
        {"POST", "/v1/send", [this](request r) { return send(std::move(r)); }},
        {"POST", "/v1/reload", [this](request r) { return reload(std::move(r)); }},
        {"POST", "/v1/backup", [this](request r) { return backup(std::move(r)); }},
        {"POST", "/v1/erase", [this](request r) { return erase(std::move(r)); }},
        {"POST", "/v1/accept-clock", [this](request r) { return accept_clock(std::move(r)); }},
        {"GET", "/v1/log", [this](request r) { return log(std::move(r)); }},
        {"GET", "/v1/search", [this](request r) { return search(std::move(r)); }},
        {"GET", "/v1/accounts", [this](request r) { return accounts(std::move(r)); }},
        {"POST", "/v1/accounts/{name}/test",
         [this](request r) { return try_account(std::move(r)); }},
        {"POST", "/v1/test/command", [this](request r) { return test_command(std::move(r)); }},
        {"POST", "/v1/test/route", [this](request r) { return test_route(std::move(r)); }},
        {"GET", "/v1/sources", [this](request r) { return sources(std::move(r)); }},
    };
    std::ranges::move(cancels_.table(), std::back_inserter(all));
    std::ranges::move(consents_.table(), std::back_inserter(all));
    std::ranges::move(people_.table(), std::back_inserter(all));
    std::ranges::move(inbound_.table(), std::back_inserter(all));
    std::ranges::move(customers_.table(), std::back_inserter(all));
    std::ranges::move(subscriptions_.table(), std::back_inserter(all));
    std::ranges::move(contacts_.table(), std::back_inserter(all));
    std::ranges::move(audience_.table(), std::back_inserter(all));
    std::ranges::move(nuisances_.table(), std::back_inserter(all));
    std::ranges::move(costs_.table(), std::back_inserter(all));
    std::ranges::move(ledger_.table(), std::back_inserter(all));
    std::ranges::move(work_.table(), std::back_inserter(all));
    std::ranges::move(timers_.table(), std::back_inserter(all));
    return all;
}

asio::awaitable<answer> handlers::status(request) {
    const auto now = around_.now();
    const auto stored = co_await runtime::run_on(pool_, [&] {
        return stored_figures{reader_.tallies(), reader_.queue(),     reader_.parked_reasons(),
                              reader_.names(),   reader_.set_aside(), reader_.put_off(now)};
    });
    co_return answer{.body = status_shape(around_.status(), stored, now)};
}

asio::awaitable<std::string> handlers::verdict() {
    request nothing;
    const auto now = co_await status(std::move(nothing));
    co_return std::string(now.body.at("verdict").as_string());
}

asio::awaitable<answer> handlers::show(request asked) {
    const std::string what(asked.asked("what"));
    const std::string source(asked.asked("source"));
    if (what.empty() || what.size() > longest_text)
        co_return problem(400, "Bad request",
                          "say what to show: ?what=ID or ?what=KEY, at most 1,024 octets");
    const auto found = co_await events_named(what, source);
    const auto now = standing_of(around_);
    array events;
    for (const auto& story : found)
        events.push_back(story_shape(story, &now));
    co_return answer{.body = object{{"events", std::move(events)}}};
}

asio::awaitable<std::vector<store::event_story>> handlers::events_named(std::string what,
                                                                        std::string source) {
    co_return co_await runtime::run_on(pool_, [&] { return stories_named(reader_, what, source); });
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
        co_return bad_request(body.mistake);
    if (body.at("reason").empty())
        co_return bad_request("say why: {\"reason\": \"...\"}");
    auto by = deed(asked, around_.now(), resend ? "uncertain resend" : "uncertain accept",
                   "part " + asked.segments[0] + "/" + asked.segments[1], body.at("reason"));
    if (!around_.settle(*message, *n, resend, std::move(by)))
        co_return problem(409, "Not uncertain",
                          "part " + asked.segments[0] + "/" + asked.segments[1] +
                              " is not uncertain, or not any more: `posthorn show " +
                              asked.segments[0] + "`");
    co_return answer{.body = object{{"message", asked.segments[0]}, {"part", *n}}};
}

asio::awaitable<answer> handlers::retry(request asked) {
    const auto body = read_body(asked.body, {"source", "key", "type", "reason_like", "reason"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    const store::parked_filter which{body.at("source"), body.at("key"), body.at("type"),
                                     body.at("reason_like")};
    auto by = deed(asked, around_.now(), "retry", shown_filter(which), body.at("reason"));
    retry_counts sum;
    posthorn::id after = 0;
    while (!stopping_) {
        auto events = co_await runtime::run_on(
            pool_, [&] { return reader_.parked(which, after, retried_at_once); });
        if (events.empty())
            co_return answer{
                .body = object{{"retried", sum.retried}, {"still_parked", sum.still_parked}}};
        after = events.back().event.id;
        auto first = std::exchange(by, {}); // recorded once
        const auto n = co_await runtime::answer_of<retry_counts>(
            [&](auto done) { around_.retry(std::move(events), std::move(first), done); });
        sum.retried += n.retried;
        sum.still_parked += n.still_parked;
    }
    co_return problem(503, "Stopping",
                      "posthornd is stopping; " + std::to_string(sum.retried) +
                          " events were retried before");
}

asio::awaitable<answer> handlers::accept_clock(request asked) {
    const auto body = read_body(asked.body, {"reason"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    around_.accept_clock(deed(asked, around_.now(), "accept-clock", "", body.at("reason")));
    co_return answer{.body = object{{"now", rfc3339(around_.now())}}};
}

} // namespace posthorn::api
