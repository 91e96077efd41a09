#include "cli/csv.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace csv_test {

using namespace posthorn::cli;

namespace {

using rows = std::vector<std::vector<std::string>>;

struct read_file {
    rows fields;
    std::vector<std::size_t> lines;
    std::vector<std::string> problems; // of broken records, with their line
    std::uint64_t end = 0;
};

read_file read(const std::string& text, std::size_t piece, csv_reader::options how = {}) {
    read_file out;
    csv_reader reader(how);
    csv_record record;
    const auto drain = [&] {
        while (reader.next(record)) {
            out.end = record.end;
            if (!record.problem.empty()) {
                out.problems.push_back(std::to_string(record.line) + ": " + record.problem);
                continue;
            }
            out.fields.push_back(record.fields);
            out.lines.push_back(record.line);
        }
    };
    for (std::size_t at = 0; at < text.size(); at += piece) {
        reader.feed(std::string_view(text).substr(at, piece));
        drain();
    }
    reader.finish();
    drain();
    return out;
}

} // namespace

TEST_CASE("csv: records are read as they are met in the field, in pieces of any length") {
    struct row {
        const char* text;
        rows expected;
        std::vector<std::size_t> lines;
    };
    const std::vector<row> table = {
        {"a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}, {1, 2}},
        {"a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}, {1, 2}},
        {"a,b\rc,d\r", {{"a", "b"}, {"c", "d"}}, {1, 2}},
        {"a,b\nc,d", {{"a", "b"}, {"c", "d"}}, {1, 2}},
        {"\xEF\xBB\xBF"
         "a,b\n",
         {{"a", "b"}},
         {1}},
        {"a,\"b,c\"\n", {{"a", "b,c"}}, {1}},
        {"\"say \"\"hi\"\"\",x\n", {{"say \"hi\"", "x"}}, {1}},
        {"a,\"two\nlines\"\nb,c\n", {{"a", "two\nlines"}, {"b", "c"}}, {1, 3}},
        {"a,\"two\r\nlines\"\r\nb,c\r\n", {{"a", "two\r\nlines"}, {"b", "c"}}, {1, 3}},
        {"a,,\n", {{"a", "", ""}}, {1}},
        {",\n", {{"", ""}}, {1}},
        {"a,b\n\n\r\nc,d\n", {{"a", "b"}, {"c", "d"}}, {1, 4}},
        {"5\" pipe,b\n", {{"5\" pipe", "b"}}, {1}},
        {"\"\",b\n", {{"", "b"}}, {1}},
        {"a,\"\"", {{"a", ""}}, {1}},
        {"张三,李四\n", {{"张三", "李四"}}, {1}},
        {"", {}, {}},
        {"\n\n", {}, {}},
        {"\xEF\xBB\xBF", {}, {}},
    };
    for (const auto& r : table)
        for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
            CAPTURE(r.text);
            CAPTURE(piece);
            const auto got = read(r.text, piece);
            CHECK(got.fields == r.expected);
            CHECK(got.lines == r.lines);
            CHECK(got.problems.empty());
        }
}

TEST_CASE("csv: a broken record costs its first line only") {
    struct row {
        const char* text;
        rows expected;
        std::vector<std::string> problems;
    };
    const std::vector<row> table = {
        {"a,\"b\"x\nc,d\n", {{"c", "d"}}, {"1: text after a closing quote in column 2"}},
        {"a,\"b\nc,d\n", {{"c", "d"}}, {"1: a quote is opened and never closed"}},
        {"a,b\nc,\"d\ne,\"f\"\ng,h\n",
         {{"a", "b"}, {"e", "f"}, {"g", "h"}},
         {"2: text after a closing quote in column 2"}},
    };
    for (const auto& r : table)
        for (const std::size_t piece : {1U, 5U, 1000U}) {
            CAPTURE(r.text);
            CAPTURE(piece);
            const auto got = read(r.text, piece);
            CHECK(got.fields == r.expected);
            CHECK(got.problems == r.problems);
        }
}

TEST_CASE("csv: a quote that swallows the file is given up within the limit") {
    std::string text = "key,\"open\n";
    for (int i = 0; i < 1000; ++i)
        text += "k" + std::to_string(i) + ",v\n";
    const auto got = read(text, 64, {.longest = 200});
    CHECK(got.fields.size() == 1000);
    REQUIRE(got.problems.size() == 1);
    CHECK(got.problems.front() == "1: a quote is opened and not closed within 200 octets");
    CHECK(got.end == text.size());
}

TEST_CASE("csv: a line that is too long is given up whole, however it comes in") {
    const std::string text = "a,b\n" + std::string(5000, 'x') + ",13800138000\r\nc,d\n";
    for (const std::size_t piece : {1U, 64U, 199U, 10'000U}) {
        CAPTURE(piece);
        const auto got = read(text, piece, {.longest = 200});
        CHECK(got.fields == rows{{"a", "b"}, {"c", "d"}});
        CHECK(got.problems == std::vector<std::string>{"2: a line is longer than 200 octets"});
        CHECK(got.end == text.size());
    }
}

TEST_CASE("csv: of a line that is too long the beginning is kept") {
    csv_reader reader({.longest = 200});
    reader.feed(std::string(5000, 'x'));
    csv_record record;
    CHECK_FALSE(reader.next(record));
    reader.feed(std::string(5000, 'x') + "\n");
    REQUIRE(reader.next(record));
    CHECK(record.fields == std::vector<std::string>{std::string(200, 'x')});
    CHECK(record.end == 10'001);
    CHECK(record.end_line == 2);
}

TEST_CASE("csv: other delimiters, and the second octet of a GBK character is none") {
    CHECK(read("a;b,c\n", 10, {.delimiter = ';'}).fields == rows{{"a", "b,c"}});
    CHECK(read("a\tb\n", 10, {.delimiter = '\t'}).fields == rows{{"a", "b"}});
    const std::string trap = "\x81\x7C|b\n"; // GBK 0x817C, whose second octet is '|'
    for (const std::size_t piece : {1U, 10U})
        CHECK(read(trap, piece, {.delimiter = '|', .double_byte = true}).fields ==
              rows{{"\x81\x7C", "b"}});
    CHECK(read("\x81\n\"a\",b\n", 1, {.double_byte = true}).fields == rows{{"\x81"}, {"a", "b"}});
}

TEST_CASE("csv: reading goes on in the middle of a file where a record ended") {
    const std::string text = "h1,h2\n\"a\nb\",1\nc,2\nd,3\n";
    csv_reader first({});
    first.feed(text);
    csv_record record;
    REQUIRE(first.next(record));
    REQUIRE(first.next(record));
    CHECK(record.fields == std::vector<std::string>{"a\nb", "1"});
    csv_reader second({}, record.end, record.end_line);
    second.feed(std::string_view(text).substr(record.end));
    second.finish();
    REQUIRE(second.next(record));
    CHECK(record.fields == std::vector<std::string>{"c", "2"});
    CHECK(record.line == 4);
    REQUIRE(second.next(record));
    CHECK(record.line == 5);
    CHECK(record.end == text.size());
    CHECK_FALSE(second.next(record));
}

TEST_CASE("csv: what is written reads back") {
    const std::vector<std::string> fields = {"plain",      "a,b", "say \"hi\"",
                                             "two\nlines", "",    "张三"};
    const auto line = csv_line(fields);
    CHECK(line == "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,张三\n");
    CHECK(read(line, 1000).fields == rows{fields});
    CHECK(csv_line({"a,b", "c;d"}, ';') == "a,b;\"c;d\"\n");
}

} // namespace csv_test
