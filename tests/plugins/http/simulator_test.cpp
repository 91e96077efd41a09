// The simulated provider as a client meets it: what it answers, whom it calls, and how it misbehaves.
#include "http_server.hpp"
#include "plugins/http_client.hpp"

#include "http/simulator/provider.hpp"

#include <boost/asio/ssl.hpp>
#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace simulator_test {

namespace simulator = posthorn::http::simulator;
using posthorn::simulated::heard;
using provider = posthorn::simulated::carrier<simulator::server, simulator::options>;

namespace {

class client : public posthorn::simulated::http_client {
public:
    using http_client::http_client;

    heard submit(std::string_view to, std::string_view text, std::string_view callback = "") {
        return ask("POST /v2/messages", "Authorization: Bearer key\r\n",
                   R"({"to":")" + std::string(to) + R"(","from":"10690001","text":")" +
                       std::string(text) + R"(","callback":")" + std::string(callback) + "\"}");
    }
    heard state_of(const std::string& id) {
        return get("/v2/messages/" + id, "Authorization: Bearer key\r\n");
    }
};

simulator::options with_key() {
    simulator::options o;
    o.secret = "key";
    return o;
}

std::string taken(auto&, auto) { return http_server::with(200, "OK"); }

} // namespace

TEST_CASE("http simulator: a text is taken, and its receipt goes where the text says") {
    http_server listener([](auto& head, auto n) { return taken(head, n); });
    provider carrier(with_key());
    client us(carrier.port());
    const auto said = us.submit("+8613800138000", "你好", listener.url() + "/v1/carriers/a/x");
    CHECK(said.status() == "200");
    CHECK(said.at("/code") == "0");
    REQUIRE(carrier.comes_to("receipts_answered", 1));
    CHECK(listener.heads()[0].starts_with("POST /v1/carriers/a/x HTTP/1.1\r\n"));
    CHECK(listener.bodies()[0] == R"({"id":")" + said.at("/data/id") +
                                      R"(","to":"+8613800138000","state":"DELIVRD","error":"0"})");
    us.submit("+8613800138001", "你好");
    CHECK(carrier.comes_to("receipts_answered", 2)); // there too
}

TEST_CASE("http simulator: without anybody to call it is asked what became of a text") {
    auto o = with_key();
    o.suffixes = {"0001=expired", "0002=none"};
    provider carrier(o);
    client us(carrier.port());
    const struct {
        const char *to, *status, *state;
    } rows[] = {{"+8613800000000", "200", "DELIVRD"},
                {"+8613800000001", "200", "EXPIRED"},
                {"+8613800000002", "404", ""}};
    for (const auto& row : rows) {
        CAPTURE(row.to);
        const auto id = us.submit(row.to, "hello").at("/data/id");
        const auto said = us.state_of(id);
        CHECK(said.status() == row.status);
        CHECK(said.at("/state") == row.state);
    }
    CHECK(carrier.command("mo 8613800000000 1069 hi") == "error: nobody has bound to receive yet");
}

TEST_CASE("http simulator: who shows no key, and what is no text, is refused") {
    provider carrier(with_key());
    const struct {
        const char *line, *headers, *body, *status, *code;
    } rows[] = {
        {"POST /v2/messages", "", R"({"to":"1","text":"x"})", "401", "1006"},
        {"POST /v2/messages", "authorization: Bearer yek\r\n", "{}", "401", "1006"},
        {"POST /v2/messages", "authorization: Bearer key\r\n", "{", "400", "1004"},
        {"POST /v2/messages", "authorization: Bearer key\r\n", R"({"to":"1"})", "400", "1004"},
        {"POST /v1/messages", "authorization: Bearer key\r\n", "{}", "404", "1003"},
        {"GET /v2/messages/9", "authorization: Bearer key\r\n", "", "404", "1003"},
        {"PUT /v2/messages", "authorization: Bearer key\r\n", "", "405", "1003"},
    };
    client us(carrier.port());
    for (const auto& row : rows) {
        CAPTURE(row.line);
        CAPTURE(row.body);
        const auto said = us.ask(row.line, row.headers, row.body);
        CHECK(said.status() == row.status);
        CHECK(said.at("/code") == row.code);
    }
    us.send("no protocol of this world\r\n\r\n");
    CHECK(heard{us.next_octets()}.status() == "400");
    CHECK(us.next_octets().empty());
    client chunks(carrier.port());
    chunks.send("POST /v2/messages HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    CHECK(heard{chunks.next_octets()}.status() == "400");
    CHECK(carrier.stat("submits") == 0);
    CHECK(carrier.stat("broken") == 3);
}

TEST_CASE("http simulator: each fault shows itself, once, and then texts go as ever") {
    const struct {
        const char* fault;
        const char *status, *code; // status "": the connection ends
        int accepted;
    } rows[] = {{"throttle", "429", "1001", 0},       {"refuse-window", "503", "1002", 0},
                {"reset-before-response", "", "", 1}, {"reset-after-response", "200", "0", 1},
                {"split-writes", "200", "0", 1},      {"slow-read", "200", "0", 1},
                {"unknown-tlv", "200", "0", 1}};
    for (const auto& row : rows) {
        CAPTURE(row.fault);
        provider carrier(with_key());
        REQUIRE(carrier.command("fault " + std::string(row.fault) + ":once") == "ok");
        client us(carrier.port());
        const auto said = us.submit("+8613800138000", "hello");
        CHECK(said.status() == row.status);
        CHECK(said.at("/code") == row.code);
        CHECK(carrier.stat("accepted") == row.accepted);
        CHECK(client(carrier.port()).submit("+8613800138000", "again").status() == "200");
    }
}

TEST_CASE("http simulator: a phone's text comes whole, and a call that is refused for now again") {
    http_server listener([](auto&, auto n) { return http_server::with(n == 1 ? 503 : 200, ""); });
    provider carrier(with_key());
    client us(carrier.port());
    us.submit("+8613800138000", "hello", listener.url() + "/x");
    REQUIRE(carrier.comes_to("receipts_answered", 1));
    std::string text = "\\\"";
    for (int i = 0; i < 100; ++i)
        text += "长";
    CHECK(carrier.command("mo 8613800138000 10690001 \"" + text) == "ok");
    REQUIRE(carrier.comes_to("mo_deferred", 1));
    const auto body = posthorn::sdk::read_json(listener.bodies()[1]);
    REQUIRE(body);
    CHECK(posthorn::sdk::text_at(*body, "/from") == "+8613800138000");
    CHECK(posthorn::sdk::text_at(*body, "/to") == "10690001");
    CHECK(posthorn::sdk::text_at(*body, "/text") == "\"" + text);
    CHECK(carrier.comes_to("mo_answered", 1));
}

TEST_CASE("http simulator: with a certificate it speaks TLS") {
    namespace asio = boost::asio;
    const auto certificates = std::string(TESTS_DIR) + "/plugins/smpp/certificates/";
    auto o = with_key();
    o.tls.file = certificates + "smsc.pem";
    provider carrier(o);
    asio::io_context io;
    asio::ssl::context trusted(asio::ssl::context::tls_client);
    trusted.load_verify_file(certificates + "ca.pem");
    asio::ssl::stream<asio::ip::tcp::socket> us(io, trusted);
    us.set_verify_mode(asio::ssl::verify_peer);
    us.next_layer().connect({asio::ip::address_v4::loopback(), carrier.port()});
    us.handshake(us.client);
    std::string octets;
    simulator::write_message(octets, "GET /v2/messages/1 HTTP/1.1", "Authorization: Bearer key\r\n",
                             simulator::json_type, "");
    asio::write(us, asio::buffer(octets));
    std::string said(4096, ' ');
    said.resize(us.read_some(asio::buffer(said)));
    CHECK(heard{said}.status() == "404");
    CHECK(heard{said}.at("/code") == "1003");
}

TEST_CASE("http simulator: the URL to call is understood, or it is none") {
    const struct {
        const char *url, *host, *port, *path;
    } rows[] = {{"http://127.0.0.1:8650/v1/carriers/a/x", "127.0.0.1", "8650", "/v1/carriers/a/x"},
                {"http://sms.example.com", "sms.example.com", "80", "/"},
                {"https://sms.example.com/", "", "", ""},
                {"http://:80/", "", "", ""},
                {"http://a:0/", "", "", ""},
                {"http://a:b/", "", "", ""},
                {"http://a/x?y=1#rc=5", "a", "80", "/x?y=1"},
                {"", "", "", ""}};
    for (const auto& row : rows) {
        CAPTURE(row.url);
        const auto read = simulator::read_callback_url(row.url);
        CHECK((read ? read->host : "") == row.host);
        CHECK((read ? read->port : "") == row.port);
        CHECK((read ? read->path : "") == row.path);
    }
}

} // namespace simulator_test
