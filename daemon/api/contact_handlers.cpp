#include "api/contact_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/query_reader.hpp"
#include "api/shapes.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;

constexpr std::string_view states[] = {"waiting", "agreed", "refused"};

object change_shape(const store::contact_change& c) {
    object out{{"id", std::to_string(c.id)},
               {"at", rfc3339(c.at)},
               {"account", c.account},
               {"from", "+" + c.from},
               {"to", "+" + c.to},
               {"state", c.state},
               {"who", c.who}};
    if (c.inbound != 0)
        out["inbound"] = std::to_string(c.inbound);
    if (!c.source.empty())
        out["source"] = c.source;
    if (c.settled_at != instant{}) {
        out["settled_at"] = rfc3339(c.settled_at);
        out["settled_by"] = c.settled_by;
        out["reason"] = c.settled_reason;
    }
    return out;
}

struct settling {
    std::optional<bool> agreed;
    std::string reason, mistake;
};

settling read_settling(const std::string& body, bool person) {
    settling out;
    boost::json::error_code ec;
    const auto parsed = boost::json::parse(body, ec);
    if (ec || !parsed.is_object())
        return {.mistake = "the body is not a JSON object"};
    for (const auto& [name, value] : parsed.get_object()) {
        if (name == "agreed" && value.is_bool())
            out.agreed = value.get_bool();
        else if (name == "reason" && value.is_string() && value.get_string().size() <= longest_text)
            out.reason = std::string(value.get_string());
        else if (name == "agreed" || name == "reason")
            out.mistake = "'agreed' is true or false, 'reason' a text of at most 1,024 octets";
        else
            out.mistake = "unknown member '" + std::string(name) + "'";
    }
    if (out.mistake.empty() && !out.agreed)
        out.mistake = "say whether: {\"agreed\": true} or {\"agreed\": false, \"reason\": \"...\"}";
    if (out.mistake.empty() && out.reason.empty() && (person || !*out.agreed))
        out.mistake = "say why: {\"reason\": \"...\"}";
    return out;
}

} // namespace

std::vector<route> contact_handlers::table() {
    return {
        {"GET", "/v1/contact-changes", [this](request r) { return list(std::move(r)); },
         people | sources},
        {"POST", "/v1/contact-changes/{id}", [this](request r) { return settle(std::move(r)); },
         people | sources},
    };
}

asio::awaitable<answer> contact_handlers::list(request asked) {
    query_reader query(asked);
    const store::contact_query which{
        .source = asked.who.source, .state = query.text("state"), .before = query.after()};
    const auto limit = query.limit();
    if (!which.state.empty() && std::ranges::find(states, which.state) == std::end(states))
        query.mistake = "state=" + which.state + " is none: write waiting, agreed or refused";
    if (!query.mistake.empty())
        co_return bad_request(query.mistake);
    const auto found =
        co_await runtime::run_on(pool_, [&] { return around_.contacts->find(which, limit); });
    array changes;
    for (const auto& c : found)
        changes.push_back(change_shape(c));
    object out{{"changes", std::move(changes)}};
    if (found.size() == limit)
        out["after"] = std::to_string(found.back().id);
    co_return answer{.body = std::move(out)};
}

asio::awaitable<answer> contact_handlers::settle(request asked) {
    const auto said = read_settling(asked.body, asked.who.person);
    if (!said.mistake.empty())
        co_return bad_request(said.mistake);
    const auto id = number_in<posthorn::id>(asked.segments[0]).value_or(0);
    const auto change =
        co_await runtime::run_on(pool_, [&] { return around_.contacts->change_of(id); });
    if (!change || (!asked.who.person && change->source != asked.who.source))
        co_return problem(404, "Not found",
                          "there is no change of a contact number " + asked.segments[0] +
                              (asked.who.person ? "" : " that is this source's to settle"));
    auto by =
        deed(asked, around_.now(), *said.agreed ? "people agree" : "people refuse",
             "contact change " + asked.segments[0] + ", account " + change->account, said.reason);
    std::vector<store::op> ops;
    ops.emplace_back(store::settle_contact_change{
        .change = id, .agreed = *said.agreed, .who = by.who, .reason = by.reason, .at = by.at});
    if (change->state == "waiting")
        ops.emplace_back(std::move(by));
    const auto told = co_await runtime::answer_of<std::vector<store::outcome>>(
        [&](auto done) { around_.commit(std::move(ops), done); });
    if (told.front().what != store::outcome::code::applied)
        co_return problem(409, "Settled before",
                          "contact change " + asked.segments[0] + " does not wait any more: " +
                              (change->state == "waiting" ? "it was settled just now"
                                                          : "it was " + change->state));
    co_return answer{.body = object{{"id", asked.segments[0]},
                                    {"account", change->account},
                                    {"state", *said.agreed ? "agreed" : "refused"}}};
}

} // namespace posthorn::api
