#include "intake/folder_watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <utility>

namespace posthorn::intake {

folder_watch::folder_watch(std::filesystem::path folder)
    : folder_(std::move(folder)), events_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (events_ < 0 || wake_ < 0) {
        const std::error_code why(errno, std::generic_category());
        ::close(events_);
        ::close(wake_);
        throw std::system_error(why, "cannot watch " + folder_.string() +
                                         " (see fs.inotify.max_user_instances)");
    }
    watch();
}

folder_watch::~folder_watch() {
    ::close(events_);
    ::close(wake_);
}

void folder_watch::watch() {
    watched_ = ::inotify_add_watch(events_, folder_.c_str(),
                                   IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                                       IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
}

void folder_watch::read_events(news& n) {
    alignas(inotify_event) std::array<char, 8192> buffer;
    for (ssize_t got = 0; (got = ::read(events_, buffer.data(), buffer.size())) > 0;) {
        for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            at += sizeof event + event.len;
            n.changed = true;
            n.names = n.names || (event.mask & ~std::uint32_t{IN_MODIFY}) != 0;
            if ((event.mask & IN_MOVE_SELF) != 0) // what we watch is no longer what is there
                ::inotify_rm_watch(events_, watched_);
            if ((event.mask & IN_IGNORED) != 0)
                watched_ = -1;
        }
    }
}

folder_watch::news folder_watch::wait(std::chrono::microseconds at_most) {
    std::array<pollfd, 2> fds{{{events_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at_most);
    const timespec limit{seconds.count(), (at_most - seconds).count() * 1000};
    ::ppoll(fds.data(), fds.size(), &limit, nullptr);
    news n;
    if (fds[1].revents != 0) {
        eventfd_t count = 0;
        n.woken = ::eventfd_read(wake_, &count) == 0;
    }
    if (fds[0].revents != 0)
        read_events(n);
    if (!watching()) {
        watch();
        n.changed = n.names = n.names || watching();
    }
    return n;
}

void folder_watch::wake() { ::eventfd_write(wake_, 1); }

} // namespace posthorn::intake
