#include "settings/reader.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <unistd.h>

namespace reader_test {

using namespace posthorn;
using namespace posthorn::settings;
using namespace std::chrono_literals;

namespace {

constexpr std::array<std::string_view, 3> colours{"red", "green", "blue"};
enum class colour { red, green, blue };

// All problems of a file read by `ask`, one a line.
std::string problems(const std::string& text, const std::function<void(reader&)>& ask) {
    auto file = document::parse(text, "a.yaml");
    auto root = file.root();
    ask(root);
    return format(file.finish());
}

} // namespace

TEST_CASE("settings: a file that is not UTF-8 is told with its line and what to do") {
    const auto nothing = [](reader&) {};
    CHECK(problems("a: 1\nb: 张\xD5\xC5\n", nothing) ==
          "a.yaml:2:5: is not UTF-8 (GBK?): save the file as UTF-8\n");
    const std::string_view utf16("\xFF\xFE"
                                 "a\0:\0 \0\xD5\x8C\n\0",
                                 12);
    CHECK(problems(std::string(utf16), [](reader& root) { root.text("a"); }) == "");
}

TEST_CASE("settings: values of every kind are read") {
    auto file = document::parse("name: 张三\n"
                                "code: 0012.50\n"
                                "on: yes\n"
                                "window: 50\n"
                                "wait: 90d\n"
                                "size: 64KiB\n"
                                "list: [a, \"b c\"]\n"
                                "colour: green\n"
                                "many: [blue, red]\n"
                                "inner: {x: 1}\n"
                                "items:\n  - x: 2\n  - x: 3\n",
                                "a.yaml");
    auto root = file.root();
    CHECK(root.text("name") == "张三");
    CHECK(root.text("code") == "0012.50");
    CHECK(root.flag("on"));
    CHECK(root.integer("window", {1, 1000}) == 50);
    CHECK(root.duration("wait") == 90 * 24h);
    CHECK(root.bytes("size") == 65536);
    CHECK(root.texts("list") == std::vector<std::string>{"a", "b c"});
    CHECK(root.choice<colour>("colour", colours) == colour::green);
    CHECK(root.choices<colour>("many", colours) == std::vector{colour::blue, colour::red});
    CHECK(root.map("inner").integer("x", {}) == 1);
    auto items = root.maps("items");
    REQUIRE(items.size() == 2);
    CHECK(items[1].path() == "items[1]");
    CHECK(items[0].integer("x", {}) == 2);
    CHECK(items[1].integer("x", {}) == 3);
    CHECK(format(file.finish()) == "");
}

TEST_CASE("settings: what is absent has its fallback") {
    auto file = document::parse("a: 1\n", "a.yaml");
    auto root = file.root();
    CHECK(root.integer("a", {}) == 1);
    CHECK(root.text("b", "x") == "x");
    CHECK(root.flag("c", true));
    CHECK(root.integer("d", {1, 9}, 7) == 7);
    CHECK(root.duration("e", 60s) == 60s);
    CHECK(root.bytes("f", {0}, 5) == 5);
    CHECK(root.texts("g", {"y"}) == std::vector<std::string>{"y"});
    CHECK(root.choice("h", colours, colour::blue) == colour::blue);
    CHECK(root.optional_map("i").is_void());
    CHECK(root.optional_map("i").text("must") == "");
    CHECK(root.maps("j").empty());
    CHECK(root.secret("k", "") == "");
    CHECK(format(file.finish()) == "");
}

TEST_CASE("settings: durations and sizes are exact") {
    const struct {
        const char* written;
        duration wanted;
    } durations[] = {{"500ms", 500ms}, {"60s", 60s}, {"5m", 5min}, {"24h", 24h}, {"0s", 0s}};
    for (const auto& row : durations) {
        CAPTURE(row.written);
        CHECK(problems(std::string("d: ") + row.written,
                       [&](reader& r) { CHECK(r.duration("d") == row.wanted); }) == "");
    }
    const struct {
        const char* written;
        std::int64_t wanted;
    } sizes[] = {{"4096", 4096}, {"1KB", 1000}, {"2 MiB", 2 << 20}, {"1TiB", 1LL << 40}};
    for (const auto& row : sizes) {
        CAPTURE(row.written);
        CHECK(problems(std::string("s: ") + row.written,
                       [&](reader& r) { CHECK(r.bytes("s") == row.wanted); }) == "");
    }
}

TEST_CASE("settings: each mistake is told with its place and what is wanted") {
    const struct {
        const char* text;
        std::function<void(reader&)> ask;
        const char* told;
    } rows[] = {
        {"x: 1",
         [](reader& r) {
             r.integer("x", {});
             r.text("name");
             r.text("name"); // told once
         },
         "a.yaml:1:1: missing key 'name'\n"},
        {"x: 1\n\n  \nwindow: 0",
         [](reader& r) {
             r.text("x");
             r.integer("window", {1, 1000});
         },
         "a.yaml:4:9: window: must be 1..1000, is 0\n"},
        {"w: many", [](reader& r) { r.integer("w", {}); },
         "a.yaml:1:4: w: must be a whole number, is 'many'\n"},
        {"w: 1.5", [](reader& r) { r.integer("w", {}); },
         "a.yaml:1:4: w: must be a whole number, is '1.5'\n"},
        {"w: 99999999999999999999", [](reader& r) { r.integer("w", {}); },
         "a.yaml:1:4: w: is too large: '99999999999999999999'\n"},
        {"w: -1", [](reader& r) { r.integer("w", {0}); },
         "a.yaml:1:4: w: must be at least 0, is -1\n"},
        {"f: maybe", [](reader& r) { r.flag("f"); },
         "a.yaml:1:4: f: must be true or false, is 'maybe'\n"},
        {"d: 60", [](reader& r) { r.duration("d"); },
         "a.yaml:1:4: d: must be a time with its unit (500ms, 60s, 5m, 24h, 90d), is '60'\n"},
        {"d: 2h",
         [](reader& r) {
             r.duration("d", {1s, 90min});
         },
         "a.yaml:1:4: d: must be 1s..90m, is 2h\n"},
        {"d: 999999999999d", [](reader& r) { r.duration("d"); },
         "a.yaml:1:4: d: is too large: '999999999999d'\n"},
        {"s: 5XB", [](reader& r) { r.bytes("s"); },
         "a.yaml:1:4: s: must be a size in octets (4096, 64KiB, 10GiB), is '5XB'\n"},
        {"c: gren", [](reader& r) { r.choice<colour>("c", colours); },
         "a.yaml:1:4: c: must be one of red, green, blue, is 'gren' (did you mean 'green'?)\n"},
        {"c: [red, red]", [](reader& r) { r.choices<colour>("c", colours); },
         "a.yaml:1:4: c: names 'red' twice\n"},
        {"windw: 5", [](reader& r) { r.integer("window", {}, 1); },
         "a.yaml:1:1: unknown key 'windw' (did you mean 'window'?)\n"},
        {"zzz: 5", [](reader& r) { r.integer("window", {}, 1); },
         "a.yaml:1:1: unknown key 'zzz'\n"},
        {"x: 1\nx: 2", [](reader& r) { r.integer("x", {}); },
         "a.yaml:2:1: x: is given twice (first in line 1)\n"},
        {"x:\ny: 1",
         [](reader& r) {
             r.text("x", "z");
             r.text("y");
         },
         "a.yaml:1:1: x: has no value: write one or remove the key\n"},
        {"x: \"\"", [](reader& r) { r.text("x"); }, "a.yaml:1:4: x: is empty\n"},
        {"x: [1]", [](reader& r) { r.text("x"); },
         "a.yaml:1:4: x: must be a single value, is a list\n"},
        {"x: 1", [](reader& r) { r.texts("x"); },
         "a.yaml:1:4: x: must be a list like [a, b], is '1'\n"},
        {"x: [a, [b]]", [](reader& r) { r.texts("x"); },
         "a.yaml:1:8: x[1]: must be a single value, is a list\n"},
        {"x: 1", [](reader& r) { r.map("x").text("never"); },
         "a.yaml:1:4: x: must be a map of 'key: value' lines, is '1'\n"},
        {"a:\n  b:\n    张: 1\n    c: x", [](reader& r) { r.map("a").map("b").integer("c", {}); },
         "a.yaml:3:5: a.b: unknown key '张'\na.yaml:4:8: a.b.c: must be a whole number, is 'x'\n"},
        {"{张三: x}", [](reader& r) { r.integer("张三", {}); },
         "a.yaml:1:6: 张三: must be a whole number, is 'x'\n"},
        {"? [a]\n: 1", [](reader&) {}, "a.yaml:1:3: a key must be a single word\n"},
        {"l:\n  - {x: 1}\n  - {y: 1}",
         [](reader& r) {
             for (auto& i : r.maps("l"))
                 i.text("x");
         },
         "a.yaml:3:5: l[1]: missing key 'x'\na.yaml:3:6: l[1]: unknown key 'y'\n"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(problems(row.text, row.ask) == row.told);
    }
}

TEST_CASE("settings: a file that is no YAML gives one problem with its line and a silent root") {
    const struct {
        const char* text;
        const char* told;
    } rows[] = {
        {"a:\n\tb: 1\n",
         "a.yaml:2:3: is not YAML: the line begins with a tab; indent with spaces\n"},
        {"a: [1\nb: 2", "a.yaml:2:2: is not YAML: end of sequence flow not found\n"},
        {"", "a.yaml:1:1: the file is empty\n"},
        {"# nothing\n", "a.yaml:1:1: the file is empty\n"},
        {"- a\n", "a.yaml:1:1: must be a map of 'key: value' lines\n"},
        {"a: 1\n---\nb: 2\n",
         "a.yaml:2:1: a second document begins; a file holds one (remove the '---' line)\n"},
        {"a: 1\n]\n", "a.yaml:2:1: is not YAML: illegal flow end\n"},
        {",a: 1\n", "a.yaml:1:1: is not YAML: what begins here belongs to nothing (a ',' too "
                    "many?)\n"},
        {"a: *nope\n", "a.yaml:1:4: is not YAML: the referenced anchor is not defined\n"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(problems(row.text, [](reader& r) {
                  CHECK(r.is_void());
                  r.text("name");
                  r.map("inner").integer("x", {});
              }) == row.told);
    }
}

TEST_CASE("settings: a file that is missing or a directory is told") {
    CHECK(format(document::load("/nonexistent/a.yaml").finish()) ==
          "/nonexistent/a.yaml: cannot be read: it is missing, or this user may not read it\n");
    CHECK(format(document::load("/tmp").finish()) == "/tmp: is a directory, not a file\n");
}

TEST_CASE("settings: a map asked for twice is one map") {
    CHECK(problems("m: {a: 1, b: 2}", [](reader& r) {
              r.map("m").integer("a", {});
              r.map("m").integer("b", {});
          }) == "");
}

TEST_CASE("settings: a reader outlives its document") {
    auto root = document::parse("a: {b: x}", "a.yaml").root();
    CHECK(root.map("a").text("b") == "x");
}

TEST_CASE("settings: a passage knows the lines of every YAML style") {
    const struct {
        const char* text;
        const char* word;
        position at;
    } rows[] = {
        {"t: one X", "X", {1, 8}},
        {"t: \"one X\"", "X", {1, 9}},
        {"t: 'one X'", "X", {1, 9}},
        {"t: |\n  one\n  two X", "X", {3, 7}},
        {"t: | # c\n\n  one\n\n  二 X", "X", {5, 5}},
        {"a: 1\nt: >-\n  one\n  two X\n  three", "X", {4, 7}},
        {"a: 1\nt: >\n  one\n\n  two X\n  three", "three", {6, 3}},
        {"t:\n  plain one\n  two X", "X", {3, 7}},
        {"t: |\n  same\n  same\n  same X", "X", {4, 8}},
        {"t: |\r\n  one\r\n  X\r\n", "X", {3, 3}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        auto file = document::parse(row.text, "a.yaml");
        const auto passage = file.root().passage_text("t");
        const auto at = passage.at(passage.text.find(row.word));
        CHECK(at.line == row.at.line);
        CHECK(at.column == row.at.column);
    }
}

TEST_CASE("settings: secrets come from files, the environment and systemd, never from the file") {
    const auto folder = std::filesystem::temp_directory_path() /
                        ("posthorn-settings-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "pass") << "s3cret\n";
    std::ofstream(folder / "empty") << "\n";
    std::ofstream(folder / "a.yaml") << "a: file:pass\nb: env:POSTHORN_TEST_SECRET\n"
                                        "c: credential:pass\nd: file:"
                                     << (folder / "pass").string() << "\ne: hunter2\nf: file:none\n"
                                     << "g: env:POSTHORN_TEST_NONE\nh: credential:../pass\n"
                                     << "i: file:empty\nj: \"file:\"\n";
    ::setenv("POSTHORN_TEST_SECRET", "from env", 1);
    ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
    auto file = document::load(folder / "a.yaml");
    auto root = file.root();
    CHECK(root.secret("a") == "s3cret");
    CHECK(root.secret("b") == "from env");
    CHECK(root.secret("c") == "s3cret");
    CHECK(root.secret("d") == "s3cret");
    for (const auto* key : {"e", "f", "g", "h", "i", "j"})
        CHECK(root.secret(key) == "");
    const auto told = format(file.finish());
    const auto tells = [&](const char* what) { return told.find(what) != std::string::npos; };
    CHECK(tells(":5:4: e: a secret does not stand in this file: write file:PATH, credential:NAME "
                "or env:NAME"));
    CHECK_FALSE(tells("hunter2"));
    CHECK(tells("f: the secret file:none cannot be read from "));
    CHECK(tells("g: the environment has no variable POSTHORN_TEST_NONE"));
    CHECK(tells("h: a credential is a plain name, is '../pass'"));
    CHECK(tells("i: the secret in file:empty is empty"));
    CHECK(tells("j: says nothing after 'file:'"));
    ::unsetenv("CREDENTIALS_DIRECTORY");
    std::filesystem::remove_all(folder);
}

TEST_CASE("settings: the nearest name is one a person may have meant, or none") {
    const std::array<std::string_view, 4> known{"window", "sender", "system_id", "rate"};
    const struct {
        const char* wanted;
        const char* nearest;
    } rows[] = {{"windw", "window"},
                {"WINDOW", "window"},
                {"sedner", "sender"},
                {"system-id", "system_id"},
                {"rat", "rate"},
                {"completely", ""},
                {"", ""},
                {"ab", ""}};
    for (const auto& row : rows) {
        CAPTURE(row.wanted);
        CHECK(nearest(row.wanted, known) == row.nearest);
    }
}

TEST_CASE("settings: a file of nothing but brackets is a problem, not a crash") {
    for (const char bracket : {'[', '{'})
        CHECK(problems("a: " + std::string(100'000, bracket), [](reader&) {
              }).starts_with("a.yaml:1:"));
}

namespace {

// Reads every map inside of every map, as a type file's fields are read.
void descend(reader map) {
    for (const auto& key : map.keys())
        if (map.kind(key) == node_kind::map)
            descend(map.map(key));
}

} // namespace

TEST_CASE("settings: an alias inside of what it stands for is a problem, not a crash") {
    const auto told = problems("a: &a {b: *a, c: 1}\n", [](reader& root) { descend(root); });
    CHECK(told.find(": is nested too deeply (an alias that stands inside of itself?)") !=
          std::string::npos);
}

TEST_CASE("settings: aliases that multiply are a problem, and take no memory") {
    std::string text = "x0: &x0 {a: 1}\n";
    for (int i = 1; i < 40; ++i) {
        const auto below = "*x" + std::to_string(i - 1);
        text += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " {a: " + below +
                ", b: " + below + "}\n";
    }
    const auto told = problems(text, [](reader& root) { descend(root); });
    CHECK(told.find(": is one map too many: a file has at most 10,000, with those that aliases "
                    "repeat") != std::string::npos);
}

TEST_CASE("settings: a secret in a device without an end is refused") {
    CHECK(problems("a: file:/dev/zero\n", [](reader& root) { root.secret("a"); }) ==
          "a.yaml:1:4: a: the secret in /dev/zero is longer than 64 KiB\n");
}

} // namespace reader_test
