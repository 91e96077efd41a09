#include "smpp/adapter/session.hpp"

#include "sdk/link/printable.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace posthorn::smpp {

namespace asio = boost::asio;

namespace {

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

} // namespace

std::string_view name(role r) {
    return r == role::transceiver   ? "transceiver"
           : r == role::transmitter ? "transmitter"
                                    : "receiver";
}

session::session(account_state& account, role as, beginning how)
    : sdk::session(account.links, std::move(how)), account_(account), settings_(account.settings),
      judge_(account.answers), role_(as), submission_(settings_) {}

asio::awaitable<void> session::secure(const asio::ip::address& reached) {
    if (!wants_tls(settings_, reached))
        co_return;
    tls_stream_ = make_stream(socket(), *account_.tls, settings_);
    const auto [failed] = co_await tls_stream_->async_handshake(tls_stream::client, tuple);
    if (failed)
        close(handshake_failure(failed, *tls_stream_, settings_));
    else
        warn_of_certificate();
}

void session::warn_of_certificate() {
    constexpr auto soon = std::chrono::days(21);
    const auto end = certificate_end(*tls_stream_);
    if (!end || *end - host_.now() > soon)
        return;
    const auto left = std::chrono::floor<std::chrono::days>(*end - host_.now());
    host_.log(sdk::level::warn, "the certificate of host=" + settings_.place() + " ends in " +
                                    std::to_string(left.count()) +
                                    " days: without a new one this link will not come up then");
}

asio::awaitable<session::transferred> session::read_some(asio::mutable_buffer into) {
    if (!tls_stream_)
        co_return co_await sdk::session::read_some(into);
    const auto [error, octets] = co_await tls_stream_->async_read_some(into, tuple);
    co_return transferred(error, octets);
}

void session::write_some(asio::const_buffer octets, written_handler done) {
    if (tls_stream_)
        tls_stream_->async_write_some(octets, std::move(done));
    else
        sdk::session::write_some(octets, std::move(done));
}

bool session::ends_stream(const boost::system::error_code& error) const {
    return sdk::session::ends_stream(error) || error == asio::ssl::error::stream_truncated;
}

void session::about_link(sdk::finding& f) const {
    const auto add = [&](const char* what, std::string value) {
        f.learned.emplace_back(what, std::move(value));
    };
    add("bound as", std::string(name(role_)) + " to " + settings_.place());
    add("carrier calls itself", peer_.empty() ? "nothing" : peer_);
    add("interface version", peer_interface_ == 0 ? "not said: it is sent no TLVs of ours"
                                                  : sdk::shown_version(peer_interface_));
    if (!tls_stream_)
        return add("TLS", "no");
    add("TLS", SSL_get_version(tls_stream_->native_handle()));
    if (const auto end = certificate_end(*tls_stream_)) {
        const auto left = std::chrono::floor<std::chrono::days>(*end - host_.now());
        add("certificate ends", "in " + std::to_string(left.count()) + " days");
    }
}

} // namespace posthorn::smpp
