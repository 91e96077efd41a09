#include "api/server.hpp"

#include "api/http_request.hpp"
#include "api/unix_socket.hpp"
#include "api/user_name.hpp"
#include "runtime/run_on.hpp"
#include "tokens/digest.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <iterator>

namespace posthorn::api {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

namespace {

constexpr std::size_t most_people = 64;
constexpr auto after_failed_accept = std::chrono::seconds(1);

constexpr std::string_view of_carriers = "/v1/carriers/";

// A target without the phone numbers and secrets that stand in some.
std::string loggable(const std::string& target) {
    if (target.starts_with(of_carriers))
        return target.substr(0, target.find_first_of("/?", of_carriers.size()));
    for (const std::string_view shown :
         {"/v1/people/", "/v1/customers/", "/v1/consent/", "/customers?who="})
        if (target.starts_with(shown))
            return std::string(shown) + masked(target.substr(shown.size()));
    return target.substr(0, target.find('?'));
}

const settings::http_settings limits_of_people{.idle_wait = std::chrono::seconds(30)};

// "Bearer TOKEN", or as browsers send it: "Basic " and base64 of "anything:TOKEN".
std::string token_in(const std::string& authorization) {
    constexpr std::string_view bearer = "Bearer ", basic = "Basic ";
    const auto has = [&](std::string_view scheme) {
        return boost::beast::iequals(authorization.substr(0, scheme.size()),
                                     {scheme.data(), scheme.size()});
    };
    if (has(bearer))
        return authorization.substr(bearer.size());
    if (!has(basic))
        return {};
    std::string pair;
    if (!tokens::read_base64(std::string_view(authorization).substr(basic.size()), pair))
        return {};
    return pair.substr(pair.find(':') + 1);
}

// A page of another site makes a browser that knows a token send it along.
bool is_from_elsewhere(const http_request& incoming) {
    if (const auto site = incoming.field("Sec-Fetch-Site"); !site.empty())
        return site != "same-origin" && site != "none";
    const auto origin = incoming.field("Origin");
    return !origin.empty() && !origin.ends_with("//" + incoming.field("Host"));
}

} // namespace

server::server(asio::any_io_executor executor, std::filesystem::path socket, store::reader& reader,
               surroundings around)
    : executor_(executor), path_(std::move(socket)), around_(std::move(around)),
      handlers_(reader, around_), health_(reader, handlers_.pool(), around_, figures_),
      router_(routes()), acceptor_(listen_on(executor, path_)),
      tasks_(executor, [this](std::string_view task, std::string_view error) {
          around_.log(std::string(task) + ": " + std::string(error));
      }) {
    handlers_.use(router_);
}

std::uint16_t server::open_to_network(const settings::http_settings& http,
                                      const tokens::token_ring& ring, store::reader& reader) {
    network_.reset(new network{http, ring, listen_on(executor_, http), tls_of(http),
                               doorkeeper(http.connections, http.connections_per_address),
                               pacer(http.requests_per_second), event_handlers(reader, around_),
                               carrier_handlers(around_)});
    router_ = router(routes());
    return network_->acceptor.local_endpoint().port();
}

std::vector<route> server::routes() {
    auto all = handlers_.table();
    std::ranges::move(health_.table(), std::back_inserter(all));
    if (network_) {
        std::ranges::move(network_->events.table(), std::back_inserter(all));
        std::ranges::move(network_->carriers.table(), std::back_inserter(all));
    }
    return all;
}

void server::start() {
    tasks_.spawn("api", accept_people());
    if (network_)
        tasks_.spawn("http", accept_network());
}

asio::awaitable<void> server::stop() {
    stopping_ = true;
    handlers_.stop();
    if (network_)
        network_->events.stop();
    if (network_ && network_->acceptor.is_open())
        network_->acceptor.close();
    if (acceptor_.is_open()) {
        std::error_code gone;
        std::filesystem::remove(path_, gone);
        acceptor_.close();
    }
    tasks_.cancel(asio::cancellation_type::total); // the accept loops may be napping
    for (const auto& c : connections_)
        if (c->idle)
            c->close();
    co_await tasks_.wait();
}

asio::awaitable<void> server::rest_after(error_code ec) {
    around_.log("api: cannot accept a connection: " + ec.message());
    asio::steady_timer nap(executor_, after_failed_accept);
    co_await nap.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> server::accept_people() {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!stopping_) {
        auto [ec, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (stopping_)
            break;
        if (ec) {
            co_await rest_after(ec);
            continue;
        }
        const auto uid = uid_behind(socket);
        auto c = std::make_shared<connection>(std::move(socket),
                                              caller{.person = true, .uid = uid, .near = true}, "");
        if (people_ >= most_people) {
            turn_away(*c, "64 connections are open: close some");
            continue;
        }
        ++people_;
        admit(std::move(c));
    }
}

asio::awaitable<void> server::accept_network() {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!stopping_) {
        asio::ip::tcp::endpoint from;
        auto [ec, socket] =
            co_await network_->acceptor.async_accept(from, asio::as_tuple(asio::use_awaitable));
        if (stopping_)
            break;
        if (ec) {
            co_await rest_after(ec);
            continue;
        }
        error_code ignored;
        socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        const auto address = from.address().to_string();
        auto c = std::make_shared<connection>(
            std::move(socket), caller{.near = from.address().is_loopback()}, address);
        if (!network_->door.let_in(address)) {
            ++figures_.turned_away;
            turn_away(*c, "too many connections are open: use fewer, and keep them");
            continue;
        }
        admit(std::move(c));
    }
}

void server::admit(std::shared_ptr<connection> c) {
    connections_.push_back(c);
    figures_.connections = network_ ? network_->door.inside() : 0;
    tasks_.spawn("api connection", serve(std::move(c)));
}

// Said without waiting: it fits into the socket's buffer, and who does not read it is closed
// anyway. Who speaks TLS hears nothing.
void server::turn_away(connection& c, std::string_view why) {
    auto refused = problem(503, "Too busy", why);
    refused.headers.emplace_back("Retry-After", "1");
    c.write_at_once(octets_of(refused, false, false));
}

asio::awaitable<void> server::serve(std::shared_ptr<connection> c) {
    const bool encrypted = network_ && network_->tls && !c->near();
    try {
        if (encrypted)
            co_await serve_encrypted(*c);
        else
            co_await serve_all(*c);
    } catch (const boost::system::system_error&) {
        // the client has gone while we wrote: its own affair
    }
    std::erase(connections_, c);
    if (c->near())
        --people_;
    else
        network_->door.gone(c->address);
    figures_.connections = network_ ? network_->door.inside() : 0;
}

asio::awaitable<void> server::serve_encrypted(connection& c) {
    const bool encrypted = co_await c.encrypt(*network_->tls);
    if (!encrypted)
        co_return;
    co_await serve_all(c);
    co_await c.end_encryption();
}

asio::awaitable<void> server::serve_all(connection& c) {
    // a stop may come while an answer is being written: then nobody closes us as idle
    bool more = true;
    while (!stopping_ && more)
        more = co_await serve_one(c);
}

// One request and its answer. False when the connection is over.
asio::awaitable<bool> server::serve_one(connection& c) {
    c.idle = true;
    const bool there = co_await await_request(c);
    c.idle = false;
    if (!there)
        co_return false;
    http_request incoming(c, limits_of(c));
    request asked;
    auto refused = co_await read(incoming, c, asked);
    if (refused && refused->status == 0)
        co_return false;
    c.expires_never();
    answer given;
    if (refused)
        given = std::move(*refused);
    else
        given = co_await answer_to(std::move(asked));
    const bool more = incoming.may_go_on() && !stopping_;
    if (!c.who.person)
        ++figures_.answers[given.status];
    const auto octets = octets_of(given, more, incoming.is_head());
    co_await c.write(octets);
    if (!incoming.is_whole())
        co_await c.linger();
    co_return more;
}

const settings::http_settings& server::limits_of(const connection& c) const {
    return c.near() ? limits_of_people : network_->http;
}

// Until something of the next request is there.
asio::awaitable<bool> server::await_request(connection& c) {
    if (c.unread.size() > 0)
        co_return true;
    c.expires_after(limits_of(c).idle_wait);
    const auto gone = co_await c.read();
    co_return !gone;
}

// A status of 0: the client is gone. What can be refused without the body is refused without it.
asio::awaitable<std::optional<answer>> server::read(http_request& incoming, const connection& c,
                                                    request& asked) {
    auto refused = co_await incoming.read_header();
    if (!refused)
        refused = refusal_of(incoming, c, asked);
    if (!refused)
        refused = co_await incoming.read_body();
    if (!refused)
        asked.body = incoming.take_body();
    co_return refused;
}

// Fills in `asked` from the header.
std::optional<answer> server::refusal_of(const http_request& incoming, const connection& c,
                                         request& asked) {
    if (auto unclear = incoming.unclear())
        return unclear;
    asked.method = incoming.method();
    if (asked.method == "HEAD")
        asked.method = "GET";
    asked.path = incoming.target();
    asked.idempotency_key = incoming.field("Idempotency-Key");
    if (asked.path.starts_with(of_carriers))
        asked.headers = incoming.fields();
    asked.address = c.address;
    asked.who = c.who;
    asked.from_elsewhere = is_from_elsewhere(incoming);
    const auto shown = incoming.field("Authorization");
    asked.who.shown_token = !shown.empty();
    if (const auto* t = network_ ? network_->ring.holder(token_in(shown)) : nullptr) {
        asked.who.token = t->id;
        asked.who.token_name = t->name;
        asked.who.source = t->source;
        asked.who.agent = t->agent;
    }
    if (!asked.who.token.empty() && !network_->pace.may(asked.who.token, around_.now())) {
        auto slower = problem(429, "Too many requests",
                              "at most " + std::to_string(network_->http.requests_per_second) +
                                  " requests a second with one token: send batches");
        slower.headers.emplace_back("Retry-After", "1");
        return slower;
    }
    return router_.refusal(asked);
}

asio::awaitable<answer> server::answer_to(request asked) {
    const std::string what = asked.method + " " + loggable(asked.path);
    const auto& who = asked.who;
    const bool of_customer = what.find("/customers") != std::string::npos;
    if (who.person && (asked.method != "GET" || of_customer))
        asked.user = co_await runtime::run_on(user_names_, [&] { return user_name(who.uid); });
    else if (!who.person && (asked.method != "GET" || who.agent))
        asked.user = "token " + who.token + (who.token_name.empty() ? "" : " " + who.token_name);
    // what people do and whom they look at; sources do too much of it
    if ((who.person || who.agent) && !asked.user.empty())
        around_.log(what + " who=" + asked.user);
    std::string target = asked.path;
    std::string failure;
    try {
        co_return co_await router_.answer_to(std::move(target), std::move(asked));
    } catch (const std::exception& e) {
        failure = e.what();
    }
    around_.log(what + ": " + failure);
    co_return problem(503, "Cannot answer now", failure);
}

} // namespace posthorn::api
