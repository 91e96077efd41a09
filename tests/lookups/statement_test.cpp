#include "lookups/statement.hpp"

#include "lookups/path.hpp"

#include <doctest/doctest.h>

namespace statement_test {

using namespace posthorn;
using namespace posthorn::lookups;
using settings::system_kind;

namespace {

std::string names(const statement& s) {
    std::string out;
    for (const auto& p : s.parameters)
        out += p.name + " ";
    return out;
}

std::string mistakes(const statement& s) {
    std::string out;
    for (const auto& m : s.mistakes)
        out += std::to_string(m.offset) + " " + m.what + "; ";
    return out;
}

} // namespace

TEST_CASE("lookups: what quotes and comments hide is no parameter") {
    constexpr auto sqlite = system_kind::sqlite;
    constexpr auto postgresql = system_kind::postgresql;
    struct row {
        system_kind dialect;
        std::string_view query, parameters, numbered;
    };
    for (const auto& r : std::initializer_list<row>{
             {sqlite, "SELECT :a", "a ", "SELECT ?1"},
             {sqlite, "SELECT :a, :b, :a;", "a b a ", "SELECT ?1, ?2, ?1"},
             {sqlite, "SELECT ':a''s :b', :b", "b ", "SELECT ':a''s :b', ?2"},
             {sqlite, "SELECT \":a\", `:a`, [:a] FROM t", "", "SELECT \":a\", `:a`, [:a] FROM t"},
             {sqlite, "-- :a ; x\nSELECT :b -- ' :a", "b ", "-- :a ; x\nSELECT ?2 -- ' :a"},
             {sqlite, "/* :a /* */ SELECT :b", "b ", "/* :a /* */ SELECT ?2"},
             {sqlite, "SELECT :b || '用户:a' ; -- the end", "b ", "SELECT ?2 || '用户:a' "},
             {postgresql, "SELECT :a::date, x::text", "a ", "SELECT $1::date, x::text"},
             {postgresql, "SELECT $$ :a ' $$, $q$ :a $$ $q$, :b", "b ",
              "SELECT $$ :a ' $$, $q$ :a $$ $q$, $2"},
             {postgresql, "SELECT E'it\\' :a', :b", "b ", "SELECT E'it\\' :a', $2"},
             {postgresql, "/* /* :a */ :a */ SELECT arr[:b]", "b ",
              "/* /* :a */ :a */ SELECT arr[$2]"},
             {postgresql, "(SELECT f(x := :a))", "a ", "(SELECT f(x := $1))"},
         }) {
        CAPTURE(r.query);
        const auto s = read_statement(r.query, r.dialect);
        CHECK(mistakes(s) == "");
        CHECK(names(s) == r.parameters);
        CHECK(numbered(r.query, s, {"a", "b"}, r.dialect) == r.numbered);
    }
}

TEST_CASE("lookups: a query is one statement that only reads") {
    struct row {
        std::string_view query, mistake;
    };
    for (const auto& r : std::initializer_list<row>{
             {"", "0 is no statement: write SELECT …; "},
             {" -- nothing", "0 is no statement: write SELECT …; "},
             {"SELECT 1; SELECT 2", "10 must be one statement: nothing may follow the ';'; "},
             {"PRAGMA journal_mode", "0 must only read: it begins with SELECT, WITH or VALUES; "},
             {"DELETE FROM t", "0 must only read: it has delete (a column of that name goes into "
                               "double quotes); "},
             {"WITH x AS (SELECT 1) INSERT INTO t SELECT 1",
              "21 must only read: it has insert (a column of that name goes into double quotes); "
              "28 must only read: it has into (a column of that name goes into double quotes); "},
             {"SELECT 'a", "7 a quote is never closed: '; "},
             {"SELECT /* a", "7 a comment is never closed; "},
             {"SELECT ?, $a, @b", "7 a parameter is written :name, not ?; "
                                  "10 a parameter is written :name, not $; "
                                  "14 a parameter is written :name, not @; "},
             {"SELECT \"update\", updated, 'DELETE' FROM t", ""},
         }) {
        CAPTURE(r.query);
        CHECK(mistakes(read_statement(r.query, system_kind::sqlite)) == r.mistake);
    }
    CHECK(mistakes(read_statement("SELECT $1", system_kind::postgresql)) ==
          "7 a parameter is written :name, not $; ");
}

TEST_CASE("lookups: a value cannot leave its place in a path") {
    const auto value = [](std::string_view name) -> std::string_view {
        return name == "a" ? "31/0?x=1&y#%" : name == "b" ? "明" : "";
    };
    CHECK(filled("/x/{a}/y?m={b}&n={none}", value) ==
          "/x/31%2F0%3Fx%3D1%26y%23%25/y?m=%E6%98%8E&n=");
    CHECK(parameters_of("/x/{a").front().name == "");
    CHECK(parameters_of("/x").empty());
}

} // namespace statement_test
