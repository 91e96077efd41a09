// The Unix socket that `posthorn` and people's own tools use.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <filesystem>

namespace posthorn::api {

// Makes the socket's directory, removes a socket file nobody listens on, and listens, for its owner
// and group. Throws std::runtime_error that says what, where and what to do.
boost::asio::local::stream_protocol::acceptor
listen_on(const boost::asio::any_io_executor& executor, const std::filesystem::path& socket);

// Who is at the other end; the highest uid when that cannot be told.
unsigned uid_behind(boost::asio::local::stream_protocol::socket& socket);

} // namespace posthorn::api
