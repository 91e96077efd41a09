// The handler from outside: CSV files in, JSON rows out.
#include "sdk/handler.hpp"
#include "tables/handler/csv.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <future>

namespace tables_test {

extern "C" const posthorn::sdk::handler_plugin posthorn_handler_plugin;

using namespace posthorn::sdk;
namespace fs = std::filesystem;

namespace {

struct bench {
    bench() {
        std::string name = (fs::temp_directory_path() / "posthorn-XXXXXX").string();
        folder = mkdtemp(name.data());
        fs::create_directory(folder / "tables");
        options.set("folder", {"tables", 0});
        made = posthorn_handler_plugin.create(options, folder);
        write("branches", "area,place,opens\n城东,解放路18号,8:30\n城西,\"湖滨路7号, 2楼\",\n");
    }
    bench(const bench&) = delete;
    bench& operator=(const bench&) = delete;
    ~bench() {
        made.reset();
        fs::remove_all(folder);
    }

    void write(const std::string& table, const std::string& text) const {
        std::ofstream(folder / "tables" / (table + ".csv")) << text;
    }
    handler_answer ask(std::string query,
                       std::vector<std::pair<std::string, std::optional<std::string>>> given) {
        const auto told = std::make_shared<std::promise<handler_answer>>();
        made->ask({std::move(query), std::move(given), {}},
                  [told](handler_answer a) { told->set_value(std::move(a)); });
        return told->get_future().get();
    }

    fs::path folder;
    posthorn::sdk::options options;
    std::unique_ptr<handler> made;
};

using kind = handler_answer::kind;

} // namespace

TEST_CASE("tables: rows whose columns equal what was given, the newest file") {
    bench b;
    auto a = b.ask("branches", {{"area", "城西"}});
    CHECK(a.what == kind::rows);
    CHECK(a.text == R"([{"area":"城西","place":"湖滨路7号, 2楼"}])");
    CHECK(b.ask("branches", {{"area", "城南"}}).text == "[]");
    a = b.ask("branches", {{"area", std::nullopt}, {"opens", "8:30"}});
    CHECK(a.text == R"([{"area":"城东","place":"解放路18号","opens":"8:30"}])");
    b.write("branches", "area\n城南\n");
    CHECK(b.ask("branches", {{"area", "城南"}}).text == R"([{"area":"城南"}])");
}

TEST_CASE("tables: what cannot be answered is told, and the next question is answered") {
    bench b;
    b.write("short", "a,b\n1\n");
    b.write("quote", "a\n\"1");
    b.write("none", "");
    for (const auto& [query, what, why] :
         {std::tuple{"nowhere", kind::refused, "there is no "},
          std::tuple{"../branches", kind::refused, "no name of a table"},
          std::tuple{".hidden", kind::refused, "no name of a table"},
          std::tuple{"short", kind::refused, "line 2 has 1 cells, the first line 2"},
          std::tuple{"quote", kind::refused, "line 2 has a quote out of place"},
          std::tuple{"none", kind::refused, "is empty"}}) {
        CAPTURE(query);
        const auto a = b.ask(query, {});
        CHECK(a.what == what);
        CHECK(a.text.find(why) != std::string::npos);
    }
    CHECK(b.ask("branches", {{"area ", "x"}}).text.find("no column 'area '") != std::string::npos);
    CHECK(b.ask("branches", {}).what == kind::rows);
}

TEST_CASE("tables: a CSV file as other programs write it") {
    const auto read = tables::read_csv("\xEF\xBB\xBF"
                                       "a,b\r\n\"x \"\"y\"\"\",\"1\n2\"\r\n\r\n,3");
    CHECK(read.mistake == "");
    CHECK(read.columns == std::vector<std::string>{"a", "b"});
    CHECK(read.rows == std::vector<std::vector<std::string>>{{"x \"y\"", "1\n2"}, {"", "3"}});
}

TEST_CASE("tables: a handler that goes leaves nobody behind") {
    bench b;
    for (int i = 0; i < 100; ++i)
        b.made->ask({"branches", {}, {}}, [](const handler_answer&) {});
    b.made.reset(); // with what it has not begun
}

} // namespace tables_test
