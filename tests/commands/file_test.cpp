#include "commands/command_file.hpp"
#include "commands/shapes.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace file_test {

using namespace posthorn;
using namespace posthorn::commands;

namespace {

const std::string good = R"(name: x
words: {zh-CN: [余额, YE], en: [BAL]}
takes:
  - {name: account, kind: account, required: false}
who: bound
lookup: balance
answer: {zh-CN: "{{ account }}余{{ balance | money }}", en: "{{ rows | length }}"}
empty: {zh-CN: "{{ account }}", en: none}
help: {zh-CN: 余额, en: balance}
default_language: zh-CN
)";

std::string mistakes_of(const std::string& file) {
    settings::problem_list problems;
    const auto made =
        read_command(file, "x.yaml", templates::zone::utc(), shipped_lookups(), problems);
    CHECK(made.has_value() == problems.empty());
    return settings::format(problems);
}

std::string changed(const std::string& from, const std::string& to) {
    auto file = good;
    const auto at = file.find(from);
    REQUIRE(at != std::string::npos);
    return file.replace(at, from.size(), to);
}

struct folder {
    std::filesystem::path path;
    folder() {
        std::string name = (std::filesystem::temp_directory_path() / "commands-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~folder() { std::filesystem::remove_all(path); }
    void write(const std::string& name, const std::string& words, const std::string& takes = "") {
        std::ofstream(path / (name + ".yaml"))
            << "name: " << name << "\nwords: {en: " << words << "}\nwho: public\n"
            << (takes.empty() ? "does: menu\n" : "lookup: any\ntakes: [" + takes + "]\n")
            << (takes.empty() ? "" : "answer: {en: yes}\nempty: {en: no}\n") << "help: {en: h}\n";
    }
    loaded_commands load() const {
        const std::vector<lookup_shape> any{{"any", {"a"}, {}, {}}};
        return load_commands(path, templates::zone::utc(), any);
    }
    std::string problems() const {
        auto text = settings::format(load().problems);
        for (auto at = text.find(path.string()); at != std::string::npos;
             at = text.find(path.string()))
            text.erase(at, path.string().size() + 1);
        return text;
    }
};

} // namespace

TEST_CASE("commands: a file is read whole") {
    settings::problem_list problems;
    const auto made =
        read_command(good, "x.yaml", templates::zone::utc(), shipped_lookups(), problems);
    CHECK(settings::format(problems) == "");
    REQUIRE(made);
    CHECK(made->name == "x");
    REQUIRE(made->words.size() == 3);
    CHECK(made->words[1].text == "YE");
    CHECK(made->words[1].language == "zh-CN");
    CHECK(made->who == asker::bound);
    CHECK(made->lookup == "balance");
    CHECK_FALSE(made->does);
    CHECK(made->order == 100);
    CHECK(made->answer.wording_for("en-US").language == "en");
    CHECK(made->empty.wording_for("de").language == "zh-CN");
}

TEST_CASE("commands: every mistake of a file is told with its place") {
    struct row {
        std::string from;
        std::string to;
        std::string expected;
    };
    for (const auto& [from, to, expected] : {
             row{"name: x", "name: y",
                 "x.yaml:1:7: name: must be the name of the file, 'x', is 'y'\n"},
             row{"who: bound", "who: bund",
                 "x.yaml:5:6: who: must be one of public, bound, pin, step_up, staff, is 'bund' "
                 "(did "
                 "you mean 'bound'?)\n"},
             row{"who: bound", "whom: bound",
                 "x.yaml:1:1: missing key 'who'\nx.yaml:5:1: unknown key 'whom' (did you mean "
                 "'who'?)\n"},
             row{"lookup: balance", "lookup: balanc",
                 "x.yaml:6:9: lookup: there is no lookup 'balanc' (did you mean 'balance'?)\n"},
             row{"lookup: balance\n", "",
                 "x.yaml:1:1: say what is looked up ('lookup: balance') or done ('does: menu')\n"},
             row{"lookup: balance", "lookup: balance\ndoes: menu",
                 "x.yaml:7:7: does: write either 'lookup' or 'does'\n"},
             row{"lookup: balance", "does: mnu",
                 "x.yaml:6:7: does: must be one of bind, unbind, accounts, menu, help, subscribe, "
                 "unsubscribe, subscriptions, pause, resume, hours, change_contact, report_work, "
                 "end_work, is 'mnu' (did you mean 'menu'?)\n"},
             row{"lookup: balance", "lookup: balance\npasses_to: billing",
                 "x.yaml:7:12: passes_to: is for 'does: change_contact' and 'does: report_work'\n"},
             row{"who: bound", "who: bound\nroles: [sales]",
                 "x.yaml:6:8: roles: are of the staff: write 'who: staff', 'pin' or 'step_up', or "
                 "remove them\n"},
             row{"kind: account,", "kind: acount,",
                 "x.yaml:4:27: takes[0].kind: must be one of account, month, date, amount, "
                 "integer, "
                 "document, area, text, pin, code, number, piece, time, is 'acount' (did you mean "
                 "'account'?)\n"},
             row{"required: false}", "required: false}\n  - {name: month, kind: month}",
                 "x.yaml:4:3: takes: 'month' is used by nothing: 'balance' takes account\n"},
             row{"name: account, kind: account,", "name: account, kind: text,",
                 "x.yaml:4:27: takes[0].kind: an argument called account is of this kind\n"},
             row{"required: false}", "required: false}\n  - {name: pin, kind: pin}",
                 "x.yaml:5:23: takes[1].kind: a PIN is asked for by 'who: pin'\n"},
             row{"required: false}", "required: false}\n  - {name: number, kind: number}",
                 "x.yaml:4:3: takes: 'number' is used by nothing: 'balance' takes account\n"
                 "x.yaml:5:12: takes[1].name: 'number' is the phone that asks: call the argument "
                 "otherwise\n"},
             row{"en: [BAL]", "en: [BAL, bal]",
                 "x.yaml:2:30: words.en: 'bal' is also a word of this command\n"},
             row{"en: [BAL]", "en: [BAL, ＹＥ]",
                 "x.yaml:2:30: words.en: 'ＹＥ' is also a word of this command\n"},
             row{"en: [BAL]", "en: [\"１\", 10086]",
                 "x.yaml:2:30: words.en: '１' is a number of a menu: write another word\n"},
             row{"en: [BAL]", "en: [\"\u3000\"]", "x.yaml:2:30: words.en: '\u3000' is blank\n"},
             row{"en: [BAL]", "en: []", "x.yaml:2:30: words.en: has no word\n"},
             row{"en: [BAL]", "de: [STAND]",
                 "x.yaml:2:30: words.de: nothing can be answered in 'de'\n"},
             row{"en: balance}", "de: Stand}",
                 "x.yaml:2:30: words.en: nothing can be answered in 'en'\n"
                 "x.yaml:7:9: answer: there is no text in 'de', which 'help' has\n"
                 "x.yaml:8:8: empty: there is no text in 'de', which 'help' has\n"
                 "x.yaml:9:7: help: there is no line in 'en', which 'answer' has\n"
                 "x.yaml:9:7: help: there is no line in 'en', which 'empty' has\n"},
             row{"{{ account }}余", "{{ acount }}余",
                 "x.yaml:7:21: answer.zh-CN: unknown field 'acount' (did you mean 'account'?)\n"},
             row{"en: none", "en: \"{{ balance | money }}\"",
                 "x.yaml:8:41: empty.en: unknown field 'balance'; there are: account\n"},
             row{"default_language: zh-CN", "default_language: fr",
                 "x.yaml:10:19: default_language: there is no text in 'fr'\n"},
             row{"en: balance}", "en: \"a\\nb\"}",
                 "x.yaml:9:23: help.en: is one line of the menu\n"},
             row{"{{ rows | length }}", "{% for r in rows %}{% endfor %}",
                 "x.yaml:7:60: answer.en: the text is empty: nothing of its template applies to "
                 "this "
                 "data\n"},
         }) {
        CAPTURE(to);
        CHECK(mistakes_of(changed(from, to)) == expected);
    }
}

TEST_CASE("commands: a lookup gets all it takes, from the text, the binding or the phone") {
    const std::string may_be_missing =
        "'account' may be missing: use default(...) or {% if account "
        "%}\n";
    CHECK(mistakes_of(changed("who: bound", "who: public")) ==
          "x.yaml:7:21: answer.zh-CN: " + may_be_missing +
              "x.yaml:8:20: empty.zh-CN: " + may_be_missing);
    const std::string takes = "takes:\n  - {name: account, kind: account, required: false}\n";
    CHECK(mistakes_of(changed(takes, "")) == "");
    CHECK(mistakes_of(changed(takes + "who: bound", "who: staff")) ==
          "x.yaml:4:9: lookup: takes 'account': name an argument so, or write 'who: bound'\n"
          "x.yaml:5:21: answer.zh-CN: unknown field 'account'; there are: account_name, balance, "
          "due, "
          "as_of, rows\n"
          "x.yaml:6:20: empty.zh-CN: unknown field 'account'; there are: \n");
}

TEST_CASE("commands: what a menu says are its help lines") {
    const std::string menu =
        "name: x\nwords: {en: [MENU]}\nwho: public\ndoes: menu\nhelp: {en: h}\n";
    CHECK(mistakes_of(menu) == "");
    CHECK(mistakes_of(menu + "answer: {en: a}\n") ==
          "x.yaml:6:9: answer: is made of the help lines: remove this text\n");
    CHECK(mistakes_of("name: x\nwords: {en: [B]}\nwho: public\ndoes: bind\nhelp: {en: h}\n") ==
          "x.yaml:1:1: missing key 'answer'\nx.yaml:1:1: missing key 'empty'\n"
          "x.yaml:4:7: does: takes 'account': name an argument so, or write 'who: bound'\n"
          "x.yaml:4:7: does: takes 'code': name an argument so\n");
}

TEST_CASE("commands: an argument that takes the rest is the last") {
    CHECK(mistakes_of(changed("- {name: account", "- {name: t, kind: text}\n  - {name: account"))
              .find("x.yaml:4:3: takes: 't' takes the rest of the text: it must be the last") !=
          std::string::npos);
}

TEST_CASE("commands: any octets are a command or mistakes") {
    for (const auto* file : {"", "-", "a: b", "words: 1", "takes: 1\nhelp: x\nanswer: y",
                             "does: help\nwords: {en: x}\nhelp: {}", "\xFF"})
        CHECK_FALSE(mistakes_of(file).empty());
}

TEST_CASE("commands: words that mean two things are found in all files") {
    folder f;
    f.write("a", "[AB, 查]", "{name: a, kind: integer}");
    f.write("b", "[\"ａｂ\"]");
    f.write("c", "[AB1]");
    f.write("d", "[查电费, ABC]");
    CHECK(f.problems() ==
          "a.yaml:2:13: words.en: 'AB' is also a word of b\n"
          "b.yaml:2:13: words.en: 'ａｂ' is also a word of a\n"
          "c.yaml:2:13: words.en: 'AB1' can be read as 'AB' of a with an argument\n");
    CHECK(f.load().commands.size() == 1);
}

TEST_CASE("commands: a text argument makes longer words unclear") {
    folder f;
    f.write("a", "[查, KC]", "{name: a, kind: text}");
    f.write("b", "[查电费, KCAL]");
    CHECK(f.problems() ==
          "b.yaml:2:13: words.en: '查电费' can be read as '查' of a with an argument\n");
}

TEST_CASE("commands: a file of another suffix is told, and a directory that is not there") {
    folder f;
    std::ofstream(f.path / "a.yml") << "x";
    CHECK(f.problems() == "a.yml: is not read: name it a.yaml\n");
    CHECK(load_commands(f.path / "none", templates::zone::utc(), {}).problems.size() == 1);
}

} // namespace file_test
