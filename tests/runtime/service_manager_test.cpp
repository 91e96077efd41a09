#include "runtime/service_manager.hpp"

#include "cli/scratch.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace service_manager_test {

using posthorn::runtime::service_manager;
using namespace std::chrono_literals;

namespace {

// Plays systemd: receives what is sent to a socket named as in NOTIFY_SOCKET.
class listener {
public:
    explicit listener(std::string address) : fd_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
        ::setenv("NOTIFY_SOCKET", address.c_str(), 1);
        if (address.front() == '@')
            address.front() = '\0';
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        std::memcpy(at.sun_path, address.data(), address.size());
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
        REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&at), size) == 0);
    }
    ~listener() {
        ::close(fd_);
        for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
            ::unsetenv(name);
    }
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    // The oldest message; empty when there is none.
    std::string heard() const {
        std::array<char, 4096> text{};
        const auto octets = ::recv(fd_, text.data(), text.size(), MSG_DONTWAIT);
        return {text.data(), octets > 0 ? static_cast<std::size_t>(octets) : 0};
    }

private:
    int fd_;
};

} // namespace

TEST_CASE("service manager: what happens is told in its words, by path and by abstract name") {
    const scratch dir;
    for (const auto& address :
         {(dir.path / "notify").string(), "@posthorn-test-" + std::to_string(::getpid())}) {
        CAPTURE(address);
        const listener systemd(address);
        service_manager manager;
        REQUIRE(manager.listens());
        CHECK(manager.ready());
        CHECK(systemd.heard() == "READY=1");
        CHECK(manager.alive());
        CHECK(systemd.heard() == "WATCHDOG=1");
        CHECK(manager.status("no link on account a:\nrefused"));
        CHECK(systemd.heard() == "STATUS=no link on account a: refused");
        CHECK(manager.stopping(90s));
        CHECK(systemd.heard() == "STOPPING=1\nEXTEND_TIMEOUT_USEC=90000000");
        CHECK(manager.reloading());
        const auto reload = systemd.heard();
        const std::string begin = "RELOADING=1\nMONOTONIC_USEC=";
        REQUIRE(reload.starts_with(begin));
        CHECK(std::stoll(reload.substr(begin.size())) > 0);
    }
}

TEST_CASE("service manager: without one, and with an address that is none, all is said to nobody") {
    for (const auto* address : {"", "relative", "/", "@", "/nobody/listens/here"}) {
        CAPTURE(address);
        ::setenv("NOTIFY_SOCKET", address, 1);
        ::setenv("WATCHDOG_USEC", "1000", 1);
        service_manager manager;
        CHECK(!manager.listens());
        CHECK(!manager.watchdog());
        CHECK(manager.ready());
    }
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    CHECK(service_manager().alive());
}

TEST_CASE("service manager: a full queue is told, and nothing blocks") {
    const scratch dir;
    const listener systemd((dir.path / "notify").string());
    service_manager manager;
    int said = 0;
    while (said < 100'000 && manager.status("again"))
        ++said;
    CHECK(said > 0);
    CHECK(said < 100'000);
}

TEST_CASE("service manager: the watchdog is ours when its process is") {
    const scratch dir;
    const listener systemd((dir.path / "notify").string());
    struct {
        std::string micros, pid;
        std::optional<posthorn::duration> expected;
    } const rows[] = {
        {"30000000", "", 30s},           {"30000000", std::to_string(::getpid()), 30s},
        {"30000000", "1", std::nullopt}, {"30000000", "x", std::nullopt},
        {"", "", std::nullopt},          {"0", "", std::nullopt},
        {"-5", "", std::nullopt},        {"10s", "", std::nullopt},
    };
    for (const auto& row : rows) {
        CAPTURE(row.micros);
        CAPTURE(row.pid);
        ::setenv("WATCHDOG_USEC", row.micros.c_str(), 1);
        ::setenv("WATCHDOG_PID", row.pid.c_str(), 1);
        CHECK(service_manager().watchdog() == row.expected);
    }
}

} // namespace service_manager_test
