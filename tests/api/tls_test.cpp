// The API over TLS: with a certificate of openssl's own making, as a client that verifies sees it.
#include "api/network_house.hpp"

#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <doctest/doctest.h>

#include <cstdlib>

namespace tls_test {

using namespace network;
namespace ssl = boost::asio::ssl;

namespace {

// For 127.0.0.1, signed by itself.
struct certificate {
    scratch_folder folder;
    std::filesystem::path file = folder / "tls.crt", key = folder / "tls.key";

    certificate() {
        const std::string make =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
            "-subj /CN=posthorn -addext subjectAltName=IP:127.0.0.1 -keyout " +
            key.string() + " -out " + file.string() + " 2>" + (folder / "log").string();
        REQUIRE(std::system(make.c_str()) == 0);
    }
    settings::http_settings settings() const {
        settings::http_settings http;
        http.certificate = file;
        http.key = key;
        return http;
    }
};

struct tls_client {
    asio::io_context loop;
    ssl::context context{ssl::context::tls_client};
    std::unique_ptr<ssl::stream<tcp::socket>> stream;

    explicit tls_client(const std::filesystem::path& trusted = {}) {
        if (!trusted.empty())
            context.load_verify_file(trusted.string());
        context.set_verify_mode(ssl::verify_peer);
    }
    boost::system::error_code connect(std::uint16_t port) {
        stream = std::make_unique<ssl::stream<tcp::socket>>(loop, context);
        stream->set_verify_callback(ssl::host_name_verification("127.0.0.1"));
        stream->next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
        boost::system::error_code ec;
        stream->handshake(ssl::stream_base::client, ec);
        return ec;
    }
    http::response<http::string_body> ask(const std::string& head, const std::string& body) {
        asio::write(*stream, asio::buffer(head + "\r\nHost: x\r\nContent-Length: " +
                                          std::to_string(body.size()) + "\r\n\r\n" + body));
        boost::beast::flat_buffer buffer;
        http::response<http::string_body> got;
        http::read(*stream, buffer, got);
        return got;
    }
};

} // namespace

TEST_CASE("tls: a client that verifies hands in an event, and asks again on the same connection") {
    const certificate made;
    house h(made.settings());
    tls_client c(made.file);
    REQUIRE_FALSE(c.connect(h.port));
    const std::string post = "POST /v1/events HTTP/1.1\r\nIdempotency-Key: K" + h.billing;
    CHECK(c.ask(post, bill).result_int() == 202);
    CHECK(c.ask("GET /livez HTTP/1.1", "").body() == "alive\n");
    REQUIRE(h.taken.size() == 1);
    CHECK(h.taken[0].source == "billing");
}

TEST_CASE("tls: who does not know the certificate is told nothing") {
    const certificate made;
    house h(made.settings());
    tls_client stranger;
    CHECK(stranger.connect(h.port));
    client plain(h.port);
    plain.write("GET /livez HTTP/1.1\r\n\r\n");
    std::string all;
    for (std::string some = plain.read_some(); !some.empty(); some = plain.read_some())
        all += some;
    CHECK(all.find("HTTP/") == std::string::npos);
    tls_client friendly(made.file); // and the listener goes on
    CHECK_FALSE(friendly.connect(h.port));
}

TEST_CASE("tls: versions before 1.2 are refused") {
    const certificate made;
    house h(made.settings());
    for (const int version : {TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        tls_client c(made.file);
        SSL_CTX_set_security_level(c.context.native_handle(), 0); // else the client itself refuses
        SSL_CTX_set_min_proto_version(c.context.native_handle(), version);
        SSL_CTX_set_max_proto_version(c.context.native_handle(), version);
        CHECK(c.connect(h.port).failed() == (version == TLS1_1_VERSION));
    }
}

TEST_CASE("tls: a key that is not the certificate's is refused at start, with its name") {
    const certificate made;
    const certificate other;
    auto http = made.settings();
    http.key = other.key;
    http.address = "127.0.0.1";
    CHECK_THROWS_WITH_AS(tls_of(http), doctest::Contains(other.key.string().c_str()),
                         std::runtime_error);
}

} // namespace tls_test
