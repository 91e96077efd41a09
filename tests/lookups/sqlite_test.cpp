// A SQLite system with all that can be wrong with it.
#include "rig.hpp"

#include "lookups/sqlite_connection.hpp"

namespace sqlite_test {

using namespace lookups_rig;

namespace {

system_settings sqlite(const std::filesystem::path& file, std::string name = "billing") {
    return {.name = std::move(name),
            .kind = system_kind::sqlite,
            .where = file.string(),
            .connections = 2,
            .breaker = {.failures = 1000}};
}

// Endless, but for its limit.
const std::string slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
                         "SELECT max(x) AS x FROM n";

const draft by_account{.name = "balance",
                       .query = "SELECT name, balance FROM c WHERE account = :account",
                       .takes = {"account"},
                       .fields = {column("name", kind::text), column("balance", kind::integer)}};

struct sqlite_rig : rig {
    sqlite_rig() {
        const database db(file);
        db("CREATE TABLE c(account TEXT, name TEXT, balance)");
        db("INSERT INTO c VALUES('1', '张三', 5), ('2', 'b', NULL), ('3', 'c', 'much')");
    }
    std::filesystem::path file = dir.path / "billing.db";
};

} // namespace

TEST_CASE("sqlite: rows come as they were declared, nothing found is no row") {
    sqlite_rig r;
    r.use({sqlite(r.file)}, {by_account});
    CHECK(r.told("balance", {{"account", "1"}}) == R"([{"name":"张三","balance":5}])");
    CHECK(r.told("balance", {{"account", "9"}}) == "[]");
    CHECK(r.told("balance", {{"account", nullptr}}) == "[]");
    CHECK(r.told("balance") == "[]");
    CHECK(r.told("nothing") == "refused");
    CHECK(r.why == "there is no lookup 'nothing'");
    const auto f = r.figures("billing");
    CHECK(f.asked == 4);
    CHECK(f.answered == 4);
    CHECK(f.waiting == 0);
    CHECK(!f.open);
}

TEST_CASE("sqlite: values meet the kinds of their fields") {
    struct row {
        kind wanted;
        std::string sql, told;
    };
    sqlite_rig r;
    for (const auto& [wanted, sql, told] : std::initializer_list<row>{
             {kind::text, "'a'", R"([{"x":"a"}])"},
             {kind::text, "310", R"([{"x":"310"}])"},
             {kind::text, "1.5", "bad_data"},
             {kind::text, "x'00'", "bad_data"},
             {kind::text, "CAST(x'D5C5' AS TEXT)", "bad_data"}, // GBK
             {kind::text, "NULL", "bad_data"},
             {kind::integer, "7", R"([{"x":7}])"},
             {kind::integer, "'7'", R"([{"x":7}])"},
             {kind::integer, "'7 pieces'", "bad_data"},
             {kind::integer, "7.5", "bad_data"},
             {kind::decimal, "'1.50'", R"([{"x":"1.50"}])"},
             {kind::decimal, "1.5", "bad_data"},
             {kind::boolean, "1", R"([{"x":true}])"},
             {kind::boolean, "2", "bad_data"},
             {kind::date, "date('2026-11-26')", R"([{"x":"2026-11-26"}])"},
             {kind::date, "'26.11.2026'", "bad_data"},
             {kind::time, "'2026-11-26 08:00:00+08'", R"([{"x":"2026-11-26 08:00:00+08:00"}])"},
             {kind::time, "'2026-11-26 08:00'", R"([{"x":"2026-11-26 08:00"}])"},
             {kind::number, "8613800000001", R"([{"x":"8613800000001"}])"}}) {
        CAPTURE(sql);
        r.use({sqlite(r.file)},
              {{.name = "a", .query = "SELECT " + sql + " AS x", .fields = {column("x", wanted)}}});
        CHECK(r.told("a") == told);
    }
    r.use({sqlite(r.file)}, {{.name = "a",
                              .query = "SELECT NULL AS x, 1 AS y",
                              .fields = {column("x", kind::text, false)}}});
    CHECK(r.told("a") == "[{}]");
}

TEST_CASE("sqlite: what is wrong names fields and no values") {
    sqlite_rig r;
    r.use({sqlite(r.file)}, {by_account});
    CHECK(r.told("balance", {{"account", "3"}}) == "bad_data");
    CHECK(r.why == "lookup balance at billing: 'balance' is no good integer");
    CHECK(r.told("balance", {{"account", "2"}}) == "bad_data");
    CHECK(r.why == "lookup balance at billing: 'balance' is missing");
}

TEST_CASE("sqlite: a parameter is a value, whatever it looks like") {
    sqlite_rig r;
    r.use({sqlite(r.file)}, {{.name = "a",
                              .query = "SELECT ':b' || :b || :a || coalesce(:none, '-') AS x",
                              .takes = {"a", "b", "none"},
                              .fields = {column("x", kind::text)}}});
    CHECK(r.told("a", {{"a", "'; DROP TABLE c; --"}, {"b", ":a"}, {"more", "x"}}) ==
          R"([{"x":":b:a'; DROP TABLE c; ---"}])");
    // bound anew each time
    CHECK(r.told("a", {{"b", "1"}, {"none", "2"}}) == "bad_data");
    CHECK(r.told("a", {{"a", "1"}, {"b", 2}}) == R"([{"x":":b21-"}])");
}

TEST_CASE("sqlite: more rows than most_rows are a failure, not an excerpt") {
    sqlite_rig r;
    draft d{.name = "a",
            .query = "SELECT account AS x FROM c ORDER BY account",
            .fields = {column("x", kind::text)},
            .most_rows = 3};
    r.use({sqlite(r.file)}, {d});
    CHECK(r.told("a") == R"([{"x":"1"},{"x":"2"},{"x":"3"}])");
    d.most_rows = 2;
    r.use({sqlite(r.file)}, {d});
    CHECK(r.told("a") == "too_many_rows");
    d.query = "SELECT hex(zeroblob(300000)) AS x FROM c";
    d.most_rows = 20;
    r.use({sqlite(r.file)}, {d});
    CHECK(r.told("a") == "bad_data");
}

TEST_CASE("sqlite: nothing can be written, and nothing else be read") {
    sqlite_rig r;
    const auto other = r.dir.path / "other.db";
    database{other}("CREATE TABLE t(x)");
    for (const std::string query :
         {"INSERT INTO c VALUES('4', 'd', 1) RETURNING 1 AS x", "DELETE FROM c RETURNING 1 AS x",
          "SELECT * FROM pragma_database_list", "SELECT load_extension('x') AS x"}) {
        CAPTURE(query);
        draft d{.name = "a", .query = query, .fields = {column("x", kind::text)}};
        r.use({sqlite(r.file)}, {d});
        CHECK(r.told("a") == "refused");
    }
    draft attach{.name = "a",
                 .query = "ATTACH '" + other.string() + "' AS o",
                 .fields = {column("x", kind::text)}};
    r.use({sqlite(r.file)}, {attach});
    CHECK(r.told("a") == "refused");
}

TEST_CASE("sqlite: a slow query ends at its limit, other systems answer meanwhile") {
    sqlite_rig r;
    draft d{
        .name = "slow", .query = slow, .fields = {column("x", kind::integer)}, .timeout = 100ms};
    auto endless = d;
    endless.name = "endless";
    endless.timeout = 60s;
    r.use({sqlite(r.file), sqlite(r.file, "other")}, {d,
                                                      endless,
                                                      {.name = "quick",
                                                       .system = "other",
                                                       .query = "SELECT 1 AS x",
                                                       .fields = {column("x", kind::integer)}}});
    CHECK(r.told("slow") == "timeout");
    const auto f = r.figures("billing");
    CHECK(f.failed[static_cast<std::size_t>(failure::timeout)] == 1);
    int ended = 0;
    for (int i = 0; i < 2; ++i) // both of its threads
        r.asks.ask("endless", {}, [&](answer) { ++ended; });
    CHECK(r.told("quick") == R"([{"x":1}])");
    CHECK(ended == 0);
    r.asks.stop();
    r.run_until([&] { return ended == 2; });
}

TEST_CASE("sqlite: a limit says what it was that took so long") {
    sqlite_rig r;
    const std::atomic<bool> stopping{false};
    sqlite_connection connection(r.file.string(), stopping);
    const auto why = [&](const draft& d) {
        const question q{.id = 1,
                         .of = made(d),
                         .values = std::vector<std::optional<std::string>>(d.takes.size()),
                         .deadline = std::chrono::steady_clock::now() + 200ms};
        const auto a = connection.ask(q);
        CHECK(a.error().kind == failure::timeout);
        return a.error().why;
    };
    CHECK(why({.name = "slow", .query = slow, .fields = {column("x", kind::integer)}}) ==
          r.file.string() + ": the query takes too long");
    const database writer(r.file);
    writer("BEGIN EXCLUSIVE");
    CHECK(why(by_account) == r.file.string() + ": locked by somebody who writes");
}

TEST_CASE("sqlite: a question that waits behind slow ones is told in time") {
    sqlite_rig r;
    auto one = sqlite(r.file);
    one.connections = 1;
    r.use({one},
          {{.name = "slow", .query = slow, .fields = {column("x", kind::integer)}, .timeout = 60s},
           {.name = "quick",
            .query = "SELECT 1 AS x",
            .fields = {column("x", kind::integer)},
            .timeout = 100ms}});
    bool slow_ended = false;
    r.asks.ask("slow", {}, [&](answer a) {
        slow_ended = true;
        CHECK(a.has_error());
    });
    CHECK(r.told("quick") == "timeout");
    CHECK(!slow_ended);
    r.asks.stop();
    r.run_until([&] { return slow_ended; });
    CHECK(r.told("quick") == "down");
}

TEST_CASE("sqlite: a writer's lock is waited for, no longer than the limit") {
    sqlite_rig r;
    auto d = by_account;
    d.timeout = 150ms;
    auto patient = by_account;
    patient.name = "patient";
    r.use({sqlite(r.file)}, {d, patient});
    const database writer(r.file);
    writer("BEGIN EXCLUSIVE");
    CHECK(r.told("balance", {{"account", "1"}}) == "timeout");
    CHECK(r.why ==
          "lookup balance at billing: " + r.file.string() + ": locked by somebody who writes");
    std::optional<answer> got;
    r.asks.ask("patient", {{"account", "1"}}, [&](answer a) { got = std::move(a); });
    writer("COMMIT");
    r.run_until([&] { return got.has_value(); });
    CHECK(got->has_value());
}

TEST_CASE("sqlite: a file that is missing, broken, replaced or changed") {
    sqlite_rig r;
    const auto file = r.dir.path / "later.db";
    r.use({sqlite(file)}, {by_account});
    const json::object first{{"account", "1"}};
    CHECK(r.told("balance", first) == "down");
    CHECK(r.why ==
          "lookup balance at billing: " + file.string() + ": unable to open database file");
    CHECK(!std::filesystem::exists(file)); // asking makes none

    std::filesystem::copy(r.file, file); // it comes
    CHECK(r.told("balance", first) == R"([{"name":"张三","balance":5}])");

    database{file}("UPDATE c SET balance = 6"); // somebody writes
    CHECK(r.told("balance", first) == R"([{"name":"张三","balance":6}])");

    database{file}("ALTER TABLE c RENAME TO d; CREATE VIEW c AS SELECT 7 AS balance, name, account "
                   "FROM d"); // another schema
    CHECK(r.told("balance", first) == R"([{"name":"张三","balance":7}])");

    {
        const database other(r.dir.path / "other.db"); // another file in its place
        other("CREATE TABLE c(account, name, balance); INSERT INTO c VALUES('1', 'new', 8)");
    }
    std::filesystem::rename(r.dir.path / "other.db", file);
    CHECK(r.told("balance", first) == R"([{"name":"new","balance":8}])");

    r.dir.write("noise", std::string(8192, 'x'));
    std::filesystem::rename(r.dir.path / "noise", file);
    CHECK(r.told("balance", first) == "down");
    CHECK(r.why == "lookup balance at billing: " + file.string() + ": file is not a database");

    std::filesystem::remove(file);
    CHECK(r.told("balance", first) == "down");
    std::filesystem::copy(r.file, file);
    CHECK(r.told("balance", first) == R"([{"name":"张三","balance":5}])");

    database{file}("DROP TABLE c");
    CHECK(r.told("balance", first) == "refused");
    CHECK(r.why == "lookup balance at billing: " + file.string() + ": no such table: c");
}

TEST_CASE("sqlite: a column that is not there is told") {
    sqlite_rig r;
    auto d = by_account;
    d.fields.push_back(column("due", kind::integer, false));
    r.use({sqlite(r.file)}, {d});
    CHECK(r.told("balance") == "bad_data");
    CHECK(r.why == "lookup balance at billing: the query gives no column 'due'");
}

TEST_CASE("sqlite: hundreds of questions at once are all answered, each with its own") {
    sqlite_rig r;
    r.use({sqlite(r.file)}, {{.name = "a",
                              .query = "SELECT :x AS x",
                              .takes = {"x"},
                              .fields = {column("x", kind::integer)}}});
    std::size_t right = 0, ended = 0;
    for (int i = 0; i < 900; ++i)
        r.asks.ask("a", {{"x", std::to_string(i)}}, [&, i](answer a) {
            ++ended;
            right += a.has_value() && a->at(0).at("x").as_int64() == i ? 1U : 0U;
        });
    CHECK(r.figures("billing").waiting == 900);
    r.run_until([&] { return ended == 900; });
    CHECK(right == 900);
}

TEST_CASE("sqlite: what a writer left when it crashed must be cleared up by one") {
    sqlite_rig r;
    const auto file = r.dir.path / "crashed.db";
    {
        const database writer(r.file);
        writer(
            "PRAGMA cache_size = 1; BEGIN; UPDATE c SET name = 'half';"
            "CREATE TABLE big(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
            "WHERE i < 200) INSERT INTO big SELECT hex(zeroblob(1000)) FROM n");
        std::filesystem::copy(r.file, file);
        std::filesystem::copy(r.file.string() + "-journal", file.string() + "-journal");
    }
    r.use({sqlite(file)}, {by_account});
    CHECK(r.told("balance", {{"account", "1"}}) == "down");
    database{file}("SELECT * FROM c"); // rolls it back
    CHECK(r.told("balance", {{"account", "1"}}) == R"([{"name":"张三","balance":5}])");
}

TEST_CASE("sqlite: a database in WAL mode is read while somebody writes") {
    sqlite_rig r;
    const database writer(r.file);
    writer("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; UPDATE c SET balance = 6");
    r.use({sqlite(r.file)}, {by_account});
    CHECK(r.told("balance", {{"account", "1"}}) == R"([{"name":"张三","balance":5}])");
    writer("COMMIT");
    CHECK(r.told("balance", {{"account", "1"}}) == R"([{"name":"张三","balance":6}])");
}

} // namespace sqlite_test
