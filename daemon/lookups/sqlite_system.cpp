// A SQLite file as a system: some threads of its own, each with a connection, share one queue. Busy,
// they tell the loop of many answers by one hop.
#include "lookups/sqlite_connection.hpp"
#include "lookups/system.hpp"
#include "runtime/thread_rank.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace posthorn::lookups {

namespace {

// Answers on their way to the loop, which comes once for all that have gathered.
class outgoing : public std::enable_shared_from_this<outgoing> {
public:
    outgoing(boost::asio::any_io_executor loop, answered told)
        : loop_(std::move(loop)), told_(std::move(told)) {}

    void put(std::uint64_t id, answer a) {
        const std::lock_guard lock(mutex_);
        ready_.emplace_back(id, std::move(a));
        if (ready_.size() == 1)
            boost::asio::post(loop_, [self = shared_from_this()] { self->tell(); });
    }

private:
    void tell() {
        decltype(ready_) all;
        {
            const std::lock_guard lock(mutex_);
            all.swap(ready_);
        }
        for (auto& [id, a] : all)
            told_(id, std::move(a));
    }

    const boost::asio::any_io_executor loop_;
    const answered told_;
    std::mutex mutex_;
    std::vector<std::pair<std::uint64_t, answer>> ready_;
};

class sqlite_system : public system {
public:
    explicit sqlite_system(system_place place)
        : file_(place.settings.where),
          outgoing_(std::make_shared<outgoing>(place.loop, std::move(place.told))) {
        for (unsigned i = 0; i < place.settings.connections; ++i)
            threads_.emplace_back([this] { run(); });
    }
    ~sqlite_system() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        came_.notify_all();
        for (auto& t : threads_)
            t.join();
    }

    void ask(question q) override {
        {
            const std::lock_guard lock(mutex_);
            queue_.push_back(std::move(q));
        }
        came_.notify_one();
    }

private:
    void run() {
        runtime::this_thread_is("lookups", runtime::thread_rank::prompt);
        sqlite_connection connection(file_, stopping_);
        while (const auto q = next())
            outgoing_->put(q->id, connection.ask(*q));
    }

    // Nothing: the end.
    std::optional<question> next() {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (stopping_)
            return std::nullopt;
        auto q = std::move(queue_.front());
        queue_.pop_front();
        return q;
    }

    const std::string file_;
    const std::shared_ptr<outgoing> outgoing_;
    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<question> queue_;
    std::atomic<bool> stopping_{false};
    std::vector<std::thread> threads_;
};

} // namespace

std::unique_ptr<system> make_sqlite_system(system_place place) {
    return std::make_unique<sqlite_system>(std::move(place));
}

} // namespace posthorn::lookups
