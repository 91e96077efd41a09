#include "plugins/fake_host.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace adapter_account_test {

using namespace posthorn;
using namespace posthorn::tests;

namespace fs = std::filesystem;

namespace {

class scratch {
public:
    scratch() {
        std::string name = (fs::temp_directory_path() / "posthorn-email-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder = name;
        fs::create_directories(folder / "new");
    }
    ~scratch() { fs::remove_all(folder); }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    fs::path folder;
};

// Nobody listens there.
sdk::options of_account() {
    auto o = fallbacks();
    o.set("url", {"smtp://127.0.0.1:1"});
    o.set("from", {"bills@example.com"});
    o.set("connections", {"2", 2});
    return o;
}

std::string bounce(const std::string& id) {
    return "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
           "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
           "Final-Recipient: rfc822; zhang@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
           "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <" +
           id + ">\r\n\r\nx\r\n--b--\r\n";
}

void put(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

} // namespace

TEST_CASE("email: a server that is away has no slots, and what was handed over is not lost") {
    fake_host host;
    running_adapter adapter(host, of_account());
    host.until([&] { return host.logged("no link to smtp://127.0.0.1:1"); });
    CHECK(host.open_slots == 0);
    sdk::unit u;
    u.handle = 1;
    u.recipient = "zhang@example.net";
    u.coding = sdk::coding::email;
    u.subject = "s";
    u.octets = "p";
    adapter->submit({&u, 1});
    host.until([&] { return host.given.size() == 1; });
    CHECK(host.given[1].what == sdk::verdict::kind::deferred);
    CHECK_FALSE(host.given[1].counts);
    adapter->stop();
    host.until([&] { return adapter.ended; });
}

TEST_CASE("email: a text for a phone is refused, and told why") {
    fake_host host;
    running_adapter adapter(host, of_account());
    sdk::unit u;
    u.handle = 7;
    u.recipient = "8613800138000";
    u.octets = "hello";
    adapter->submit({&u, 1});
    CHECK(host.given.at(7).what == sdk::verdict::kind::rejected);
}

TEST_CASE("email: options that cannot be are told, and nobody is called") {
    struct {
        const char *name, *value, *why;
    } const rows[] = {{"url", "http://x", "url: write smtp://"},
                      {"from", "bills", "from: 'bills' is no address"},
                      {"return_path", "a b@c", "return_path: 'a b@c' is no address"},
                      {"reply_to", "a@b\r\nBcc: c@d", "reply_to: "}};
    for (const auto& row : rows) {
        CAPTURE(row.name);
        fake_host host;
        auto o = of_account();
        o.set(row.name, {row.value});
        running_adapter adapter(host, o);
        host.until([&] { return !host.why.empty(); });
        CHECK(host.why.starts_with(row.why));
        CHECK(host.open_slots == 0);
    }
}

TEST_CASE("email: a bounce is put away when it is stored, and what is none at once, flagged") {
    fake_host host;
    scratch box;
    put(box.folder / "new" / "1.ours", bounce("posthorn.17@example.com"));
    put(box.folder / "new" / "2.theirs", bounce("17@elsewhere.example"));
    put(box.folder / "new" / "3.person", "Subject: Re: bill\r\n\r\nwho?\r\n");
    auto o = of_account();
    o.set("bounces", {box.folder.string()});
    o.set("look_every", {"100ms", 100'000});
    running_adapter adapter(host, o);
    host.until([&] { return host.arrivals == 1; });
    REQUIRE(host.receipts.size() == 1);
    CHECK(host.receipts[0].ref == "posthorn.17@example.com");
    CHECK(host.receipts[0].state == sdk::receipt_state::undelivered);
    CHECK(fs::exists(box.folder / "new" / "1.ours")); // not before it is stored
    CHECK(host.logged("file=2.theirs"));
    CHECK(host.logged("file=3.person"));
    put(box.folder / "new" / "4.later", bounce("posthorn.18@example.com"));
    host.unstored.front()();
    host.until([&] { return host.arrivals == 2; });
    CHECK(fs::exists(box.folder / "cur" / "1.ours:2,S"));
    CHECK(fs::exists(box.folder / "cur" / "2.theirs:2,F"));
    CHECK(fs::exists(box.folder / "cur" / "3.person:2,F"));
    CHECK(host.receipts[1].ref == "posthorn.18@example.com");
}

TEST_CASE("email: the word of somebody who opts out is put away as it was heeded or not") {
    fake_host host;
    scratch box;
    const auto word = [](const char* from, int letter) {
        return std::string("From: ") + from + "\r\nSubject: opt-out posthorn." +
               std::to_string(letter) + "@example.com\r\n\r\n";
    };
    put(box.folder / "new" / "1.heeded", word("a@example.net", 17));
    put(box.folder / "new" / "2.not", word("b@example.net", 18));
    auto o = of_account();
    o.set("bounces", {box.folder.string()});
    o.set("look_every", {"100ms", 100'000});
    running_adapter adapter(host, o);
    host.until([&] { return host.opt_outs.size() == 2; });
    CHECK(host.opt_outs[0].first.message == 17);
    CHECK(host.opt_outs[0].first.address == "a@example.net");
    CHECK(fs::exists(box.folder / "new" / "1.heeded")); // not before it is known
    put(box.folder / "new" / "3.later", word("c@example.net", 19));
    host.opt_outs[0].second(true);
    host.opt_outs[1].second(false);
    host.until([&] { return host.opt_outs.size() == 3; });
    CHECK(fs::exists(box.folder / "cur" / "1.heeded:2,S"));
    CHECK(fs::exists(box.folder / "cur" / "2.not:2,F"));
}

TEST_CASE("email: a folder that is not there is told once") {
    fake_host host;
    auto o = of_account();
    o.set("bounces", {"/nowhere/at/all"});
    o.set("look_every", {"100ms", 100'000});
    running_adapter adapter(host, o);
    host.until([&] { return host.logged("cannot read /nowhere/at/all/new"); });
}

} // namespace adapter_account_test
