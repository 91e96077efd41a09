#include "lookups/lookup.hpp"

#include "cli/scratch.hpp"
#include "settings/daemon_settings.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace loader_test {

using namespace posthorn;
using namespace posthorn::lookups;
using namespace std::chrono_literals;

namespace {

const auto zone = *templates::zone::named("Asia/Shanghai");

std::vector<settings::system_settings> three_systems() {
    std::vector<settings::system_settings> all(3);
    all[0] = {.name = "billing", .kind = settings::system_kind::sqlite, .where = "/x"};
    all[1] = {.name = "crm", .kind = settings::system_kind::postgresql, .where = "dbname=x"};
    all[2] = {.name = "orders", .kind = settings::system_kind::http, .where = "https://x"};
    return all;
}

// All mistakes of one file, as LINE: PATH: WHAT.
std::string mistakes_of(const std::string& text, const std::string& name = "a") {
    const scratch dir;
    dir.write(name + ".yaml", text);
    const auto loaded = load_lookups(dir.path, three_systems(), zone);
    std::string out;
    for (const auto& p : loaded.problems)
        out += std::to_string(p.line) + ": " + p.path + ": " + p.what + "\n";
    CHECK(loaded.lookups.size() == (out.empty() ? 1 : 0));
    return out;
}

const std::string rest = "fields: {x: {kind: text}}\nsample: {x: y}\n";

} // namespace

TEST_CASE("lookups: a file says what is asked, of whom, and what comes back") {
    const scratch dir;
    dir.write("a.yaml", "name: a\nsystem: crm\nquery: |\n  SELECT x, y\n  FROM t WHERE z = :z;\n"
                        "takes: [z]\nfields:\n  x: {kind: money, currency: CNY}\n"
                        "  y: {kind: date, required: false}\ntimeout: 500ms\nmost_rows: 3\n"
                        "sample: {x: 1.50}\n");
    dir.write("b.yaml", "name: b\nsystem: orders\npath: /o/{z}?m={m}\nrows: /data/rows\n"
                        "takes: [z, m]\n" +
                            rest);
    const auto loaded = load_lookups(dir.path, three_systems(), zone);
    REQUIRE(format(loaded.problems) == "");
    const auto a = find(loaded.lookups, "a"), b = find(loaded.lookups, "b");
    REQUIRE(a);
    CHECK(a->query == "SELECT x, y\nFROM t WHERE z = $1");
    CHECK(a->takes == std::vector<std::string>{"z"});
    CHECK(a->fields.size() == 2);
    CHECK(a->timeout == 500ms);
    CHECK(a->most_rows == 3);
    CHECK(boost::json::serialize(a->sample) == R"({"x":"1.50"})");
    REQUIRE(b);
    CHECK(b->path == "/o/{z}?m={m}");
    CHECK(b->rows == "/data/rows");
    CHECK(b->timeout == 2s);
    CHECK(b->most_rows == 20);
    CHECK(!find(loaded.lookups, "c"));
}

TEST_CASE("lookups: every mistake of a file has its line") {
    struct row {
        std::string text, mistakes;
    };
    for (const auto& r : std::initializer_list<row>{
             {"name: b\nsystem: billing\nquery: SELECT 1 AS x\n" + rest,
              "1: name: must be the name of the file, 'a', is 'b'\n"},
             {"name: a\nsystem: biling\nquery: SELECT 1 AS x\n" + rest,
              "2: system: there is no system 'biling' in `systems` of posthorn.yaml (did you mean "
              "'billing'?)\n"},
             {"name: a\nsystem: billing\nquery: |\n  SELECT x\n  FROM t WHERE y = :acount\n"
              "takes: [account]\ntimeuot: 2s\n" +
                  rest,
              "5: query: :acount is not in `takes` (did you mean 'account'?)\n"
              "6: takes: 'account' is not used: there is no :account in `query`\n"
              "7: : unknown key 'timeuot' (did you mean 'timeout'?)\n"},
             {"name: a\nsystem: billing\nquery: |\n  SELECT x\n  FROM t; DROP TABLE t\n" + rest,
              "5: query: must be one statement: nothing may follow the ';'\n"},
             {"name: a\nsystem: crm\nquery: DELETE FROM t\n" + rest,
              "3: query: must only read: it has delete (a column of that name goes into double "
              "quotes)\n"},
             {"name: a\nsystem: billing\nquery: SELECT 1\ntakes: [B, b, b]\n" + rest,
              "4: takes: 'B' is no name for a parameter: use a-z, 0-9 and _\n"
              "4: takes: names 'b' twice\n"
              "4: takes: 'b' is not used: there is no :b in `query`\n"},
             {"name: a\nsystem: billing\nquery: SELECT 1\nfields: {x: {kind: list, of: {kind: "
              "text}}}\nsample: {x: [y]}\n",
              "4: fields.x: a column of a table is no list\n"},
             {"name: a\nsystem: billing\nquery: SELECT 1\nfields: {}\nsample: {}\n",
              "4: fields: names no field: what shall be read from the answer?\n"},
             {"name: a\nsystem: billing\nquery: SELECT 1\nfields: {x: {kind: date}}\n"
              "sample: {x: soon}\n",
              "5: sample: x: not a date like 2025-07-31: 'soon'\n"},
             {"name: a\nsystem: billing\nquery: SELECT 1\nfields: {x: {kind: date}}\nsample: {}\n",
              "5: sample: missing field 'x'\n"},
             {"name: a\nsystem: orders\npath: o/{z} x/{\nrows: data\ntakes: [zz]\n" + rest,
              "3: path: begins with '/': it follows the system's address\n"
              "3: path: {z} is not in `takes` (did you mean 'zz'?)\n"
              "3: path: has a { without a name and a }\n"
              "4: rows: is a JSON pointer like /data/bills\n"
              "5: takes: 'zz' is not used: there is no {zz} in `path`\n"},
             {"name: a\nsystem: billing\nquery: SELECT 1\ntimeout: 1h\nmost_rows: 0\n" + rest,
              "4: timeout: must be 100ms..30s, is 1h\n5: most_rows: must be 1..1000, is 0\n"},
         }) {
        CAPTURE(r.text);
        CHECK(mistakes_of(r.text) == r.mistakes);
    }
}

TEST_CASE("lookups: a folder that is not there has none, a .yml is told") {
    const scratch dir;
    CHECK(load_lookups(dir.path / "none", {}, zone).problems.empty());
    dir.write("a.yml", "");
    const auto loaded = load_lookups(dir.path, {}, zone);
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].what == "is not read: name it a.yaml");
}

TEST_CASE("settings: a system is one of three, and its mistakes have their line") {
    const scratch dir;
    const auto told = [&](const std::string& systems) {
        auto loaded = settings::load_daemon_settings(
            dir.write("posthorn.yaml", "sources: {}\nsystems:\n" + systems));
        check_systems(loaded.source.root().map("systems"), loaded.settings.systems);
        auto problems = loaded.problems;
        for (auto& p : loaded.source.finish())
            problems.push_back(p);
        std::string out;
        for (const auto& p : problems)
            out += std::to_string(p.line) + ": " + p.path + ": " + p.what + "\n";
        return out;
    };
    dir.write("secret", "hush\n");
    CHECK(told("  a: {sqlite: x.db}\n"
               "  b: {postgresql: host=h dbname=d, password: file:secret, connections: 8}\n"
               "  c: {http: 'https://h/api/', token: file:secret, breaker: {failures: 3, pause: "
               "5s}}\n") == "");
    const auto read = settings::load_daemon_settings(dir.path / "posthorn.yaml").settings.systems;
    REQUIRE(read.size() == 3);
    CHECK(read[0].where == (dir.path / "x.db").string());
    CHECK(read[0].connections == 2);
    CHECK(read[1].secret == "hush");
    CHECK(read[1].connections == 8);
    CHECK(read[2].where == "https://h/api");
    CHECK(read[2].secret == "hush");
    CHECK(read[2].connections == 4);
    CHECK(read[2].breaker == settings::breaker_settings{3, 5s});

    CHECK(told("  a: {}\n") ==
          "3: systems.a: say where it is: sqlite: FILE, postgresql: \"host=… dbname=… user=…\", "
          "http: https://…, or handler: PLUGIN\n");
    CHECK(told("  a: {sqlite: x, http: 'https://h'}\n") ==
          "3: systems.a.http: a system is one thing: it is sqlite already\n");
    CHECK(told("  a: {postgresql: host=h password=x}\n") ==
          "3: systems.a.postgresql: no password here: write `password: file:PATH` below it\n");
    CHECK(told("  a: {postgresql: host=h nonsense=x}\n") ==
          "3: systems.a.postgresql: invalid connection option \"nonsense\"\n");
    CHECK(told("  a: {http: 'http://h'}\n") ==
          "3: systems.a.http: must begin with https:// (http:// only to 127.0.0.1 or [::1])\n");
    CHECK(told("  a: {http: 'http://127.0.0.1:80@h/'}\n").find("is the beginning of all") !=
          std::string::npos);
    CHECK(told("  a: {sqlite: x, token: file:secret}\n").find("unknown key") != std::string::npos);
    CHECK(told("  A: {sqlite: x}\n").find("the name of a system must be") != std::string::npos);
}

} // namespace loader_test
