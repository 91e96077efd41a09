// The daemon's HTTP/1.1 interface: a Unix socket for `posthorn` and people's own tools, and a TCP
// port for business systems and those who watch. One table of routes (handlers.cpp) serves both; it
// says whom each route is for. daemon/api/openapi.yaml describes the routes of the network.
//
// Who may open the socket file (mode 0660) may do all that is for people; the user behind each POST
// is recorded with what was done. A body is read only once its sender may use the route. Errors are
// application/problem+json (RFC 9457). Lives on the loop's thread; reads of the store happen on
// threads of their own.
#pragma once

#include "api/carrier_handlers.hpp"
#include "api/connection.hpp"
#include "api/event_handlers.hpp"
#include "api/handlers.hpp"
#include "api/health_handlers.hpp"
#include "api/router.hpp"
#include "api/web.hpp"
#include "runtime/task_group.hpp"
#include "tokens/token_file.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/thread_pool.hpp>

#include <filesystem>
#include <list>
#include <memory>
#include <string>

namespace posthorn::api {

class http_request;

class server {
public:
    // Both listen at once, or throw std::runtime_error that says what, where and what to do.
    server(boost::asio::any_io_executor executor, std::filesystem::path socket,
           store::reader& reader, surroundings around);
    // Before start(). `reader` is for what sources ask. The port it listens on.
    std::uint16_t open_to_network(const settings::http_settings& http,
                                  const tokens::token_ring& ring, store::reader& reader);

    void start();
    // The first line of `posthorn status`.
    boost::asio::awaitable<std::string> verdict() { return handlers_.verdict(); }
    // No new connections; idle ones are closed, requests in hand are answered. Await it before the
    // server goes; it takes at most some seconds.
    boost::asio::awaitable<void> stop();

private:
    struct network {
        settings::http_settings http;
        const tokens::token_ring& ring;
        boost::asio::ip::tcp::acceptor acceptor;
        std::optional<boost::asio::ssl::context> tls;
        doorkeeper door;
        pacer pace;
        event_handlers events;
        carrier_handlers carriers;
    };

    std::vector<route> routes();
    boost::asio::awaitable<void> accept_people();
    boost::asio::awaitable<void> accept_network();
    boost::asio::awaitable<void> rest_after(boost::system::error_code ec);
    void admit(std::shared_ptr<connection> c);
    void turn_away(connection& c, std::string_view why);
    boost::asio::awaitable<void> serve(std::shared_ptr<connection> c);
    boost::asio::awaitable<void> serve_encrypted(connection& c);
    boost::asio::awaitable<void> serve_all(connection& c);
    boost::asio::awaitable<bool> serve_one(connection& c);
    const settings::http_settings& limits_of(const connection& c) const;
    boost::asio::awaitable<bool> await_request(connection& c);
    boost::asio::awaitable<std::optional<answer>> read(http_request& incoming, const connection& c,
                                                       request& asked);
    std::optional<answer> refusal_of(const http_request& incoming, const connection& c,
                                     request& asked);
    boost::asio::awaitable<answer> answer_to(request asked);

    boost::asio::any_io_executor executor_;
    std::filesystem::path path_;
    surroundings around_;
    handlers handlers_;
    http_figures figures_;
    health_handlers health_;
    std::unique_ptr<network> network_; // null: none
    router router_;                    // of the routes of all above
    boost::asio::thread_pool user_names_{1};
    boost::asio::local::stream_protocol::acceptor acceptor_;
    std::list<std::shared_ptr<connection>> connections_;
    std::size_t people_ = 0; // of the connections
    runtime::task_group tasks_;
    bool stopping_ = false;
};

} // namespace posthorn::api
