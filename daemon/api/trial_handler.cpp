// An account, a route, or a text as if it came from a phone, is tried for a person.
#include "api/body_texts.hpp"
#include "api/handlers.hpp"
#include "runtime/answer_of.hpp"

#include <charconv>

namespace posthorn::api {

namespace asio = boost::asio;
using boost::json::object;

asio::awaitable<answer> handlers::try_account(request asked) {
    const auto& name = asked.segments[0];
    const auto told = co_await runtime::answer_of<account_trial>(
        [&](auto done) { around_.try_account(name, done); });
    if (!told.refusal.empty())
        co_return problem(409, "Not tested", told.refusal);
    object learned;
    for (const auto& [what, value] : told.learned)
        learned[what] = value;
    object out{{"account", name}, {"works", told.works}, {"over", told.over}};
    out["enabled"] = told.enabled;
    out["delivery"] = told.delivery;
    if (!told.why.empty())
        out["why"] = told.why;
    out["learned"] = std::move(learned);
    co_return answer{.body = std::move(out)};
}

asio::awaitable<answer> handlers::test_command(request asked) {
    const auto body = read_body(asked.body, {"from", "to", "text"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    tried_text what{body.at("from"), body.at("to"), body.at("text")};
    if (what.from.empty() || what.text.empty())
        co_return problem(
            400, "Bad request",
            "say what comes from which phone: {\"from\": \"...\", \"text\": \"...\"}");
    auto told = co_await runtime::answer_of<text_trial>(
        [&](auto done) { around_.rehearse(std::move(what), done); });
    if (!told.refusal.empty())
        co_return problem(409, "Not tested", told.refusal);
    co_return answer{.body = std::move(told.would)};
}

asio::awaitable<answer> handlers::test_route(request asked) {
    const auto body = read_body(asked.body, {"number", "type", "source", "parts", "text"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    tried_route what{.number = body.at("number"),
                     .type = body.at("type"),
                     .source = body.at("source"),
                     .text = body.at("text")};
    const auto parts = body.at("parts");
    const auto* end = parts.data() + parts.size();
    const bool is_number =
        parts.empty() || std::from_chars(parts.data(), end, what.parts).ptr == end;
    if (what.number.empty() || what.type.empty() || !is_number || what.parts == 0)
        co_return problem(400, "Bad request",
                          "say what goes to whom: {\"number\": \"...\", \"type\": \"...\"}, and "
                          "\"source\": \"...\", \"parts\": \"2\" if you like");
    auto told = around_.try_route(what);
    if (!told.refusal.empty())
        co_return problem(409, "Not tested", told.refusal);
    co_return answer{.body = std::move(told.would)};
}

} // namespace posthorn::api
