// A house for publishing that is made of maps: what is committed there happens at once.
#pragma once

#include "publishing/surroundings.hpp"
#include "topics/directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace posthorn::publishing {

constexpr instant thursday_noon =
    instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 26)) + std::chrono::hours(12);

struct world final : surroundings {
    boost::asio::io_context loop_;
    instant time = thursday_noon;
    bool still = false;
    std::map<posthorn::id, store::open_publication> publications; // open ones
    std::set<std::string> items;                                  // "TOPIC ITEM" of all
    std::vector<subscription> subscriptions;                      // sorted by number
    std::map<std::string, store::person> people;
    std::map<std::string, instant> occurrences;
    std::vector<event> sent;          // each key once
    std::vector<std::string> senders; // of their messages
    std::set<std::string> keys;
    std::size_t queued = 0;
    std::string refused;        // why no event can be prepared
    std::size_t dies_after = 0; // so many chunks nothing is committed any more; 0: never
    std::size_t chunks = 0;
    std::string held_source;
    hold how_held;
    bool split = false;                             // it dies between two commits of one chunk
    std::map<std::string, lookups::answer> answers; // by parameter
    std::vector<std::string> asked;                 // parameters
    std::vector<std::string> logged;

    boost::asio::any_io_executor loop() override { return loop_.get_executor(); }
    instant now() const override { return time; }
    bool stands_still() const override { return still; }
    boost::asio::awaitable<std::vector<store::open_publication>>
    open_publications(posthorn::id after, std::size_t most) override {
        std::vector<store::open_publication> out;
        for (const auto& [id, p] : publications)
            if (p.id > after && out.size() < most)
                out.push_back(p);
        co_return out;
    }
    hold held(const std::string& source) const override {
        return source == held_source ? how_held : hold{};
    }
    boost::asio::awaitable<std::vector<subscription>> subscribers(store::open_publication of,
                                                                  std::size_t limit) override {
        std::vector<subscription> out;
        for (const auto& s : subscriptions)
            if (s.topic == of.topic &&
                std::pair(s.number, s.parameter) >
                    std::pair(of.through_number, of.through_parameter) &&
                out.size() < limit && (of.parameter.empty() || s.parameter == of.parameter))
                out.push_back(s);
        co_return out;
    }
    boost::asio::awaitable<std::vector<store::person>>
    persons(std::vector<std::string> numbers) override {
        std::vector<store::person> out;
        for (const auto& n : numbers)
            out.push_back(people.contains(n) ? people.at(n)
                                             : store::person{.number = n, .known = true});
        co_return out;
    }
    boost::asio::awaitable<std::size_t> waiting(store::flow_name, std::size_t most) override {
        co_return std::min(queued, most);
    }
    boost::asio::awaitable<std::vector<std::string>> parameters(std::string topic) override {
        std::set<std::string> out;
        for (const auto& s : subscriptions)
            if (s.topic == topic)
                out.insert(s.parameter);
        co_return std::vector<std::string>(out.begin(), out.end());
    }
    boost::asio::awaitable<instant> occurrence(std::string topic) override {
        co_return occurrences[topic];
    }
    boost::asio::awaitable<lookups::answer> ask(std::string, boost::json::object given) override {
        const auto* brand = given.if_contains("brand");
        asked.push_back(brand ? std::string(brand->get_string()) : "");
        co_await boost::asio::post(loop_, boost::asio::use_awaitable);
        co_return answers.at(asked.back());
    }
    store::add_event prepared(event e) override {
        store::add_event out{.event = std::move(e), .message = {}, .parked = refused};
        return out;
    }
    boost::asio::awaitable<std::vector<store::outcome>>
    queue(std::vector<store::add_event> events) override {
        co_await boost::asio::post(loop_, boost::asio::use_awaitable);
        std::vector<store::outcome> outcomes(events.size());
        const bool dies = dies_after != 0 && ++chunks > dies_after;
        const auto kept = dies ? (split ? events.size() / 2 : 0) : events.size();
        for (std::size_t i = 0; i < kept; ++i) {
            if (!keys.insert(events[i].event.key).second) {
                outcomes[i].what = store::outcome::code::replay;
                continue;
            }
            sent.push_back(events[i].event);
            senders.push_back(events[i].message.sender);
            if (events[i].along)
                for (const auto& op : events[i].along->ops)
                    carry_out(op);
        }
        if (dies)
            throw std::runtime_error("killed");
        co_return outcomes;
    }
    boost::asio::awaitable<std::vector<store::outcome>>
    commit(std::vector<store::op> ops) override {
        co_await boost::asio::post(loop_, boost::asio::use_awaitable);
        for (const auto& op : ops)
            carry_out(op);
        co_return std::vector<store::outcome>(ops.size());
    }
    void log(level, std::string_view what) override { logged.emplace_back(what); }

    void carry_out(const store::op& op) {
        if (const auto* a = std::get_if<store::advance_publication>(&op)) {
            auto& p = publications.at(a->publication);
            p.through_number = a->through_number;
            p.through_parameter = a->through_parameter;
            p.made += a->made;
            if (a->done)
                publications.erase(a->publication);
        } else if (const auto* n = std::get_if<store::note_occurrence>(&op)) {
            occurrences[n->topic] = std::max(occurrences[n->topic], n->occurrence);
        } else if (const auto* p = std::get_if<store::add_publication>(&op)) {
            if (!items.insert(p->topic + " " + p->item).second)
                return;
            const auto id = static_cast<posthorn::id>(items.size());
            publications[id] = {.id = id,
                                .at = p->at,
                                .topic = p->topic,
                                .item = p->item,
                                .parameter = p->parameter,
                                .data = p->data,
                                .not_before = p->not_before,
                                .expires_at = p->expires_at};
        }
    }

    // Until everything has come to its end; what it threw.
    std::string run(boost::asio::awaitable<void> work) {
        std::string thrown;
        boost::asio::co_spawn(loop_, std::move(work), [&](std::exception_ptr e) {
            try {
                if (e)
                    std::rethrow_exception(e);
            } catch (const std::exception& x) {
                thrown = x.what();
            }
        });
        run();
        return thrown;
    }
    void run() {
        loop_.run();
        loop_.restart();
    }
};

} // namespace posthorn::publishing
