// Accounts: a lane for each, and its adapter kept running.
#include "gateway/house.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace posthorn::gateway {

using namespace std::chrono_literals;

void house::open_lanes() {
    for (const auto& a : c_->accounts) {
        delivery::lane_settings s{.account = a.settings.name,
                                  .adapter = a.settings.adapter,
                                  .account_number = store_.number_of("account", a.settings.name),
                                  .pool = store_.number_of("pool", a.settings.pool),
                                  .rate = a.settings.rate,
                                  .test = a.settings.delivery == settings::delivery::test,
                                  .repeat_safe = a.plugin->repeat_safe};
        s.allow.insert(a.settings.allow.begin(), a.settings.allow.end());
        if (a.declares("sender"))
            s.sender = a.options.text("sender");
        if (a.declares("receipts"))
            s.receipts = a.options.flag("receipts");
        auto& lane = desk_->add_lane(std::move(s), loop_.get_executor());
        lane.use(a.plugin->create(lane, a.options));
    }
}

// An adapter that throws is started again: its account must not stay silent for ever.
asio::awaitable<void> house::keep_running(delivery::lane& lane) {
    asio::steady_timer pause(loop_);
    while (!stopping_) {
        try {
            co_await lane.adapter().run();
        } catch (const std::exception& e) {
            log_(sdk::level::error, lane.settings().account,
                 std::string("adapter failed: ") + e.what());
        }
        if (stopping_)
            break;
        pause.expires_after(5s);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

} // namespace posthorn::gateway
