// What we tell the service manager that started us (sd_notify(3)): datagrams of VAR=VALUE lines to
// the socket in $NOTIFY_SOCKET. Written by hand: forty lines, against a library in every process.
//
// One thread. Nothing blocks: a message that cannot leave at once does not leave, and false is
// returned. Where nobody listens everything succeeds and does nothing.
#pragma once

#include "model/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::runtime {

class service_manager {
public:
    service_manager(); // as the environment says: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID
    ~service_manager();
    service_manager(const service_manager&) = delete;
    service_manager& operator=(const service_manager&) = delete;

    bool listens() const { return socket_ >= 0; }
    // We are killed when alive() is not told for so long; none: nobody watches.
    std::optional<duration> watchdog() const { return watchdog_; }

    bool ready();     // also: a reload has ended
    bool reloading(); // until ready()
    bool stopping(duration at_most);
    bool alive();
    bool status(std::string_view line); // for `systemctl status`

private:
    bool say(const std::string& message);

    int socket_ = -1;
    std::optional<duration> watchdog_;
};

} // namespace posthorn::runtime
