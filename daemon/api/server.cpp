#include "api/server.hpp"

#include "api/unix_socket.hpp"
#include "api/user_name.hpp"
#include "encoding/utf8.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace posthorn::api {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using octets = http::response<http::string_body>;

namespace {

constexpr std::uint32_t longest_header = 16 << 10;
constexpr std::size_t most_people = 64;
constexpr auto write_limit = std::chrono::seconds(5);
constexpr auto handshake_limit = std::chrono::seconds(10);
constexpr auto after_failed_accept = std::chrono::seconds(1);
constexpr std::size_t lingered_for = 256 << 10; // octets of an unwanted body

// A target without the phone numbers that some begin with.
std::string loggable(const std::string& target) {
    constexpr std::string_view people = "/v1/people/";
    return target.starts_with(people) ? std::string(people) + masked(target.substr(people.size()))
                                      : target;
}

const settings::http_settings limits_of_people{.idle_wait = std::chrono::seconds(30)};

// "1 MiB", "64 KiB"; as it was most likely written.
std::string shown_size(std::int64_t size) {
    if (size % (1 << 20) == 0)
        return std::to_string(size >> 20) + " MiB";
    return size % (1 << 10) == 0 ? std::to_string(size >> 10) + " KiB"
                                 : std::to_string(size) + " octets";
}

// What to tell a client whose request could not be read; nothing when it is gone, said nothing, or
// was too slow: Beast has closed it then.
std::optional<answer> unreadable(const error_code& ec, std::int64_t longest_body) {
    if (ec == http::error::body_limit)
        return problem(413, "Too large", "a body has at most " + shown_size(longest_body));
    if (ec == http::error::header_limit)
        return problem(431, "Too large", "a header has at most 16 KiB");
    const bool over = ec == http::error::end_of_stream || ec == http::error::partial_message;
    if (!over && ec.category() == error_code(http::error::bad_method).category())
        return problem(400, "Bad request", "this is not HTTP/1.1: " + ec.message());
    return std::nullopt;
}

// A body of another coding than ours has an end that only its sender knows: what follows could be
// taken for a request of its own, by us or by a proxy before us.
bool has_clear_end(const auto& header) {
    constexpr auto field = http::field::transfer_encoding;
    const auto n = header.count(field);
    return n == 0 || (n == 1 && beast::iequals(header[field], "chunked"));
}

octets as_http(const answer& a, bool keep_alive, bool bodiless) {
    octets out(static_cast<http::status>(a.status), 11);
    out.set(http::field::content_type, !a.text_type.empty() ? a.text_type
                                       : a.is_problem()     ? "application/problem+json"
                                                            : "application/json");
    out.set(http::field::cache_control, "no-store");
    for (const auto& [name, value] : a.headers)
        out.set(name, value);
    out.keep_alive(keep_alive);
    // a parked row may hold octets that are no text, and is shown all the same
    out.body() =
        !a.text_type.empty() ? a.text : encoding::repaired(boost::json::serialize(a.body)) + "\n";
    out.prepare_payload();
    if (bodiless)
        out.body().clear();
    return out;
}

template <class Stream>
auto& link_of(Stream& s) {
    return beast::get_lowest_layer(s);
}

// A client that still sends what nobody reads would lose our answer when we close.
asio::awaitable<void> linger(auto& link) {
    error_code ignored;
    link.socket().shutdown(asio::socket_base::shutdown_send, ignored);
    std::array<char, 4096> unwanted{};
    link.expires_after(std::chrono::seconds(1));
    for (std::size_t read = 0; read < lingered_for;) {
        auto [ec, size] = co_await link.async_read_some(asio::buffer(unwanted),
                                                        asio::as_tuple(asio::use_awaitable));
        if (ec)
            break;
        read += size;
    }
}

} // namespace

server::server(asio::any_io_executor executor, std::filesystem::path socket, store::reader& reader,
               surroundings around)
    : executor_(executor), path_(std::move(socket)), around_(std::move(around)),
      handlers_(reader, around_), health_(reader, handlers_.pool(), around_, figures_),
      router_(routes()), acceptor_(listen_on(executor, path_)),
      tasks_(executor, [this](std::string_view task, std::string_view error) {
          around_.log(std::string(task) + ": " + std::string(error));
      }) {}

std::uint16_t server::open_to_network(const settings::http_settings& http,
                                      const tokens::token_ring& ring, store::reader& reader) {
    network_.reset(new network{http, ring, listen_on(executor_, http), tls_of(http),
                               doorkeeper(http.connections, http.connections_per_address),
                               pacer(http.requests_per_second), event_handlers(reader, around_)});
    router_ = router(routes());
    return network_->acceptor.local_endpoint().port();
}

std::vector<route> server::routes() {
    auto all = handlers_.table();
    std::ranges::move(health_.table(), std::back_inserter(all));
    if (network_)
        std::ranges::move(network_->events.table(), std::back_inserter(all));
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
            c->link.close();
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
        stream link{asio::generic::stream_protocol::socket(std::move(socket))};
        if (people_ >= most_people) {
            turn_away(std::move(link), "64 connections are open: close some");
            continue;
        }
        ++people_;
        admit(std::make_shared<connection>(
            connection{std::move(link), {.person = true, .uid = uid, .near = true}}));
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
        stream link{asio::generic::stream_protocol::socket(std::move(socket))};
        if (!network_->door.let_in(address)) {
            ++figures_.turned_away;
            turn_away(std::move(link), "too many connections are open: use fewer, and keep them");
            continue;
        }
        admit(std::make_shared<connection>(
            connection{std::move(link), {.near = from.address().is_loopback()}, address}));
    }
}

void server::admit(std::shared_ptr<connection> c) {
    connections_.push_back(c);
    figures_.connections = network_ ? network_->door.inside() : 0;
    tasks_.spawn("api connection", serve(std::move(c)));
}

// Said without waiting: it fits into the socket's buffer, and who does not read it is closed
// anyway. Who speaks TLS hears nothing.
void server::turn_away(stream link, std::string_view why) {
    error_code ignored;
    auto& socket = link.socket();
    socket.non_blocking(true, ignored);
    auto refused = problem(503, "Too busy", why);
    refused.headers.emplace_back("Retry-After", "1");
    http::write(socket, as_http(refused, false, false), ignored);
}

asio::awaitable<void> server::serve(std::shared_ptr<connection> c) {
    const bool encrypted = network_ && network_->tls && !c->address.empty();
    try {
        if (encrypted)
            co_await serve_encrypted(*c);
        else
            co_await serve_all(c->link, *c);
    } catch (const boost::system::system_error&) {
        // the client has gone while we wrote: its own affair
    }
    std::erase(connections_, c);
    if (c->address.empty())
        --people_;
    else
        network_->door.gone(c->address);
    figures_.connections = network_ ? network_->door.inside() : 0;
}

asio::awaitable<void> server::serve_encrypted(connection& c) {
    beast::ssl_stream<stream&> s(c.link, *network_->tls);
    c.link.expires_after(handshake_limit);
    auto [ec] = co_await s.async_handshake(asio::ssl::stream_base::server,
                                           asio::as_tuple(asio::use_awaitable));
    if (ec)
        co_return;
    co_await serve_all(s, c);
    c.link.expires_after(write_limit);
    co_await s.async_shutdown(asio::as_tuple(asio::use_awaitable));
}

template <class Stream>
asio::awaitable<void> server::serve_all(Stream& s, connection& c) {
    beast::flat_buffer buffer;
    // a stop may come while an answer is being written: then nobody closes us as idle
    while (!stopping_ && co_await serve_one(s, c, buffer)) {
    }
}

// One request and its answer. False when the connection is over.
template <class Stream>
asio::awaitable<bool> server::serve_one(Stream& s, connection& c, beast::flat_buffer& buffer) {
    parser p;
    request asked;
    c.idle = true;
    const bool there = co_await await_request(s, c, buffer);
    c.idle = false;
    if (!there)
        co_return false;
    auto refused = co_await read(s, c, buffer, p, asked);
    if (refused && refused->status == 0)
        co_return false;
    const bool whole = p.is_done();
    const bool bodiless = p.is_header_done() && p.get().method() == http::verb::head;
    bool more = whole && p.get().keep_alive() && has_clear_end(p.get());
    link_of(s).expires_never();
    answer given;
    if (refused)
        given = std::move(*refused);
    else
        given = co_await answer_to(std::move(asked));
    more = more && !stopping_;
    if (!c.who.person)
        ++figures_.answers[given.status];
    const auto response = as_http(given, more, bodiless);
    link_of(s).expires_after(write_limit);
    co_await http::async_write(s, response, asio::use_awaitable);
    if (!whole)
        co_await linger(link_of(s));
    co_return more;
}

// Until something of the next request is there.
template <class Stream>
asio::awaitable<bool> server::await_request(Stream& s, connection& c, beast::flat_buffer& buffer) {
    if (buffer.size() > 0)
        co_return true;
    link_of(s).expires_after(c.address.empty() ? limits_of_people.idle_wait
                                               : network_->http.idle_wait);
    auto room = buffer.prepare(4096);
    auto [ec, size] = co_await s.async_read_some(room, asio::as_tuple(asio::use_awaitable));
    buffer.commit(size);
    co_return !ec;
}

// A status of 0: the client is gone.
template <class Stream>
asio::awaitable<std::optional<answer>>
server::read(Stream& s, connection& c, beast::flat_buffer& buffer, parser& p, request& asked) {
    const auto& limits = c.address.empty() ? limits_of_people : network_->http;
    const auto failed = [&](const error_code& ec) {
        auto why = unreadable(ec, limits.longest_body);
        return why ? std::move(*why) : answer{.status = 0};
    };
    p.header_limit(longest_header);
    p.body_limit(static_cast<std::uint64_t>(limits.longest_body));
    link_of(s).expires_after(limits.header_wait);
    auto [header_ec, header_size] =
        co_await http::async_read_header(s, buffer, p, asio::as_tuple(asio::use_awaitable));
    if (header_ec)
        co_return failed(header_ec);
    if (auto refused = refusal_of(p, c, asked))
        co_return refused;
    if (!p.is_done() && beast::iequals(p.get()[http::field::expect], "100-continue")) {
        const http::response<http::empty_body> go_on(http::status::continue_, 11);
        link_of(s).expires_after(write_limit);
        co_await http::async_write(s, go_on, asio::use_awaitable);
    }
    link_of(s).expires_after(limits.body_wait);
    auto [body_ec, body_size] =
        co_await http::async_read(s, buffer, p, asio::as_tuple(asio::use_awaitable));
    if (body_ec)
        co_return failed(body_ec);
    asked.body = std::move(p.get().body());
    co_return std::nullopt;
}

// Fills in `asked` from the header. What can be refused without the body is refused without it.
std::optional<answer> server::refusal_of(const parser& p, const connection& c, request& asked) {
    const auto& got = p.get();
    if (!has_clear_end(got))
        return problem(501, "Not implemented", "Transfer-Encoding may only be `chunked`");
    const auto text = [](beast::string_view v) { return std::string(v.data(), v.size()); };
    asked.method = text(got.method_string());
    if (asked.method == "HEAD")
        asked.method = "GET";
    asked.path = text(got.target());
    asked.idempotency_key = text(got["Idempotency-Key"]);
    asked.who = c.who;
    const auto shown = text(got[http::field::authorization]);
    asked.who.shown_token = !shown.empty();
    constexpr std::size_t scheme = sizeof("Bearer ") - 1;
    if (network_ && beast::iequals(shown.substr(0, scheme), "Bearer "))
        if (const auto* t = network_->ring.holder(std::string_view(shown).substr(scheme))) {
            asked.who.token = t->id;
            asked.who.token_name = t->name;
            asked.who.source = t->source;
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
    if (asked.method != "GET" && asked.who.person) {
        asked.user =
            co_await runtime::run_on(user_names_, [&] { return user_name(asked.who.uid); });
        around_.log(what + " who=" + asked.user);
    } else if (asked.method != "GET") {
        const auto& who = asked.who;
        asked.user = "token " + who.token + (who.token_name.empty() ? "" : " " + who.token_name);
    }
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
