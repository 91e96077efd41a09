// Asynchronous operations run to their end here, since only those can have a deadline.
#include "cli/socket_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <optional>

namespace posthorn::cli {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::uint64_t longest_answer = 256U << 20; // a listing of everything that waits

// One request and its answer. `stage` is how far it came, for the error.
struct exchange {
    explicit exchange(const std::filesystem::path& path) : endpoint(path.string()) {
        parser.body_limit(longest_answer);
    }

    void start() {
        socket.async_connect(endpoint, [this](error_code ec) {
            if (done(ec))
                return;
            stage = "sending the request";
            http::async_write(socket, request, [this](error_code write_ec, std::size_t) {
                if (done(write_ec))
                    return;
                stage = "waiting for the answer";
                http::async_read(socket, buffer, parser,
                                 [this](error_code read_ec, std::size_t) { outcome = read_ec; });
            });
        });
    }

    bool done(error_code ec) {
        if (ec)
            outcome = ec;
        return ec.failed();
    }

    asio::io_context loop{1};
    asio::local::stream_protocol::endpoint endpoint;
    asio::local::stream_protocol::socket socket{loop};
    http::request<http::string_body> request;
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    std::optional<error_code> outcome;
    std::string stage = "connecting";
};

std::string text_of(const boost::json::value* v) {
    return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string();
}

// RFC 9457: title and detail; or the status alone where the body is something else.
std::string problem_of(unsigned status, const boost::json::value& body) {
    if (const auto* object = body.if_object()) {
        const auto title = text_of(object->if_contains("title"));
        const auto detail = text_of(object->if_contains("detail"));
        if (!title.empty())
            return detail.empty() ? title : title + ": " + detail;
    }
    return "posthornd answered with status " + std::to_string(status) + " and without a reason";
}

result<boost::json::value> read_answer(const http::response<http::string_body>& answer) {
    boost::json::error_code ec;
    boost::json::value body = boost::json::parse(answer.body(), ec);
    const unsigned status = answer.result_int();
    if (status < 200 || status > 299)
        return refuse(problem_of(status, ec ? boost::json::value() : body));
    if (answer.body().empty())
        return boost::json::value(boost::json::object());
    if (ec)
        return refuse("posthornd answered something that is not JSON: are `posthorn` and "
                      "`posthornd` of the same version?");
    return body;
}

} // namespace

socket_client::socket_client(std::filesystem::path socket, std::string hint,
                             std::chrono::seconds patience)
    : socket_(std::move(socket)), hint_(std::move(hint)), patience_(patience) {}

result<boost::json::value> socket_client::get(std::string_view target) const {
    return ask(false, target, {});
}

result<boost::json::value> socket_client::post(std::string_view target,
                                               const boost::json::object& body) const {
    return ask(true, target, boost::json::serialize(body));
}

bool socket_client::reachable() const {
    if (socket_.empty() || socket_.string().size() > 107) // sockaddr_un
        return false;
    asio::io_context loop{1};
    asio::local::stream_protocol::socket socket{loop};
    error_code ec;
    socket.connect(asio::local::stream_protocol::endpoint(socket_.string()), ec);
    return !ec;
}

result<boost::json::value> socket_client::ask(bool post, std::string_view target,
                                              std::string body) const {
    const std::string where = socket_.string();
    if (where.empty() || where.size() > 107) // sockaddr_un
        return refuse("the socket path '" + where + "' is " +
                      (where.empty() ? "empty" : "longer than 107 octets") + ": change " + hint_);
    exchange talk(socket_);
    talk.request = {post ? http::verb::post : http::verb::get,
                    boost::beast::string_view(target.data(), target.size()), 11};
    talk.request.set(http::field::host, "posthornd");
    talk.request.set(http::field::connection, "close");
    if (post) {
        talk.request.set(http::field::content_type, "application/json");
        talk.request.body() = std::move(body);
    }
    talk.request.prepare_payload();
    talk.start();
    talk.loop.run_for(patience_);

    if (!talk.outcome)
        return refuse("no answer from posthornd at " + where + " within " +
                      std::to_string(patience_.count()) + " s (" + talk.stage +
                      "): it is busy or stuck; its log says more");
    const error_code ec = *talk.outcome;
    if (ec == boost::system::errc::permission_denied)
        return refuse("may not open " + where +
                      ": run this as a member of the socket's group, or with sudo");
    if (ec && talk.stage == "connecting")
        return refuse("posthornd is not running, or listens elsewhere: " + where + ": " +
                      ec.message() + "; see " + hint_);
    if (ec)
        return refuse("lost posthornd at " + where + " while " + talk.stage + ": " + ec.message());
    return read_answer(talk.parser.get());
}

std::string url_encoded(std::string_view text) {
    static constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            out += c;
        else
            out.append({'%', hex[u >> 4], hex[u & 15]});
    }
    return out;
}

} // namespace posthorn::cli
