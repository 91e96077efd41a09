// Requests to a carrier over connections that stay open, in HTTP/2 where it offers that. TLS is
// always verified.
#pragma once

#include "sdk/http/message.hpp"
#include "sdk/http/transfers.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>

namespace posthorn::sdk {

struct http_limits {
    unsigned connections = 8;
    duration connect = std::chrono::seconds(5);
    duration whole = std::chrono::seconds(15);
    std::string ca; // PEM; empty: the system's
};

struct http_failure {
    bool may_have_left = true; // a byte of the request; else it is certain that none did
    std::string why;
};

using http_result = std::variant<http_response, http_failure>;

class http_client {
public:
    http_client(const boost::asio::any_io_executor& loop, http_limits limits);
    ~http_client() { transfers_->close(); }
    http_client(const http_client&) = delete;
    http_client& operator=(const http_client&) = delete;

    // `done` is called once: later, or by give_up(); not when this is destroyed before.
    void send(const http_request& request, std::function<void(http_result)> done);
    // Connects, and encrypts where the URL says so; nothing is asked.
    void connect(const std::string& url, std::function<void(http_result)> done);
    // Tells all that wait that no answer came, and does nothing any more.
    void give_up(const std::string& why);
    std::size_t under_way() const { return under_way_.size(); }

private:
    struct exchange;
    struct waiting {
        std::shared_ptr<exchange> what;
        std::function<void(http_result)> done;
    };

    std::shared_ptr<exchange> prepared(const http_request& request) const;
    void begin(const std::shared_ptr<exchange>& e, std::function<void(http_result)> done);

    const http_limits limits_;
    std::shared_ptr<transfers> transfers_;
    std::map<CURL*, waiting> under_way_;
    bool given_up_ = false;
};

} // namespace posthorn::sdk
