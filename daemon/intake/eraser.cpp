#include "intake/eraser.hpp"

#include "runtime/thread_rank.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace posthorn::intake {

namespace {

constexpr std::chrono::milliseconds gathering{50}; // deletes are cheaper together
constexpr std::size_t enough = 2000;               // ... and then they need not wait
constexpr std::size_t rows_per_turn = 500;
constexpr std::chrono::milliseconds patience_of_erasure{20};
// SQLite's locks are not fair: without a pause the writers of this file would starve.
constexpr std::chrono::milliseconds breath{1};

} // namespace

eraser::eraser(report told) : told_(std::move(told)) {}

eraser::~eraser() { stop(); }

void eraser::add_source(std::string source, std::filesystem::path file) {
    const std::lock_guard lock(mutex_);
    new_sources_.emplace(std::move(source), std::move(file));
}

void eraser::drop_source(std::string source) {
    const std::lock_guard lock(mutex_);
    new_sources_.erase(source);
    gone_sources_.push_back(std::move(source));
}

void eraser::start() {
    thread_ = std::thread([this] {
        runtime::this_thread_is("eraser", runtime::thread_rank::bulk);
        run();
    });
}

void eraser::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void eraser::erase(const std::string& source, store::file_identity of,
                   std::vector<std::int64_t> ids) {
    {
        const std::lock_guard lock(mutex_);
        auto& order = orders_[source];
        order.first = of;
        order.second.insert(order.second.end(), ids.begin(), ids.end());
        ordered_ += ids.size();
    }
    wake_.notify_all();
}

void eraser::take_orders() {
    for (const auto& source : gone_sources_)
        if (const auto t = targets_.find(source); t != targets_.end() && t->second.ids.empty())
            targets_.erase(t);
    gone_sources_.clear();
    for (auto& [source, file] : new_sources_)
        targets_.emplace(source,
                         target{store::outbox(source, file, patience_of_erasure), {}, {}, {}});
    new_sources_.clear();
    for (auto& [source, order] : orders_) {
        auto& t = targets_.at(source);
        t.of = order.first;
        t.ids.insert(t.ids.end(), order.second.begin(), order.second.end());
    }
    orders_.clear();
    ordered_ = 0;
}

void eraser::run() {
    std::unique_lock lock(mutex_);
    for (bool last = false; !last;) {
        const bool left =
            std::ranges::any_of(targets_, [](const auto& t) { return !t.second.ids.empty(); });
        if (!left)
            wake_.wait(lock, [this] { return stopping_ || ordered_ > 0; });
        wake_.wait_for(lock, gathering, [&] { return stopping_ || (!left && ordered_ >= enough); });
        last = stopping_;
        take_orders();
        lock.unlock();
        erase_all();
        lock.lock();
    }
}

// In turns, so that one held file delays the others by its patience_of_erasure only.
void eraser::erase_all() {
    for (bool again = true; again;) {
        again = false;
        for (auto& [source, t] : targets_)
            if (!t.ids.empty() && erase_some(source, t) > 0)
                again = again || !t.ids.empty();
        if (again)
            std::this_thread::sleep_for(breath);
    }
}

std::size_t eraser::erase_some(const std::string& source, target& t) {
    auto count = std::min(t.ids.size(), rows_per_turn);
    std::string problem;
    try {
        if (!t.file.open() || t.file.identity() != t.of)
            count = t.ids.size(); // the rows went with their file; if it comes back, so do they
        else
            t.file.forget(std::span(t.ids).first(count));
    } catch (const store::outbox_busy&) {
        return 0; // a writer holds the file: later, without a word
    } catch (const store::outbox_failed& e) {
        problem = "taken rows cannot be deleted and will be tried again: " + std::string(e.what());
        t.file = store::outbox(source, t.file.file(), patience_of_erasure);
        count = 0;
    }
    t.ids.erase(t.ids.begin(), t.ids.begin() + static_cast<std::ptrdiff_t>(count));
    if (count > 0 || problem != t.problem)
        told_(source, count, problem);
    t.problem = std::move(problem);
    return count;
}

} // namespace posthorn::intake
