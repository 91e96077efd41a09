#include "cli/bookmark.hpp"
#include "cli/console.hpp"
#include "cli/import.hpp"
#include "cli/import_view.hpp"
#include "cli/scratch.hpp"

#include <doctest/doctest.h>

#include <set>

namespace import_test {

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

    // Why nothing was imported; empty: it was.
    std::string refusal() {
        try {
            run();
        } catch (const failure& e) {
            return e.what();
        }
        return {};
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
    CHECK(done.taken == 2);
    CHECK(done.rejected == 4);
    CHECK(f.keys == std::vector<std::string>{"k1", "k6"});
    CHECK(f.dir.read("rows.csv.rejects.csv") ==
          "\xEF\xBB\xBFrejected line,rejected because,key,to,name\n"
          "3,to_ref: bad number,k2,bad,Bob\n"
          "4,\"has 2 columns, the header has 3\",k3,138\n"
          "5,\"has 4 columns, the header has 3\",k4,138,Eve,more\n"
          "6,text after a closing quote in column 3,\"k5,138,\"\"Z\"\"x\"\n");
    CHECK(done.rejections.front() == "line 3: to_ref: bad number");
}

TEST_CASE("import: --no-check inserts whatever is a row") {
    fixture f("key,to,name\nk1,bad,\nk2,138\n");
    const auto done = f.run(false);
    CHECK(done.taken == 1);
    CHECK(done.rejected == 1);
    CHECK(f.keys == std::vector<std::string>{"k1"});
}

TEST_CASE("import: a dry run inserts nothing, writes nothing and keeps the first text") {
    fixture f(rows(30));
    f.order.dry_run = true;
    const auto done = f.run();
    CHECK(done.taken == 26);
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
            CHECK(done.taken == expected.taken);
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
    CHECK(summary_of(f.order, again, "").find("--again") != std::string::npos);
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
    CHECK(f.dir.read("rows.csv.rejects.csv").find("k1,138,\uFFFD\uFFFD") != std::string::npos);
}

TEST_CASE("import: a rejects file is set aside, and no other file is touched") {
    fixture f(rows(20));
    f.run();
    const auto first = f.dir.read("rows.csv.rejects.csv");
    f.dir.write("rows.csv.rejects.csv", first + "half mended");
    f.order.again = true;
    f.run();
    CHECK(f.dir.read("rows.csv.rejects.csv") == first);
    CHECK(f.dir.read("rows.csv.rejects.csv.1") == first + "half mended");

    f.order.rejects = f.dir.write("precious.txt", "precious");
    CHECK(f.refusal().find("exists and is no rejects file of an import") != std::string::npos);
    CHECK(f.dir.read("precious.txt") == "precious");
    f.order.rejects = f.dir.path / "." / "rows.csv";
    CHECK(f.refusal().find("is the file itself") != std::string::npos);
    CHECK(f.dir.read("rows.csv") == rows(20));
    f.order.rejects = f.dir.path / "none/rejects.csv";
    CHECK(f.refusal().find("none/rejects.csv: No such file or directory") != std::string::npos);
}

TEST_CASE("import: continued with another rejects file it leaves that one's octets alone") {
    fixture f(rows(50));
    f.transactions_left = 2;
    CHECK_THROWS_AS(f.run(), killed);
    f.transactions_left = -1;
    fixture other(rows(30));
    other.run();
    const auto kept = other.dir.read("rows.csv.rejects.csv");
    f.order.rejects = f.dir.write("other.csv", kept);
    f.run();
    CHECK(f.dir.read("other.csv.1") == kept);
    CHECK(f.dir.read("other.csv").find("k14,") == std::string::npos);
    CHECK(f.dir.read("other.csv").find("k49,") != std::string::npos);
}

TEST_CASE("import: mended rejects are imported as they are, and rejected again with one reason") {
    fixture f("key;to;name\nk1;bad;\xD5\xC5\xC8\xFD\nk2;138;\xD5\xFF\xC5\nk3;138\n");
    f.order.charset = "gbk";
    f.order.delimiter = ';';
    f.run();
    auto rejects = f.dir.read("rows.csv.rejects.csv");
    CHECK(rejects == "\xEF\xBB\xBFrejected line;rejected because;key;to;name\n"
                     "2;to_ref: bad number;k1;bad;张三\n"
                     "3;column 'name' is not gbk at octet 1: " +
                         rejects.substr(rejects.find("octet 1: ") + 9));
    CHECK(rejects.ends_with("4;has 2 columns, the header has 3;k3;138\n"));

    rejects.replace(rejects.find(";bad;"), 5, ";138;");
    f.order.file = f.dir.write("mended.csv", rejects);
    f.order.rejects = f.dir.path / "mended.csv.rejects.csv";
    CHECK(f.refusal().find("mended.csv: is UTF-8, not gbk: leave --encoding out ('") !=
          std::string::npos);
    f.order.charset = "utf-8";
    const auto done = f.run();
    CHECK(f.keys == std::vector<std::string>{"k1"});
    CHECK(done.unused.empty());
    CHECK(done.rejections.front() == "line 3: column 'name' has U+FFFD, which stands for an "
                                     "unreadable character: write the right one");
    CHECK(f.dir.read("mended.csv.rejects.csv").find("because;key;to;name\n3;column 'name'") !=
          std::string::npos);
}

TEST_CASE("import: UTF-8 is not taken for another charset, nor another charset for UTF-8") {
    const std::string head = "key,to,name\n";
    struct row {
        const char* charset;
        std::string rows;
        bool refused;
    };
    const std::string far(300'000, 'x');
    for (const auto& r :
         {row{"gbk", "k1,138,张三\n", true}, row{"gb18030", "k1,138,张三\n", true},
          row{"latin1", "k1,138,é\n", true}, row{"gbk", "k1,138,Ann\n", false},
          row{"gbk", "k1,138," + far.substr(1) + "\nk2,138," + far + "三\n", true},
          row{"gbk", "k1,138," + far + "三" + far + "\xC8\xFD\n", false},
          row{"gbk", "k1,138,\xD5\xC5\xC8\xFD\n", false}, row{"latin1", "k1,138,\xE9\n", false}}) {
        CAPTURE(r.charset);
        CAPTURE(r.rows.size());
        fixture f(head + r.rows);
        f.order.charset = r.charset;
        CHECK((f.refusal().find("is UTF-8, not ") != std::string::npos) == r.refused);
    }
    fixture marked("\xEF\xBB\xBF" + head);
    marked.order.charset = "gbk";
    CHECK(marked.refusal().find("is UTF-8, not gbk") != std::string::npos);
}

TEST_CASE("import: a key that the file repeats is rejected with the line of the first") {
    fixture f("key,to,name\nk1,bad,a\nk1,138,b\nk2,138,c\nk1,138,d\n");
    const auto done = f.run();
    CHECK(f.keys == std::vector<std::string>{"k1", "k2"});
    CHECK(done.rejections.back() == "line 5: key: 'k1' was used before, in line 3");
    f.order.again = true;
    f.order.dry_run = true;
    CHECK(f.run().rejected == 2);
}

TEST_CASE("import: two imports of one file do not run at once") {
    fixture f(rows(20));
    std::string said;
    import_ports ports;
    ports.insert = [&](std::span<event>) { said = f.refusal(); };
    import_file(f.order, &f.type, ports);
    CHECK(said.ends_with("rows.csv: another import of this file is running: wait for it"));
    f.order.again = true;
    CHECK(f.refusal().empty());
}

TEST_CASE("import: columns that become nothing are named, with what may have been meant") {
    fixture f("key,to,nmae,remark\nk1,138,Ann,x\n");
    const auto done = f.run();
    CHECK(done.unused == std::vector<std::string>{"nmae (did you mean 'name'?)", "remark"});
    CHECK(summary_of(f.order, done, "")
              .find("columns not used: nmae (did you mean 'name'?), remark") != std::string::npos);
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

} // namespace import_test
