// The table behind `posthornd --describe` against the code that reads the files and config/.
#include "settings/key_table.hpp"

#include "cli/scratch.hpp"
#include "settings/daemon_settings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace key_table_test {

using namespace posthorn::settings;

namespace {

// "countries[0].name" as the table writes it; names of sources, types and adapters' options are
// anybody's.
std::string as_described(std::string path) {
    if (const auto at = path.find('['); at != std::string::npos)
        path.replace(at, path.find(']', at) - at + 1, "[]");
    for (const std::string named : {"sources.", "systems."})
        if (path.starts_with(named))
            path.replace(named.size(),
                         std::min(path.find('.', named.size()), path.size()) - named.size(),
                         "NAME");
    const std::string limits = "brake.most_in_an_hour.";
    if (path.starts_with(limits))
        path = limits + "NAME";
    return path;
}

std::set<std::string> asked_of(const document& source) {
    std::set<std::string> all;
    for (const auto& path : source.asked())
        all.insert(as_described(path));
    return all;
}

std::set<std::string> paths_of(std::span<const known_key> keys) {
    std::set<std::string> all;
    for (const auto& k : keys)
        all.insert(std::string(k.path));
    return all;
}

std::string lacking(const std::set<std::string>& from, const std::set<std::string>& those) {
    std::string out;
    for (const auto& one : those)
        out += from.contains(one) ? "" : one + " ";
    return out;
}

// The keys stand in the file, as one that is set or in a comment that explains it.
std::string not_mentioned(const std::string& text, std::span<const known_key> keys) {
    std::string out;
    for (const auto& k : keys) {
        const auto name = k.path.substr(k.path.rfind('.') + 1);
        const auto mentioned = text.find(std::string(name) + ":") != std::string::npos ||
                               text.find("#   " + std::string(name) + " ") != std::string::npos;
        if (name != "NAME" && !mentioned)
            out += std::string(k.path) + " ";
    }
    return out;
}

} // namespace

TEST_CASE("settings: --describe has every key that is read, and none besides") {
    const scratch dir;
    const auto file = dir.write(
        "posthorn.yaml",
        "sources: {a: {types: all, callback: {}, quota: {}, acknowledge: {}}}\n"
        "countries: [{}]\nretry: {}\nhttp: {}\n"
        "brake: {most_in_an_hour: {b.c: 1}}\nkeep_history_of: {}\npeople: {}\nconsent: {}\n"
        "inbound: {destinations: [{}]}\n"
        "systems: {a: {postgresql: x, password: 'env:X', breaker: {}}, "
        "b: {http: x, token: 'env:X'}}\n");
    const auto read = asked_of(load_daemon_settings(file).source);
    CHECK(lacking(paths_of(daemon_keys()), read) == "");
    CHECK(lacking(read, paths_of(daemon_keys())) == "");

    std::filesystem::create_directory(dir.path / "accounts.d");
    dir.write("accounts.d/a.yaml", "adapter: x\n");
    const auto accounts = load_accounts(dir.path / "accounts.d", {});
    REQUIRE(accounts.accounts.size() == 1);
    const auto of_account = asked_of(accounts.accounts.front().source);
    CHECK(lacking(paths_of(account_keys()), of_account) == "");
    CHECK(lacking(of_account, paths_of(account_keys())) == "");
}

TEST_CASE("settings: the shipped files show every key") {
    const scratch shipped;
    std::filesystem::copy(PROJECT_DIR "/config", shipped.path,
                          std::filesystem::copy_options::recursive);
    CHECK(not_mentioned(shipped.read("posthorn.yaml"), daemon_keys()) == "");
    CHECK(not_mentioned(shipped.read("accounts.d/sim.yaml"), account_keys()) == "");
}

TEST_CASE("settings: what --describe calls the default is the default") {
    const scratch dir;
    const auto bare = load_daemon_settings(dir.write("posthorn.yaml", "sources: {}\n")).settings;
    std::string written = "sources: {}\n";
    for (const auto& k : daemon_keys()) // those whose fallback can be written as it stands
        for (const auto name :
             {"state_dir", "plugin_dir", "types_dir", "accounts_dir", "socket", "zone", "max_parts",
              "receipt_wait", "keep_results", "keep_history", "lookups_dir"})
            if (k.path == name)
                written += std::string(k.path) + ": " + std::string(k.fallback) + "\n";
    written += "brake: {";
    for (const auto* key : {"enabled", "first", "enough", "good", "rejects"})
        written += std::string(key) + ": " +
                   std::string(daemon_key("brake." + std::string(key))->fallback) + ", ";
    written += "}\n";
    written += "retry: {first: " + std::string(daemon_key("retry.first")->fallback) +
               ", longest: " + std::string(daemon_key("retry.longest")->fallback) + "}\n";
    const auto loaded = load_daemon_settings(dir.write("posthorn.yaml", written));
    CHECK(format(loaded.problems) == "");
    const auto& full = loaded.settings;
    CHECK(full.state_dir == bare.state_dir);
    CHECK(full.outbox_dir == bare.outbox_dir);
    CHECK(full.plugin_dir == bare.plugin_dir);
    CHECK(full.types_dir == bare.types_dir);
    CHECK(full.accounts_dir == bare.accounts_dir);
    CHECK(full.socket == bare.socket);
    CHECK(full.zone == bare.zone);
    CHECK(full.max_parts == bare.max_parts);
    CHECK(full.receipt_wait == bare.receipt_wait);
    CHECK(full.keep_results == bare.keep_results);
    CHECK(full.keep_history == bare.keep_history);
    CHECK(full.lookups_dir == bare.lookups_dir);
    CHECK(full.brake == bare.brake);
    CHECK(full.retry.first == bare.retry.first);
    CHECK(full.retry.longest == bare.retry.longest);
}

} // namespace key_table_test
