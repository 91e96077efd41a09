#include "publishing/publisher.hpp"

#include "model/many.hpp"
#include "model/own_sender.hpp"
#include "publishing/hours.hpp"
#include "store/fault_point.hpp"
#include "subscriptions/entitlement.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace posthorn::publishing {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::size_t open_at_once = 100;
constexpr std::size_t chunk_size = 300;
constexpr std::size_t most_ahead = 3'000; // messages that wait before a chunk

// Of no country, so good in every configuration: an item is tried with it first.
constexpr std::string_view trial_number = "99900000000";

// Whose event it comes of; empty: of the topic's own query.
std::string source_of(const store::open_publication& p, const topics::topic& t) {
    return t.query ? std::string() : p.item.substr(0, p.item.find(':'));
}

} // namespace

struct publisher::chunk {
    std::shared_ptr<const topics::directory> topics; // another may come meanwhile
    const topics::topic* topic = nullptr;
    json::object data;
    std::vector<subscription> subscribers;
    std::vector<store::add_event> events;
};

void publisher::use(std::shared_ptr<const topics::directory> topics, templates::zone zone) {
    topics_ = std::move(topics);
    zone_ = std::move(zone);
}

publisher_figures publisher::figures() const {
    publisher_figures out{.texts = texts_, .open = open_, .oldest = oldest_, .stuck = {}};
    for (const auto& [id, item] : stuck_)
        out.stuck.push_back(item);
    return out;
}

asio::awaitable<void> publisher::round() {
    for (bool any = true; any && !around_.stands_still();)
        any = co_await each_open();
}

// A chunk of each item. False: nothing could be done.
asio::awaitable<bool> publisher::each_open() {
    bool any = false;
    std::set<posthorn::id> seen;
    instant oldest{};
    for (posthorn::id after = 0;;) {
        auto open = co_await around_.open_publications(after, open_at_once);
        if (after == 0 && !open.empty())
            oldest = open.front().at;
        for (auto& p : open) {
            seen.insert(p.id);
            if (!around_.stands_still() && co_await step(p))
                any = true;
        }
        if (open.size() < open_at_once)
            break;
        after = open.back().id;
    }
    open_ = static_cast<std::int64_t>(seen.size());
    oldest_ = oldest;
    std::erase_if(stuck_, [&](const auto& one) { return !seen.contains(one.first); });
    co_return any;
}

// One chunk. False: nothing could be done.
asio::awaitable<bool> publisher::step(store::open_publication& p) {
    chunk c{.topics = topics_, .data = {}, .subscribers = {}, .events = {}};
    c.topic = c.topics->named(p.topic);
    if (c.topic == nullptr) {
        co_await end(p, "its topic is not configured any more");
        co_return true;
    }
    if (!p.withdrawn.empty()) {
        co_await end(p, p.withdrawn);
        co_return true;
    }
    if (to_micros(p.expires_at) != 0 && p.expires_at <= around_.now()) {
        co_await end(p, "its time is over");
        co_return true;
    }
    if (const auto hold = around_.held(source_of(p, *c.topic)); hold.stopped) {
        co_await end(p, hold.why);
        co_return true;
    } else if (!hold.why.empty()) {
        is_stuck(p, hold.why, "it goes on when its source does");
        co_return false;
    }
    c.data = json::parse(p.data).as_object();
    subscription anybody{.topic = p.topic, .number = std::string(trial_number)};
    const auto tried = around_.prepared(event_for(p, c, anybody, {}));
    if (!tried.parked.empty()) {
        is_stuck(p, tried.parked,
                 "it goes on once the topic's type, or the topic, is mended and reloaded");
        co_return false;
    }
    stuck_.erase(p.id);
    const store::flow_name flow{tried.message.pool, tried.message.priority, tried.source};
    if (co_await around_.waiting(flow, most_ahead) >= most_ahead)
        co_return false;
    const bool made = co_await make(p, c);
    co_return made;
}

asio::awaitable<bool> publisher::make(store::open_publication& p, chunk& c) {
    c.subscribers = co_await around_.subscribers(p, chunk_size);
    if (c.subscribers.empty()) {
        co_await end(p, std::string_view());
        co_return true;
    }
    std::vector<std::string> numbers;
    for (const auto& s : c.subscribers)
        numbers.push_back(s.number);
    const auto persons = co_await around_.persons(std::move(numbers));
    add_events(p, c, persons);
    const auto& last = c.subscribers.back();
    const auto made = static_cast<std::int64_t>(c.events.size());
    std::vector<store::op> advance;
    advance.emplace_back(store::advance_publication{.publication = p.id,
                                                    .through_number = last.number,
                                                    .through_parameter = last.parameter,
                                                    .made = made,
                                                    .at = around_.now()});
    bool advanced = false;
    if (made > 0) {
        c.events.back().along = std::make_shared<const store::op_list>(store::op_list{advance});
        store::fault_point("chunk ready");
        const auto outcomes = co_await around_.queue(std::move(c.events));
        store::fault_point("chunk committed");
        // Else its event was there before, and what goes along with it was not carried out.
        advanced = outcomes.back().what == store::outcome::code::applied;
        texts_ +=
            std::ranges::count(outcomes, store::outcome::code::applied, &store::outcome::what);
    }
    if (!advanced)
        co_await around_.commit(std::move(advance));
    co_return true;
}

// `why`: before all were served; empty: all have been.
asio::awaitable<void> publisher::end(store::open_publication& p, std::string_view why) {
    std::vector<store::op> ops;
    ops.emplace_back(store::advance_publication{.publication = p.id,
                                                .through_number = p.through_number,
                                                .through_parameter = p.through_parameter,
                                                .done = true,
                                                .reason = std::string(why),
                                                .at = around_.now()});
    co_await around_.commit(std::move(ops));
    stuck_.erase(p.id);
    around_.log(why.empty() ? level::info : level::warn,
                "published topic=" + p.topic + " item=" + p.item +
                    " texts=" + std::to_string(p.made) + no_more(why));
}

// Those not entitled any more have none, nor those whose hours begin when its time is over.
void publisher::add_events(const store::open_publication& p, chunk& c,
                           const std::vector<store::person>& persons) const {
    std::string served; // who has it already: the number's first good subscription counts
    for (std::size_t i = 0; i < c.subscribers.size(); ++i) {
        const auto& s = c.subscribers[i];
        if (s.number == served)
            continue;
        if (!subscriptions::refusal_of(*c.topic, persons[i], s.parameter).empty())
            continue;
        auto e = event_for(p, c, s, persons[i]);
        if (to_micros(e.expires_at) != 0 && e.not_before >= e.expires_at)
            continue;
        c.events.push_back(around_.prepared(std::move(e)));
        c.events.back().withdraws.clear(); // its subject is the item, not what that is about
        if (!c.topic->extension.empty())
            c.events.back().message.sender = own_sender_with(c.topic->extension);
        served = s.number;
    }
}

event publisher::event_for(const store::open_publication& p, const chunk& c, const subscription& s,
                           const store::person& who) const {
    auto data = c.data;
    data["language"] = !s.language.empty()     ? s.language
                       : !who.language.empty() ? who.language
                                               : c.topic->default_language;
    const auto from = std::max(p.not_before, around_.now());
    const auto at = first_within(s.hours, from, *zone_);
    return {.source = std::string(own_source),
            .key = store::subject_of_item(p.topic, p.id) + ":" + s.number,
            .type = c.topic->type,
            .run = topics::run_of_item(p.topic, p.item),
            .subject = store::subject_of_item(p.topic, p.id),
            .to_kind = std::string(name_of(to_kind::number)),
            .to_ref = "+" + s.number,
            .data = json::serialize(data),
            .occurred_at = p.at,
            .not_before = at == from ? p.not_before : at,
            .expires_at = p.expires_at,
            .created_at = p.at};
}

void publisher::is_stuck(const store::open_publication& p, const std::string& why,
                         std::string_view when) {
    auto& item = stuck_[p.id];
    if (item.why == why)
        return;
    item = {p.topic, p.item, why};
    around_.log(level::error, "topic=" + p.topic + " item=" + p.item + " is not published: " + why +
                                  ": " + std::string(when));
}

} // namespace posthorn::publishing
