// POST /v1/backup {"dir": "/new/folder", "reason": "..."}: 200 once it is complete and durable, 409
// with the reason when there is none.
#include "api/body_texts.hpp"
#include "api/handlers.hpp"
#include "api/shapes.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;

asio::awaitable<backup_answer> make(const surroundings& around, std::string into,
                                    store::operation by) {
    auto start = [&](auto done) {
        auto later = std::make_shared<decltype(done)>(std::move(done));
        around.back_up(std::move(into), std::move(by),
                       [later](backup_answer a) { (*later)(std::move(a)); });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(backup_answer)>(
        std::move(start), asio::use_awaitable);
}

} // namespace

asio::awaitable<answer> handlers::backup(request asked) {
    const auto body = read_body(asked.body, {"dir", "reason"});
    if (!body.mistake.empty())
        co_return problem(400, "Bad request", body.mistake);
    const auto into = body.at("dir");
    if (into.empty())
        co_return problem(400, "Bad request", "say where to: {\"dir\": \"/new/folder\"}");
    auto by = deed(asked, "backup", into, body.at("reason"));
    const auto at = by.at;
    const auto done = co_await make(around_, into, std::move(by));
    if (!done.refused.empty())
        co_return problem(409, "No backup", done.refused);
    co_return answer{.body = boost::json::object{{"dir", into},
                                                 {"at", rfc3339(at)},
                                                 {"files", done.made.files},
                                                 {"octets", done.made.octets},
                                                 {"not_in_it", done.configuration}}};
}

} // namespace posthorn::api
