// What people decide about sending: pause, stop, resume.
#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/handlers.hpp"
#include "runtime/answer_of.hpp"

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::object;

// The one scope that is named; everything where none is. `mistake` where there are two: only a type
// or run may be that of a source.
scope scope_in(const body_texts& body, std::string& mistake) {
    scope out;
    for (const auto kind : {scope_kind::account, scope_kind::type, scope_kind::run}) {
        const auto name = body.at(name_of(kind));
        if (name.empty())
            continue;
        if (out.kind != scope_kind::everything)
            mistake = "name one of account, type and run, not two";
        out = {kind, name};
    }
    const auto source = body.at("source");
    if (source.empty())
        return out;
    if (out.kind == scope_kind::account)
        mistake = "name an account or a source, not both";
    if (out.kind == scope_kind::everything)
        return {scope_kind::source, source};
    out.source = source;
    return out;
}

struct paused_answer {
    std::string refusal;
    std::int64_t cancelled = 0;
};

} // namespace

asio::awaitable<answer> handlers::pause(request asked, bool stopped) {
    auto body = read_body(asked.body, {"account", "source", "type", "run", "everything", "reason"});
    const auto which = scope_in(body, body.mistake);
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    if (stopped && which.kind == scope_kind::everything && body.at("everything") != "yes")
        co_return problem(400, "Bad request",
                          "say what to stop: a run, type, source or account, or everything=yes");
    if (stopped && body.at("reason").empty())
        co_return bad_request("say why: {\"reason\": \"...\"}");
    auto by =
        deed(asked, around_.now(), stopped ? "stop" : "pause", shown(which), body.at("reason"));
    const auto told = co_await runtime::answer_of<paused_answer>([&](auto done) {
        auto refusal = around_.pause(which, stopped, std::move(by), [done](std::int64_t n) {
            done(paused_answer{{}, n});
        });
        if (!refusal.empty())
            done(paused_answer{std::move(refusal), 0});
    });
    if (!told.refusal.empty())
        co_return problem(404, "Not found", told.refusal);
    object out{{"paused", true}, {"scope", shown(which)}};
    if (stopped)
        out["cancelled"] = told.cancelled;
    co_return answer{.body = std::move(out)};
}

asio::awaitable<answer> handlers::resume(request asked) {
    auto body = read_body(asked.body, {"account", "source", "type", "run", "everything", "reason"});
    const auto which = scope_in(body, body.mistake);
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    auto by = deed(asked, around_.now(), "resume", shown(which), body.at("reason"));
    if (!around_.resume(which, std::move(by)))
        co_return problem(409, "Not paused",
                          shown(which) + " is not paused: `posthorn status` says what is");
    co_return answer{.body = object{{"paused", false}, {"scope", shown(which)}}};
}

} // namespace posthorn::api
