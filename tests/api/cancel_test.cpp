// Taking a message back over HTTP: whose it is, what is answered, and what is recorded.
#include "api/network_house.hpp"
#include "store/plain_store.hpp"

#include "store/store.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include <functional>
#include <future>
#include <initializer_list>

namespace cancel_test {

using namespace network;
using kind = sdk::cancellation::kind;

namespace {

// A message of source crm whose one part its carrier has accepted, or that is still in the queue,
// and the server before it; the carrier answers a recall as the test says.
struct office {
    scratch_folder folder;
    std::vector<store::operation> deeds;
    std::string recalled_for;
    sdk::cancellation carrier_says{kind::cannot, {}};
    std::unique_ptr<house> network_house;
    std::unique_ptr<store::store> writer;
    posthorn::id message = 0;
    std::string crm;

    explicit office(part_state state) {
        network_house = std::make_unique<house>(settings::http_settings{},
                                                [this](surroundings& s) { surround(s); });
        const auto made = tokens::make_token("crm", "night shift", start_of_time);
        tokens::add_token(network_house->folder / "tokens", made.token);
        crm = "\r\nAuthorization: Bearer " + made.text;
        std::promise<void> known;
        asio::post(network_house->loop, [&] {
            network_house->ring.refresh();
            known.set_value();
        });
        known.get_future().get();
        fill(state);
    }
    // As the daemon does, but for those who go through it: of `over` nothing is under way at once.
    bool over = true;
    posthorn::id many = 0;
    void take_all_back(posthorn::id event, store::operation by, std::function<void()> done) {
        std::vector<store::op> ops;
        ops.emplace_back(store::cancel_event{.event = event, .reason = by.reason, .at = by.at});
        for (const auto m : not_left)
            ops.emplace_back(store::close_message{m, part_event::cancel, by.reason, start_of_time});
        ops.emplace_back(store::advance_expansion{
            .event = event, .done = true, .reason = by.reason, .at = start_of_time});
        if (over)
            ops.emplace_back(store::end_withdrawal{.event = event, .by_name = true});
        deeds.push_back(std::move(by));
        writer->submit(std::move(ops),
                       [this, done](auto) { asio::post(network_house->loop, done); });
    }
    std::vector<posthorn::id> not_left;
    void for_many(std::initializer_list<part_state> messages) {
        const auto source = number_of_crm;
        auto event = live_db::make_event("M", 3, 3);
        event.to_kind = "area";
        std::vector<store::op> ops;
        ops.emplace_back(store::add_event{
            .event = std::move(event), .for_many = true, .source = source, .at = start_of_time});
        many = committed(std::move(ops)).front().event;
        for (const auto state : messages) {
            auto m = live_db::make_message(1, state);
            m.source = source;
            std::vector<store::op> one;
            one.emplace_back(store::add_recipient{
                .event = many, .message = std::move(m), .reason = {}, .at = start_of_time});
            const auto id = committed(std::move(one)).front().message;
            if (state == part_state::queued)
                not_left.push_back(id);
        }
    }
    std::vector<store::outcome> committed(std::vector<store::op> ops) {
        std::promise<std::vector<store::outcome>> done;
        writer->submit(std::move(ops), [&](std::span<const store::outcome> outcomes) {
            done.set_value({outcomes.begin(), outcomes.end()});
        });
        return done.get_future().get();
    }
    name_id number_of_crm = 0;
    void surround(surroundings& s) {
        s.cancel_event = [this](auto event, store::operation by, auto done) {
            take_all_back(event, std::move(by), std::move(done));
        };
        s.withdraw = [this](auto, store::operation by, const auto& done) {
            deeds.push_back(std::move(by));
            done();
        };
        s.recall = [this](const auto&, std::string reason, const auto& done) {
            recalled_for = std::move(reason);
            done(carrier_says);
        };
    }
    void fill(part_state state) {
        const auto& place = network_house->folder;
        writer = std::make_unique<store::store>(live_db::plain_store(place.path()));
        const auto source = writer->number_of("source", "crm");
        number_of_crm = source;
        writer->start();
        auto waiting = live_db::make_message(1, state);
        waiting.source = source;
        waiting.account = 1;
        std::vector<store::op> ops;
        ops.emplace_back(store::add_event{.event = live_db::make_event("K/1", 1, 1),
                                          .message = std::move(waiting),
                                          .source = source,
                                          .at = start_of_time});
        ops.emplace_back(store::add_event{.event = live_db::make_event("parked", 2, 2),
                                          .parked = "no such type",
                                          .source = source,
                                          .at = start_of_time});
        std::promise<posthorn::id> committed;
        writer->submit(std::move(ops), [&](std::span<const store::outcome> outcomes) {
            committed.set_value(outcomes.front().message);
        });
        message = committed.get_future().get();
    }
    reply cancel(const std::string& what, const std::string& who, const std::string& body = "") {
        client c(network_house->port);
        return c.ask("POST /v1/" + what + "/cancel HTTP/1.1" + who, body);
    }
};

} // namespace

TEST_CASE("cancel: what its carrier says of it is the answer, with a status of its own") {
    struct row {
        sdk::cancellation said;
        unsigned status;
        const char* result;
    };
    for (const auto& r : {row{{kind::cannot, {}}, 409, "carrier cannot"},
                          row{{kind::too_late, "11"}, 409, "too late"},
                          row{{kind::unknown, "no answer"}, 202, "unknown"},
                          // not one that the store knows of
                          row{{kind::cancelled, {}}, 409, "too late"}}) {
        CAPTURE(r.result);
        office o(part_state::submitted);
        o.carrier_says = r.said;
        const auto got = o.cancel("events/crm/K%2F1", o.crm, R"({"reason":"wrong sum"})");
        CHECK(got.status == r.status);
        CHECK(got.body().at("result") == r.result);
        CHECK(std::string(got.body().at("message").as_string()) == std::to_string(o.message));
        CHECK(got.body().at("state") == "submitted");
        CHECK(o.recalled_for == "cancelled: wrong sum");
    }
}

TEST_CASE("cancel: an event for many is taken back as a whole, and counted") {
    struct row {
        std::initializer_list<part_state> messages;
        unsigned status;
        const char* result;
        const char* counts;
        const char* why;
    };
    using enum part_state;
    for (const auto& r : {row{{queued, queued}, 200, "cancelled", R"({"cancelled":2})", ""},
                          row{{}, 200, "cancelled", "{}", ""},
                          row{{queued, submitted, rejected},
                              409,
                              "too late",
                              R"({"submitted":1,"rejected":1,"cancelled":1})",
                              "1 of 3 messages had left, and are not known to be back"}}) {
        CAPTURE(r.counts);
        office o(submitted);
        o.for_many(r.messages);
        const auto got = o.cancel("events/crm/M", o.crm, R"({"reason":"wrong area"})");
        CHECK(got.status == r.status);
        CHECK(got.body().at("result") == r.result);
        CHECK(boost::json::serialize(got.body().at("messages")) == r.counts);
        CHECK((*r.why == 0 || got.body().at("why") == r.why));
        CHECK(std::string(got.body().at("event").as_string()) == std::to_string(o.many));
        REQUIRE(o.deeds.size() == 1);
        CHECK(o.deeds[0].which == "event " + std::to_string(o.many));
        const auto again = o.cancel("events/crm/M", o.crm);
        CHECK(again.status == (r.status == 200 && r.messages.size() == 0 ? 409 : r.status));
    }
}

TEST_CASE("cancel: the log of operations names the token; a source need not say why") {
    office o(part_state::submitted);
    CHECK(o.cancel("messages/" + std::to_string(o.message), o.crm).status == 409);
    REQUIRE(o.deeds.size() == 1);
    CHECK(o.deeds[0].who.starts_with("token "));
    CHECK(o.deeds[0].who.ends_with(" night shift"));
    CHECK(o.deeds[0].what == "cancel");
    CHECK(o.deeds[0].which == "message " + std::to_string(o.message));
    CHECK(o.deeds[0].reason == "by its source");
    CHECK(o.recalled_for == "cancelled: by its source");
}

TEST_CASE("cancel: a source reaches nothing of another's, nor learns whether it is there") {
    office o(part_state::submitted);
    const auto& billing = o.network_house->billing;
    CHECK(o.cancel("events/crm/K%2F1", billing).status == 403);
    CHECK(o.cancel("events/crm/none", billing).status == 403);
    CHECK(o.cancel("events/billing/K%2F1", billing).status == 404);
    const auto there = o.cancel("messages/" + std::to_string(o.message), billing);
    const auto not_there = o.cancel("messages/1", billing);
    CHECK(there.status == 404);
    CHECK(there.body().at("title") == not_there.body().at("title"));
    CHECK(o.cancel("messages/" + std::to_string(o.message), "").status == 401);
    CHECK(o.cancel("messages/" + std::to_string(o.message), o.network_house->watcher).status ==
          403);
    CHECK(o.deeds.empty());
}

TEST_CASE("cancel: what cannot be cancelled is refused before anything is done") {
    office o(part_state::submitted);
    CHECK(o.cancel("events/crm/parked", o.crm).status == 409);
    CHECK(o.cancel("events/crm/none", o.crm).status == 404);
    CHECK(o.cancel("events/crm/K%2F1", o.crm, R"({"why":"?"})").status == 400);
    CHECK(o.cancel("events/crm/K%2F1", o.crm, "[]").status == 400);
    CHECK(o.deeds.empty());
}

} // namespace cancel_test
