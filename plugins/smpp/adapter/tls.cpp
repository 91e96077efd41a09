#include "smpp/adapter/tls.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <stdexcept>

namespace posthorn::smpp {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;

namespace {

[[noreturn]] void refuse(std::string_view option, const std::string& why) {
    throw std::runtime_error(std::string(option) + " cannot be used: " + why);
}

void must(std::string_view option, const error_code& error) {
    if (error)
        refuse(option, error.message() + "; it must be PEM");
}

bool near_by(const asio::ip::address& to) {
    if (to.is_loopback())
        return true;
    if (to.is_v6()) {
        const auto v6 = to.to_v6();
        if (!v6.is_v4_mapped())
            return v6.is_link_local() || (v6.to_bytes()[0] & 0xFE) == 0xFC;
    }
    const auto v4 =
        to.is_v4() ? to.to_v4() : asio::ip::make_address_v4(asio::ip::v4_mapped, to.to_v6());
    const auto net = v4.to_uint();
    return v4.is_loopback() || net >> 24 == 10 || net >> 20 == 0xAC1 || net >> 16 == 0xC0A8 ||
           net >> 16 == 0xA9FE;
}

} // namespace

tls_context make_tls(const configuration& settings) {
    if (settings.tls_cert.empty() != settings.tls_key.empty())
        refuse(settings.tls_cert.empty() ? "tls_key" : "tls_cert",
               "tls_cert and tls_key belong together");
    auto made = std::make_shared<ssl::context>(ssl::context::tls_client);
    made->set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 |
                      ssl::context::default_workarounds);
    made->set_verify_mode(ssl::verify_peer);
    error_code error;
    if (settings.tls_ca.empty())
        made->set_default_verify_paths(error);
    else
        made->add_certificate_authority(asio::buffer(settings.tls_ca), error);
    must("tls_ca", error);
    if (settings.tls_cert.empty())
        return made;
    made->use_certificate_chain(asio::buffer(settings.tls_cert), error);
    must("tls_cert", error);
    made->use_private_key(asio::buffer(settings.tls_key), ssl::context::pem, error);
    must("tls_key", error);
    if (SSL_CTX_check_private_key(made->native_handle()) != 1)
        refuse("tls_key", "it does not belong to tls_cert");
    return made;
}

bool wants_tls(const configuration& settings, const asio::ip::address& to) {
    return settings.tls == encryption::on ||
           (settings.tls == encryption::by_address && !near_by(to));
}

std::unique_ptr<tls_stream> make_stream(asio::ip::tcp::socket& socket, ssl::context& by,
                                        const configuration& settings) {
    auto stream = std::make_unique<tls_stream>(socket, by);
    auto name = settings.tls_name;
    auto* check = SSL_get0_param(stream->native_handle());
    error_code is_name;
    asio::ip::make_address(name, is_name);
    if (!is_name) { // an address, which is not announced
        if (X509_VERIFY_PARAM_set1_ip_asc(check, name.c_str()) != 1)
            refuse("tls_name", "it is neither a name nor an address");
        return stream;
    }
    X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_host(check, name.data(), name.size()) != 1)
        refuse("tls_name", "it is neither a name nor an address");
    SSL_ctrl(stream->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             name.data());
    return stream;
}

std::optional<sdk::instant> certificate_end(tls_stream& stream) {
    const std::unique_ptr<X509, void (*)(X509*)> peer(
        SSL_get1_peer_certificate(stream.native_handle()), X509_free);
    std::tm end{};
    if (!peer || ASN1_TIME_to_tm(X509_get0_notAfter(peer.get()), &end) != 1)
        return std::nullopt;
    return sdk::instant{std::chrono::seconds(timegm(&end))};
}

std::string handshake_failure(const error_code& error, tls_stream& stream,
                              const configuration& settings) {
    const auto verdict = SSL_get_verify_result(stream.native_handle());
    std::string why = "TLS with " + settings.place() + " failed: ";
    if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH)
        return why + "its certificate is not for " + settings.tls_name + "; see tls_name";
    if (verdict != X509_V_OK)
        return why + X509_verify_cert_error_string(verdict) + "; see tls_ca";
    if (error == asio::error::eof || error == ssl::error::stream_truncated ||
        error == asio::error::connection_reset)
        return why + "it closed the connection: is this a port without TLS? Then say tls: off";
    return why + error.message() + "; a port without TLS needs tls: off";
}

} // namespace posthorn::smpp
