// Subscriptions whose time is over.
#include "gateway/house.hpp"

#include "runtime/run_on.hpp"

namespace posthorn::gateway {

// Nothing is sent to them any more since their time was over; here they are logged and gone. One that
// is renewed in this very moment stays.
asio::awaitable<void> house::end_subscriptions() {
    constexpr std::size_t at_once = 500;
    std::string trouble;
    try {
        const auto now = now_();
        const auto over =
            co_await runtime::run_on(reads_, [&] { return ended_.expired(now, at_once); });
        std::vector<store::op> ops;
        for (const auto& s : over)
            ops.emplace_back(store::drop_subscription{.topic = s.topic,
                                                      .number = s.number,
                                                      .parameter = s.parameter,
                                                      .expired = true,
                                                      .by = {.at = now}});
        store_.submit(std::move(ops));
    } catch (const store::read_failed& e) {
        trouble = e.what();
    }
    if (!trouble.empty())
        log_(sdk::level::warn, "topics", "expired subscriptions wait: " + trouble);
}

} // namespace posthorn::gateway
