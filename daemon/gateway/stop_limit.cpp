#include "gateway/stop_limit.hpp"

#include <csignal>

namespace posthorn::gateway {

using boost::system::error_code;

stop_limit::stop_limit(boost::asio::any_io_executor loop, duration limit,
                       std::function<void(const std::string& why)> leave)
    : timer_(loop, limit), signals_(loop, SIGTERM, SIGINT) {
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
