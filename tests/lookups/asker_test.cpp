// What holds for every kind of system: the breaker, new settings, the end.
#include "rig.hpp"

using namespace lookups_rig;

namespace {

system_settings file(const std::filesystem::path& path, settings::breaker_settings b = {}) {
    return {.name = "billing",
            .kind = system_kind::sqlite,
            .where = path.string(),
            .connections = 1,
            .breaker = b};
}

const draft one{.name = "a", .query = "SELECT 1 AS x", .fields = {column("x", kind::integer)}};
const draft endless{
    .name = "slow",
    .query = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) AS x "
             "FROM n",
    .fields = {column("x", kind::integer)},
    .timeout = 60s};
const draft wrong{.name = "b", .query = "SELECT x FROM t", .fields = {column("x", kind::integer)}};

} // namespace

TEST_CASE("asker: a system that fails is left alone, and tried again after the pause") {
    rig r;
    const auto path = r.dir.path / "x.db";
    r.use({file(path, {.failures = 3, .pause = 10s})}, {one});
    for (int i = 0; i < 3; ++i)
        CHECK(r.told("a") == "down");
    CHECK(r.figures("billing").open);
    CHECK(r.told("a") == "breaker_open");
    database{path}("CREATE TABLE u(x)");
    CHECK(r.told("a") == "breaker_open"); // nobody looks
    r.now += 10s;
    CHECK(r.told("a") == R"([{"x":1}])");
    const auto f = r.figures("billing");
    CHECK(!f.open);
    CHECK(f.asked == 6);
    CHECK(f.answered == 1);
    CHECK(f.failed[static_cast<std::size_t>(failure::down)] == 3);
    CHECK(f.failed[static_cast<std::size_t>(failure::breaker_open)] == 2);
}

TEST_CASE("asker: a lookup that is wrong does not make its system look ill") {
    rig r;
    const auto path = r.dir.path / "x.db";
    database{path}("CREATE TABLE u(x)");
    r.use({file(path, {.failures = 2, .pause = 10s})}, {one, wrong});
    for (int i = 0; i < 4; ++i)
        CHECK(r.told("b") == "refused");
    CHECK(!r.figures("billing").open);
    CHECK(r.told("a") == R"([{"x":1}])");
}

TEST_CASE("asker: new settings leave alone what is under way and what did not change") {
    rig r;
    const auto path = r.dir.path / "x.db";
    const database writer(path);
    writer("CREATE TABLE u(x); INSERT INTO u VALUES (7); BEGIN EXCLUSIVE");
    draft waits = one;
    waits.query = "SELECT x FROM u";
    r.use({file(path)}, {waits});
    std::optional<answer> got;
    r.asks.ask("a", {}, [&](answer a) { got = std::move(a); });
    r.use({}, {one}); // the system is gone, and the lookup another one
    CHECK(r.told("a") == "refused");
    CHECK(r.why == "lookup a: there is no system billing like that");
    CHECK(!got);
    writer("COMMIT");
    r.run_until([&] { return got.has_value(); });
    CHECK(json::serialize(got->value()) == R"([{"x":7}])");

    r.use({file(path)}, {one});
    CHECK(r.told("a") == R"([{"x":1}])");
    const auto before = r.figures("billing").asked;
    r.use({file(path)}, {one});
    CHECK(r.figures("billing").asked == before);
    r.use({file(r.dir.path / "other.db")}, {one}); // its figures go on
    CHECK(r.told("a") == "down");
    CHECK(r.figures("billing").asked == before + 1);
}

TEST_CASE("asker: the end is an answer to all, once") {
    rig r;
    const auto path = r.dir.path / "x.db";
    database{path}("CREATE TABLE u(x)");
    r.use({file(path)}, {endless});
    int ended = 0;
    for (int i = 0; i < 5; ++i)
        r.asks.ask("slow", {}, [&](answer a) {
            ++ended;
            CHECK(a.error().kind == failure::down);
        });
    r.asks.stop();
    CHECK(ended == 0); // posted
    r.loop.restart();
    r.loop.run();
    CHECK(ended == 5);
    CHECK(r.told("slow") == "down");
}

TEST_CASE("asker: memory is bounded: beyond a thousand questions a system is down") {
    rig r;
    const auto path = r.dir.path / "x.db";
    database{path}("CREATE TABLE u(x)");
    r.use({file(path)}, {endless});
    int ended = 0;
    for (int i = 0; i < 1000; ++i)
        r.asks.ask("slow", {}, [&](answer) { ++ended; });
    CHECK(r.told("slow") == "down");
    CHECK(r.why == "lookup slow: billing has too many questions waiting");
    CHECK(ended == 0);
    CHECK(!r.figures("billing").open);
    r.asks.stop();
    r.run_until([&] { return ended == 1000; });
}
