#include "publishing/scheduler.hpp"

#include "model/time_text.hpp"
#include "store/fault_point.hpp"
#include "topics/item_data.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace posthorn::publishing {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

constexpr duration first_retry = 30s, longest_retry = 10min;
constexpr std::size_t longest_item = 60 << 10; // octets; an event takes 64 KiB, and its language

// "2026-11-26T10:30:00Z"
std::string named_by(instant occurrence) {
    return rfc3339(std::chrono::floor<std::chrono::seconds>(occurrence));
}

// What a row is called by its column; empty: by nothing.
std::string name_in(const json::value& row, std::string_view column) {
    const auto* value = row.is_object() ? row.get_object().if_contains(column) : nullptr;
    if (value == nullptr || value->is_null())
        return {};
    return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

} // namespace

scheduler::scheduler(surroundings& around)
    : around_(around), tasks_(around.loop(), [&around](auto task, auto what) {
          around.log(level::error, std::string(task) + ": " + std::string(what));
      }) {}

void scheduler::use(std::shared_ptr<const topics::directory> topics, templates::zone zone) {
    topics_ = std::move(topics);
    zone_ = std::move(zone);
    for (auto& [name, e] : entries_)
        e.at.reset();
    for (const auto& t : topics_->topics())
        if (t.query)
            if (auto read = schedule::read(t.query->at, *zone_)) {
                auto& e = entries_[t.name];
                e.at = std::move(*read);
                e.retry_at = {}; // what was mended is asked at once
                e.wait = {};
            }
}

void scheduler::pulse() {
    if (around_.stands_still())
        return;
    const auto now = around_.now();
    for (auto& [name, e] : entries_) {
        const bool due = e.at && !e.busy && e.retry_at <= now &&
                         (!e.through || e.at->next(*e.through).value_or(instant::max()) <= now);
        if (!due)
            continue;
        e.busy = true;
        tasks_.spawn("topic " + name, look_after(name));
    }
}

asio::awaitable<void> scheduler::wait() { co_await tasks_.wait(); }

std::map<std::string, topic_clock> scheduler::clocks() const {
    std::map<std::string, topic_clock> out;
    for (const auto& [name, e] : entries_)
        if (e.at)
            out[name] = {e.at->next(around_.now()), e.failing};
    return out;
}

asio::awaitable<void> scheduler::look_after(std::string topic) {
    auto& e = entries_.at(topic);
    std::string wrong;
    try {
        co_await begin(e, topic);
    } catch (const std::exception& x) { // the store could not be read: soon again
        wrong = x.what();
    }
    if (!wrong.empty()) {
        around_.log(level::warn, "topic " + topic + ": " + wrong);
        e.retry_at = around_.now() + first_retry;
    }
    e.busy = false;
}

asio::awaitable<void> scheduler::begin(entry& e, const std::string& topic) {
    const auto all = topics_; // another may come meanwhile
    const auto* t = all->named(topic);
    const auto now = around_.now();
    if (!e.through) {
        e.through = co_await around_.occurrence(topic);
        if (*e.through == instant{}) // seen for the first time: it begins now
            co_return co_await note(e, topic, now);
    }
    const auto due = e.at ? e.at->newest(*e.through, now) : std::nullopt;
    if (t == nullptr || !t->query || !due)
        co_return;
    if (*due + t->query->late < now) {
        ++missed_;
        around_.log(level::error,
                    "topic=" + topic + " is not published of " + named_by(*due) + ": " +
                        (e.failing.empty() ? "nobody was there to ask its lookup" : e.failing) +
                        ", and `late` is over");
        co_return co_await note(e, topic, *due);
    }
    auto why = co_await ask(*t, *due);
    if (!why.empty())
        co_return failed(e, *t, std::move(why));
    ++asked_;
    co_await note(e, topic, *due);
}

// Why it could not be asked; empty: it was, and what it answered is published.
asio::awaitable<std::string> scheduler::ask(const topics::topic& of, instant occurrence) {
    auto parameters = co_await around_.parameters(of.name);
    if (!parameters.empty() && !of.query->takes_parameter)
        parameters = {std::string()};
    std::string trouble; // the first; it is asked again, and what is published stays so
    for (auto& parameter : parameters) {
        if (of.query->takes_parameter && parameter.empty())
            continue; // of before the topic had one
        auto why = co_await ask_for(of, occurrence, std::move(parameter));
        if (trouble.empty())
            trouble = std::move(why);
    }
    co_return trouble;
}

asio::awaitable<std::string> scheduler::ask_for(const topics::topic& of, instant occurrence,
                                                std::string parameter) {
    const auto& q = *of.query;
    json::object asked;
    if (q.takes_parameter)
        asked[of.takes->name] = parameter;
    const auto answer = co_await around_.ask(q.lookup, std::move(asked));
    if (!answer)
        co_return "lookup " + q.lookup + ": " + answer.error().why;
    std::vector<store::op> items;
    bool too_long = false;
    const auto add = [&](const std::string& name, const json::array& rows) {
        auto data = json::serialize(topics::item_data(of, rows, parameter));
        too_long = too_long || data.size() > longest_item;
        items.emplace_back(
            store::add_publication{.topic = of.name,
                                   .item = name + (parameter.empty() ? "" : " / " + parameter),
                                   .parameter = parameter,
                                   .data = std::move(data),
                                   .at = around_.now()});
    };
    if (!q.each_row && !answer->empty())
        add(named_by(occurrence), *answer);
    if (q.each_row)
        for (const auto& row : *answer)
            if (const auto name = name_in(row, q.item); !name.empty()) // the lookup requires it
                add(name, json::array{row});
    if (too_long)
        co_return "lookup " + q.lookup +
            ": its rows are more than an item may hold (60 KiB): "
            "fewer rows or columns, or `each_row: yes`";
    if (!items.empty()) {
        store::fault_point("topic asked");
        co_await around_.commit(std::move(items));
        store::fault_point("items committed");
    }
    co_return std::string();
}

asio::awaitable<void> scheduler::note(entry& e, const std::string& topic, instant occurrence) {
    std::vector<store::op> ops;
    ops.emplace_back(store::note_occurrence{.topic = topic, .occurrence = occurrence});
    co_await around_.commit(std::move(ops));
    e.through = occurrence;
    e.failing.clear();
    e.retry_at = {};
    e.wait = {};
}

void scheduler::failed(entry& e, const topics::topic& of, std::string why) {
    e.wait = e.wait == duration{} ? first_retry : std::min<duration>(2 * e.wait, longest_retry);
    e.retry_at = around_.now() + e.wait;
    if (e.failing != why)
        around_.log(level::warn, "topic=" + of.name + " waits for its query: " + why +
                                     ": asked again until it is late");
    e.failing = std::move(why);
}

} // namespace posthorn::publishing
