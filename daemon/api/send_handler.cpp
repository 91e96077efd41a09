// A text that a person sends by hand.
#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/handlers.hpp"
#include "runtime/answer_of.hpp"

namespace posthorn::api {

namespace asio = boost::asio;
using boost::json::object;

asio::awaitable<answer> handlers::send(request asked) {
    const auto body =
        read_body(asked.body, {"to", "text", "language", "account", "priority", "reason"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    if (body.at("reason").empty())
        co_return bad_request("say why: {\"reason\": \"...\"}");
    const auto word = body.at("priority");
    const auto priority = value_named<posthorn::priority>(priority_names, word);
    if (!word.empty() && !priority)
        co_return bad_request("priority: urgent, normal or bulk");
    manual_text what{.to = body.at("to"),
                     .text = body.at("text"),
                     .language = body.at("language"),
                     .account = body.at("account"),
                     .priority = word.empty() ? std::nullopt : priority};
    auto by = deed(asked, around_.now(), "send", "", body.at("reason"));
    const auto told = co_await runtime::answer_of<sent_text>(
        [&](auto done) { around_.send(std::move(what), std::move(by), done); });
    if (!told.closed.empty())
        co_return problem(503, "Not taking events now", told.closed);
    if (!told.refusal.empty())
        co_return problem(400, "Refused", told.refusal);
    object out{{"key", told.key}};
    out["event"] = std::to_string(told.event);
    out["message"] = std::to_string(told.message);
    out["parts"] = told.parts;
    co_return answer{.status = 202, .body = std::move(out)};
}

} // namespace posthorn::api
