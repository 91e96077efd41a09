// POST /v1/reload {"dry_run": bool, "drain": bool}: 200 with what was (or would be) done, 409 when
// it is refused.
#include "api/handlers.hpp"
#include "runtime/answer_of.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// What is wrong with the body; empty when nothing is.
std::string read_wish(const std::string& body, reload_wish& wish) {
    if (body.empty())
        return {};
    json::error_code ec;
    const auto parsed = json::parse(body, ec);
    if (ec || !parsed.is_object())
        return "the body is not a JSON object";
    for (const auto& [name, value] : parsed.get_object()) {
        const std::string member(name.data(), name.size());
        if (member != "dry_run" && member != "drain")
            return "unknown member '" + member + "'";
        if (!value.is_bool())
            return "'" + member + "' is not true or false";
        (member == "drain" ? wish.drain : wish.dry_run) = value.get_bool();
    }
    return {};
}

json::array list_of(const std::vector<std::string>& lines) {
    json::array all;
    for (const auto& line : lines)
        all.emplace_back(line);
    return all;
}

} // namespace

asio::awaitable<answer> handlers::reload(request asked) {
    reload_wish wish{.asked_by = asked.user};
    if (const auto wrong = read_wish(asked.body, wish); !wrong.empty())
        co_return bad_request(wrong);
    const auto report = co_await runtime::answer_of<reload_report>(
        [&](auto done) { around_.reload(std::move(wish), done); });
    answer out;
    if (report.refused) {
        std::string detail = report.verdict;
        for (const auto* lines : {&report.mistakes, &report.differences})
            for (const auto& line : *lines)
                detail += "\n" + line;
        out = problem(409, "Reload", detail);
    }
    auto& body = out.body.get_object();
    body["verdict"] = report.verdict;
    body["applied"] = report.applied;
    body["differences"] = list_of(report.differences);
    body["mistakes"] = list_of(report.mistakes);
    co_return out;
}

} // namespace posthorn::api
