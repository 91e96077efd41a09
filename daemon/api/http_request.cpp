#include "api/http_request.hpp"

#include "encoding/utf8.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/serialize.hpp>

#include <sstream>

namespace posthorn::api {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::uint32_t longest_header = 16 << 10;

// "1 MiB", "64 KiB"; as it was most likely written.
std::string shown_size(std::int64_t size) {
    if (size % (1 << 20) == 0)
        return std::to_string(size >> 20) + " MiB";
    return size % (1 << 10) == 0 ? std::to_string(size >> 10) + " KiB"
                                 : std::to_string(size) + " octets";
}

std::string text_of(beast::string_view v) { return {v.data(), v.size()}; }

} // namespace

http_request::http_request(connection& c, const settings::http_settings& limits)
    : c_(c), limits_(limits) {
    parser_.header_limit(longest_header);
    parser_.body_limit(static_cast<std::uint64_t>(limits.longest_body));
}

// What to tell a client whose request could not be read; a status of 0 when it is gone, said
// nothing, or was too slow: Beast has closed it then.
std::optional<answer> http_request::failed(const error_code& ec) const {
    if (ec == http::error::body_limit)
        return problem(413, "Too large", "a body has at most " + shown_size(limits_.longest_body));
    if (ec == http::error::header_limit)
        return problem(431, "Too large", "a header has at most 16 KiB");
    if (ec.category() == error_code(http::error::bad_method).category())
        return bad_request("this is not HTTP/1.1: " + ec.message());
    return answer{.status = 0};
}

asio::awaitable<std::optional<answer>> http_request::read_until(bool (http_request::*there)()
                                                                    const) {
    while (!(this->*there)()) {
        error_code ec = http::error::need_more;
        if (c_.unread.size() > 0) {
            c_.unread.consume(parser_.put(c_.unread.data(), ec));
            if (ec && ec != http::error::need_more)
                co_return failed(ec);
        }
        if (ec != http::error::need_more)
            continue;
        const auto gone = co_await c_.read();
        if (gone)
            co_return answer{.status = 0};
    }
    co_return std::nullopt;
}

asio::awaitable<std::optional<answer>> http_request::read_header() {
    c_.expires_after(limits_.header_wait);
    auto refused = co_await read_until(&http_request::has_header);
    co_return refused;
}

// A body of another coding than ours has an end that only its sender knows: what follows could be
// taken for a request of its own, by us or by a proxy before us.
std::optional<answer> http_request::unclear() const {
    constexpr auto field = http::field::transfer_encoding;
    const auto& header = parser_.get();
    const auto n = header.count(field);
    if (n == 0 || (n == 1 && beast::iequals(header[field], "chunked")))
        return std::nullopt;
    return problem(501, "Not implemented", "Transfer-Encoding may only be `chunked`");
}

asio::awaitable<std::optional<answer>> http_request::read_body() {
    if (!is_whole() && beast::iequals(parser_.get()[http::field::expect], "100-continue"))
        co_await c_.write("HTTP/1.1 100 Continue\r\n\r\n");
    c_.expires_after(limits_.body_wait);
    parser_.eager(true);
    auto refused = co_await read_until(&http_request::is_whole);
    co_return refused;
}

std::string http_request::method() const { return text_of(parser_.get().method_string()); }

std::string http_request::target() const { return text_of(parser_.get().target()); }

std::string http_request::field(std::string_view name) const {
    return text_of(parser_.get()[beast::string_view(name.data(), name.size())]);
}

std::vector<std::pair<std::string, std::string>> http_request::fields() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& f : parser_.get()) {
        auto name = text_of(f.name_string());
        for (auto& c : name)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        all.emplace_back(std::move(name), text_of(f.value()));
    }
    return all;
}

bool http_request::is_head() const {
    return has_header() && parser_.get().method() == http::verb::head;
}

bool http_request::may_go_on() const {
    return is_whole() && parser_.get().keep_alive() && !unclear();
}

std::string octets_of(const answer& a, bool keep_alive, bool bodiless) {
    http::response<http::string_body> out(static_cast<http::status>(a.status), 11);
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
    std::ostringstream octets;
    octets << out;
    return std::move(octets).str();
}

} // namespace posthorn::api
