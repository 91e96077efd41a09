#include "sdk/http/socket_watch.hpp"

#include <fcntl.h>

#include <system_error>

namespace posthorn::sdk {

namespace asio = boost::asio;

namespace {

int copy_of(int socket) {
    const int copy = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        throw std::system_error(errno, std::generic_category(), "no room for a socket");
    return copy;
}

} // namespace

socket_watch::socket_watch(const asio::any_io_executor& loop, int socket,
                           std::function<void(bool, bool)> ready)
    : descriptor_(loop, copy_of(socket)), ready_(std::move(ready)) {}

void socket_watch::want(bool read, bool write) {
    want_read_ = read;
    want_write_ = write;
    arm();
}

void socket_watch::arm() {
    if (!descriptor_.is_open())
        return;
    wait(asio::posix::descriptor_base::wait_read, want_read_, reads_);
    wait(asio::posix::descriptor_base::wait_write, want_write_, writes_);
}

// Both `wanted` and `under_way` are of this.
void socket_watch::wait(asio::posix::descriptor_base::wait_type what, const bool& wanted,
                        bool& under_way) {
    if (!wanted || under_way)
        return;
    under_way = true;
    descriptor_.async_wait(
        what, [self = shared_from_this(), what, &wanted, &under_way](boost::system::error_code ec) {
            under_way = false;
            if (!ec && wanted && self->ready_)
                self->ready_(what == asio::posix::descriptor_base::wait_read,
                             what == asio::posix::descriptor_base::wait_write);
            self->arm();
        });
}

void socket_watch::close() {
    want_read_ = want_write_ = false;
    boost::system::error_code ignored; // it is only a copy
    descriptor_.close(ignored);
}

} // namespace posthorn::sdk
