// A host for adapter tests: remembers what the adapter says, runs its io_context step by step.
#pragma once

#include "sdk/adapter.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

extern "C" const posthorn::sdk::adapter_plugin posthorn_adapter_plugin;

namespace posthorn::tests {

class fake_host final : public sdk::host {
public:
    boost::asio::io_context io;

    boost::asio::any_io_executor executor() override { return io.get_executor(); }
    sdk::instant now() const override { return sdk::instant{std::chrono::hours(24 * 365 * 50)}; }
    std::uint32_t random() override { return 0; } // pauses end at once
    void log(sdk::level l, std::string_view what) override {
        logs.push_back({l, std::string(what)});
    }
    void verdicts(std::span<const sdk::verdict> batch) override {
        ++batches;
        for (const auto& v : batch) {
            if (v.late) {
                CHECK(given.at(v.handle).what == sdk::verdict::kind::uncertain);
                late.push_back(v);
                continue;
            }
            CHECK_MESSAGE(given.count(v.handle) == 0, "a second verdict for ", v.handle);
            given[v.handle] = v;
        }
    }
    void arrived(std::vector<sdk::receipt> r, std::vector<sdk::inbound> t,
                 std::function<void()> stored) override {
        ++arrivals;
        receipts.insert(receipts.end(), r.begin(), r.end());
        texts.insert(texts.end(), t.begin(), t.end());
        unstored.push_back(std::move(stored));
    }
    void opted_out(sdk::opt_out word, std::function<void(bool heeded)> done) override {
        opt_outs.emplace_back(std::move(word), std::move(done));
    }
    void slots(unsigned open, std::string_view reason) override {
        open_slots = open;
        why = reason;
    }
    void link_ended() override { ++ended_links; }

    // Runs what is ready until `done()`; fails the test after 10 s without it.
    template <class Done>
    void until(Done done) {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!done()) {
            io.restart();
            if (io.run_one_until(limit) == 0)
                FAIL("waited in vain; slots: ", why);
        }
    }
    void settle() { // all that is ready now
        io.restart();
        io.poll();
    }
    bool logged(std::string_view part) const {
        for (const auto& line : logs)
            if (line.text.find(part) != std::string::npos)
                return true;
        return false;
    }

    struct log_line {
        sdk::level level;
        std::string text;
    };
    std::vector<log_line> logs;
    std::map<std::uint64_t, sdk::verdict> given;
    std::vector<sdk::verdict> late; // second ones, after `uncertain`
    std::vector<sdk::receipt> receipts;
    std::vector<sdk::inbound> texts;
    std::deque<std::function<void()>> unstored;
    std::vector<std::pair<sdk::opt_out, std::function<void(bool)>>> opt_outs;
    unsigned batches = 0, arrivals = 0;
    unsigned open_slots = 0;
    unsigned ended_links = 0; // over which texts came
    std::string why;
};

// The adapter's fallbacks as values. Durations are whole seconds.
inline sdk::options fallbacks() {
    sdk::options all;
    for (const auto& o : posthorn_adapter_plugin.options) {
        const std::string text(o.fallback);
        sdk::options::value v{text, 0};
        if (o.what == sdk::option::kind::integer && !o.required)
            v.number = std::stoll(text);
        if (o.what == sdk::option::kind::interval)
            v.number = std::stoll(text) * 1'000'000;
        if (o.what == sdk::option::kind::flag)
            v.number = text == "on" ? 1 : 0;
        all.set(std::string(o.name), v);
    }
    return all;
}

// An adapter under test, running.
class running_adapter {
public:
    running_adapter(fake_host& host, const sdk::options& options)
        : host_(host), adapter_(posthorn_adapter_plugin.create(host, options)) {
        boost::asio::co_spawn(host.io, adapter_->run(), [this](const std::exception_ptr& error) {
            failed = error;
            ended = true;
        });
    }
    running_adapter(const running_adapter&) = delete;
    running_adapter& operator=(const running_adapter&) = delete;
    // The links must have gone before the host goes.
    ~running_adapter() {
        adapter_->stop();
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!ended && host_.io.run_one_until(limit) > 0)
            host_.io.restart();
    }

    sdk::adapter* operator->() { return adapter_.get(); }

    bool ended = false;
    std::exception_ptr failed;

private:
    fake_host& host_;
    std::unique_ptr<sdk::adapter> adapter_;
};

} // namespace posthorn::tests
