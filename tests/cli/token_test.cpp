// `posthorn token`, on a copy of the shipped configuration.
#include "cli/scratch.hpp"
#include "cli/typed.hpp"
#include "tokens/token_file.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <sstream>
#include <vector>

namespace token_test {

using namespace posthorn;
using namespace posthorn::cli;

namespace {

struct office {
    scratch dir;
    std::string config;

    office() {
        std::filesystem::copy(PROJECT_DIR "/config", dir.path / "config",
                              std::filesystem::copy_options::recursive);
        std::filesystem::create_directories(dir.path / "var");
        config = (dir.path / "config/posthorn.yaml").string();
    }

    typed token(std::vector<std::string> words) const {
        words.insert(words.begin(), {"--config", config, "token"});
        return typed(std::move(words));
    }
    std::vector<tokens::token> kept() const {
        return tokens::read_tokens(dir.path / "var/tokens").value();
    }
};

std::string without_end_of_line(std::string text) {
    text.pop_back();
    return text;
}

} // namespace

TEST_CASE("token: it is shown once, opens, and is kept as a hash only") {
    const office o;
    const auto made = o.token({"create", "--source", "billing", "--name", "bill run"});
    CHECK(made.code == 0);
    const auto text = without_end_of_line(made.out);
    REQUIRE(o.kept().size() == 1);
    const auto kept = o.kept().front();
    CHECK(kept.source == "billing");
    CHECK(kept.name == "bill run");
    CHECK(tokens::opens(kept, text));
    CHECK(made.err.find("`posthorn token revoke " + kept.id + "`") != std::string::npos);
    const auto secret = text.substr(text.rfind('_') + 1);
    CHECK(o.dir.read("var/tokens").find(secret) == std::string::npos);

    const auto listed = o.token({"list"});
    CHECK(listed.out.find(kept.id) != std::string::npos);
    CHECK(listed.out.find("bill run") != std::string::npos);
    CHECK(listed.out.find(secret) == std::string::npos);
    CHECK(listed.out.find(kept.hash) == std::string::npos);
}

TEST_CASE("token: --json has the id and the token, and the list says whose each is") {
    const office o;
    const auto made = boost::json::parse(o.token({"create", "--metrics", "--json"}).out);
    const std::string id(made.at("id").as_string());
    CHECK(std::string(made.at("token").as_string()).starts_with("pht_" + id + "_"));
    const auto list = boost::json::parse(o.token({"list", "--json"}).out).at("tokens").as_array();
    REQUIRE(list.size() == 1);
    CHECK(std::string(list[0].at("id").as_string()) == id);
    CHECK(list[0].at("metrics").as_bool());
    CHECK(list[0].at("source") == "");
}

TEST_CASE("token: a revoked one is gone, and cannot be revoked again") {
    const office o;
    o.token({"create", "--source", "billing"});
    o.token({"create", "--source", "billing"});
    const auto first = o.kept()[0].id;
    const auto second = o.kept()[1].id;
    CHECK(o.token({"revoke", first}).code == 0);
    REQUIRE(o.kept().size() == 1);
    CHECK(o.kept().front().id == second);
    const auto again = o.token({"revoke", first});
    CHECK(again.code != 0);
    CHECK(again.err.find("there is no token " + first) != std::string::npos);
}

TEST_CASE("token: what cannot be made is refused, and nothing is kept of it") {
    const office o;
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"create"},
          {"create", "--source", "billing", "--metrics"},
          {"create", "--source", "nobody"},
          {"create", "--source", "billing", "--name", std::string(65, 'x')},
          {"create", "--source", "billing", "--name", "a\nb"},
          {"create", "--source", "billing", "stray"}}) {
        CAPTURE(words.back());
        const auto refused = o.token(words);
        CHECK(refused.code != 0);
        CHECK(refused.out.empty());
        CHECK_FALSE(refused.err.empty());
    }
    CHECK_FALSE(std::filesystem::exists(o.dir.path / "var/tokens"));
}

} // namespace token_test
