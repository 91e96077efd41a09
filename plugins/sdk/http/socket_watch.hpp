// Tells when a socket that belongs to a library (libpq, libcurl) can be read or written.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <memory>

namespace posthorn::sdk {

// One thread. Must be made by make_shared.
class socket_watch : public std::enable_shared_from_this<socket_watch> {
public:
    // A copy of `socket` is watched: the library may close its own, and open another one of the
    // same number, whenever it likes. Throws when there is no room for one.
    socket_watch(const boost::asio::any_io_executor& loop, int socket,
                 std::function<void(bool readable, bool writable)> ready);

    // From now on, until it is said anew.
    void want(bool read, bool write);
    void close(); // `ready` is not called any more

private:
    void arm();
    void wait(boost::asio::posix::descriptor_base::wait_type what, const bool& wanted,
              bool& under_way);

    boost::asio::posix::stream_descriptor descriptor_;
    std::function<void(bool readable, bool writable)> ready_;
    bool want_read_ = false, want_write_ = false;
    bool reads_ = false, writes_ = false; // a wait is under way
};

} // namespace posthorn::sdk
