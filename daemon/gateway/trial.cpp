#include "gateway/trial.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace posthorn::gateway {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s;

// When an adapter would try again does not concern us.
std::string without_next_try(std::string why) { return why.substr(0, why.find("; next try in ")); }

} // namespace

trial::trial(asio::io_context& loop, account which, std::function<sdk::instant()> now,
             std::uint32_t random)
    : loop_(loop), account_(std::move(which)), now_(std::move(now)), random_(random), limit_(loop) {
}

asio::awaitable<sdk::finding> trial::run() {
    try {
        adapter_ = account_.plugin->create(*this, account_.options);
        limit_.expires_after(patience);
        auto group =
            asio::experimental::make_parallel_group(asio::co_spawn(loop_, live(), asio::deferred),
                                                    asio::co_spawn(loop_, watch(), asio::deferred));
        co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    } catch (const std::exception& e) {
        end({false, e.what(), {}});
    }
    co_return std::move(found_);
}

asio::awaitable<void> trial::live() {
    try {
        co_await adapter_->run();
        end({false, "its link ended: " + why_, {}});
    } catch (const std::exception& e) {
        end({false, e.what(), {}});
    }
}

// Ends the adapter when all is known, or the time is over.
asio::awaitable<void> trial::watch() {
    if (!ended_)
        co_await limit_.async_wait(asio::as_tuple(asio::use_awaitable));
    end({false, why_ + " (given up after " + std::to_string(patience.count()) + " s)", {}});
    adapter_->stop();
}

void trial::end(sdk::finding found) {
    if (std::exchange(ended_, true))
        return;
    found_ = std::move(found);
    limit_.cancel();
}

// A link that came up, and the first that did not.
void trial::slots(unsigned open, std::string_view why) {
    why_ = without_next_try(std::string(why));
    if (open == 0 || std::exchange(up_, true))
        return;
    asio::post(loop_, [this] { // not from inside the adapter's own work
        if (!ended_)
            adapter_->probe([this](sdk::finding f) { end(std::move(f)); });
    });
}

// The same words as in the daemon's log; a warning before the link is up is its failure.
void trial::log(sdk::level l, std::string_view what) {
    if (up_ || l < sdk::level::warn)
        return;
    end({false, l == sdk::level::error ? without_next_try(std::string(what)) : why_, {}});
}

} // namespace posthorn::gateway
