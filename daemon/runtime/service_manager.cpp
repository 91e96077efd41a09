#include "runtime/service_manager.hpp"

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace posthorn::runtime {

namespace {

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : value;
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t n = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, n);
    return read.ec == std::errc() && read.ptr == end && n > 0 ? std::optional(n) : std::nullopt;
}

// A path, or '@' and a name that is in no file system. -1: nobody listens there.
int connected_to(std::string_view address) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    if (address.size() < 2 || address.size() >= sizeof(to.sun_path) ||
        (address.front() != '/' && address.front() != '@'))
        return -1;
    std::memcpy(to.sun_path, address.data(), address.size());
    if (address.front() == '@')
        to.sun_path[0] = '\0';
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    // The length counts: in an abstract name every octet does.
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), size) == 0)
        return fd;
    ::close(fd);
    return -1;
}

// What WATCHDOG_PID names another process for is not meant for us.
std::optional<duration> watchdog_for_us() {
    const auto pid = variable("WATCHDOG_PID");
    if (!pid.empty() && number_in(pid) != ::getpid())
        return std::nullopt;
    const auto micros = number_in(variable("WATCHDOG_USEC"));
    return micros ? std::optional<duration>(*micros) : std::nullopt;
}

std::int64_t monotonic_micros() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

} // namespace

service_manager::service_manager() : socket_(connected_to(variable("NOTIFY_SOCKET"))) {
    if (listens())
        watchdog_ = watchdog_for_us();
}

service_manager::~service_manager() {
    if (socket_ >= 0)
        ::close(socket_);
}

bool service_manager::ready() { return say("READY=1"); }

bool service_manager::reloading() {
    return say("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_micros()));
}

bool service_manager::stopping(duration at_most) {
    return say("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + std::to_string(at_most.count()));
}

bool service_manager::alive() { return say("WATCHDOG=1"); }

bool service_manager::status(std::string_view line) {
    std::string one_line(line);
    for (auto& c : one_line)
        if (c == '\n')
            c = ' ';
    return say("STATUS=" + one_line);
}

bool service_manager::say(const std::string& message) {
    return !listens() ||
           ::send(socket_, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

} // namespace posthorn::runtime
