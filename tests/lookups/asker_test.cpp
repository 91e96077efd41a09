// What holds for every kind of system: the breaker, new settings, the end.
#include "rig.hpp"

namespace asker_test {

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
// A table that nobody else can read until its writer commits, and a lookup that waits for it.
struct locked_table {
    database writer;

    explicit locked_table(const std::filesystem::path& file) : writer(file) {
        writer("CREATE TABLE u(x); INSERT INTO u VALUES (7); BEGIN EXCLUSIVE");
    }
    void operator()(const std::string& sql) const { writer(sql); }
};

draft waiting() {
    draft waits = one;
    waits.query = "SELECT x FROM u";
    return waits;
}

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
    const locked_table writer(path);
    const auto waits = waiting();
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

TEST_CASE("asker: memory is bounded: beyond ten thousand questions a system is down") {
    rig r;
    const auto path = r.dir.path / "x.db";
    database{path}("CREATE TABLE u(x)");
    r.use({file(path)}, {endless});
    int ended = 0;
    for (int i = 0; i < 10'000; ++i)
        r.asks.ask("slow", {}, [&](answer) { ++ended; });
    CHECK(r.told("slow") == "down");
    CHECK(r.why == "lookup slow at billing: too many questions are waiting");
    CHECK(ended == 0);
    CHECK(!r.figures("billing").open);
    r.asks.stop();
    r.run_until([&] { return ended == 10'000; });
}

TEST_CASE("asker: a rush at a slow but healthy system is answered in full, in its order") {
    rig r;
    const auto path = r.dir.path / "x.db";
    const locked_table writer(path);
    auto waits = waiting();
    waits.query = "SELECT :n AS x FROM u";
    waits.takes = {"n"};
    r.use({file(path, {.failures = 1, .pause = 10s})}, {waits});
    std::vector<std::string> told;
    for (int i = 0; i < 5; ++i)
        r.asks.ask("a", {{"n", i}}, [&](answer a) { told.push_back(json::serialize(a.value())); });
    CHECK(r.figures("billing").waiting == 5);
    CHECK(told.empty());
    writer("COMMIT");
    r.run_until([&] { return told.size() == 5; });
    for (std::size_t i = 0; i < 5; ++i)
        CHECK(told[i] == R"([{"x":)" + std::to_string(i) + "}]");
    CHECK(r.figures("billing").waiting == 0);
}

TEST_CASE("asker: what was never handed over says nothing about its system") {
    rig r(1ms);
    const auto path = r.dir.path / "x.db";
    database{path}("CREATE TABLE u(x)");
    r.use({file(path, {.failures = 1, .pause = 10s})}, {endless});
    int handed_over_ended = 0;
    for (int i = 0; i < 2; ++i) // of one connection
        r.asks.ask("slow", {}, [&](answer) { ++handed_over_ended; });
    for (int i = 0; i < 3; ++i) {
        CHECK(r.told("slow") == "timeout");
        CHECK(r.why == "lookup slow at billing: too many questions were asked before it");
    }
    const auto f = r.figures("billing");
    CHECK(!f.open);
    CHECK(f.waiting == 2);
    CHECK(f.failed[static_cast<std::size_t>(failure::timeout)] == 3);
    CHECK(handed_over_ended == 0);
    r.asks.stop();
    r.run_until([&] { return handed_over_ended == 2; });
}

TEST_CASE("asker: the timeout of a lookup begins when it is handed over") {
    rig r;
    const auto path = r.dir.path / "x.db";
    database{path}("CREATE TABLE u(x)");
    draft busy = endless; // some 20 ms of work
    busy.query = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) "
                 "SELECT max(x) AS x FROM n";
    draft last = one;
    last.timeout = 500ms; // less than all that is asked before it takes
    r.use({file(path)}, {busy, last});
    int answered = 0;
    for (int i = 0; i < 60; ++i)
        r.asks.ask("slow", {}, [&](answer a) { answered += a.has_value() ? 1 : 0; });
    CHECK(r.told("a") == R"([{"x":1}])");
    CHECK(answered == 60);
}

TEST_CASE("asker: when the breaker opens nobody goes on waiting for room") {
    rig r;
    const auto path = r.dir.path / "not there.db";
    r.use({file(path, {.failures = 2, .pause = 10s})}, {one});
    std::vector<std::string> told;
    for (int i = 0; i < 6; ++i)
        r.asks.ask("a", {}, [&](answer a) { told.emplace_back(name_of(a.error().kind)); });
    r.run_until([&] { return told.size() == 6; });
    CHECK(std::ranges::count(told, "breaker_open") >= 3); // two failed, one more was on its way
    CHECK(std::ranges::count(told, "down") >= 2);
    CHECK(r.figures("billing").waiting == 0);
}

TEST_CASE("asker: who queues for a system that a reload takes away is answered by it") {
    rig r;
    const auto path = r.dir.path / "x.db";
    const locked_table writer(path);
    const auto waits = waiting();
    r.use({file(path)}, {waits});
    int answered = 0;
    for (int i = 0; i < 5; ++i)
        r.asks.ask("a", {}, [&](answer a) {
            CHECK(json::serialize(a.value()) == R"([{"x":7}])");
            ++answered;
        });
    r.use({}, {});
    writer("COMMIT");
    r.run_until([&] { return answered == 5; });
}

} // namespace asker_test
