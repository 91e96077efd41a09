// One HTTP/1.1 request as it comes over a connection, and the octets of an answer to it.
#pragma once

#include "api/answer.hpp"
#include "api/connection.hpp"
#include "settings/http_settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::api {

class http_request {
public:
    http_request(connection& c, const settings::http_settings& limits);

    // Nothing: it is there. A status of 0: the client is gone.
    boost::asio::awaitable<std::optional<answer>> read_header();
    // To be refused before its body is read: nobody could tell where it ends.
    std::optional<answer> unclear() const;
    // After read_header(); says first that it is wanted, to a client that waits for that.
    boost::asio::awaitable<std::optional<answer>> read_body();

    std::string method() const;
    std::string target() const;
    std::string field(std::string_view name) const; // empty: it has none
    // All of them, with their names in lower case.
    std::vector<std::pair<std::string, std::string>> fields() const;
    std::string take_body() { return std::move(parser_.get().body()); }
    bool is_whole() const { return parser_.is_done(); }
    bool is_head() const; // its answer has no body
    // Whether another one may follow it on this connection.
    bool may_go_on() const;

private:
    boost::asio::awaitable<std::optional<answer>> read_until(bool (http_request::*there)() const);
    bool has_header() const { return parser_.is_header_done(); }
    std::optional<answer> failed(const boost::system::error_code& ec) const;

    connection& c_;
    const settings::http_settings& limits_;
    boost::beast::http::request_parser<boost::beast::http::string_body> parser_;
};

std::string octets_of(const answer& a, bool keep_alive, bool bodiless);

} // namespace posthorn::api
