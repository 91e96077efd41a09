// Consent as a person asks for it and changes it.
#include "api/consent_handlers.hpp"

#include "store/store_bench.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace consent_test {

using namespace posthorn;
using namespace posthorn::api;
using live_db::start_of_time;

namespace {

// The handlers before a real store, as the daemon wires them.
struct house {
    live_db::bench b;
    surroundings around;
    boost::asio::thread_pool pool{1};
    consent_handlers consents{b.read, pool, around};

    house() {
        around.now = [] { return start_of_time; };
        around.number = [](std::string_view written) {
            return (written.starts_with("138") ? "86" : "") + std::string(written);
        };
        around.set_consent = [this](store::set_consent what,
                                    const std::function<void(store::outcome)>& done) {
            std::vector<store::op> ops;
            ops.emplace_back(std::move(what));
            done(b.commit(std::move(ops)).front());
        };
    }

    answer ask(const std::string& method, const std::string& number, const std::string& body = "") {
        request asked{.method = method, .segments = {number}, .body = body, .user = "zhao"};
        boost::asio::io_context loop;
        for (const auto& route : consents.table())
            if (route.method == method) {
                auto told = boost::asio::co_spawn(loop, route.handle(std::move(asked)),
                                                  boost::asio::use_future);
                loop.run();
                return told.get();
            }
        return {};
    }
};

std::string text_of(const answer& a) { return boost::json::serialize(a.body); }

bool has(const answer& a, const std::string& what) {
    return text_of(a).find(what) != std::string::npos;
}

} // namespace

TEST_CASE("api: consent is set by a person, once, and its ledger says who and why") {
    house h;
    const std::string out = R"({"what":"out","category":"billing","reason":"asked by phone"})";
    const auto set = h.ask("POST", "13800000001", out);
    CHECK(set.status == 200);
    CHECK(has(set, R"("number":"8613800000001","what":"out","category":"billing","entry":")"));
    const auto again = h.ask("POST", "13800000001", out);
    CHECK(again.status == 409);
    CHECK(has(again, "**********001 is out of billing already"));
    CHECK(h.ask("POST", "13800000001", R"({"what":"out","category":"all","reason":"x"})").status ==
          200);
    CHECK(
        h.ask("POST", "13800000001", R"({"what":"in","category":"survey","reason":"x"})").status ==
        200);

    const auto shown = h.ask("GET", "13800000001");
    CHECK(shown.status == 200);
    const auto& all = shown.body.as_object();
    REQUIRE(all.at("ledger").as_array().size() == 3);
    const auto& first = all.at("ledger").at(2);
    CHECK(first.at("entry") == set.body.at("entry"));
    CHECK(first.at("who") == "zhao");
    CHECK(first.at("how") == "agent");
    CHECK(first.at("reason") == "asked by phone");
    CHECK(first.at("at") == "2025-10-09T08:53:20Z");
    REQUIRE(all.at("out_of").as_array().size() == 3);
    CHECK(all.at("out_of").at(0).at("category") == "service");
    CHECK(all.at("out_of").at(1).at("category") == "billing");
    CHECK(all.at("out_of").at(1).at("entry") == set.body.at("entry"));
    CHECK(all.at("out_of").at(2).at("category") == "marketing");
}

TEST_CASE("api: consent that cannot be set is refused with the reason") {
    house h;
    struct row {
        const char* number;
        const char* body;
        unsigned status;
        const char* told;
    };
    for (const auto& r : {
             row{"13800000001", R"({"what":"off","reason":"x"})", 400, "what: out or in"},
             row{"13800000001", R"({"what":"out","category":"statutory","reason":"x"})", 400,
                 "category: service, billing, marketing, survey or all"},
             row{"13800000001", R"({"what":"out","category":"staff","reason":"x"})", 400,
                 "category:"},
             row{"13800000001", R"({"what":"out","category":"bills","reason":"x"})", 400,
                 "category:"},
             row{"13800000001", R"({"what":"out"})", 400, "say why"},
             row{"13800000001", R"({"what":"out","why":"x"})", 400, "unknown member 'why'"},
             row{"Minghu", R"({"what":"out","reason":"x"})", 400, "'Minghu' is no phone number"},
             row{"13800000001", R"({"what":"in","reason":"x"})", 409, "has not opted out of all"},
         }) {
        CAPTURE(r.body);
        const auto told = h.ask("POST", r.number, r.body);
        CAPTURE(text_of(told));
        CHECK(told.status == r.status);
        CHECK(has(told, r.told));
    }
    CHECK(h.ask("GET", "Minghu").status == 400);
    CHECK(h.ask("GET", "13800000001").body.at("ledger").as_array().empty());
}

} // namespace consent_test
