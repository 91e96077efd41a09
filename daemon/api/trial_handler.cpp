// An account, or a text as if it came from a phone, is tried for a person.
#include "api/body_texts.hpp"
#include "api/handlers.hpp"
#include "runtime/answer_of.hpp"

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

} // namespace posthorn::api
