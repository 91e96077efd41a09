#include "settings/daemon_settings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace daemon_settings_test {

using namespace posthorn;
using namespace posthorn::settings;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

class scratch {
public:
    scratch() {
        std::string name = (fs::temp_directory_path() / "posthorn-settings-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
    }
    ~scratch() { fs::remove_all(folder_); }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    fs::path write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }
    const fs::path& folder() const { return folder_; }

private:
    fs::path folder_;
};

// "line: path: what" of the only problem, or all of them.
std::string shown(const problem_list& problems) {
    std::string out;
    for (const auto& p : problems)
        out += (out.empty() ? "" : "\n") + std::to_string(p.line) + ": " + p.path + ": " + p.what;
    return out;
}

std::string problems_of(const std::string& text) {
    const scratch dir;
    return shown(load_daemon_settings(dir.write("posthorn.yaml", text)).problems);
}

std::string account_problems(const std::string& text, const std::string& name = "a.yaml") {
    const scratch dir;
    dir.write(name, text);
    auto loaded = load_accounts(dir.folder(), {{"CN", "86", "0", "1[3-9]xxxxxxxxx"}});
    REQUIRE(loaded.accounts.size() == 1);
    return shown(loaded.accounts[0].finish());
}

} // namespace

TEST_CASE("settings: the shipped posthorn.yaml works as it is") {
    const fs::path config = PROJECT_DIR "/config";
    const auto [s, problems, source] = load_daemon_settings(config / "posthorn.yaml");
    CHECK(format(problems) == "");
    CHECK(s.file == config / "posthorn.yaml");
    CHECK(s.types_dir == config / "types");
    CHECK(s.accounts_dir == config / "accounts.d");
    CHECK(s.outbox_dir == PROJECT_DIR "/var/outbox");
    CHECK(s.live_db() == PROJECT_DIR "/var/live.db");
    CHECK(s.history_dir() == PROJECT_DIR "/var/history");
    REQUIRE(s.sources.size() == 7);
    CHECK(s.sources[0].name == "billing");
    CHECK(std::ranges::count(s.sources[0].types, "bill.issued") == 1);
    REQUIRE(s.countries.size() == 1);
    CHECK(to_e164("013800138000", s.countries).value() == "8613800138000");
    // What the file shows is what one gets without it.
    const scratch dir;
    const auto bare = load_daemon_settings(dir.write("posthorn.yaml", "sources: {}"));
    CHECK(format(bare.problems) == "");
    CHECK(bare.settings.zone == s.zone);
    CHECK(bare.settings.max_parts == s.max_parts);
    CHECK(bare.settings.retry.first == s.retry.first);
    CHECK(bare.settings.retry.longest == s.retry.longest);
    CHECK(bare.settings.receipt_wait == s.receipt_wait);
    CHECK(bare.settings.keep_results == s.keep_results);
    CHECK(bare.settings.keep_history == s.keep_history);
    CHECK(bare.settings.stop_within == s.stop_within);
    CHECK(bare.settings.brake.enabled); // the shipped account is a simulator's
    CHECK_FALSE(s.brake.enabled);
    CHECK(bare.settings.brake.good == s.brake.good);
    CHECK(bare.settings.countries[0].mobile == s.countries[0].mobile);
    CHECK(bare.settings.countries[0].trunk_prefix == s.countries[0].trunk_prefix);
}

TEST_CASE("settings: every key of posthorn.yaml is in the shipped file") {
    std::ifstream in(PROJECT_DIR "/config/posthorn.yaml");
    std::stringstream all;
    all << in.rdbuf();
    for (const auto* key :
         {"state_dir",    "outbox_dir",   "result_dir",   "plugin_dir",   "types_dir",
          "accounts_dir", "socket",       "zone",         "countries",    "calling_code",
          "trunk_prefix", "mobile",       "sources",      "retry",        "first",
          "longest",      "receipt_wait", "keep_results", "keep_history", "max_parts",
          "stop_within"}) {
        CAPTURE(key);
        CHECK(all.str().find(std::string(key) + ":") != std::string::npos);
    }
}

TEST_CASE("settings: paths begin at the folder of posthorn.yaml, others follow state_dir") {
    const scratch dir;
    const auto s = load_daemon_settings(dir.write("p.yaml", "sources: {}\n"
                                                            "state_dir: data\n"
                                                            "result_dir: /srv/result\n"
                                                            "socket: ./x.sock\n"))
                       .settings;
    CHECK(s.state_dir == dir.folder() / "data");
    CHECK(s.outbox_dir == dir.folder() / "data/outbox");
    CHECK(s.result_dir == "/srv/result");
    CHECK(s.socket == dir.folder() / "x.sock");
    CHECK(s.types_dir == dir.folder() / "types");
}

TEST_CASE("settings: a category may be kept longer or shorter than the others") {
    const scratch dir;
    const auto loaded = load_daemon_settings(
        dir.write("p.yaml", "sources: {}\nkeep_history: 365d\n"
                            "keep_history_of: {marketing: 90d, statutory: 3650d}\n"));
    CHECK(format(loaded.problems) == "");
    const auto& keep = loaded.settings.keep_history;
    CHECK(keep.of(category::marketing) == std::chrono::days(90));
    CHECK(keep.of(category::billing) == std::chrono::days(365));
    CHECK(keep.longest() == std::chrono::days(3650));
    const auto wrong = load_daemon_settings(
        dir.write("q.yaml", "sources: {}\nkeep_history_of: {marketng: 90d, survey: 1d}\n"));
    CHECK(wrong.problems.size() == 2);
}

TEST_CASE("settings: no source may have the name of the daemon's own") {
    const scratch dir;
    const auto loaded =
        load_daemon_settings(dir.write("p.yaml", "sources:\n  posthorn: {types: all}\n"));
    CHECK(settings::format(loaded.problems).find("the daemon's own name") != std::string::npos);
}

TEST_CASE("settings: sources are read sorted, with a list of types or all of them") {
    const scratch dir;
    const auto loaded = load_daemon_settings(dir.write(
        "p.yaml", "sources:\n  z: {types: all}\n  a: {types: [c.d, a.b]}\n  m: {types: []}\n"));
    CHECK(format(loaded.problems) == "");
    const auto& sources = loaded.settings.sources;
    REQUIRE(sources.size() == 3);
    CHECK(sources[0].name == "a");
    CHECK(!sources[0].every_type);
    CHECK(sources[0].types == std::vector<std::string>{"a.b", "c.d"});
    CHECK(sources[1].name == "m");
    CHECK(sources[1].types.empty());
    CHECK(sources[2].name == "z");
    CHECK(sources[2].every_type);
}

TEST_CASE("settings: mistakes in posthorn.yaml are told with their line") {
    struct {
        const char* text;
        const char* problem;
    } const rows[] = {
        {"zone: UTC", "1: : missing key 'sources'"},
        {"sources: {}\nzoen: UTC", "2: : unknown key 'zoen' (did you mean 'zone'?)"},
        {"sources:\n  Billing: {types: all}",
         "2: sources.Billing: the name of a source must be lower-case letters, digits, '-', '_' "
         "and '.', at most 64"},
        {"sources:\n  ../x: {types: all}",
         "2: sources.../x: the name of a source must be lower-case letters, digits, '-', '_' and "
         "'.', at most 64"},
        {"sources:\n  a: {types: everything}",
         "2: sources.a.types: must be a list of types like [bill.issued], or: all"},
        {"sources:\n  a: {types: [x, y, x]}", "2: sources.a.types: names 'x' twice"},
        {"sources:\n  a: {}", "2: sources.a: missing key 'types'"},
        {"sources: {}\ncountries:\n  - {name: DE, calling_code: +49, mobile: 1xx}",
         "3: countries[0].calling_code: must be 1 to 3 digits without '+', is '+49'"},
        {"sources: {}\ncountries:\n  - {name: DE, calling_code: 49, mobile: \"1[9-3]x\"}",
         "3: countries[0].mobile: must be made of digits, x for any digit, and ranges like [3-9], "
         "is '1[9-3]x'"},
        {"sources: {}\ncountries:\n  - {name: DE, calling_code: 49, mobile: \"1[3-9\"}",
         "3: countries[0].mobile: must be made of digits, x for any digit, and ranges like [3-9], "
         "is '1[3-9'"},
        {"sources: {}\ncountries: []", "2: countries: names no country"},
        {"sources: {}\nretry: {first: 1h, longest: 30s}",
         "2: retry.longest: must not be shorter than first"},
        {"sources: {}\nresult_dir: x\noutbox_dir: ./x/",
         "2: result_dir: must not be outbox_dir: both have a SOURCE.db for each source"},
        {"sources: {}\nmax_parts: 0", "2: max_parts: must be 1..255, is 0"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(problems_of(row.text) == row.problem);
    }
}

TEST_CASE("settings: a path no socket can have is told before the daemon starts") {
    const auto said = problems_of("sources: {}\nsocket: /" + std::string(120, 's'));
    CHECK(said ==
          "2: socket: has 121 octets, a socket's path at most 107: /" + std::string(120, 's'));
}

TEST_CASE("settings: the shipped account is the simulator, live") {
    auto loaded = load_accounts(PROJECT_DIR "/config/accounts.d", {});
    CHECK(format(loaded.problems) == "");
    REQUIRE(loaded.accounts.size() == 1);
    auto& sim = loaded.accounts[0];
    CHECK(sim.name == "sim");
    CHECK(sim.adapter == "smpp");
    CHECK(sim.enabled);
    CHECK(sim.delivery == delivery::live);
    CHECK(sim.pool == "sms");
    CHECK(sim.rate == 0);
    CHECK(sim.options.text("host") == "127.0.0.1");
    CHECK(sim.options.integer("port", {1, 65535}) == 2775);
    CHECK(sim.options.integer("window", {1, 1000}) == 100);
    CHECK(sim.options.text("system_id") == "posthorn");
    CHECK(sim.options.secret("password") == "simulator");
    CHECK(format(sim.finish()) == "");
}

TEST_CASE("settings: an account sends nothing to strangers unless it says so") {
    const scratch dir;
    dir.write("b.yaml",
              "adapter: smpp\nallow: [13800138000, +8613900139000]\nrate: 50\npool: bulk\n"
              "enabled: no\n");
    dir.write("a.yaml", "adapter: loopback\n");
    dir.write("c.yaml.off", "no account");
    dir.write("d.yml", "adapter: smpp");
    auto loaded = load_accounts(dir.folder(), {{"CN", "86", "0", "1[3-9]xxxxxxxxx"}});
    CHECK(shown(loaded.problems) == "0: : is not read: name it d.yaml");
    REQUIRE(loaded.accounts.size() == 2);
    CHECK(loaded.accounts[0].name == "a");
    CHECK(loaded.accounts[0].delivery == delivery::test);
    CHECK(loaded.accounts[0].allow.empty());
    CHECK(loaded.accounts[0].options.is_void());
    auto& b = loaded.accounts[1];
    CHECK(b.allow == std::vector<std::string>{"8613800138000", "8613900139000"});
    CHECK(b.rate == 50);
    CHECK(b.pool == "bulk");
    CHECK(!b.enabled);
    CHECK(format(b.finish()) == "");
}

TEST_CASE("settings: mistakes in an account are told with their line") {
    struct {
        const char* text;
        const char* problem;
    } const rows[] = {
        {"delivery: live", "1: : missing key 'adapter'"},
        {"adapter: smpp\ndelivery: lvie",
         "2: delivery: must be one of test, live, is 'lvie' (did you mean 'live'?)"},
        {"adapter: smpp\nallow: [12]",
         "2: allow: bad number: 12 is neither E.164 nor a mobile number of a configured country "
         "(CN)"},
        {"adapter: smpp\nhost: x", "2: : unknown key 'host'"},
        {"adapter: smpp\nrate: -1", "2: rate: must be 0..100000, is -1"},
        {"adapter: smpp\noptions: {port: 1}", "2: options: unknown key 'port'"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(account_problems(row.text) == row.problem);
    }
    CHECK(account_problems("adapter: smpp", "Mobile A.yaml").find("the name of the file must be") !=
          std::string::npos);
    const scratch dir;
    CHECK(load_accounts(dir.folder() / "none", {}).problems.size() == 1);
}

TEST_CASE("settings: a quota limits something, and never to nothing") {
    const scratch dir;
    const auto read = [&](const std::string& quota) {
        return load_daemon_settings(
            dir.write("posthorn.yaml", "sources: {crm: {types: all" + quota + "}}\n"));
    };
    struct row {
        const char* written;
        quota_settings is;
        const char* wrong;
    };
    for (const auto& r : {
             row{"", {}, ""},
             row{", quota: {per_minute: 100}", {100, 0}, ""},
             row{", quota: {per_day: 10000, per_minute: 60}", {60, 10'000}, ""},
             row{", quota: {}", {}, "limits nothing"},
             row{", quota: {per_minute: 0}", {}, "per_minute"},
             row{", quota: {per_hour: 5, per_day: 5}", {0, 5}, "per_hour"},
             row{", quota: 100", {}, "quota"},
         }) {
        CAPTURE(r.written);
        const auto loaded = read(r.written);
        CHECK(loaded.settings.sources.at(0).quota == r.is);
        CHECK(loaded.problems.empty() == std::string(r.wrong).empty());
        CHECK(format(loaded.problems).find(r.wrong) != std::string::npos);
    }
}

TEST_CASE("settings: a callback goes out encrypted and signed, or not at all") {
    const scratch dir;
    dir.write("good", "whsec_" + std::string(32, 'A') + "\n");
    dir.write("short", "whsec_AAAA\n");
    const auto read = [&](const std::string& callback) {
        return load_daemon_settings(
            dir.write("posthorn.yaml",
                      "sources:\n  crm:\n    types: all\n    callback: {" + callback + "}\n"));
    };
    const auto good = read("url: 'https://crm.example/hook', secret: 'file:good', retry_for: 5m");
    CHECK(shown(good.problems) == "");
    CHECK(good.settings.sources.at(0).callback.secret == std::string(24, '\0'));
    CHECK(good.settings.sources.at(0).callback.retry_for == 5min);
    CHECK(shown(read("url: 'http://127.0.0.1:80/', secret: 'file:good'").problems) == "");
    for (const std::string url :
         {"http://crm.example/", "ftp://crm.example/", "https://", "http://127.0.0.1.example/"})
        CHECK(shown(read("url: '" + url + "', secret: 'file:good'").problems)
                  .find("must begin with https://") != std::string::npos);
    CHECK(shown(read("url: 'https://crm.example/', secret: 'file:short'").problems)
              .find("at least 24 random octets") != std::string::npos);
}

TEST_CASE("settings: an account says how its texts leave") {
    scratch dir;
    dir.write("a.yaml", "adapter: smpp\n"
                        "national_tables: [turkish, spanish]\n"
                        "signature: carrier\n"
                        "carrier_adds: 【明湖供电】\n"
                        "forbidden_characters: ★◆\n"
                        "replace_characters: {★: '*', ™: ''}\n");
    dir.write("plain.yaml", "adapter: smpp\n");
    auto loaded = load_accounts(dir.folder(), {});
    REQUIRE(loaded.accounts.size() == 2);
    CHECK(shown(loaded.accounts[0].finish()) == "");
    const auto& texts = loaded.accounts[0].texts;
    CHECK(texts.signature == signed_by::carrier);
    CHECK(texts.rules.carrier_adds == "【明湖供电】");
    CHECK(texts.rules.forbidden == U"★◆");
    CHECK(texts.rules.replaced.size() == 2);
    CHECK(texts.rules.national.size() == 4);
    CHECK(loaded.accounts[1].texts == account_texts());
}

TEST_CASE("settings: what an account says wrongly of its texts is told with its place") {
    struct row {
        std::string text, told;
    };
    for (const auto& r :
         {row{"national_tables: [klingon]\n", "2: national_tables: "},
          row{"signature: mine\n", "2: signature: "},
          row{"carrier_adds: " + std::string(61, 'x') + "\n",
              "2: carrier_adds: is longer than 60 characters"},
          row{"replace_characters:\n  ab: c\n", "3: replace_characters.ab: is no single character"},
          row{"forbidden_characters: '*'\nreplace_characters: {★: '*'}\n",
              "3: replace_characters.★: becomes one of forbidden_characters"}}) {
        CAPTURE(r.text);
        const auto told = account_problems("adapter: smpp\n" + r.text);
        CAPTURE(told);
        CHECK(told.starts_with(r.told));
    }
    CHECK(account_problems("adapter: smpp\nnational_tables: [klingon]\n").find("turkish") !=
          std::string::npos);
}

} // namespace daemon_settings_test
