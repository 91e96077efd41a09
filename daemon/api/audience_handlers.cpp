#include "api/audience_handlers.hpp"

#include "api/area_body.hpp"
#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/query_reader.hpp"
#include "model/number.hpp"
#include "people/row.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;

object shape_of(const store::group_story& g) {
    object out{{"group", g.name}, {"members", g.members}};
    for (const auto& [name, text] :
         {std::pair{"tier", &g.takes.tier}, std::pair{"area", &g.takes.area},
          std::pair{"language", &g.takes.language}, std::pair{"role", &g.takes.role}})
        if (!text->empty())
            out[name] = *text;
    return out;
}

// What a request to change a group makes the store do; the refusal says what is wrong with it.
result<store::op> change_of(const std::string& group, const body_texts& body,
                            const std::vector<country>& countries) {
    const auto what = body.at("do");
    if (what == "drop")
        return store::op(store::drop_group{group});
    if (what == "set")
        return store::op(store::put_group{
            .name = group,
            .takes = store::put_group::filter{body.at("tier"), body.at("area"), body.at("language"),
                                              body.at("role")}});
    if (what != "add" && what != "remove")
        return refuse("do: set, add, remove or drop");
    store::put_member member{.group = group, .number = {}, .account = {}, .in = what == "add"};
    const auto number = body.at("number"), account = body.at("account");
    if (number.empty() == account.empty())
        return refuse("say who: a number or an account");
    if (account.empty()) {
        auto e164 = to_e164(number, countries);
        if (!e164)
            return refuse("number: " + e164.error().reason);
        member.number = std::move(*e164);
    } else {
        auto plain = people::account_in(account);
        if (!plain)
            return refuse("account: " + plain.error().reason);
        member.account = std::move(*plain);
    }
    return store::op(std::move(member));
}

} // namespace

std::vector<route> audience_handlers::table() {
    return {{"GET", "/v1/areas", [this](request r) { return areas(std::move(r)); }},
            {"POST", "/v1/areas", [this](request r) { return import(std::move(r)); }},
            {"GET", "/v1/groups", [this](request r) { return groups(std::move(r)); }},
            {"POST", "/v1/groups/{name}", [this](request r) { return change(std::move(r)); }}};
}

asio::awaitable<std::vector<store::outcome>> audience_handlers::commit(std::vector<store::op> ops) {
    co_return co_await runtime::answer_of<std::vector<store::outcome>>(
        [&](auto done) { around_.commit(std::move(ops), done); });
}

// A page of what the reader has, in order of the names.
template <class Read, class Shape, class Name>
asio::awaitable<answer> audience_handlers::page(request asked, const char* what, Read read,
                                                Shape shape, Name name) {
    query_reader query(asked);
    const auto after = query.text("after");
    const auto limit = query.limit();
    if (!query.mistake.empty())
        co_return bad_request(query.mistake);
    const auto found = co_await runtime::run_on(pool_, [&] { return read(after, limit); });
    array all;
    for (const auto& one : found)
        all.push_back(shape(one));
    object out;
    out[what] = std::move(all);
    if (found.size() == limit)
        out["after"] = found.back().*name;
    co_return answer{.body = std::move(out)};
}

asio::awaitable<answer> audience_handlers::areas(request asked) {
    return page(
        std::move(asked), "areas",
        [this](const auto& after, auto limit) { return around_.audience->areas(after, limit); },
        [](const store::area_story& a) {
            return object{{"area", a.area}, {"parent", a.parent}, {"name", a.name}};
        },
        &store::area_story::area);
}

asio::awaitable<answer> audience_handlers::import(request asked) {
    auto batch = read_areas(asked.body);
    if (!batch.mistake.empty())
        co_return bad_request(batch.mistake);
    std::vector<store::op> ops;
    for (auto& row : batch.rows)
        ops.emplace_back(std::move(row));
    const auto rows = ops.size();
    if (!batch.continues)
        ops.emplace_back(deed(asked, around_.now(), "areas import", batch.file, batch.reason));
    const auto outcomes = co_await commit(std::move(ops));
    std::int64_t added = 0, changed = 0;
    for (std::size_t i = 0; i < rows; ++i)
        if (outcomes[i].what == store::outcome::code::applied)
            ++(outcomes[i].added ? added : changed);
    co_return answer{.body = object{{"rows", rows}, {"added", added}, {"changed", changed}}};
}

asio::awaitable<answer> audience_handlers::groups(request asked) {
    return page(
        std::move(asked), "groups",
        [this](const auto& after, auto limit) { return around_.audience->groups(after, limit); },
        [](const store::group_story& g) { return shape_of(g); }, &store::group_story::name);
}

asio::awaitable<answer> audience_handlers::change(request asked) {
    const auto body = read_body(
        asked.body, {"do", "tier", "area", "language", "role", "number", "account", "reason"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    const auto& group = asked.segments[0];
    if (const auto why = place_mistake(group); !why.empty())
        co_return bad_request("group: " + why);
    if (body.at("reason").empty())
        co_return bad_request("say why: {\"reason\": \"...\"}");
    auto wanted = change_of(group, body, around_.countries());
    if (!wanted)
        co_return bad_request(wanted.error().reason);
    const auto* member = std::get_if<store::put_member>(&*wanted);
    const auto who = member == nullptr        ? std::string()
                     : member->number.empty() ? ", account " + member->account
                                              : ", number " + masked(member->number);
    std::vector<store::op> ops;
    ops.emplace_back(std::move(*wanted));
    ops.emplace_back(deed(asked, around_.now(), "groups " + body.at("do"), "group " + group + who,
                          body.at("reason")));
    const auto outcomes = co_await commit(std::move(ops));
    const bool changed = outcomes.front().what == store::outcome::code::applied;
    if (!changed && body.at("do") == "drop")
        co_return problem(404, "Not found", "there is no group " + group);
    co_return answer{.body = object{{"group", group}, {"changed", changed}}};
}

} // namespace posthorn::api
