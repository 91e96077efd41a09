#include "api/server.hpp"

#include "api/user_name.hpp"
#include "encoding/utf8.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/serialize.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace posthorn::api {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::local::stream_protocol;
using boost::system::error_code;

namespace {

constexpr std::uint64_t longest_body = 1 << 20;
constexpr std::uint32_t longest_header = 16 << 10;
constexpr std::size_t most_connections = 64;
constexpr auto idle_limit = std::chrono::seconds(30);
constexpr auto write_limit = std::chrono::seconds(5);
constexpr auto after_failed_accept = std::chrono::seconds(1);
constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;

[[noreturn]] void cannot_listen(const std::filesystem::path& path, const std::string& why) {
    throw std::runtime_error("socket " + path.string() + ": " + why);
}

// A file a dead daemon left behind is removed; one that somebody listens on, or that is no socket,
// is not.
void make_way(const std::filesystem::path& path) {
    const auto status = std::filesystem::symlink_status(path);
    if (status.type() == std::filesystem::file_type::not_found)
        return;
    if (status.type() != std::filesystem::file_type::socket)
        cannot_listen(path, "there is another file of that name: change `socket:`");
    asio::io_context once;
    stream_protocol::socket probe(once);
    error_code ec;
    probe.connect(stream_protocol::endpoint(path.string()), ec);
    if (!ec)
        cannot_listen(path, "another posthornd listens there: stop it, or change `socket:`");
    if (ec != asio::error::connection_refused)
        cannot_listen(path, "cannot tell whether another posthornd listens there (" + ec.message() +
                                "): remove the file if none does");
    std::filesystem::remove(path);
}

stream_protocol::acceptor listen(const asio::any_io_executor& executor,
                                 const std::filesystem::path& path) {
    if (path.empty() || path.string().size() > longest_path)
        cannot_listen(path, "a path has 1 to 107 octets: change `socket:`");
    if (path.has_parent_path())
        std::filesystem::create_directories(path.parent_path());
    make_way(path);
    stream_protocol::acceptor out(executor);
    error_code ec;
    out.open(stream_protocol(), ec);
    if (!ec)
        out.bind(stream_protocol::endpoint(path.string()), ec);
    if (ec)
        cannot_listen(path, ec.message());
    // before listen(): until then nobody gets in
    if (::chmod(path.c_str(), 0660) != 0)
        cannot_listen(path, std::system_category().message(errno));
    out.listen(asio::socket_base::max_listen_connections, ec);
    if (ec)
        cannot_listen(path, ec.message());
    return out;
}

unsigned uid_behind(stream_protocol::socket& socket) {
    ucred peer{};
    socklen_t size = sizeof(peer);
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return static_cast<unsigned>(-1);
    return peer.uid;
}

// What to tell a client whose request could not be read; nothing when it is gone or said nothing.
std::optional<answer> unreadable(const error_code& ec) {
    if (ec == http::error::body_limit)
        return problem(413, "Too large", "a body has at most 1 MiB");
    if (ec == http::error::header_limit)
        return problem(431, "Too large", "a header has at most 16 KiB");
    const bool over = ec == http::error::end_of_stream || ec == http::error::partial_message;
    if (!over && ec.category() == error_code(http::error::bad_method).category())
        return problem(400, "Bad request", "this is not HTTP/1.1: " + ec.message());
    return std::nullopt;
}

http::response<http::string_body> as_http(const answer& a, bool keep_alive) {
    http::response<http::string_body> out(static_cast<http::status>(a.status), 11);
    out.set(http::field::content_type,
            a.is_problem() ? "application/problem+json" : "application/json");
    out.set(http::field::cache_control, "no-store");
    if (!a.allow.empty())
        out.set(http::field::allow, a.allow);
    out.keep_alive(keep_alive);
    // a parked row may hold octets that are no text, and is shown all the same
    out.body() = encoding::repaired(boost::json::serialize(a.body)) + "\n";
    out.prepare_payload();
    return out;
}

// Said without waiting: it fits into the socket's buffer, and who does not read it is closed
// anyway.
void turn_away(stream_protocol::socket socket) {
    const auto refused =
        as_http(problem(503, "Too busy", "64 connections are open: close some"), false);
    error_code ignored;
    socket.non_blocking(true, ignored);
    http::write(socket, refused, ignored);
}

} // namespace

server::server(asio::any_io_executor executor, std::filesystem::path socket, store::reader& reader,
               surroundings around)
    : executor_(executor), path_(std::move(socket)), around_(std::move(around)),
      handlers_(reader, around_), router_(handlers_.table()), acceptor_(listen(executor, path_)),
      tasks_(executor, [this](std::string_view task, std::string_view error) {
          around_.log(std::string(task) + ": " + std::string(error));
      }) {}

void server::start() { tasks_.spawn("api", accept_connections()); }

asio::awaitable<void> server::stop() {
    stopping_ = true;
    handlers_.stop();
    if (acceptor_.is_open()) {
        std::error_code gone;
        std::filesystem::remove(path_, gone);
        acceptor_.close();
    }
    tasks_.cancel(asio::cancellation_type::total); // the accept loop may be napping
    for (const auto& c : connections_)
        if (c->idle)
            c->link.close();
    co_await tasks_.wait();
}

asio::awaitable<void> server::accept_connections() {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    asio::steady_timer nap(executor_);
    while (!stopping_) {
        auto [ec, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (stopping_)
            break;
        if (ec) {
            around_.log("api: cannot accept a connection: " + ec.message());
            nap.expires_after(after_failed_accept);
            co_await nap.async_wait(asio::as_tuple(asio::use_awaitable));
        } else if (connections_.size() >= most_connections) {
            turn_away(std::move(socket));
        } else {
            const auto uid = uid_behind(socket);
            connections_.push_back(
                std::make_shared<connection>(connection{stream(std::move(socket)), true, uid}));
            tasks_.spawn("api connection", serve(connections_.back()));
        }
    }
}

asio::awaitable<void> server::serve(std::shared_ptr<connection> c) {
    boost::beast::flat_buffer buffer;
    try {
        // a stop may come while an answer is being written: then nobody closes us as idle
        while (!stopping_ && co_await serve_one(*c, buffer)) {
        }
    } catch (const boost::system::system_error&) {
        // the client has gone while we wrote: its own affair
    }
    std::erase(connections_, c);
}

// One request and its answer. False when the connection is over.
asio::awaitable<bool> server::serve_one(connection& c, boost::beast::flat_buffer& buffer) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(longest_header);
    parser.body_limit(longest_body);
    c.link.expires_after(idle_limit);
    c.idle = true;
    auto [ec, size] =
        co_await http::async_read(c.link, buffer, parser, asio::as_tuple(asio::use_awaitable));
    c.idle = false;
    auto refused = unreadable(ec);
    if (ec && !refused)
        co_return false;
    answer given;
    bool more = false;
    if (refused) {
        given = std::move(*refused);
    } else {
        auto& got = parser.get();
        more = got.keep_alive();
        request asked;
        asked.method = std::string(got.method_string());
        asked.path = std::string(got.target());
        asked.body = std::move(got.body());
        c.link.expires_never();
        given = co_await answer_to(std::move(asked), c.uid);
    }
    more = more && !stopping_;
    const auto response = as_http(given, more);
    c.link.expires_after(write_limit);
    co_await http::async_write(c.link, response, asio::use_awaitable);
    co_return more;
}

asio::awaitable<answer> server::answer_to(request asked, unsigned uid) {
    const std::string what = asked.method + " " + asked.path;
    if (asked.method != "GET") {
        asked.user = co_await runtime::run_on(user_names_, [&] { return user_name(uid); });
        around_.log(what + " who=" + asked.user);
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
