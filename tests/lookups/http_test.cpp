// An HTTP interface as a system, against a server of the test's own.
#include "rig.hpp"

#include "http_server.hpp"
#include "lookups/exact_json.hpp"

namespace http_test {

using namespace lookups_rig;

namespace {

system_settings web(const std::string& url, unsigned connections = 4) {
    return {.name = "orders",
            .kind = system_kind::http,
            .where = url,
            .secret = "hush",
            .connections = connections,
            .breaker = {.failures = 1000}};
}

draft get(std::string path, std::vector<std::string> takes = {}, std::string rows = {}) {
    return {.name = "a",
            .system = "orders",
            .kind = system_kind::http,
            .query = std::move(path),
            .takes = std::move(takes),
            .fields = {column("x", kind::integer)},
            .rows = std::move(rows)};
}

std::string first_line(const std::string& head) { return head.substr(0, head.find('\r')); }

} // namespace

TEST_CASE("http: the question is a GET with its parameters in their places") {
    http_server server([](auto&, auto) { return http_server::with(200, R"({"x":1})"); });
    rig r;
    r.use({web(server.url())}, {get("/o/{a}/x?m={b}", {"a", "b"})});
    CHECK(r.told("a", {{"a", "31/00?x#"}, {"b", "明"}}) == R"([{"x":1}])");
    CHECK(r.told("a", {{"a", "1"}, {"b", nullptr}}) == R"([{"x":1}])");
    CHECK(r.told("a", {{"a", ".."}}) == "refused"); // to another address
    const auto heads = server.heads();
    REQUIRE(heads.size() == 2);
    CHECK(first_line(heads[0]) == "GET /o/31%2F00%3Fx%23/x?m=%E6%98%8E HTTP/1.1");
    CHECK(first_line(heads[1]) == "GET /o/1/x?m= HTTP/1.1");
    CHECK(heads[0].find("Authorization: Bearer hush\r\n") != std::string::npos);
    CHECK(heads[0].find("Accept: application/json\r\n") != std::string::npos);
    CHECK(server.connections() == 1); // kept
}

TEST_CASE("http: what the answer says") {
    struct row {
        int status;
        std::string body, rows, told;
    };
    std::string said;
    http_server server([&](auto&, auto) { return said; });
    rig r;
    for (const auto& [status, body, rows, told] : std::initializer_list<row>{
             {200, R"({"x":1,"more":{"y":[2]}})", "", R"([{"x":1}])"},
             {200, R"([{"x":1},{"x":2}])", "", R"([{"x":1},{"x":2}])"},
             {200, R"({"data":{"rows":[{"x":"3"}]}})", "/data/rows", R"([{"x":3}])"},
             {200, R"({"data":null})", "/data", "[]"},
             {200, "[]", "", "[]"},
             {200, R"({"data":{}})", "/data/rows", "bad_data"},
             {200, R"([1])", "", "bad_data"},
             {200, R"({"x":"many"})", "", "bad_data"},
             {200, R"({"x":1.5})", "", "bad_data"},
             {200, R"({"x":null})", "", "bad_data"},
             {200, R"({"x":1} more)", "", "bad_data"},
             {200, R"({"x":)", "", "bad_data"},
             {200, "<html>", "", "bad_data"},
             {200, "", "", "bad_data"},
             {200, "[{\"x\":1},{\"x\":2},{\"x\":3},{\"x\":4}]", "", "too_many_rows"},
             {200, "[\"" + std::string(1 << 20, 'x') + "\"]", "", "bad_data"},
             {204, "", "", "[]"},
             {404, "<html>", "", "[]"},
             {302, "", "", "refused"},
             {401, "", "", "refused"},
             {429, "", "", "down"},
             {500, "", "", "down"},
             {503, R"({"x":1})", "", "down"}}) {
        CAPTURE(body.substr(0, 100));
        said = http_server::with(status, body);
        auto d = get("/x", {}, rows);
        d.most_rows = 3;
        r.use({web(server.url())}, {d});
        CHECK(r.told("a") == told);
    }
    CHECK(r.why == "lookup a at orders: it answers 503");
}

TEST_CASE("http: amounts stay as they were written") {
    CHECK(json::serialize(*lookups::parse_exact(
              R"({"a":128.50,"b":[-0.1, 1e3,7,18446744073709551615],"c":"1.5"})")) ==
          R"({"a":"128.50","b":["-0.1","1e3",7,18446744073709551615],"c":"1.5"})");
    const std::string digits = "123456789012345678901234567890.123456789012345678901234567890";
    CHECK(lookups::parse_exact("[" + digits + "]")->at(0).as_string() == digits);
    CHECK(!lookups::parse_exact("[1.5"));

    std::string body;
    http_server server([&](auto&, auto) { return http_server::with(200, body); });
    rig r;
    auto d = get("/x");
    d.fields = {column("x", kind::money)};
    d.fields[0].currency = "CNY";
    r.use({web(server.url())}, {d});
    for (const auto& [written, told] : std::initializer_list<std::pair<std::string, std::string>>{
             {"128.50", R"([{"x":"128.50"}])"},
             {"128", R"([{"x":"128"}])"},
             {"\"128.5\"", R"([{"x":"128.5"}])"},
             {"128.505", "bad_data"}}) {
        body = "{\"x\":" + written + "}";
        CHECK(r.told("a") == told);
    }
    d.fields[0].in = templates::money_form::minor;
    r.use({web(server.url())}, {d});
    body = R"({"x":12850})";
    CHECK(r.told("a") == R"([{"x":12850}])");
}

TEST_CASE("http: a connection that is lost is tried once more") {
    http_server server([](auto&, std::size_t before) {
        return before == 1 || before >= 3 ? "" : http_server::with(200, R"({"x":1})");
    });
    rig r;
    r.use({web(server.url())}, {get("/x")});
    CHECK(r.told("a") == R"([{"x":1}])");
    CHECK(r.told("a") == R"([{"x":1}])"); // the second request was lost
    CHECK(server.heads().size() == 3);
    CHECK(r.told("a") == "down");
}

TEST_CASE("http: nobody there, nobody speaks") {
    std::string url;
    {
        http_server gone([](auto&, auto) { return ""; });
        url = gone.url();
    }
    http_server server([](auto&, auto) { return http_server::silent; });
    rig r;
    r.use({web(url)}, {get("/x")});
    CHECK(r.told("a") == "down");
    auto d = get("/x");
    d.timeout = 100ms;
    r.use({web(server.url())}, {d});
    CHECK(r.told("a") == "timeout");
    CHECK(r.why == "lookup a at orders: no answer in time");
}

TEST_CASE("http: many questions share few connections") {
    http_server server([](const std::string& head, auto) {
        const auto from = head.find("/x/") + 3;
        return http_server::with(200,
                                 "{\"x\":" + head.substr(from, head.find(' ', from) - from) + "}");
    });
    rig r;
    r.use({web(server.url(), 3)}, {get("/x/{n}", {"n"})});
    int right = 0, ended = 0;
    for (int i = 0; i < 200; ++i)
        r.asks.ask("a", {{"n", std::to_string(i)}}, [&, i](answer a) {
            ++ended;
            right += a.has_value() && a->at(0).at("x").as_int64() == i ? 1 : 0;
        });
    r.run_until([&] { return ended == 200; });
    CHECK(right == 200);
    CHECK(server.connections() <= 3);
}

TEST_CASE("http: the end comes while questions are under way") {
    http_server server([](auto&, auto) { return http_server::silent; });
    rig r;
    r.use({web(server.url())}, {get("/x")});
    int ended = 0;
    for (int i = 0; i < 10; ++i)
        r.asks.ask("a", {}, [&](answer a) {
            ++ended;
            CHECK(a.error().kind == failure::down);
        });
    while (server.heads().size() < 4) { // the others wait for a connection
        r.loop.restart();
        r.loop.run_for(1ms);
    }
    r.asks.stop();
    r.run_until([&] { return ended == 10; });
}

} // namespace http_test
