#include "cli/people_import.hpp"

#include "cli/bookmark.hpp"
#include "cli/console.hpp"
#include "cli/scratch.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace people_import_test {

using namespace posthorn;
using namespace posthorn::cli;

namespace {

struct fixture {
    scratch dir;
    people_order order;
    std::vector<std::string> batches;

    explicit fixture(const std::string& content) {
        order.file = dir.write("people.csv", content);
        order.rejects = dir.path / "people.csv.rejects.csv";
        order.countries = {{"CN", "86", "0", "1[3-9]xxxxxxxxx"}};
        order.resumes = false;
        order.batch = 2;
    }

    people_progress run() {
        people_ports ports;
        ports.put = [this](const boost::json::array& rows) {
            batches.push_back(boost::json::serialize(rows));
            return people::row_counts{.added = 1, .bound = std::ssize(rows)};
        };
        return import_people(order, ports);
    }
    std::string refusal() {
        try {
            run();
        } catch (const failure& e) {
            return e.what();
        }
        return {};
    }
};

} // namespace

TEST_CASE("people import: good rows go out in batches, bad ones aside with line and reason") {
    fixture f("number,account,name,floor\n138 0000 0001,31,Ann,1\n12,32,Bob,2\n13800000003,,,\n"
              ",33,\"Eve, Inc\",\n");
    const auto done = f.run();
    CHECK(done.read == 4);
    CHECK(done.rejected == 1);
    CHECK(done.unused == std::vector<std::string>{"floor"});
    CHECK(f.batches == std::vector<std::string>{
                           R"([{"number":"8613800000001","account":"31","name":"Ann"}])",
                           R"([{"number":"8613800000003"},{"account":"33","name":"Eve, Inc"}])"});
    CHECK(done.counts.added == 2);
    CHECK(done.counts.bound == 3);
    CHECK(f.dir.read("people.csv.rejects.csv").find("\n3,number: bad number: ") !=
          std::string::npos);
    CHECK_FALSE(std::filesystem::exists(bookmark_path(f.order.file))); // it begins anew each time
}

TEST_CASE("people import: what is sent together is in the order of accounts, 500 rows at most") {
    std::string file = "number,account\n";
    for (int n = 0; n < 1'200; ++n)
        file += std::to_string(13800000000 + n) + "," + std::to_string(5'000 - n / 2) + "\n";
    fixture f(file);
    f.order.batch = 1'000;
    CHECK(f.run().taken == 1'200);
    REQUIRE(f.batches.size() == 3);
    CHECK(f.batches[0].starts_with(R"([{"number":"8613800000998","account":"4501"},)"
                                   R"({"number":"8613800000999","account":"4501"},)"));
    CHECK(f.batches[1].ends_with(R"({"number":"8613800000001","account":"5000"}])"));
    CHECK(f.batches[2].starts_with(R"([{"number":"8613800001198","account":"4401"})"));
}

TEST_CASE("people import: where a number is in two accounts, the file's order stays") {
    fixture f("number,account,email\n13800000001,9,old@x.net\n13800000001,1,new@x.net\n");
    f.order.batch = 1'000;
    f.run();
    REQUIRE(f.batches.size() == 1);
    CHECK(f.batches[0].find("old@x.net") < f.batches[0].find("new@x.net"));
}

TEST_CASE("people import: a dry run calls nobody and writes nothing") {
    fixture f("number\n13800000001\n12\n");
    f.order.dry_run = true;
    const auto done = f.run();
    CHECK(done.taken == 1);
    CHECK(done.rejected == 1);
    CHECK(f.batches.empty());
    CHECK_FALSE(std::filesystem::exists(f.order.rejects));
}

TEST_CASE("people import: columns may have other names, also in GBK") {
    fixture f("\xCA\xD6\xBB\xFA,\xBB\xA7\xBA\xC5\n13800000001,31\n"); // 手机, 户号
    f.order.charset = "gbk";
    f.order.columns = {{"number", "手机"}, {"account", "户号"}};
    f.run();
    CHECK(f.batches == std::vector<std::string>{R"([{"number":"8613800000001","account":"31"}])"});
}

TEST_CASE("people import: a file whose header says nothing of whom is refused") {
    CHECK(fixture("name,role\n").refusal().find("no column 'number' or 'account'") !=
          std::string::npos);
    CHECK(fixture("number,number\n").refusal().find("'number' twice") != std::string::npos);
    fixture f("number,name\n");
    f.order.columns = {{"nmae", "name"}};
    CHECK(f.refusal().find("people have no 'nmae' (did you mean 'name'?)") != std::string::npos);
    f.order.columns = {{"name", "nam"}};
    CHECK(f.refusal().find("the file has no column 'nam'") != std::string::npos);
}

} // namespace people_import_test
