#include "accounts/loader.hpp"
#include "accounts/option_values.hpp"
#include "plugins/fake_host.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <fstream>

namespace loader_test {

using namespace posthorn;
namespace fs = std::filesystem;
namespace asio = boost::asio;

namespace {

const fs::path plugins = BUILD_DIR "/plugins";

struct temporary_folder {
    temporary_folder() {
        std::string name = (fs::temp_directory_path() / "posthorn-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    ~temporary_folder() { fs::remove_all(path); }
    fs::path path;
};

const sdk::adapter_plugin& smpp() {
    const auto found = accounts::load(plugins, "smpp");
    REQUIRE_MESSAGE(found.has_value(), found.error().what);
    return *found.value();
}

std::string why_not(const fs::path& folder, std::string_view name) {
    const auto found = accounts::load(folder, name);
    REQUIRE(found.has_error());
    return found.error().what;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::string problems_of(const std::string& yaml) {
    auto file = settings::document::parse(yaml, "a.yaml");
    accounts::read_options(smpp(), file.root());
    return settings::format(file.finish());
}

constexpr const char* good = "host: sms.example\n"
                             "system_id: us\n"
                             "password: env:POSTHORN_TEST_PASSWORD\n";

} // namespace

TEST_CASE("accounts: the plugins built here can be loaded and described") {
    for (const auto& name : {"loopback", "smpp"}) {
        CAPTURE(name);
        const auto found = accounts::load(plugins, name);
        REQUIRE_MESSAGE(found.has_value(), found.error().what);
        const auto text = accounts::describe(*found.value());
        CHECK(contains(text, name));
        for (const auto& o : found.value()->options) {
            CHECK(contains(text, "\n  " + std::string(o.name) + ": "));
            CHECK(contains(text, o.help));
        }
    }
}

TEST_CASE("accounts: limits are described as people write them") {
    const std::array<sdk::option, 2> options{{
        {.name = "pause", .what = sdk::option::kind::interval, .least = 1000, .most = 3'600'000},
        {.name = "birds", .what = sdk::option::kind::integer, .least = 1, .most = 100},
    }};
    sdk::adapter_plugin plugin;
    plugin.name = "pigeon";
    plugin.options = options;
    const auto text = accounts::describe(plugin);
    CHECK(contains(text, "[duration 1s..1h]"));
    CHECK(contains(text, "[number 1..100]"));
}

TEST_CASE("accounts: every reason to refuse a file has its own sentence") {
    temporary_folder folder;
    CHECK(contains(why_not(folder.path, "smpp"), "no plugin 'smpp' in " + folder.path.string()));
    CHECK(contains(why_not(folder.path, "../smpp"), "is no plugin name"));
    CHECK(contains(why_not(folder.path, ""), "is no plugin name"));
    std::ofstream(folder.path / "text.so") << "not a library";
    CHECK(contains(why_not(folder.path, "text"), "cannot load "));
    CHECK(contains(why_not(folder.path, "other"), "there are: text"));
    fs::copy(plugins / "loopback.so", folder.path / "other.so");
    CHECK(contains(why_not(folder.path, "other"), "calls itself 'loopback'"));
}

TEST_CASE("accounts: a library that is no plugin is refused") {
    temporary_folder folder;
    for (const auto& library :
         {"/lib/x86_64-linux-gnu/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6"})
        if (fs::exists(library))
            fs::copy(library, folder.path / "stranger.so");
    REQUIRE(fs::exists(folder.path / "stranger.so"));
    CHECK(contains(why_not(folder.path, "stranger"), "is no posthorn adapter"));
}

TEST_CASE("accounts: a descriptor must fit this daemon") {
    using sdk::option;
    const auto objection = [](auto change) {
        auto plugin = smpp();
        change(plugin);
        return accounts::objection(plugin, "smpp", "x.so");
    };
    CHECK(objection([](auto&) {}).empty());
    CHECK(contains(objection([](auto& p) { p.abi = 99; }), "plugin interface 99"));
    CHECK(contains(objection([](auto& p) { p.build_tag = "gcc 3"; }), "built with gcc 3"));
    CHECK(contains(objection([](auto& p) { p.build_tag = nullptr; }), "built with nothing"));
    CHECK(contains(objection([](auto& p) { p.name = nullptr; }), "calls itself ''"));
    CHECK(contains(objection([](auto& p) { p.create = nullptr; }), "no create"));
    struct row {
        option o;
        std::string_view part;
    };
    using enum option::kind;
    for (const auto& r :
         {row{{.help = "h"}, "without a name"}, row{{.name = "a"}, "a: no help"},
          row{{.name = "a", .what = choice, .fallback = "x", .help = "h"}, "no choices"},
          row{{.name = "a", .what = choice, .fallback = "x", .choices = "y|z", .help = "h"},
              "must be one of y, z"},
          row{{.name = "a", .fallback = "x", .required = true, .help = "h"}, "has a fallback"},
          row{{.name = "a", .what = integer, .fallback = "7", .most = 3, .help = "h"}, "fallback"},
          row{{.name = "a", .what = interval, .fallback = "7", .help = "h"}, "fallback"},
          row{{.name = "a", .what = flag, .fallback = "perhaps", .help = "h"}, "fallback"}}) {
        CAPTURE(r.part);
        CHECK(contains(objection([&](auto& p) { p.options = {&r.o, 1}; }), r.part));
    }
    const option twice[] = {{.name = "a", .help = "h"}, {.name = "a", .help = "h"}};
    CHECK(contains(objection([&](auto& p) { p.options = twice; }), "declared twice"));
}

TEST_CASE("accounts: options come from the file, or else from the adapter's fallbacks") {
    setenv("POSTHORN_TEST_PASSWORD", "pa55w0rd", 1);
    auto file = settings::document::parse(
        std::string(good) + "window: 50\nenquire_link: 45s\nreceipts: no\nsubmit_id: hex\n",
        "a.yaml");
    const auto values = accounts::read_options(smpp(), file.root());
    const auto problems = file.finish();
    CHECK_MESSAGE(problems.empty(), settings::format(problems));
    CHECK(values.text("host") == "sms.example");
    CHECK(values.text("password") == "pa55w0rd");
    CHECK(values.integer("window") == 50);
    CHECK(values.duration("enquire_link") == std::chrono::seconds(45));
    CHECK(!values.flag("receipts"));
    CHECK(values.text("submit_id") == "hex");
    CHECK(values.integer("port") == 2775);
    CHECK(values.duration("response_timeout") == std::chrono::seconds(60));
    CHECK(values.text("receipt_id") == "auto");
    CHECK(values.text("system_type").empty());
    CHECK_THROWS_AS(values.text("no such option"), std::logic_error);
}

TEST_CASE("accounts: a map among the options is read and checked entry by entry") {
    setenv("POSTHORN_TEST_PASSWORD", "pa55w0rd", 1);
    auto file = settings::document::parse(std::string(good) + "status_classes:\n"
                                                              "  0x45: permanent\n"
                                                              "  ESME_RSYSERR: fatal\n",
                                          "a.yaml");
    const auto values = accounts::read_options(smpp(), file.root());
    REQUIRE(values.entries("status_classes").size() == 2);
    CHECK(values.entries("status_classes")[0] ==
          std::pair<std::string, std::string>{"0x45", "permanent"});
    CHECK(values.entries("tlvs").empty());
    const auto problems = file.finish();
    REQUIRE(problems.size() == 1);
    CHECK(contains(settings::format(problems), "a.yaml:6:"));
    CHECK(contains(settings::format(problems), "must be one of permanent|transient"));
    CHECK(contains(accounts::describe(smpp()), "status_classes: {}    [map, each entry STATUS: "));
}

TEST_CASE("accounts: a text or secret that its plugin cannot use is told with its line") {
    const auto wrong = [](std::string_view name, std::string_view text) {
        return text.size() > 5 ? std::string(name) + " is longer than the wire has room for" : "";
    };
    const sdk::option id{.name = "corp_id", .help = "Ours.", .check = wrong};
    const sdk::option word{
        .name = "word", .what = sdk::option::kind::secret, .help = "Theirs.", .check = wrong};
    setenv("POSTHORN_TEST_PASSWORD", "pa55w0rd", 1);
    auto file = settings::document::parse("corp_id: '123456'\nword: env:POSTHORN_TEST_PASSWORD\n",
                                          "a.yaml");
    accounts::read_value(id, file.root());
    accounts::read_value(word, file.root());
    const auto text = settings::format(file.finish());
    CHECK(contains(text, "a.yaml:1:"));
    CHECK(contains(text, "corp_id is longer"));
    CHECK(contains(text, "word is longer"));
    CHECK(!contains(text, "pa55w0rd"));
}

TEST_CASE("accounts: mistakes in an account's file are told with their line") {
    setenv("POSTHORN_TEST_PASSWORD", "pa55w0rd", 1);
    struct row {
        std::string_view line, where, part;
    };
    for (const auto& r :
         {row{"window: 0", "a.yaml:4:", "window"}, row{"window: 10001", "a.yaml:4:", "window"},
          row{"port: many", "a.yaml:4:", "port"},
          row{"enquire_link: 30", "a.yaml:4:", "enquire_link"},
          row{"enquire_link: 10ms", "a.yaml:4:", "enquire_link"},
          row{"submit_id: hexa", "a.yaml:4:", "did you mean 'hex'"},
          row{"receipts: perhaps", "a.yaml:4:", "receipts"},
          row{"windwo: 5", "a.yaml:4:", "window"}}) {
        CAPTURE(r.line);
        const auto text = problems_of(std::string(good) + std::string(r.line) + "\n");
        CAPTURE(text);
        CHECK(contains(text, r.where));
        CHECK(contains(text, r.part));
    }
    CHECK(contains(problems_of("system_id: us\npassword: env:POSTHORN_TEST_PASSWORD\n"), "host"));
    const auto bare = problems_of("host: h\nsystem_id: us\npassword: secret99\n");
    CHECK(contains(bare, "a.yaml:3:"));
    CHECK(!contains(bare, "secret99"));
}

// A plugin with an Asio of its own (the program's symbols not exported) crashes here: the reactor
// meets octets nobody is reading, and looks for the state of its thread.
TEST_CASE("accounts: a loaded adapter shares our event loop") {
    constexpr std::string_view enquire_link("\0\0\0\x10\0\0\0\x15\0\0\0\0\0\0\0\x01", 16);
    setenv("POSTHORN_TEST_PASSWORD", "pa55w0rd", 1);
    tests::fake_host host;
    asio::ip::tcp::acceptor carrier(host.io, {asio::ip::address_v4::loopback(), 0});
    auto file = settings::document::parse(
        std::string(good) + "port: " + std::to_string(carrier.local_endpoint().port()) + "\n",
        "a.yaml");
    auto options = accounts::read_options(smpp(), file.root());
    options.set("host", {"127.0.0.1", 0});
    const auto adapter = smpp().create(host, options);
    bool ended = false;
    asio::co_spawn(host.io, adapter->run(), [&](const std::exception_ptr&) { ended = true; });
    host.settle();
    auto socket = carrier.accept();
    socket.non_blocking(true);
    std::string answers;
    host.until([&] {
        boost::system::error_code none_yet;
        char some[4096];
        answers.append(some, socket.read_some(asio::buffer(some), none_yet));
        if (answers.size() < 1000)
            asio::write(socket, asio::buffer(enquire_link));
        return answers.size() >= 1000;
    });
    adapter->stop();
    host.until([&] { return ended; });
}

} // namespace loader_test
