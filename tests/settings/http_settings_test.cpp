#include "settings/http_settings.hpp"

#include <doctest/doctest.h>

namespace http_settings_test {

using namespace posthorn;
using namespace posthorn::settings;

namespace {

struct outcome {
    http_settings http;
    std::string problems;
};

outcome read(const std::string& yaml) {
    auto file = document::parse(yaml, "posthorn.yaml");
    auto http = read_http(file.root().optional_map("http"), "/etc/posthorn");
    return {std::move(http), format(file.finish())};
}

} // namespace

TEST_CASE("http: off unless it is asked for, then on this machine") {
    CHECK(read("x: 1").http.address.empty());
    CHECK(read("http: {listen: off}").http.address.empty());
    const auto got = read("http: {body: 64KiB}");
    CHECK(got.problems.empty());
    CHECK(got.http.address == "127.0.0.1");
    CHECK(got.http.port == 8650);
    CHECK(got.http.longest_body == 64 << 10);
    CHECK(read("http: {listen: '[::1]:0'}").http.address == "::1");
}

TEST_CASE("http: mistakes are told where they stand") {
    struct row {
        std::string yaml, told;
    };
    for (const auto& r : {
             row{"listen: 8650", "listen: must be ADDRESS:PORT"},
             row{"listen: '127.0.0.1:99999'", "listen: must be ADDRESS:PORT"},
             row{"listen: 'localhost:80'", "listen: must be ADDRESS:PORT"},
             row{"listen: '::1:80'", "listen: must be ADDRESS:PORT"},
             row{"listen: '0.0.0.0:80'", "listen: beyond this machine tokens need TLS"},
             row{"certificate: /nonexistent.pem", "certificate: there is no file /nonexistent.pem"},
             row{"key: /dev/null", "key: certificate and key go together"},
             row{"connections: 0", "connections: must be"},
         }) {
        CAPTURE(r.yaml);
        const auto told = read("http: {" + r.yaml + "}").problems;
        CHECK_MESSAGE(told.find("http." + r.told) != std::string::npos, told);
    }
}

} // namespace http_settings_test
