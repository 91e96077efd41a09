// What `posthornd --check` says, on copies of the shipped configuration.
#include "site_copy.hpp"

#include <algorithm>

namespace configuration_test {

TEST_CASE("configuration: what is shipped is in order") {
    const site_copy site;
    CHECK(site.problems() == "");
}

TEST_CASE("configuration: an account that cannot be read is told as it is, not as a bad plugin") {
    const struct {
        const char* text;
        const char* told;
    } rows[] = {
        {"", "accounts.d/sim.yaml:1:1: the file is empty\n"},
        {"adapter: smpp\n\toptions: {}\n",
         "accounts.d/sim.yaml:2:1: is not YAML: the line begins with a tab; indent with spaces\n"},
        {"adaptor: smpp\noptions: {host: x}\n",
         "accounts.d/sim.yaml:1:1: missing key 'adapter'\n"
         "accounts.d/sim.yaml:1:1: unknown key 'adaptor' (did you mean 'adapter'?)\n"},
        {"options: x\n", "accounts.d/sim.yaml:1:1: missing key 'adapter'\n"
                         "accounts.d/sim.yaml:1:10: options: must be a map of 'key: value' lines, "
                         "is 'x'\n"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const site_copy site;
        site.dir.write("accounts.d/sim.yaml", row.text);
        CHECK(site.problems() == row.told);
    }
    const site_copy site;
    std::filesystem::create_directory(site.dir.path / "accounts.d/folder.yaml");
    CHECK(site.problems() == "accounts.d/folder.yaml: is a directory, not a file\n");
}

TEST_CASE("configuration: what only another room can find wrong is told with its line") {
    const struct {
        const char* file;
        const char* from;
        const char* to;
        const char* told;
    } rows[] = {
        {"accounts.d/sim.yaml", "adapter: smpp", "adapter: smmp",
         "accounts.d/sim.yaml:18:10: adapter: no plugin 'smmp' in "},
        {"posthorn.yaml", "zone: Asia/Shanghai", "zone: Asia/Shanghi",
         "posthorn.yaml:58:7: zone: no time zone is named 'Asia/Shanghi' (did you mean "
         "'Asia/Shanghai'?)"},
        {"posthorn.yaml", "# most_in_an_hour:  ", "  most_in_an_hour: {bil.issued: 5} #",
         "posthorn.yaml:130:33: brake.most_in_an_hour.bil.issued: no type is named 'bil.issued' in "
         "types (did you mean 'bill.issued'?)"},
        {"posthorn.yaml", "[bill.issued,", "[bil.issued,",
         "posthorn.yaml:36:12: sources.billing.types: no type is named 'bil.issued' in types (did "
         "you mean 'bill.issued'?)"},
        {"timers/arrears.yaml", "due_date, plus: 3d", "due_day, plus: 3d",
         "timers/arrears.yaml:17:17: steps[0].at.field: events of bill.issued have no field "
         "'due_day' (did you mean 'due_date'?)"},
        {"posthorn.yaml", ", retail.not_ordered]", "]",
         "timers/not_ordered.yaml: steps: source 'retail' may send retail.order_day, which begins "
         "this timer, and may not use retail.not_ordered: "},
    };
    for (const auto& row : rows) {
        CAPTURE(row.to);
        const site_copy site;
        site.change(row.file, row.from, row.to);
        const auto told = site.problems();
        CAPTURE(told);
        CHECK(told.starts_with(row.told));
    }
}

TEST_CASE("configuration: whose a number is must be plain, and told with account and source") {
    const auto with = [](const char* sender, const char* billing, const char* outages,
                         const char* inbound) {
        const site_copy site;
        site.change("accounts.d/sim.yaml", "# extensions: yes", "extensions: yes");
        site.change("accounts.d/sim.yaml", "  system_id: posthorn",
                    std::string("  system_id: posthorn\n  sender: '") + sender + "'");
        site.change("posthorn.yaml", "    types: [bill.issued",
                    std::string("    extension: '") + billing + "'\n    types: [bill.issued");
        site.change("posthorn.yaml", "    types: [outage.planned",
                    std::string("    extension: '") + outages + "'\n    types: [outage.planned");
        site.change("posthorn.yaml", "  destinations: []", std::string("  ") + inbound);
        return site.problems();
    };
    CHECK(with("+106900001", "01", "02", "") == "");
    CHECK(with("106900001", "01", "02", "destinations: [{number: '1069*', source: billing}]") ==
          "");
    const struct {
        const char* sender;
        const char* billing;
        const char* outages;
        const char* inbound;
        const char* told;
    } rows[] = {
        {"106900001", "0a", "02", "", "sources.billing.extension: must be digits, is '0a'\n"},
        {"106900001", "01", "01", "",
         "sources.outages.extension: 01 is the extension of source billing too\n"},
        {"106900001", "01", "012", "",
         "sources.outages.extension: 012 and 01 of source billing begin alike: none may be the "
         "beginning of another\n"},
        {"Posthorn", "01", "02", "",
         "extensions: needs a sender of digits that they can follow (options: sender)\n"},
        {"10690000123456789", "0123", "02", "",
         "sources.billing.extension: with the sender 10690000123456789 of account sim and 0123 of "
         "source billing it has 21 digits, a carrier takes at most 20: shorten it\n"},
        {"106900001", "01", "02", "destinations: [{number: '12', source: biling}]",
         "inbound.destinations[0].source: no source is named 'biling' (did you mean 'billing'?)\n"},
        {"106900001", "01", "02", "destinations: [{number: 1x, source: billing}]",
         "inbound.destinations[0].number: must be 1 to 20 digits, and * after them for all numbers "
         "that begin so\n"},
        {"106900001", "01", "02", "destinations: [{number: '10690000101', source: outages}]",
         "inbound.destinations[0].number: 10690000101 is somebody else's already\n"},
        {"106900001", "01", "02",
         "destinations: [{number: '12', source: billing, acknowledge: {}}]",
         "inbound.destinations[0].acknowledge: has no text in any language\n"},
    };
    for (const auto& row : rows) {
        const auto told = with(row.sender, row.billing, row.outages, row.inbound);
        CAPTURE(told);
        CAPTURE(row.told);
        CHECK(told.ends_with(row.told));
        CHECK(std::ranges::count(told, '\n') == 1);
    }
}

TEST_CASE("configuration: a question's number may not be another account's sender") {
    const site_copy site;
    site.change("accounts.d/sim.yaml", "# extensions: yes", "extensions: yes");
    site.change("accounts.d/sim.yaml", "  system_id: posthorn",
                "  system_id: posthorn\n  sender: '106900001'");
    site.dir.write("accounts.d/other.yaml",
                   "adapter: smpp\noptions: {host: 127.0.0.1, system_id: x, password: "
                   "'file:sim.password', sender: '10690000171'}\n");
    site.change("posthorn.yaml", "question_extensions: []", "question_extensions: ['71', '7']");
    const auto told = site.problems();
    CAPTURE(told);
    CHECK(told.find("with the sender 106900001 of account sim and 71 of questions it is "
                    "10690000171, the sender of account other") != std::string::npos);
    CHECK(told.find("7 and 71 of questions begin alike") != std::string::npos);
}

TEST_CASE("configuration: a broken posthorn.yaml is the only mistake that is told") {
    const site_copy site;
    site.dir.write("posthorn.yaml", "sources: [\n");
    const auto told = site.problems();
    CHECK(told.starts_with("posthorn.yaml:"));
    CHECK(std::ranges::count(told, '\n') == 1);
    std::filesystem::remove(site.dir.path / "posthorn.yaml");
    CHECK(site.problems() ==
          "posthorn.yaml: cannot be read: it is missing, or this user may not read it\n");
}

TEST_CASE("configuration: a folder without types is no configuration") {
    const site_copy site;
    site.change("posthorn.yaml", "types_dir: types ", "types_dir: empty ");
    std::filesystem::create_directory(site.dir.path / "empty");
    CHECK(site.problems().starts_with("empty: has no event type, so nothing could be sent"));
}

TEST_CASE("configuration: a type that withdraws what there is not is told") {
    const site_copy site;
    site.change("types/outage.changed.yaml", "withdraws: [outage.*]", "withdraws: [outage.planed]");
    CHECK(site.problems() == "types/outage.changed.yaml: withdraws: no type is named "
                             "'outage.planed' (did you mean 'outage.planned'?)\n");
    site.change("types/outage.changed.yaml", "withdraws: [outage.planed]",
                "withdraws: [outages.*]");
    CHECK(site.problems().starts_with("types/outage.changed.yaml: withdraws: no type is named "
                                      "'outages.*'"));
}

TEST_CASE("configuration: a type 'reply' that no answer could be sent with is told") {
    const std::string begins = "types/reply.yaml: no answer to a text from a phone could be sent, "
                               "they have a number and the field 'text': ";
    const struct {
        const char* from;
        const char* to;
        const char* sample; // more of it
        const char* told;
    } rows[] = {
        {"whom: [number]", "whom: [account]", "",
         "to_kind: type 'reply' does not take 'number', only: account\n"},
        {"  text: {kind: text}", "  text: {kind: text}\n  area: {kind: text}", "  area: A\n",
         "data: missing field 'area'\n"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.to);
        const site_copy site;
        site.change("types/reply.yaml", row.from, row.to);
        site.change("types/reply.yaml", "sample:\n", std::string("sample:\n") + row.sample);
        const auto told = site.problems();
        CAPTURE(told);
        CHECK(told.starts_with(begins + row.told));
        CHECK(std::ranges::count(told, '\n') == 1); // not once for each language
    }
}

TEST_CASE("configuration: answers need a type, and its mistakes are told as they are") {
    const site_copy site;
    site.change("types/reply.yaml", "validity: 30m", "validty: 30m");
    auto told = site.problems();
    CHECK(told.find("unknown key 'validty'") != std::string::npos);
    CHECK(told.find("has no reply.yaml") == std::string::npos);
    std::filesystem::remove(site.dir.path / "types/reply.yaml");
    told = site.problems();
    CHECK(told.find("commands_dir: answers are of the type 'reply', and types has no reply.yaml") !=
          std::string::npos);
}

} // namespace configuration_test
