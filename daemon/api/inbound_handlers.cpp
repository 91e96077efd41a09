#include "api/inbound_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/query_reader.hpp"
#include "api/shapes.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;

bool is_outcome(const std::string& text) {
    return text == store::waiting_text || std::ranges::count(inbound_outcome_names, text) > 0;
}

std::string outcomes() {
    std::string all(store::waiting_text);
    for (const auto name : inbound_outcome_names)
        all += ", " + std::string(name);
    return all;
}

object text_shape(const store::found_text& t, const std::string& number) {
    object out{{"id", std::to_string(t.id)}, {"at", rfc3339(t.at)}, {"account", t.account}};
    out["number"] = number;
    out["to"] = t.recipient;
    out["outcome"] = t.outcome;
    if (!t.command.empty()) // passed: to that source
        out[t.outcome == name_of(inbound_outcome::passed) ? "source" : "command"] = t.command;
    if (t.head != 0)
        out["head"] = std::to_string(t.head);
    out["text"] = t.text;
    return out;
}

} // namespace

std::vector<route> inbound_handlers::table() {
    return {{"GET", "/v1/inbound", [this](request r) { return list(std::move(r)); }},
            {"POST", "/v1/inbound/{id}/done", [this](request r) { return done(std::move(r)); }}};
}

asio::awaitable<answer> inbound_handlers::list(request asked) {
    query_reader query(asked);
    store::texts_query which{.countries = around_.countries(),
                             .outcome = query.text("outcome"),
                             .since = query.time("since"),
                             .before = query.after()};
    if (const auto number = query.text("number"); !number.empty())
        which.number = around_.number(number);
    const auto limit = query.limit();
    if (!which.outcome.empty() && !is_outcome(which.outcome))
        query.mistake = "outcome=" + which.outcome + " is none: write one of " + outcomes();
    if (!query.mistake.empty())
        co_return bad_request(query.mistake);
    const auto page =
        co_await runtime::run_on(pool_, [&] { return around_.texts->find(which, limit); });
    array texts;
    for (const auto& t : page.texts)
        texts.push_back(text_shape(t, around_.number(t.sender)));
    object out{{"texts", std::move(texts)}, {"in_time", page.in_time}};
    if (page.next != 0)
        out["after"] = std::to_string(page.next);
    co_return answer{.body = std::move(out)};
}

asio::awaitable<answer> inbound_handlers::done(request asked) {
    const auto id = number_in<posthorn::id>(asked.segments[0]);
    const auto body = read_body(asked.body, {"reason"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    if (body.at("reason").empty())
        co_return bad_request("say what was done: {\"reason\": \"...\"}");
    std::optional<store::found_text> text;
    if (id)
        text = co_await runtime::run_on(pool_, [&] { return around_.texts->text_of(*id); });
    if (!text)
        co_return problem(404, "Not found",
                          "there is no text " + asked.segments[0] +
                              ": `posthorn inbound --outcome failed` lists those that wait");
    std::vector<store::op> ops;
    auto by =
        deed(asked, around_.now(), "inbound done", "text " + asked.segments[0], body.at("reason"));
    ops.emplace_back(store::handle_inbound{text->id, std::move(by)});
    const auto told = co_await runtime::answer_of<std::vector<store::outcome>>(
        [&](auto committed) { around_.commit(std::move(ops), committed); });
    if (told.front().what != store::outcome::code::applied)
        co_return problem(409, "Does not wait for a person",
                          "text " + asked.segments[0] +
                              " has not failed, or somebody has looked at it before");
    co_return answer{
        .body = object{{"id", asked.segments[0]}, {"outcome", name_of(inbound_outcome::handled)}}};
}

} // namespace posthorn::api
