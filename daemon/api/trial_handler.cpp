// An account is tried for a person.
#include "api/handlers.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::object;

// Main's trial as something to await.
asio::awaitable<account_trial> tried(const surroundings& around, const std::string& account) {
    auto start = [&](auto done) {
        auto later = std::make_shared<decltype(done)>(std::move(done));
        around.try_account(account, [later](account_trial t) { (*later)(std::move(t)); });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(account_trial)>(
        std::move(start), asio::use_awaitable);
}

} // namespace

asio::awaitable<answer> handlers::try_account(request asked) {
    const auto& name = asked.segments[0];
    const auto told = co_await tried(around_, name);
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

} // namespace posthorn::api
