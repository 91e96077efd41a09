#include "gateway/stop_limit.hpp"

namespace posthorn::gateway {

using boost::system::error_code;

stop_limit::stop_limit(boost::asio::signal_set& signals, duration limit,
                       std::function<void(const std::string& why)> leave)
    : signals_(signals), timer_(signals.get_executor(), limit) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(limit);
    timer_.async_wait([leave, seconds](error_code cancelled) {
        if (!cancelled)
            leave("not stopped within " + std::to_string(seconds.count()) + " s (`stop_within:`)");
    });
    signals_.async_wait([leave](error_code cancelled, int) {
        if (!cancelled)
            leave("told a second time to stop");
    });
}

stop_limit::~stop_limit() {
    timer_.cancel();
    signals_.cancel();
}

} // namespace posthorn::gateway
