// TLS between the adapter and the simulator, with the certificates of certificates/: made for these
// tests, of no use elsewhere. And ports that do not speak TLS, or not well.
#include "plugins/smpp/adapter_fixture.hpp"
#include "smpp/adapter/tls.hpp"
#include "smpp/simulator/server.hpp"

#include <fstream>
#include <iterator>

namespace adapter_tls_test {

using namespace posthorn;
using namespace posthorn::tests;

namespace {

std::string certificate_file(const std::string& name) {
    return std::string(TESTS_DIR) + "/plugins/smpp/certificates/" + name;
}

std::string certificate(const std::string& name) {
    std::ifstream in(certificate_file(name));
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct tls_fixture : smpp_fixture {
    tls_fixture() {
        text("tls", "on");
        text("tls_ca", certificate("ca.pem"));
        text("tls_name", "smsc.example");
    }
    ~tls_fixture() {
        if (!carrier)
            return;
        for (const auto& stored : host.unstored)
            stored();
        (*adapter)->stop();
        host.until([&] { return adapter->ended; });
        carrier->stop();
        host.settle();
    }
    void carrier_with(bool wants_certificate) {
        smpp::simulator::options o;
        o.port = 0;
        o.tls.file = certificate_file("smsc.pem");
        if (wants_certificate)
            o.tls.client_ca = certificate_file("ca.pem");
        carrier.emplace(host.io, o);
        number("port", carrier->port());
        start();
    }
    void fails_with(std::string_view why) {
        host.until([&] { return host.logged(why); });
        CHECK(host.open_slots == 0);
    }
    std::optional<smpp::simulator::server> carrier;
};

} // namespace

TEST_CASE_FIXTURE(tls_fixture, "smpp tls: texts and receipts over a verified link") {
    carrier_with(false);
    host.until([&] { return host.open_slots == 10; });
    CHECK(host.logged("tls=TLSv1.3"));
    for (std::uint64_t round = 0; round < 20; ++round) {
        submit(1 + round * 10, 10);
        until_given((round + 1) * 10);
    }
    host.until([&] { return host.receipts.size() == 200; });
    for (const auto& [handle, v] : host.given)
        CHECK(v.what == kind::accepted);
}

TEST_CASE_FIXTURE(tls_fixture, "smpp tls: our certificate where the carrier asks for one") {
    text("tls_cert", certificate("client.pem"));
    text("tls_key", certificate("client.pem"));
    carrier_with(true);
    host.until([&] { return host.open_slots == 10; });
}

TEST_CASE_FIXTURE(tls_fixture, "smpp tls: without the certificate the carrier asks for, no link") {
    carrier_with(true);
    host.until([&] { return host.logged("down host="); });
    CHECK(host.open_slots == 0);
}

TEST_CASE_FIXTURE(tls_fixture, "smpp tls: a certificate for another name is no link") {
    text("tls_name", "other.example");
    carrier_with(false);
    fails_with("its certificate is not for other.example; see tls_name");
}

TEST_CASE_FIXTURE(tls_fixture, "smpp tls: a certificate of an unknown CA is no link") {
    text("tls_ca", certificate("client.pem")); // no CA of the carrier's
    carrier_with(false);
    fails_with("see tls_ca");
}

TEST_CASE_FIXTURE(tls_fixture, "smpp tls: a carrier in the clear is told from a broken one") {
    start();
    host.until([&] { return smsc.connections == 1; });
    SUBCASE("closes") {
        host.until([&] { return smsc.closings > 0 || smsc.reads > 0; });
        smsc.reset();
        fails_with("tls: off");
    }
    SUBCASE("talks garbage") {
        smsc.send("this is no TLS at all, and never will be");
        fails_with("tls: off");
    }
    SUBCASE("talks SMPP") {
        smsc.send(command::generic_nack, status::invalid_command_length, 0);
        fails_with("tls: off");
    }
}

TEST_CASE_FIXTURE(tls_fixture, "smpp tls: a handshake that never ends is given up") {
    duration("connect_timeout", 50ms);
    start();
    fails_with("took too long");
}

TEST_CASE_FIXTURE(tls_fixture,
                  "smpp tls: garbage after a good handshake ends the link, not the account") {
    carrier_with(false);
    host.until([&] { return host.open_slots == 10; });
    carrier->command("fault garbage:once");
    submit(1, 2);
    until_given(2);
    host.until([&] { return host.logged("not SMPP"); });
    host.until([&] { return host.open_slots == 10; });
    submit(3);
    until_given(3);
    CHECK(host.given[3].what == kind::accepted);
}

TEST_CASE("smpp tls: off needs no saying towards this machine and private networks") {
    auto values = fallbacks();
    const smpp::configuration by_address(values);
    values.set("tls", {"on", 0});
    const smpp::configuration always(values);
    values.set("tls", {"off", 0});
    const smpp::configuration never(values);
    struct row {
        const char* to;
        bool wanted;
    };
    for (const auto& r :
         {row{"127.0.0.1", false}, row{"10.1.2.3", false}, row{"192.168.7.1", false},
          row{"172.16.0.1", false}, row{"172.31.255.1", false}, row{"172.32.0.1", true},
          row{"203.0.113.9", true}, row{"::1", false}, row{"fd00::1", false},
          row{"::ffff:10.0.0.1", false}, row{"::ffff:203.0.113.9", true},
          row{"2001:db8::1", true}}) {
        CAPTURE(r.to);
        const auto to = boost::asio::ip::make_address(r.to);
        CHECK(smpp::wants_tls(by_address, to) == r.wanted);
        CHECK(smpp::wants_tls(always, to));
        CHECK(!smpp::wants_tls(never, to));
    }
}

TEST_CASE("smpp tls: a certificate that cannot be used is told by its option") {
    struct row {
        const char *option, *value, *part;
    };
    for (const auto& r : {row{"tls_ca", "nonsense", "tls_ca cannot be used"},
                          row{"tls_cert", "nonsense", "belong together"},
                          row{"tls_key", "nonsense", "belong together"}}) {
        CAPTURE(r.option);
        fake_host host;
        auto values = fallbacks();
        values.set(r.option, {r.value, 0});
        CHECK_THROWS_WITH_AS(posthorn_adapter_plugin.create(host, values),
                             doctest::Contains(r.part), std::runtime_error);
    }
}

} // namespace adapter_tls_test
