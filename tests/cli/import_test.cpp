#include "cli/bookmark.hpp"
#include "cli/console.hpp"
#include "cli/import.hpp"
#include "cli/import_view.hpp"
#include "cli/scratch.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace posthorn;
using namespace posthorn::cli;

namespace {

struct killed {};

// A type whose data is one text, and an outbox that can fail.
struct fixture {
    scratch dir;
    import_order order;
    templates::event_type type;
    std::vector<std::string> keys; // inserted, in order
    std::vector<std::size_t> transactions;
    int transactions_left = -1; // then the process is killed before the insert
    int bookmarks_left = -1;    // then it is killed after the insert, before the bookmark

    explicit fixture(const std::string& content) {
        order.file = dir.write("rows.csv", content);
        order.rejects = dir.path / "rows.csv.rejects.csv";
        order.source = "billing";
        order.type = "note";
        order.batch = 10;
        templates::field name;
        name.name = "name";
        type.name = "note";
        type.fields = {name};
    }

    import_progress run(bool check = true) {
        import_ports ports;
        ports.insert = [this](std::span<event> rows) {
            if (transactions_left == 0)
                throw killed();
            --transactions_left;
            transactions.push_back(rows.size());
            for (const auto& row : rows)
                keys.push_back(row.key);
            if (bookmarks_left == 0)
                throw killed();
            --bookmarks_left;
        };
        if (check)
            ports.check = [](const event& e) {
                intake::prepared verdict;
                verdict.event = e;
                if (e.to_ref == "bad")
                    verdict.parked = "to_ref: bad number";
                return verdict;
            };
        return import_file(order, &type, ports);
    }
};

std::string rows(int count) {
    std::string text = "key,to,name\n";
    for (int i = 1; i <= count; ++i)
        text += "k" + std::to_string(i) + "," + (i % 7 == 0 ? "bad" : "138") + ",\"n\n" +
                std::to_string(i) + "\"\n";
    return text;
}

} // namespace

TEST_CASE(
    "import: good rows are inserted in transactions, bad ones go aside with line and reason") {
    fixture f("key,to,name\nk1,138,Ann\nk2,bad,Bob\nk3,138\nk4,138,Eve,more\nk5,138,\"Z\"x\n"
              "k6,138,\"two\nlines\"\n");
    const auto done = f.run();
    CHECK(done.read == 6);
    CHECK(done.queued == 2);
    CHECK(done.rejected == 4);
    CHECK(f.keys == std::vector<std::string>{"k1", "k6"});
    CHECK(f.dir.read("rows.csv.rejects.csv") ==
          "line,reason,key,to,name\n"
          "3,to_ref: bad number,k2,bad,Bob\n"
          "4,\"has 2 columns, the header has 3\",k3,138\n"
          "5,\"has 4 columns, the header has 3\",k4,138,Eve,more\n"
          "6,text after a closing quote in column 3,\"k5,138,\"\"Z\"\"x\"\n");
    CHECK(done.rejections.front() == "line 3: to_ref: bad number");
}

TEST_CASE("import: --no-check inserts whatever is a row") {
    fixture f("key,to,name\nk1,bad,\nk2,138\n");
    const auto done = f.run(false);
    CHECK(done.queued == 1);
    CHECK(done.rejected == 1);
    CHECK(f.keys == std::vector<std::string>{"k1"});
}

TEST_CASE("import: a dry run inserts nothing, writes nothing and keeps the first text") {
    fixture f(rows(30));
    f.order.dry_run = true;
    const auto done = f.run();
    CHECK(done.queued == 26);
    CHECK(done.rejected == 4);
    REQUIRE(done.first_good);
    CHECK(done.first_good->event.key == "k1");
    CHECK(f.keys.empty());
    CHECK_FALSE(std::filesystem::exists(f.order.rejects));
    CHECK_FALSE(std::filesystem::exists(bookmark_path(f.order.file)));
}

TEST_CASE(
    "import: killed anywhere and started again it misses nothing and repeats one transaction") {
    constexpr int count = 95;
    fixture whole(rows(count));
    const auto expected = whole.run();
    const auto rejects = whole.dir.read("rows.csv.rejects.csv");
    for (int stop = 0; stop < 10; ++stop)
        for (const bool before_insert : {true, false}) {
            CAPTURE(stop);
            CAPTURE(before_insert);
            fixture f(rows(count));
            (before_insert ? f.transactions_left : f.bookmarks_left) = stop;
            CHECK_THROWS_AS(f.run(), killed);
            f.transactions_left = f.bookmarks_left = -1;
            const auto done = f.run();
            CHECK(done.read == expected.read);
            CHECK(done.queued == expected.queued);
            CHECK(done.rejected == expected.rejected);
            CHECK((done.resumed_at > 0) == (stop > 0));
            CHECK(std::set(f.keys.begin(), f.keys.end()) ==
                  std::set(whole.keys.begin(), whole.keys.end()));
            CHECK(f.keys.size() <= whole.keys.size() + (before_insert ? 0 : f.order.batch));
            CHECK(f.dir.read("rows.csv.rejects.csv") == rejects);
        }
}

TEST_CASE("import: a second import of the same file does nothing, unless it is asked for") {
    fixture f(rows(15));
    f.run();
    const auto inserted = f.keys.size();
    const auto again = f.run();
    CHECK(again.was_complete);
    CHECK(f.keys.size() == inserted);
    CHECK(summary_of(f.order, again).find("--again") != std::string::npos);
    f.order.again = true;
    CHECK_FALSE(f.run().was_complete);
    CHECK(f.keys.size() == 2 * inserted);
}

TEST_CASE("import: a file that was written anew, or another purpose, starts at the first row") {
    fixture f(rows(15));
    f.run();
    f.order.type = "other";
    CHECK(f.run().resumed_at == 0);
    f.dir.write("rows.csv", rows(16));
    const auto done = f.run();
    CHECK(done.resumed_at == 0);
    CHECK(done.read == 16);
}

TEST_CASE("import: a torn bookmark is none") {
    fixture f(rows(5));
    f.dir.write("rows.csv.posthorn-import", "{\"size\":12");
    CHECK(f.run().read == 5);
    CHECK(load_bookmark(f.order.file)->complete);
}

TEST_CASE("import: GBK rows become UTF-8, and one that is no GBK is rejected with its place") {
    // 张三 is D5 C5 C8 FD in GBK.
    fixture f("key,to,name\r\nk1,138,\xD5\xC5\xC8\xFD\r\nk2,138,\xD5\xC5\xFF\r\nk3,138,ok\r\n");
    f.order.charset = "gbk";
    std::vector<std::string> data;
    const auto done = import_file(f.order, &f.type,
                                  {.insert =
                                       [&](std::span<event> rows) {
                                           for (const auto& row : rows)
                                               data.push_back(row.data);
                                       },
                                   .check = {},
                                   .progress = {}});
    CHECK(data == std::vector<std::string>{R"({"name":"张三"})", R"({"name":"ok"})"});
    CHECK(done.rejected == 1);
    REQUIRE(done.rejections.size() == 1);
    CHECK(done.rejections.front().starts_with("line 3: column 'name' is not gbk at octet 3:"));
}

TEST_CASE("import: UTF-8 with GBK octets in it rejects those rows alone") {
    fixture f("\xEF\xBB\xBFkey,to,name\nk1,138,\xD5\xC5\nk2,138,张三\n");
    const auto done = f.run();
    CHECK(f.keys == std::vector<std::string>{"k2"});
    CHECK(done.rejections.front().starts_with("line 2: column 'name' is not utf-8 at octet 1"));
    CHECK(done.rejections.front().ends_with("--encoding gbk)"));
    CHECK(f.dir.read("rows.csv.rejects.csv").find("k1,138,??") != std::string::npos);
}

TEST_CASE("import: what stops all of it is told with the file and what to do") {
    struct row {
        const char* content;
        const char* part;
    };
    for (const auto& r : {row{"", "is empty; the first line must name the columns"},
                          row{"to,name\n138,x\n", "rows.csv:1: no column 'key'"},
                          row{"\xFF\xFEk\0e\0", "is UTF-16; save it as \"CSV UTF-8\""},
                          row{"key,to,n\xFF\n", "rows.csv:1: the header: column 3 is not utf-8"}}) {
        CAPTURE(r.part);
        fixture f(r.content);
        std::string said;
        try {
            f.run();
        } catch (const failure& e) {
            said = e.what();
        }
        CAPTURE(said);
        CHECK(said.find(r.part) != std::string::npos);
    }
    fixture gone("key,to,name\n");
    std::filesystem::remove(gone.order.file);
    CHECK_THROWS_AS(gone.run(), failure);
}

TEST_CASE("import: progress is a bar on a terminal and a line every five seconds elsewhere") {
    using std::chrono::milliseconds;
    import_progress half;
    half.read = 1'500;
    half.rejected = 2;
    half.offset = 500;
    half.size = 1'000;
    const import_view::clock::time_point start{};
    const std::string line = "a.csv  [##########..........]  50%   1,500 rows   1,500/s   2 "
                             "rejected   0:01 left";
    std::ostringstream out;
    std::ostringstream err;
    console terminal{out, err, true};
    import_view bar(terminal, "a.csv", start);
    bar.update(half, start + milliseconds(50));
    CHECK(err.str().empty());
    bar.update(half, start + milliseconds(1000));
    CHECK(err.str() == "\r" + line);
    bar.end();
    CHECK(err.str().back() == '\r');

    std::ostringstream log;
    console file{out, log, false};
    import_view lines(file, "a.csv", start);
    lines.update(half, start + milliseconds(1000));
    CHECK(log.str().empty());
    half.read = 9'000;
    lines.update(half, start + milliseconds(6000));
    CHECK(log.str().find("9,000 rows   1,500/s") != std::string::npos);
    CHECK(log.str().back() == '\n');
}
