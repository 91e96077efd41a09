// POST /v1/backup {"dir": "/new/folder", "reason": "..."}: 200 once it is complete and durable, 409
// with the reason when there is none.
#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/handlers.hpp"
#include "api/shapes.hpp"
#include "runtime/answer_of.hpp"

namespace posthorn::api {

namespace asio = boost::asio;

asio::awaitable<answer> handlers::backup(request asked) {
    const auto body = read_body(asked.body, {"dir", "reason"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    const auto into = body.at("dir");
    if (into.empty())
        co_return bad_request("say where to: {\"dir\": \"/new/folder\"}");
    auto by = deed(asked, around_.now(), "backup", into, body.at("reason"));
    const auto at = by.at;
    const auto done = co_await runtime::answer_of<backup_answer>(
        [&](auto made) { around_.back_up(into, std::move(by), made); });
    if (!done.refused.empty())
        co_return problem(409, "No backup", done.refused);
    co_return answer{.body = boost::json::object{{"dir", into},
                                                 {"at", rfc3339(at)},
                                                 {"files", done.made.files},
                                                 {"octets", done.made.octets},
                                                 {"not_in_it", done.configuration}}};
}

} // namespace posthorn::api
