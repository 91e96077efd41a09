// A house that is made of maps, for what answers texts.
#pragma once

#include "answers/surroundings.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace posthorn::answers {

namespace asio = boost::asio;
namespace json = boost::json;

inline constexpr instant start = from_micros(1'760'000'000'000'000); // 2025-10-09
inline constexpr auto phone = "8613800000001";

inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct world final : surroundings {
    asio::io_context loop_;
    instant time = start;
    std::map<std::string, store::person> people;
    std::map<std::string, store::binding_code> codes;
    std::map<std::string, unsigned> tries; // counted
    std::function<lookups::answer(const std::string&, const json::object&)> lookup =
        [](const auto&, const auto&) { return json::array(); };
    std::vector<subscription> has;
    bool consent_changed = false;
    std::vector<reply> sent;
    std::vector<store::op> submitted;
    std::optional<instant> hint;
    category_set out_of;
    std::string refusal; // of the next answer
    std::vector<store::work_report> open_work;

    void take(const store::op& op) {
        const auto same = [&](const std::string& topic, const std::string& number,
                              const std::string& parameter) {
            std::erase_if(has, [&](const auto& s) {
                return s.topic == topic && s.number == number && s.parameter == parameter;
            });
        };
        if (const auto* p = std::get_if<store::put_subscription>(&op)) {
            CHECK(p->by.inbound != 0);
            same(p->subscription.topic, p->subscription.number, p->subscription.parameter);
            has.push_back(p->subscription);
        } else if (const auto* d = std::get_if<store::drop_subscription>(&op)) {
            same(d->topic, d->number, d->parameter);
        }
    }

    asio::any_io_executor loop() override { return loop_.get_executor(); }
    instant now() const override { return time; }
    asio::awaitable<std::vector<store::person>> persons(std::vector<std::string> numbers) override {
        std::vector<store::person> out;
        for (const auto& n : numbers) {
            out.push_back(people.contains(n) ? people.at(n) : store::person{});
            out.back().number = n;
            out.back().tries = tries[n];
        }
        co_return out;
    }
    asio::awaitable<std::optional<store::binding_code>> code_of(std::string account) override {
        co_return codes.contains(account) ? std::optional(codes.at(account)) : std::nullopt;
    }
    asio::awaitable<void> settled() override { co_return; }
    asio::awaitable<std::vector<subscription>> subscriptions(std::string number) override {
        std::vector<subscription> out;
        for (const auto& s : has)
            if (s.number == number)
                out.push_back(s);
        co_return out;
    }
    asio::awaitable<std::optional<instant>> last_hint(std::string, duration) override {
        co_return hint;
    }
    asio::awaitable<std::vector<store::work_report>> work(store::work_query which) override {
        std::vector<store::work_report> found;
        for (const auto& w : open_work)
            if ((which.area.empty() || w.area == which.area) &&
                (which.number.empty() || w.number == which.number) &&
                std::max(w.begins_at, w.ends_at) >= which.over_before)
                found.push_back(w);
        co_return found;
    }
    category_set opted_out(const std::string&) const override { return out_of; }
    asio::awaitable<std::vector<store::outcome>> commit(std::vector<store::op> ops) override {
        std::vector<store::outcome> outcomes(ops.size());
        for (std::size_t i = 0; i < ops.size(); ++i)
            if (const auto* t = std::get_if<store::count_try>(&ops[i]))
                if (tries[t->number]++ >= t->rule.tries)
                    outcomes[i].what = store::outcome::code::stale;
        for (auto& op : ops)
            submitted.push_back(std::move(op));
        co_return outcomes;
    }
    asio::awaitable<lookups::answer> ask(std::string name, json::object parameters) override {
        co_await asio::post(loop_, asio::use_awaitable);
        co_return lookup(name, parameters);
    }
    asio::awaitable<bool> fits(std::string secret, std::string hash) override {
        co_return hash == "hash of " + secret;
    }
    asio::awaitable<std::string> hash_of(std::string secret) override {
        co_return "hash of " + secret;
    }
    std::string new_code() override { return "482913"; }
    name_id source_numbered(const std::string& name) const override {
        return name == "crm" || name == "billing" ? 7 : 8;
    }
    std::string send(reply& r) override {
        if (!refusal.empty())
            return std::exchange(refusal, {});
        sent.push_back(r);
        consent_changed = consent_changed || r.consent;
        for (const auto& op : r.along)
            take(op);
        return {};
    }
    void submit(std::vector<store::op> ops) override {
        for (auto& op : ops)
            submitted.push_back(std::move(op));
    }
    void log(level, std::string_view) override {}
};

} // namespace posthorn::answers
