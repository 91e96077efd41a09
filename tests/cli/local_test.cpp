// The verbs that need no daemon, on a copy of the shipped configuration and with a real outbox.
#include "cli/printable.hpp"
#include "cli/scratch.hpp"
#include "cli/typed.hpp"
#include "store/outbox.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <vector>

namespace local_test {

using namespace posthorn;
using namespace posthorn::cli;

namespace {

struct site_copy {
    scratch dir;
    std::string config;

    site_copy() {
        std::filesystem::copy(PROJECT_DIR "/config", dir.path / "config",
                              std::filesystem::copy_options::recursive);
        std::filesystem::copy(TESTS_DIR "/data", dir.path / "data");
        std::filesystem::create_directories(dir.path / "var/outbox");
        config = (dir.path / "config/posthorn.yaml").string();
    }

    typed type(std::vector<std::string> words) const {
        words.insert(words.begin(), {"--config", config});
        return typed(std::move(words));
    }

    std::vector<event> queued(const std::string& source) const {
        store::outbox box(source, dir.path / "var/outbox" / (source + ".db"));
        std::vector<event> events;
        if (box.open())
            for (auto& row : box.read(0, 100'000))
                events.push_back(std::move(row.event));
        return events;
    }
};

} // namespace

TEST_CASE("verbs: types and their texts are shown without a daemon") {
    const site_copy site;
    const auto types = site.type({"types", "--json"});
    CHECK(types.code == 0);
    CHECK(boost::json::parse(types.out).as_array().size() == 44);
    CHECK(site.type({"types"}).out.find("bill.issued") != std::string::npos);

    const auto english = site.type({"test", "event", "bill.issued", "--language", "en", "--json"});
    REQUIRE(english.code == 0);
    const auto text = boost::json::parse(english.out);
    CHECK(text.at("encoding") == "gsm7");
    CHECK(text.at("parts").to_number<int>() == 1);
    CHECK(text.at("ucs2_because_of").as_array().empty());
    const auto chinese = site.type({"test", "event", "bill.issued"});
    CHECK(chinese.out.find("UCS-2 because of  U+3010") != std::string::npos);

    CHECK(site.type({"test", "event", "bil.issued"})
              .err.starts_with(
                  "posthorn: no type is called 'bil.issued' (did you mean 'bill.issued'?)"));
    const auto bad = site.type({"test", "event", "bill.issued", "--set", "amount=1,2"});
    CHECK(bad.code == 1);
    CHECK(bad.err.find("amount") != std::string::npos);
    CHECK(site.type({"test", "event", "bill.issued", "--data", "[1]"}).code == 2);
    const auto misspelt = site.type({"test", "event", "bill.issued", "--set", "balnce=3"});
    CHECK(misspelt.code == 1);
    CHECK(misspelt.err ==
          "posthorn: bill.issued: unknown field 'balnce' (did you mean 'balance'?)\n");
    CHECK(site.type({"test", "event", "bill.issued", "--set", "language=en"}).code == 0);
    CHECK(site.type({"test", "event", "bill.issued", "--language", "de"}).err ==
          "posthorn: bill.issued has no text in 'de': this is the one in zh-CN\n");
    const auto novel =
        site.type({"test", "event", "code.verification", "--set", "code=" + std::string(800, '1')});
    CHECK(novel.code == 1);
    CHECK(novel.out.find("cannot be sent: ") != std::string::npos);
    CHECK(novel.out.find("10") != std::string::npos);
}

TEST_CASE("verbs: a text that is transliterated is shown as it leaves, with what was changed") {
    const site_copy site;
    const auto path = site.dir.path / "config/types/odd.yaml";
    std::ofstream(path)
        << "name: odd\ncategory: service\npriority: normal\nwhom: [number]\n"
           "channels: [sms]\nvalidity: 1h\nsignature: {en: Minghu}\n"
           "default_language: en\ntransliterate: yes\nfields: {name: {kind: text}}\n"
           "sample: {name: x}\ntexts:\n  en: >-\n    It’s {{ name }} "
        << std::string(80, 'x') << "\n";
    const auto page = site.type({"test", "event", "odd"});
    CAPTURE(page.err);
    CHECK(page.out.find("It's x") != std::string::npos);
    CHECK(page.out.find("transliterated  U+2019 ’; else 2 parts of UCS-2") != std::string::npos);
    const auto json = site.type({"test", "event", "odd", "--json"});
    REQUIRE(json.code == 0);
    const auto said = boost::json::parse(json.out);
    CHECK(said.at("parts").to_number<int>() == 1);
    CHECK(said.at("transliterated_from").as_string().starts_with("[Minghu] It’s x"));
    CHECK(site.type({"test", "event", "odd", "--set", "name=中"}).out.find("It’s 中") !=
          std::string::npos);
}

TEST_CASE("verbs: JSON is JSON whatever octets were typed, and pages do not steer a terminal") {
    const site_copy site;
    const auto said =
        site.type({"test", "event", "bill.issued", "--set", "account_name=\xD5\xC5", "--json"});
    CHECK_NOTHROW(boost::json::parse(said.out));
    const auto unknown = site.type({"test", "event", "\x1B[2Jbill"});
    CHECK(unknown.err.starts_with("posthorn: no type is called '?[2Jbill'"));
    CHECK(printable("a\tb\n\x1B]0;x\x07\u009B中\xFF\x7F") == "a\tb\n?]0;x??中\uFFFD?");
}

TEST_CASE("verbs: one event is queued as a row, or refused with all its reasons") {
    const site_copy site;
    const std::vector<std::string> good = {"enqueue",      "code.verification",
                                           "--source",     "codes",
                                           "--key",        "C-1",
                                           "--to",         "13800138000",
                                           "--set",        "code=123456",
                                           "--run",        "r",
                                           "--not-before", "2026-11-02T17:00:00+08:00"};
    CHECK(site.type(good).code == 0);
    const auto rows = site.queued("codes");
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().key == "C-1");
    CHECK(rows.front().run == "r");
    CHECK(rows.front().data == R"({"code":"123456"})");
    CHECK(to_micros(rows.front().not_before) == 1793610000000000);
    CHECK(to_micros(rows.front().expires_at) == 0);

    const auto refused = site.type({"enqueue", "code.verification", "--source", "codes", "--key",
                                    "C-2", "--to", "1380013", "--set", "cod=1"});
    CHECK(refused.code == 1);
    CHECK(refused.err.find("bad number") != std::string::npos);
    CHECK(refused.err.find("missing field 'code' (is 'cod' it?)") != std::string::npos);
    CHECK(refused.err.find("unknown field 'cod' (did you mean 'code'?)") != std::string::npos);
    CHECK(site.queued("codes").size() == 1);
    CHECK(site.type({"enqueue", "anything", "--source", "codes", "--key", "C-3", "--to", "x",
                     "--no-check"})
              .code == 0);
    CHECK(site.queued("codes").size() == 2);
    CHECK(site.type({"enqueue", "code.verification", "--source", "code", "--key", "C-4", "--to",
                     "13800138000"})
              .err.find("(did you mean 'codes'?)") != std::string::npos);
    auto late = good;
    late.back() = "2020-01-01T00:00:00Z";
    late.insert(late.end(), {"--expires-at", "2020-01-02T00:00:00Z"});
    late[5] = "C-5";
    CHECK(site.type(late).err.find("is past, nobody would get it") != std::string::npos);
    late = good;
    late.back() = "tomorrow";
    CHECK(site.type(late).code == 2);
    std::filesystem::remove_all(site.dir.path / "var");
    CHECK(site.type(good).err.find("start posthornd, which makes it") != std::string::npos);
}

TEST_CASE("verbs: the bills of the demo are imported, and what is bad in them is found") {
    const site_copy site;
    const auto bills = (site.dir.path / "data/bills.csv").string();
    const std::vector<std::string> words = {"import",      bills,      "--type",
                                            "bill.issued", "--source", "billing",
                                            "--run",       "2026-07",  "--json"};
    const auto first = site.type(words);
    CHECK(first.code == 1); // some were rejected
    const auto report = boost::json::parse(first.out);
    CHECK(report.at("read").to_number<int>() == 1000);
    CHECK(report.at("queued").to_number<int>() == 986);
    CHECK(report.at("rejected").to_number<int>() == 14);
    CHECK(site.queued("billing").size() == 986);
    CHECK(boost::json::parse(site.type(words).out).at("was_complete").as_bool());

    const auto gbk = (site.dir.path / "data/bills-gbk.csv").string();
    const auto second = site.type(
        {"import", gbk, "--type", "bill.issued", "--source", "billing", "--encoding", "gbk"});
    CHECK(second.code == 0);
    CHECK(second.out.starts_with("40 rows read, 40 queued, 0 rejected\n"));
    CHECK(site.queued("billing").back().data.find("account_name") != std::string::npos);

    const auto unknown = (site.dir.path / "data/bills-unknown-type.csv").string();
    CHECK(site.type({"import", unknown, "--type", "bill.isued", "--source", "billing"}).code == 1);
    CHECK(
        site.type({"import", unknown, "--type", "bill.isued", "--source", "billing", "--no-check"})
            .code == 0);
    CHECK(site.queued("billing").size() == 986 + 40 + 5);
}

TEST_CASE("verbs: a configuration with mistakes is told with its lines") {
    const site_copy site;
    site.dir.write("config/posthorn.yaml", "sourcs: {}\n");
    const auto page = site.type({"types"});
    CHECK(page.code == 1);
    CHECK(page.err.find("posthorn.yaml:1:1: unknown key 'sourcs' (did you mean") !=
          std::string::npos);
}

TEST_CASE("verbs: without a daemon a text is read by the files alone, and that is said") {
    const site_copy site;
    const auto read = site.type({"test", "command", "DF 202610", "--offline"});
    CHECK(read.code == 0);
    CHECK(read.err == "");
    CHECK(read.out.starts_with("bill (zh-CN) month=2026-10-01\n"));
    const auto json = boost::json::parse(
        site.type({"test", "command", "BD 3100000001 123456", "--offline", "--json"}).out);
    CHECK(json.at("match").as_string().find("code=****") != boost::json::string::npos);
    CHECK(json.at("help").as_string().size() > 0);

    const auto without = site.type({"test", "command", "DF", "--from", "13800000001"});
    CHECK(without.code == 0);
    CHECK(without.err.starts_with("posthorn: posthornd cannot be reached: this is only what"));
    CHECK(without.out.starts_with("bill (zh-CN)"));
    CHECK(site.type({"test", "command", "DF"}).code == 2); // from which phone?
}

} // namespace local_test
