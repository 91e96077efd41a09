// The TCP side of the API: the listening socket, its TLS, and who may have how many connections and
// requests. On the loop's thread.
#pragma once

#include "settings/http_settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <map>
#include <optional>
#include <string>

namespace posthorn::api {

// Throw std::runtime_error that says what, where and what to do.
boost::asio::ip::tcp::acceptor listen_on(const boost::asio::any_io_executor& executor,
                                         const settings::http_settings& http);
// TLS 1.2 or newer; nothing when there is no certificate.
std::optional<boost::asio::ssl::context> tls_of(const settings::http_settings& http);

// Counts connections, in total and by address.
class doorkeeper {
public:
    doorkeeper(unsigned most, unsigned most_of_one) : most_(most), most_of_one_(most_of_one) {}

    bool let_in(const std::string& address); // then call gone() once
    void gone(const std::string& address);
    unsigned inside() const { return inside_; }

private:
    unsigned most_, most_of_one_, inside_ = 0;
    std::map<std::string, unsigned, std::less<>> by_address_;
};

// So many requests a second for each token; a second's worth may come at once.
class pacer {
public:
    explicit pacer(unsigned per_second) : per_second_(per_second) {}

    bool may(const std::string& token, instant now);

private:
    struct bucket {
        std::int64_t micros = 0; // what is left, a million to a request
        instant at{};
    };
    std::int64_t per_second_;
    std::map<std::string, bucket, std::less<>> buckets_; // as many as there are tokens
};

} // namespace posthorn::api
