#include "api/nuisance_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/query_reader.hpp"
#include "api/shapes.hpp"
#include "model/number.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"
#include "settings/scalars.hpp"

#include <boost/json/array.hpp>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;

constexpr duration longest = std::chrono::hours(24) * 3650;

object shape_of(const nuisance& n) {
    object out{{"number", n.number},
               {"since", rfc3339(n.since)},
               {"until", rfc3339(n.until)},
               {"reason", n.reason}};
    if (!n.who.empty())
        out["who"] = n.who;
    return out;
}

} // namespace

std::vector<route> nuisance_handlers::table() {
    return {
        {"GET", "/v1/nuisances", [this](request r) { return list(std::move(r)); }, people | agents},
        {"POST", "/v1/nuisances/{number}", [this](request r) { return change(std::move(r)); },
         people | agents}};
}

asio::awaitable<answer> nuisance_handlers::list(request asked) {
    query_reader query(asked);
    const auto after = query.text("after");
    const auto limit = query.limit();
    if (!query.mistake.empty())
        co_return bad_request(query.mistake);
    const auto found =
        co_await runtime::run_on(pool_, [&] { return around_.people->nuisances(after, limit); });
    array all;
    for (const auto& n : found)
        all.push_back(shape_of(n));
    object out{{"nuisances", std::move(all)}};
    if (found.size() == limit)
        out["after"] = found.back().number;
    co_return answer{.body = std::move(out)};
}

asio::awaitable<answer> nuisance_handlers::change(request asked) {
    const auto body = read_body(asked.body, {"do", "for", "reason"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    const auto number = to_e164(asked.segments[0], around_.countries());
    if (!number)
        co_return bad_request(number.error().reason);
    const auto what = body.at("do"), reason = body.at("reason");
    const bool add = what == "add";
    if (!add && what != "remove")
        co_return bad_request("do: add or remove");
    if (reason.empty())
        co_return bad_request("say why: {\"reason\": \"...\"}");
    const auto how_long =
        settings::parse_duration(body.texts.contains("for") ? body.at("for") : "7d");
    if (!how_long || *how_long <= duration::zero() || *how_long > longest)
        co_return bad_request("for: how long, like 24h or 7d");
    const auto now = around_.now();
    nuisance n{.number = *number,
               .since = now,
               .until = add ? now + *how_long : now,
               .who = asked.user,
               .reason = reason};
    std::vector<store::op> change;
    change.emplace_back(store::put_nuisance{n});
    const auto told = co_await runtime::answer_of<std::vector<store::outcome>>(
        [&](auto done) { around_.commit(std::move(change), done); });
    if (told.front().what != store::outcome::code::applied)
        co_return problem(409, "Nothing changed", masked(n.number) + " is not on the list");
    around_.use_nuisance(n);
    std::vector<store::op> record;
    record.emplace_back(deed(asked, now, "nuisance " + what, masked(n.number), reason));
    co_await runtime::answer_of<std::vector<store::outcome>>(
        [&](auto done) { around_.commit(std::move(record), done); });
    object out{{"do", what}};
    out["nuisance"] = shape_of(n);
    co_return answer{.body = std::move(out)};
}

} // namespace posthorn::api
