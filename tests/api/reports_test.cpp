// What people and sources say of changed contact numbers and of crews' work, on a store, without a
// socket.
#include "api/contact_handlers.hpp"
#include "api/shapes.hpp"
#include "api/work_handlers.hpp"

#include "store/plain_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>

namespace reports_test {

using namespace posthorn;
using namespace posthorn::api;
namespace asio = boost::asio;
using live_db::scratch_folder;
using live_db::start_of_time;

namespace {

const std::string li = "8613800000001", wang = "8613800000002", crew = "8613900000004";
const caller person{.person = true};
const caller billing{.token = "1", .source = "billing"};
const caller outages{.token = "2", .source = "outages"};

struct desk {
    scratch_folder folder;
    store::store writer{live_db::plain_store(folder.path())};
    store::people_reader people{folder / "live.db"};
    store::contact_reader contacts{folder / "live.db"};
    store::work_reader work{folder / "live.db"};
    store::reader reader{folder / "live.db", folder / "history"};
    surroundings around;
    asio::thread_pool pool{1};
    contact_handlers of_contacts{pool, around};
    work_handlers of_work{pool, around};
    name_id billing_number = 0;

    desk() {
        billing_number = writer.number_of("source", "billing");
        writer.start();
        around.now = [] { return start_of_time; };
        around.people = &people;
        around.contacts = &contacts;
        around.work = &work;
        around.countries = [] { return std::vector{country{"CN", "86", "0", "1[3-9]xxxxxxxxx"}}; };
        around.number = [](std::string_view written) { return std::string(written); };
        around.commit = [this](auto ops, auto done) {
            writer.submit(std::move(ops), [done](auto outcomes) {
                done({outcomes.begin(), outcomes.end()});
            });
        };
    }

    answer ask(const std::string& method, const std::string& pattern, const caller& who,
               const std::string& segment = "", const std::string& body = "",
               const std::string& state = "") {
        auto all = of_contacts.table();
        std::ranges::move(of_work.table(), std::back_inserter(all));
        for (const auto& route : all)
            if (route.method == method && route.pattern == pattern) {
                request asked{.method = method, .body = body};
                asked.user = who.person ? "li" : "token " + who.token;
                asked.who = who;
                asked.segments.push_back(segment);
                if (!state.empty())
                    asked.query["state"] = state;
                asio::io_context loop;
                auto got = asio::co_spawn(loop, route.handle(std::move(asked)), asio::use_future);
                loop.run();
                return got.get();
            }
        FAIL("there is no route " << pattern);
        return {};
    }
    answer settle(const caller& who, const std::string& id, const std::string& body) {
        return ask("POST", "/v1/contact-changes/{id}", who, id, body);
    }
    answer changes(const caller& who, const std::string& state = "") {
        return ask("GET", "/v1/contact-changes", who, "", "", state);
    }
    answer report(const caller& who, const std::string& body) {
        return ask("POST", "/v1/work", who, "", body);
    }
    store::outcome done(store::op o) {
        std::vector<store::op> ops;
        ops.push_back(std::move(o));
        std::promise<store::outcome> told;
        writer.submit(std::move(ops), [&](auto outcomes) { told.set_value(outcomes.front()); });
        return told.get_future().get();
    }
    std::string moved(bool owned = true) { // from li to wang
        done(store::bind{li, "3100000001", store::binding_way::agent, "x", "x", start_of_time});
        store::change_contact op{.account = "3100000001",
                                 .from = li,
                                 .to = wang,
                                 .who = li,
                                 .reason = "text",
                                 .owner = {},
                                 .at = start_of_time};
        if (owned)
            op.owner = store::pass_on{.source = billing_number,
                                      .kind = "contact_change",
                                      .number = li,
                                      .recipient = {},
                                      .text = {},
                                      .data = "{}",
                                      .at = start_of_time};
        return std::to_string(done(std::move(op)).event);
    }
    bool is_bound(const std::string& number) { return !people.person_of(number).accounts.empty(); }
    std::vector<std::string> deeds() {
        std::vector<std::string> out;
        for (const auto& o : reader.operations({}, 100))
            out.push_back(o.done.who + ", " + o.done.what + ", " + o.done.reason);
        return out;
    }
};

using words = std::vector<std::string>;

bool has(const answer& a, const char* part) {
    return boost::json::serialize(a.body).find(part) != std::string::npos;
}

} // namespace

TEST_CASE("api: a source settles what is its own, once, and nothing of another's") {
    desk d;
    const auto id = d.moved();
    CHECK(d.changes(billing, "waiting").body.at("changes").as_array().size() == 1);
    CHECK(d.changes(billing).body.at("changes").at(0).at("to").as_string() == "+" + wang);
    CHECK(d.changes(outages).body.at("changes").as_array().empty());
    CHECK(d.settle(outages, id, R"({"agreed": true})").status == 404);
    CHECK(d.settle(billing, id, R"({"agreed": false})").status == 400); // why?
    CHECK(d.is_bound(wang));
    const auto told = d.settle(billing, id, R"({"agreed": false, "reason": "not hers"})");
    CHECK(told.status == 200);
    CHECK(told.body.at("state") == "refused");
    CHECK(d.is_bound(li));
    CHECK_FALSE(d.is_bound(wang));
    const auto again = d.settle(billing, id, R"({"agreed": true})");
    CHECK(again.status == 409);
    CHECK(has(again, "it was refused"));
    CHECK(d.deeds() == words{"token 1, people refuse, not hers"});
    CHECK(d.changes(person, "refused").body.at("changes").at(0).at("reason") == "not hers");
}

TEST_CASE("api: a person settles what nobody owns, and says why") {
    desk d;
    const auto id = d.moved(false);
    CHECK(d.settle(billing, id, R"({"agreed": true})").status == 404);
    CHECK(d.settle(person, id, R"({"agreed": true})").status == 400);
    CHECK(d.settle(person, id, R"({"agreed": true, "reason": "called her"})").status == 200);
    CHECK(d.is_bound(wang));
    CHECK(d.deeds() == words{"li, people agree, called her"});
}

TEST_CASE("api: every mistake in a word about a change is told") {
    desk d;
    const auto id = d.moved();
    for (const auto& [body, why] : std::initializer_list<std::pair<const char*, const char*>>{
             {"", "no"},
             {"[]", "not a JSON object"},
             {"{}", "say whether"},
             {R"({"agreed": "yes"})", "is true or false"},
             {R"({"agreed": true, "why": ""})", "unknown member 'why'"}}) {
        CAPTURE(body);
        const auto a = d.settle(billing, id, body);
        CHECK(a.status == 400);
        CHECK(has(a, why));
    }
    for (const auto* wrong : {"", "x", "-1", "99999999999999999999", "1"})
        CHECK(d.settle(billing, wrong, R"({"agreed": true})").status == 404);
    CHECK(d.changes(person, "open").status == 400);
    CHECK(d.is_bound(wang));
}

TEST_CASE("api: work of a crew is reported for its phone, in its area, and ended") {
    desk d;
    d.done(store::put_person{
        .number = crew, .name = "王师傅", .role = "crew", .area = "城东", .at = start_of_time});
    d.done(store::put_person{.number = li, .name = "李", .at = start_of_time});
    const auto begins = R"("begins_at": ")" + rfc3339(start_of_time) + R"("})";
    const std::string what = R"({"place": "解放路18号", "work": "更换变压器", "number": )";
    const auto told = d.report(billing, what + R"("13900000004", )" + begins);
    CHECK(told.status == 201);
    CHECK(told.body.at("area") == "城东");
    const auto id = std::string(told.body.at("id").as_string());
    const auto list = d.ask("GET", "/v1/work", person).body.at("work");
    REQUIRE(list.as_array().size() == 1);
    CHECK(list.at(0).at("worker") == "王师傅");
    CHECK(list.at(0).at("who") == "token 1");
    CHECK(d.report(billing, what + R"("13800000001", )" + begins).status == 404); // no staff
    CHECK(d.report(billing, what + R"("13900000004", "area": "城西", )" + begins).status == 403);
    for (const auto& [body, why] : std::initializer_list<std::pair<std::string, const char*>>{
             {"{", "not a JSON object"},
             {"{}", "'place' is missing"},
             {R"({"place": "a"})", "'work' is missing"},
             {what + R"("13900000004"})", "'begins_at' is missing"},
             {what + R"("13900000004", "begins_at": "9:30"})", "is not a time"},
             {what + R"("13900000004", "begins_at": "1999-01-01T00:00:00Z"})", "31 days away"},
             {what + R"("12", )" + begins, "bad number"},
             {what + R"("13900000004", "ends_at": "2000-01-01T00:00:00Z", )" + begins,
              "within 31 days after"},
             {R"({"place": "a\nb", "work": "c", "number": "13900000004", )" + begins,
              "one line"}}) {
        CAPTURE(body);
        const auto a = d.report(billing, body);
        CHECK(a.status == 400);
        CHECK(has(a, why));
    }
    CHECK(d.ask("POST", "/v1/work/{id}/end", person, id).status == 200);
    CHECK(d.ask("POST", "/v1/work/{id}/end", person, id).status == 404);
    CHECK(d.ask("POST", "/v1/work/{id}/end", person, "x").status == 404);
    CHECK(d.ask("GET", "/v1/work", person).body.at("work").as_array().empty());
    CHECK(d.deeds() == words{"li, work end, ", "token 1, work add, "});
}

} // namespace reports_test
