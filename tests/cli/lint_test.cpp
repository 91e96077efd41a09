// `posthorn lint` on a copy of the shipped configuration.
#include "cli/scratch.hpp"
#include "cli/typed.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

namespace lint_test {

namespace {

struct site_copy {
    scratch dir;

    site_copy() {
        std::filesystem::copy(PROJECT_DIR "/config", dir.path,
                              std::filesystem::copy_options::recursive);
    }

    void change(const std::string& file, const std::string& from, const std::string& to) const {
        auto text = dir.read(file);
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        dir.write(file, text.replace(at, from.size(), to));
    }

    typed lint(std::vector<std::string> words = {}) const {
        words.insert(words.begin(), {"--config", (dir.path / "posthorn.yaml").string(), "lint"});
        return typed(std::move(words));
    }

    std::string path(const std::string& file) const { return (dir.path / file).string(); }
};

} // namespace

TEST_CASE("lint: the shipped types pass, warnings counted") {
    const site_copy site;
    const auto said = site.lint({"--strict"});
    CHECK(said.code == 0);
    CHECK(said.out == "44 types, 88 texts: 0 errors, 0 warnings\n");
    CHECK(said.err == "");
}

TEST_CASE("lint: named types are shown with the size of their texts") {
    const site_copy site;
    const auto said = site.lint({"bill.issued", "code.verification"});
    CHECK(said.code == 0);
    CHECK(said.out == "type               language  encoding  parts  room\n"
                      "bill.issued        en        gsm7          1    39\n"
                      "bill.issued        zh-CN     ucs2          1     4\n"
                      "code.verification  en        gsm7          1    79\n"
                      "code.verification  zh-CN     ucs2          1    37\n"
                      "\n"
                      "2 types, 4 texts: 0 errors, 0 warnings\n");
    CHECK(site.lint({"bil.issued"}).err ==
          "posthorn: no type is called 'bil.issued' (did you mean 'bill.issued'?); see `posthorn "
          "types`\n");
}

TEST_CASE("lint: errors end it with 1, warnings only where they are counted") {
    const site_copy site;
    const auto file = site.path("types/code.verification.yaml");
    site.change("types/code.verification.yaml", "Do not share it.", "Don’t share it.");
    const auto warned = site.lint({"code.verification"});
    CHECK(warned.code == 0);
    CHECK(warned.out.find(file + ":24:62: en: warning: U+2019 ’ makes it UCS-2: 70 characters a "
                                 "part, not 160; write '\n") != std::string::npos);
    CHECK(warned.out.ends_with("1 type, 2 texts: 0 errors, 1 warning\n"));
    CHECK(site.lint({"--strict"}).code == 1);
    CHECK(site.lint({"--strict", "bill.issued"}).code == 0);

    site.dir.write("forbidden_words.txt", "分钟内有效\n");
    const auto refused = site.lint({"--json"});
    CHECK(refused.code == 1);
    const auto report = boost::json::parse(refused.out);
    CHECK(report.at("texts").as_array().size() == 88);
    const auto& findings = report.at("findings").as_array();
    REQUIRE(findings.size() == 2);
    const auto& word = findings[0];
    CHECK(word.at("type") == "code.verification");
    CHECK(word.at("file") == file.c_str());
    CHECK(word.at("line").to_number<int>() == 23);
    CHECK(word.at("language") == "zh-CN");
    CHECK(word.at("severity") == "error");
    CHECK(word.at("what") == "'分钟内有效' is a forbidden word");
    CHECK(word.at("advice") == "say it otherwise");
    CHECK(findings[1].at("severity") == "warning");
}

TEST_CASE("lint: a type without a signature, or in fewer languages, is told") {
    const site_copy site;
    site.change("types/bill.issued.yaml", "  en: Minghu Power\n", "");
    const auto unsigned_text = site.lint({"bill.issued"});
    CHECK(unsigned_text.code == 1);
    CHECK(unsigned_text.out == site.path("types/bill.issued.yaml") +
                                   ":23:3: error: signature: missing key 'en'; mend it: the type "
                                   "is not loaded\n1 type, 0 texts: 1 error, 0 warnings\n");

    site.change("types/code.verification.yaml", "  en: Minghu Power\n", "");
    site.change("types/code.verification.yaml",
                "  en: Your code is {{ code }}. It is valid for 5 minutes. Do not share it.\n", "");
    const auto lacking = site.lint({"code.verification"});
    CHECK(lacking.code == 0);
    CHECK(lacking.out.find(": en: warning: there is no text in 'en', which most types have; write "
                           "one; until then its readers get the text in zh-CN\n") !=
          std::string::npos);
}

TEST_CASE("lint: the file of forbidden words must be there where it is named") {
    const site_copy site;
    site.dir.write("forbidden_words.txt", "");
    CHECK(site.lint().code == 0);
    std::filesystem::remove(site.dir.path / "forbidden_words.txt");
    const auto without = site.lint();
    CHECK(without.code == 1);
    CHECK(without.err == "posthorn: " + site.path("forbidden_words.txt") +
                             " cannot be read: `forbidden_words` in " + site.path("posthorn.yaml") +
                             " names it\n");
    site.change("posthorn.yaml", "\nforbidden_words:", "\n# forbidden_words:");
    CHECK(site.lint().code == 0);
}

} // namespace lint_test
