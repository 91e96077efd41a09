// What a reload says of a configuration that was edited.
#include "gateway/differences.hpp"

#include "site_copy.hpp"

namespace differences_test {

using lines = std::vector<std::string>;

namespace {

gateway::differences since(const gateway::configuration& before, const site_copy& site) {
    CHECK(site.problems() == "");
    return gateway::differences_between(before, site.read());
}

} // namespace

TEST_CASE("differences: an edit of any file about texts from phones is a change") {
    const struct {
        const char* file;
        const char* from;
        const char* to;
        const char* told;
    } rows[] = {
        {"commands/balance.yaml", "name: balance", "# edited\nname: balance",
         "command balance: changed"},
        {"lookups/balance.yaml", "name: balance", "# edited\nname: balance",
         "lookup balance: changed"},
        {"phrases.yaml", "\n", "\n# edited\n", "phrases: changed"},
        {"timers/arrears.yaml", "enabled: no", "enabled: yes", "timer arrears: changed"},
        {"types/reply.yaml", "validity: 30m", "validity: 20m", "type reply: changed"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.file);
        const site_copy site;
        const auto before = site.read();
        CHECK(since(before, site).none());
        site.change(row.file, row.from, row.to);
        CHECK(since(before, site).lines == lines{row.told});
    }
}

TEST_CASE("differences: a command and its lookup come and go") {
    const site_copy site;
    const auto with = site.read();
    std::filesystem::remove(site.dir.path / "commands/stock.yaml");
    std::filesystem::remove(site.dir.path / "lookups/stock.yaml");
    const auto without = site.read();
    const auto gone = since(with, site);
    CHECK(gone.lines == lines{"command stock: removed", "lookup stock: removed"});
    CHECK(gone.restart.empty());
    CHECK(gateway::differences_between(without, with).lines ==
          lines{"command stock: added", "lookup stock: added"});
}

TEST_CASE("differences: a timer that is gone is told, for steps of it may wait") {
    const site_copy site;
    const auto with = site.read();
    std::filesystem::remove(site.dir.path / "timers/arrears.yaml");
    const auto gone = since(with, site);
    CHECK(gone.lines == lines{"timer arrears: removed"});
    CHECK(gone.removed_timers == lines{"arrears"});
}

TEST_CASE("differences: who answers texts cannot stop it while running, but may begin") {
    const site_copy site;
    const auto answers = site.read();
    std::filesystem::remove_all(site.dir.path / "commands");
    const auto keeps = site.read();
    CHECK(keeps.book == nullptr);
    const auto gone = since(answers, site);
    CHECK(gone.restart == lines{"taking the folder of the commands away (texts are answered)"});
    const auto come = gateway::differences_between(keeps, answers);
    CHECK(!come.none());
    CHECK(come.restart.empty());
}

} // namespace differences_test
