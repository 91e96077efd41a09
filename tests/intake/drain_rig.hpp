// A drain at work for tests: what it hands on and tells, outbox files to write to, a clock that
// stands still until it is moved.
#pragma once

#include "intake/drain.hpp"

#include "intake/fixture.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace posthorn::intake::tests {

using namespace std::chrono_literals;

// What a drain handed on and told, to be waited for.
class witness {
public:
    drain_reports reports() {
        return {.deliver =
                    [this](std::string source, std::vector<prepared> rows) {
                        const std::lock_guard lock(mutex_);
                        for (auto& row : rows) {
                            keys_[source].push_back(row.event.key);
                            ids_[source].push_back(row.event.outbox_id);
                        }
                        changed_.notify_all();
                    },
                .problem =
                    [this](const std::string& file, const std::string& what) {
                        const std::lock_guard lock(mutex_);
                        problems_.emplace_back(file, what);
                        changed_.notify_all();
                    }};
    }

    // The keys handed on for this source, once there are `count` of them.
    std::vector<std::string> keys(const std::string& source, std::size_t count) {
        std::unique_lock lock(mutex_);
        const bool came =
            changed_.wait_for(lock, 20s, [&] { return keys_[source].size() >= count; });
        CAPTURE(source);
        CAPTURE(keys_[source].size());
        CAPTURE(count);
        REQUIRE(came);
        return keys_[source];
    }
    std::vector<std::int64_t> ids(const std::string& source) {
        const std::lock_guard lock(mutex_);
        return ids_[source];
    }
    // The nth thing told about this file.
    std::string problem(const std::string& file, std::size_t nth) {
        std::unique_lock lock(mutex_);
        std::string what;
        const bool came = changed_.wait_for(lock, 20s, [&] {
            std::size_t seen = 0;
            for (const auto& [about, said] : problems_)
                if (about == file && ++seen == nth) {
                    what = said;
                    return true;
                }
            return false;
        });
        CAPTURE(file);
        CAPTURE(nth);
        REQUIRE(came);
        return what;
    }
    // Until so many rows are kept back: the drain looks a few times a second.
    static void kept_back(const drain& of, const std::string& source, std::size_t rows) {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (of.kept_back(source) != rows && std::chrono::steady_clock::now() < end)
            std::this_thread::yield();
        CHECK(of.kept_back(source) == rows);
    }
    std::size_t problem_count() {
        const std::lock_guard lock(mutex_);
        return problems_.size();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, std::vector<std::string>> keys_;
    std::map<std::string, std::vector<std::int64_t>> ids_;
    std::vector<std::pair<std::string, std::string>> problems_;
};

class file {
public:
    explicit file(const std::filesystem::path& path) : box_("test", path) {
        store::outbox::create(path);
        REQUIRE(box_.open());
    }
    void insert(const std::string& prefix, int from, int to, const char* type = "bill.issued") {
        std::vector<event> rows;
        for (int i = from; i <= to; ++i) {
            rows.push_back(bill_row(prefix + std::to_string(i)).event);
            rows.back().type = type;
        }
        box_.insert(rows);
    }
    std::size_t waiting() { return box_.waiting(); }
    store::outbox& box() { return box_; }

private:
    store::outbox box_;
};

struct running {
    explicit running(const scratch& dir, drain_options options = {},
                     std::shared_ptr<const catalogue> known = some_catalogue())
        : quota(*known, *templates::zone::named("Asia/Shanghai")),
          at(with(std::move(options), dir.folder()), known, quota, seen.reports(),
             [this] { return from_micros(now_us); }) {
        at.start();
    }
    static drain_options with(drain_options o, std::filesystem::path folder) {
        if (o.directory.empty())
            o.directory = std::move(folder);
        return o;
    }
    void commit(const std::string& source) {
        const auto ids = seen.ids(source);
        at.committed(source, ids);
        at.credit(source, ids.size());
    }
    std::atomic<std::int64_t> now_us{to_micros(noon)};
    witness seen;
    quotas quota;
    drain at;
};

} // namespace posthorn::intake::tests
