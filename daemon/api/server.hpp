// The daemon's HTTP/1.1 interface on a Unix socket, for `posthorn` and for people's own tools.
//
//   GET  /v1/status                              what is wrong now, what waits, what was done
//   GET  /v1/show?what=ID|KEY[&source=NAME]      the life of events
//   GET  /v1/uncertain                           parts nobody knows the fate of
//   POST /v1/uncertain/MESSAGE/PART/resend       settle one: send it again
//   POST /v1/uncertain/MESSAGE/PART/accept       settle one: leave it
//   POST /v1/retry                               try parked events again
//   POST /v1/pause  /v1/stop  /v1/resume         sending, of a scope or all of it
//   POST /v1/cancel  /v1/resend                  one message
//   GET  /v1/search  /v1/accounts  /v1/sources   lists
//   GET  /v1/log                                 who changed what, and why
//
// Who may open the socket file (mode 0660) may do all of it; the user behind each POST is
// recorded with what was done.
// Errors are application/problem+json (RFC 9457). Lives on the loop's thread; reads of the store
// happen on a thread of their own.
#pragma once

#include "api/handlers.hpp"
#include "api/router.hpp"
#include "runtime/task_group.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <filesystem>
#include <list>
#include <string>

namespace posthorn::api {

class server {
public:
    // Makes the socket's directory, removes a socket file nobody listens on, and listens. Throws
    // std::runtime_error that says what, where and what to do.
    server(boost::asio::any_io_executor executor, std::filesystem::path socket,
           store::reader& reader, surroundings around);

    void start();
    // The first line of `posthorn status`.
    boost::asio::awaitable<std::string> verdict() { return handlers_.verdict(); }
    // No new connections; idle ones are closed, requests in hand are answered. Await it before the
    // server goes; it takes at most some seconds.
    boost::asio::awaitable<void> stop();

private:
    using stream = boost::beast::basic_stream<boost::asio::local::stream_protocol,
                                              boost::asio::any_io_executor>;
    struct connection {
        stream link;
        bool idle = true; // waiting for a request
        unsigned uid = 0;
    };

    boost::asio::awaitable<void> accept_connections();
    boost::asio::awaitable<void> serve(std::shared_ptr<connection> c);
    boost::asio::awaitable<bool> serve_one(connection& c, boost::beast::flat_buffer& buffer);
    boost::asio::awaitable<answer> answer_to(request asked, unsigned uid);

    boost::asio::any_io_executor executor_;
    std::filesystem::path path_;
    surroundings around_;
    handlers handlers_;
    router router_;
    boost::asio::thread_pool user_names_{1};
    boost::asio::local::stream_protocol::acceptor acceptor_;
    std::list<std::shared_ptr<connection>> connections_;
    runtime::task_group tasks_;
    bool stopping_ = false;
};

} // namespace posthorn::api
