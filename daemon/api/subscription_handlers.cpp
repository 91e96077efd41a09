#include "api/subscription_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/query_reader.hpp"
#include "api/shapes.hpp"
#include "api/subscription_shape.hpp"
#include "model/hours_text.hpp"
#include "model/number.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"
#include "subscriptions/subscribing.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;

constexpr std::size_t subscription_changes_shown = 50;
constexpr std::array<std::string_view, 5> deeds{"add", "remove", "pause", "resume", "hours"};

array shape_of(const std::vector<store::subscription_entry>& changes) {
    array out;
    for (const auto& c : changes) {
        object row{{"at", rfc3339(c.at)},
                   {"what", name_of(c.what)},
                   {"topic", c.topic},
                   {"how", store::name_of(c.how)}};
        if (c.inbound != 0)
            row["inbound"] = std::to_string(c.inbound);
        for (const auto& [name, text] : {std::pair{"parameter", &c.parameter},
                                         std::pair{"who", &c.who}, std::pair{"reason", &c.reason}})
            if (!text->empty())
                row[name] = *text;
        out.push_back(std::move(row));
    }
    return out;
}

object shape_of(const topics::topic& t) {
    object description;
    for (const auto& l : t.description)
        description[l.language] = l.text;
    array words;
    for (const auto& w : t.words)
        words.emplace_back(w.text);
    object out{{"topic", t.name}, {"type", t.type}, {"configured", true}};
    out["description"] = std::move(description);
    out["words"] = std::move(words);
    if (t.takes)
        out["parameter"] = t.takes->name;
    return out;
}

std::string no_topic(const std::string& text, const topics::directory& topics) {
    std::vector<std::string_view> names;
    for (const auto& t : topics.topics())
        names.push_back(t.name);
    return "no topic is named '" + text + "'" + settings::did_you_mean(text, names) +
           ", or it has no parameter: `posthorn topics` lists them";
}

} // namespace

struct subscription_handlers::wish {
    std::string number, what, topic, language, reason;
    std::optional<day_hours> hours;
    std::shared_ptr<const topics::directory> topics;
};

std::vector<route> subscription_handlers::table() {
    return {
        {"GET", "/v1/topics", [this](request r) { return topics(std::move(r)); }, people | agents},
        {"GET", "/v1/subscriptions", [this](request r) { return of_topic(std::move(r)); }},
        {"GET", "/v1/subscriptions/{number}", [this](request r) { return of_number(std::move(r)); },
         people | agents},
        {"POST", "/v1/subscriptions/{number}", [this](request r) { return change(std::move(r)); },
         people | agents}};
}

asio::awaitable<answer> subscription_handlers::topics(request) {
    auto counts = co_await runtime::run_on(pool_, [&] { return around_.subscriptions->counts(); });
    const auto known = around_.topics();
    std::map<std::string, publishing_figures::clock> clocks; // of those with a query
    for (auto& c : around_.health().publishing.clocks)
        clocks[c.topic] = c;
    array all;
    const auto add = [&](object row, const std::string& name) {
        row["subscriptions"] = counts[name].all;
        row["paused"] = counts[name].paused;
        counts.erase(name);
        const auto& clock = clocks[name];
        if (clock.next != instant{})
            row["next_at"] = rfc3339(clock.next);
        if (!clock.failing.empty())
            row["failing"] = clock.failing;
        all.push_back(std::move(row));
    };
    for (const auto& t : known->topics())
        add(shape_of(t), t.name);
    while (!counts.empty()) { // nobody publishes them any more
        const auto name = counts.begin()->first;
        add(object{{"topic", name}, {"configured", false}}, name);
    }
    co_return answer{.body = object{{"topics", std::move(all)}}};
}

asio::awaitable<answer> subscription_handlers::of_topic(request asked) {
    query_reader query(asked);
    const auto topic = query.text("topic"), after = query.text("after_number"),
               parameter = query.text("after_parameter");
    const auto limit = query.limit();
    if (!query.mistake.empty())
        co_return bad_request(query.mistake);
    if (topic.empty())
        co_return bad_request("say of which topic: ?topic=NAME");
    const auto found = co_await runtime::run_on(
        pool_, [&] { return around_.subscriptions->of_topic(topic, after, parameter, limit); });
    object out{{"topic", topic}};
    out["subscriptions"] = subscriptions_shape(found);
    if (found.size() == limit)
        out["next"] = object{{"after_number", found.back().number},
                             {"after_parameter", found.back().parameter}};
    co_return answer{.body = std::move(out)};
}

asio::awaitable<answer> subscription_handlers::of_number(request asked) {
    const auto number = to_e164(asked.segments[0], around_.countries());
    if (!number)
        co_return bad_request(number.error().reason);
    std::vector<subscription> has;
    const auto changes = co_await runtime::run_on(pool_, [&] {
        has = around_.subscriptions->of_number(*number);
        return around_.subscriptions->changes_of(*number, subscription_changes_shown);
    });
    object out{{"number", *number}};
    out["subscriptions"] =
        subscriptions_shape(subscriptions::in_force(std::move(has), around_.now()));
    out["log"] = shape_of(changes);
    co_return answer{.body = std::move(out)};
}

asio::awaitable<answer> subscription_handlers::change(request asked) {
    const auto body =
        read_body(asked.body, {"do", "topic", "parameter", "hours", "language", "reason"});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    const auto number = to_e164(asked.segments[0], around_.countries());
    if (!number)
        co_return bad_request(number.error().reason);
    wish w{.number = *number,
           .what = body.at("do"),
           .topic = body.at("topic"),
           .language = body.at("language"),
           .reason = body.at("reason"),
           .hours = hours_from(body.at("hours")),
           .topics = around_.topics()};
    if (std::ranges::find(deeds, w.what) == deeds.end())
        co_return bad_request("do: add, remove, pause, resume or hours");
    if (w.topic.empty())
        co_return bad_request("say to which topic: {\"topic\": \"...\"}");
    if (w.reason.empty())
        co_return bad_request("say why: {\"reason\": \"...\"}");
    if (!w.hours && (w.what == "hours" || !body.at("hours").empty()))
        co_return bad_request("hours: like 08:00-21:00; 0-24 is all day");
    if (const auto parameter = body.at("parameter"); !parameter.empty())
        w.topic += " " + parameter;
    if (w.what == "add")
        co_return co_await add(w, std::move(asked));
    co_return co_await change_those(w, std::move(asked));
}

// An agent may not give what the phone could not have itself.
asio::awaitable<answer> subscription_handlers::add(const wish& w, request asked) {
    const auto found = w.topics->find(w.topic);
    if (!found)
        co_return bad_request(no_topic(w.topic, *w.topics));
    store::person who;
    auto known = co_await runtime::run_on(pool_, [&] {
        who = around_.people->person_of(w.number);
        return around_.subscriptions->of_number(w.number);
    });
    known = subscriptions::in_force(std::move(known), around_.now());
    const auto& topic = *found->which;
    auto language = w.language.empty() ? who.language : w.language;
    const subscriptions::wish wanted{topic, found->parameter, language};
    auto d = subscriptions::subscribe(wanted, who, known, around_.now());
    using kind = subscriptions::decision::kind;
    if (d.what == kind::refuse)
        co_return problem(403, "Not entitled", d.why);
    if (d.what == kind::which_parameter) {
        std::string own;
        for (const auto& p : d.parameters)
            own += (own.empty() ? ": of this number are " : ", ") + p;
        co_return bad_request("say for which " + topic.takes->name + own);
    }
    if (topic.stopped_by && around_.opted_out(w.number).has(*topic.stopped_by))
        co_return problem(409, "Opted out",
                          masked(w.number) + " has opted out of " +
                              std::string(name_of(*topic.stopped_by)) +
                              " and would get nothing of it: it comes back first "
                              "(`posthorn consent in`)");
    if (w.hours)
        d.made.hours = *w.hours;
    std::vector<subscription> made{d.made};
    std::vector<store::op> ops;
    ops.emplace_back(store::put_subscription{d.made, {}});
    auto fee = topic.fee_in(language);
    co_return co_await commit(w, std::move(asked), std::move(ops), std::move(made), std::move(fee));
}

asio::awaitable<answer> subscription_handlers::change_those(const wish& w, request asked) {
    auto known =
        co_await runtime::run_on(pool_, [&] { return around_.subscriptions->of_number(w.number); });
    known = subscriptions::in_force(std::move(known), around_.now());
    auto named = subscriptions::named_in(w.topic, known, *w.topics);
    if (named.empty())
        co_return problem(409, "Not subscribed",
                          masked(w.number) + " has not subscribed to '" + w.topic +
                              "': `posthorn subscriptions list` shows to what");
    std::vector<store::op> ops;
    for (auto& s : named) {
        if (w.what == "remove") {
            ops.emplace_back(store::drop_subscription{
                .topic = s.topic, .number = s.number, .parameter = s.parameter, .by = {}});
            continue;
        }
        s.paused = w.what == "hours" ? s.paused : w.what == "pause";
        s.hours = w.hours.value_or(s.hours);
        ops.emplace_back(store::put_subscription{s, {}});
    }
    std::string no_fee;
    co_return co_await commit(w, std::move(asked), std::move(ops), std::move(named),
                              std::move(no_fee));
}

// With the record of who did it.
asio::awaitable<answer> subscription_handlers::commit(const wish& w, request asked,
                                                      std::vector<store::op> ops,
                                                      std::vector<subscription> which,
                                                      std::string fee) {
    const store::subscription_deed by{.how = store::binding_way::agent,
                                      .who = asked.user,
                                      .reason = w.reason,
                                      .at = around_.now()};
    for (auto& op : ops)
        if (auto* put = std::get_if<store::put_subscription>(&op))
            put->by = by;
        else if (auto* drop = std::get_if<store::drop_subscription>(&op))
            drop->by = by;
    const auto of = which.size() == 1 ? subscriptions::naming(which.front()) : which.front().topic;
    ops.emplace_back(
        deed(asked, by.at, "subscriptions " + w.what, of + " of " + masked(w.number), w.reason));
    const auto told = co_await runtime::answer_of<std::vector<store::outcome>>(
        [&](auto done) { around_.commit(std::move(ops), done); });
    const bool changed = std::any_of(told.begin(), told.end() - 1, [](const auto& o) {
        return o.what == store::outcome::code::applied;
    });
    if (!changed)
        co_return problem(409, "Nothing changed", "it is so already: " + of);
    object out{{"number", w.number}, {"do", w.what}};
    out["subscriptions"] = subscriptions_shape(which);
    if (!fee.empty())
        out["fee"] = fee;
    co_return answer{.body = std::move(out)};
}

} // namespace posthorn::api
