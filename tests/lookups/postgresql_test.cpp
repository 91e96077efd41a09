// PostgreSQL as a system, against a server of the test's own where Debian's `postgresql` is
// installed; without it these cases are skipped, visibly.
#include "rig.hpp"

#include "postgresql_server.hpp"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <sys/socket.h>

namespace postgresql_test {

using namespace lookups_rig;

namespace {

const bool installed = !postgresql_server::programs().empty();

postgresql_server& server() { // one for all cases: it takes a second to make
    static postgresql_server one;
    return one;
}

void run(const std::string& sql) {
    auto* c = ::PQconnectdb(server().where().c_str());
    auto* r = ::PQexec(c, sql.c_str());
    CHECK(std::string(::PQresultErrorMessage(r)) == "");
    ::PQclear(r);
    ::PQfinish(c);
}

system_settings postgresql(unsigned connections = 2) {
    return {.name = "crm",
            .kind = system_kind::postgresql,
            .where = server().where(),
            .connections = connections,
            .breaker = {.failures = 1000}};
}

draft question(std::string name, std::string query, kind k = kind::text,
               std::vector<std::string> takes = {}) {
    return {.name = std::move(name),
            .system = "crm",
            .kind = system_kind::postgresql,
            .query = std::move(query),
            .takes = std::move(takes),
            .fields = {column("x", k)}};
}

} // namespace

TEST_CASE("postgresql: is installed here") {
    if (!installed)
        MESSAGE("skipped: Debian's package postgresql is not installed");
}

TEST_CASE("postgresql: values and parameters" * doctest::skip(!installed)) {
    struct row {
        std::string sql;
        kind wanted;
        std::string told;
    };
    rig r;
    for (const auto& [sql, wanted, told] :
         std::initializer_list<row>{{"'张三'", kind::text, R"([{"x":"张三"}])"},
                                    {"310::bigint", kind::text, R"([{"x":"310"}])"},
                                    {"7", kind::integer, R"([{"x":7}])"},
                                    {"sum(7::bigint)", kind::integer, R"([{"x":7}])"},
                                    {"12.50::numeric", kind::decimal, R"([{"x":"12.50"}])"},
                                    {"12.5::float8", kind::decimal, "bad_data"},
                                    {"2 > 1", kind::boolean, R"([{"x":true}])"},
                                    {"'2026-11-26'::date", kind::date, R"([{"x":"2026-11-26"}])"},
                                    {"'2026-11-26 08:00+00'::timestamptz AT TIME ZONE 'UTC'",
                                     kind::time, R"([{"x":"2026-11-26 08:00:00"}])"},
                                    {"NULL::text", kind::text, "bad_data"}}) {
        CAPTURE(sql);
        r.use({postgresql()}, {question("a", "SELECT " + sql + " AS x", wanted)});
        CHECK(r.told("a") == told);
    }
    r.use({postgresql()},
          {question("a", "SELECT ':b' || $q$:b$q$ || coalesce(:b, '-')::text || :a /* :a */ AS x",
                    kind::text, {"a", "b"})});
    CHECK(r.told("a", {{"a", "'; DROP TABLE c"}}) == R"([{"x":":b:b-'; DROP TABLE c"}])");
    CHECK(r.told("a", {{"a", "1"}, {"b", "2"}}) == R"([{"x":":b:b21"}])");
}

TEST_CASE("postgresql: what it will not do, and what is no answer" * doctest::skip(!installed)) {
    run("CREATE TABLE c(account bigint, name text)");
    rig r;
    r.use({postgresql()},
          {question("write", "INSERT INTO c VALUES(1, 'a') RETURNING name AS x"),
           question("table", "SELECT x FROM missing"), question("syntax", "SELECT SELECT"),
           question("cast", "SELECT name AS x FROM c WHERE account = CAST(:a AS bigint)",
                    kind::text, {"a"}),
           question("column", "SELECT 1 AS y"),
           question("rows", "SELECT generate_series(1, 1000000)::text AS x"),
           question("good", "SELECT 'y' AS x")});
    CHECK(r.told("write") == "refused");
    CHECK(r.why == "lookup write at crm: SQLSTATE 25006: cannot execute INSERT in a read-only "
                   "transaction");
    CHECK(r.told("table") == "refused");
    CHECK(r.why == "lookup table at crm: SQLSTATE 42P01: relation \"missing\" does not exist");
    CHECK(r.told("syntax") == "refused");
    CHECK(r.told("cast", {{"a", "张三"}}) == "bad_data");
    CHECK(r.why == "lookup cast at crm: SQLSTATE 22P02"); // not what somebody sent
    CHECK(r.told("column") == "bad_data");
    CHECK(r.told("rows") == "too_many_rows");
    CHECK(r.told("good") == R"([{"x":"y"}])");
}

TEST_CASE("postgresql: a slow query ends at its limit, others are answered meanwhile" *
          doctest::skip(!installed)) {
    rig r;
    auto slow = question("slow", "SELECT pg_sleep(100)::text AS x");
    auto endless = slow;
    endless.name = "endless";
    endless.timeout = 60s;
    slow.timeout = 200ms;
    r.use({postgresql()}, {slow, endless,
                           question("quick", "SELECT current_setting('statement_timeout') || ' ' ||"
                                             " current_setting('transaction_read_only') AS x")});
    CHECK(r.told("slow") == "timeout");
    std::optional<answer> got;
    r.asks.ask("endless", {}, [&](answer a) { got = std::move(a); });
    CHECK(r.told("quick") == R"([{"x":"20s on"}])"); // the server keeps the limit, too
    CHECK(!got);
    r.asks.stop();
    r.run_until([&] { return got.has_value(); });
}

TEST_CASE("postgresql: more questions than connections are all answered" *
          doctest::skip(!installed)) {
    rig r;
    r.use({postgresql()}, {question("a", "SELECT :x::text AS x", kind::integer, {"x"})});
    int right = 0, ended = 0;
    for (int i = 0; i < 300; ++i)
        r.asks.ask("a", {{"x", std::to_string(i)}}, [&, i](answer a) {
            ++ended;
            right += a.has_value() && a->at(0).at("x").as_int64() == i ? 1 : 0;
        });
    r.run_until([&] { return ended == 300; });
    CHECK(right == 300);
}

TEST_CASE("postgresql: a restart of the server costs no answer, its absence is told" *
          doctest::skip(!installed)) {
    rig r;
    r.use({postgresql()}, {question("a", "SELECT 'y' AS x")});
    CHECK(r.told("a") == R"([{"x":"y"}])");
    server().stop();
    server().start();
    CHECK(r.told("a") == R"([{"x":"y"}])");
    server().stop();
    CHECK(r.told("a") == "down");
    CHECK(r.why.find("No such file or directory") != std::string::npos);
    CHECK(r.told("a") == "down"); // it rests, and says the same
    server().start();
    std::string told;
    do
        told = r.told("a");
    while (told == "down"); // until it has rested
    CHECK(told == R"([{"x":"y"}])");
}

TEST_CASE("postgresql: another schema is seen" * doctest::skip(!installed)) {
    run("CREATE TABLE s(x int); INSERT INTO s VALUES (1)");
    rig r;
    r.use({postgresql()}, {question("a", "SELECT * FROM s")});
    CHECK(r.told("a") == R"([{"x":"1"}])");
    run("ALTER TABLE s ALTER x TYPE text USING x || 'a'");
    CHECK(r.told("a") == R"([{"x":"1a"}])");
}

TEST_CASE("postgresql: a server that says nothing is left at the limit") {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(at);
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&at), size) == 0);
    REQUIRE(::listen(fd, 10) == 0);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
    {
        rig r;
        auto d = question("a", "SELECT 'y' AS x");
        d.timeout = 100ms;
        r.use({{.name = "crm",
                .kind = system_kind::postgresql,
                .where = "host=127.0.0.1 dbname=x port=" + std::to_string(ntohs(at.sin_port))}},
              {d});
        CHECK(r.told("a") == "timeout");
    }
    ::close(fd);
}

} // namespace postgresql_test
