// What somebody with one source's token, or none, tries over the network to see or do more.
#include "api/network_house.hpp"
#include "store/plain_store.hpp"

#include "store/store.hpp"

#include <doctest/doctest.h>

#include <future>

namespace attack_test {

using namespace network;

namespace {

// An event and a message of source crm; the attacker's token is billing's.
struct target : house {
    posthorn::id event = 0, message = 0;

    target() {
        store::store writer(live_db::plain_store(folder.path()));
        const auto source = writer.number_of("source", "crm");
        writer.start();
        auto waiting = live_db::make_message(1);
        waiting.source = source;
        std::vector<store::op> ops;
        ops.emplace_back(store::add_event{.event = live_db::make_event("K", 1, 1),
                                          .message = std::move(waiting),
                                          .source = source,
                                          .at = start_of_time});
        std::promise<void> committed;
        writer.submit(std::move(ops), [&](std::span<const store::outcome> done) {
            event = done.front().event;
            message = done.front().message;
            committed.set_value();
        });
        committed.get_future().get();
    }
};

} // namespace

TEST_CASE("attack: no way of writing a path leads to another source's events") {
    target t;
    client c(t.port);
    const auto m = std::to_string(t.message);
    for (const auto& path : std::vector<std::string>{"/v1/events/crm/K",
                                                     "/v1/events/%63rm/K",
                                                     "/v1/%65vents/crm/K",
                                                     "/v1/events/billing/..%2Fcrm%2FK",
                                                     "/v1/events/billing/../crm/K",
                                                     "/v1/events/billing%2F..%2Fcrm/K",
                                                     "/v1/events/CRM/K",
                                                     "/v1/events/crm%00/K",
                                                     "/v1/events/billing%00crm/K",
                                                     "/v1/events//K",
                                                     "/v1/events/billing/K",
                                                     "/v1/events/billing/K?source=crm",
                                                     "/v1/events/%/K",
                                                     "/v1/events/crm/K%",
                                                     "//v1/events/crm/K",
                                                     "/v1/events/crm/K/",
                                                     "/v1/events/%2e%2e/crm/K",
                                                     "http://x/v1/events/crm/K",
                                                     "/v1/messages/" + m,
                                                     "/v1/messages/0" + m,
                                                     "/v1/messages/%2B" + m,
                                                     "/v1/messages/" + std::to_string(t.event),
                                                     "/v1/messages/-1",
                                                     "/v1/messages/0",
                                                     "/v1/messages/9223372036854775807",
                                                     "/v1/messages/9223372036854775808",
                                                     "/v1/messages/" + std::string(2000, '9'),
                                                     "/v1/show?what=K",
                                                     "/v1/search?key=K",
                                                     "/v1/log",
                                                     "/v1/sources"}) {
        CAPTURE(path);
        const auto got = c.ask("GET " + path + " HTTP/1.1" + t.billing);
        CHECK((got.status == 403 || got.status == 404));
        CHECK(got.whole.body().find("8613800000000") == std::string::npos);
        CHECK(got.whole.body().find("bill.issued") == std::string::npos);
    }
}

TEST_CASE("attack: a message of another's and one that is not there are refused alike") {
    target t;
    client c(t.port);
    const auto refusal = [&](const std::string& id) {
        auto text = c.ask("GET /v1/messages/" + id + " HTTP/1.1" + t.billing).whole.body();
        return text.replace(text.find(id), id.size(), "ID");
    };
    CHECK(refusal(std::to_string(t.message)) == refusal("1"));
}

TEST_CASE("attack: HEAD is refused as GET is, and its answer has no body") {
    target t;
    client c(t.port);
    c.write("HEAD /v1/events/crm/K HTTP/1.1" + t.billing + "\r\n\r\n");
    c.write("HEAD /v1/status HTTP/1.1\r\n\r\nGET /livez HTTP/1.1\r\nConnection: close\r\n\r\n");
    std::string all;
    for (std::string some = c.read_some(); !some.empty(); some = c.read_some())
        all += some;
    CHECK(all.starts_with("HTTP/1.1 403"));
    CHECK(all.find("HTTP/1.1 404") != std::string::npos);
    CHECK(all.ends_with("alive\n"));
    CHECK(all.find("title") == std::string::npos);
}

TEST_CASE("attack: only the very token opens, and only after Bearer") {
    target t;
    client c(t.port);
    const std::string before = "\r\nAuthorization: Bearer ";
    const auto token = t.billing.substr(before.size());
    auto shouted = token;
    for (char& letter : shouted)
        letter = static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 32 : letter);
    struct row {
        std::string header;
        unsigned status;
    };
    const std::string get = "GET /v1/events/billing/none HTTP/1.1";
    for (const auto& r : {
             row{before + token, 404},
             row{"\r\nauthorization: bearer " + token, 404},
             row{before + shouted, 401},
             row{before + token + "0", 401},
             row{before + token.substr(0, token.size() - 1), 401},
             row{before + token.substr(0, 12), 401},
             row{before + " " + token + " x", 401},
             row{before + token + "," + token, 401},
             row{"\r\nAuthorization: Basic " + token, 401},
             row{"\r\nAuthorization: " + token, 401},
             row{"\r\nX-Authorization: Bearer " + token, 401},
             row{"\r\nAuthorization:", 401},
             row{before + std::string(8000, 'x'), 401},
         }) {
        CAPTURE(r.header);
        CHECK(c.ask(get + r.header).status == r.status);
    }
    CHECK(c.ask("GET /v1/events/billing/none?access_token=" + token + " HTTP/1.1").status == 401);
}

TEST_CASE("attack: nobody becomes a person or comes from here by saying so") {
    target t;
    client c(t.port);
    for (const std::string header :
         {"\r\nX-Forwarded-For: 127.0.0.1", "\r\nX-User: root", "\r\nX-HTTP-Method-Override: POST",
          "\r\nX-Original-URL: /v1/status", "\r\nUpgrade: h2c\r\nConnection: Upgrade"}) {
        CAPTURE(header);
        CHECK(c.ask("GET /v1/status HTTP/1.1" + t.billing + header).status == 404);
        CHECK(c.ask("POST /v1/cancel HTTP/1.1" + t.billing + header).status == 404);
    }
    for (const std::string method : {"TRACE", "CONNECT", "OPTIONS", "DELETE", "GET\x01"}) {
        CAPTURE(method);
        client one(t.port);
        const auto status = one.ask(method + " /v1/events/crm/K HTTP/1.1" + t.billing).status;
        CHECK((status == 400 || status == 405));
    }
}

TEST_CASE("attack: no request hides in the body of another") {
    const std::string hidden = "GET /v1/events/billing/none HTTP/1.1\r\nX: y";
    for (const std::string coding : {"gzip", "chunked, identity", "identity", "xchunked",
                                     "gzip, chunked", "chunked\r\nTransfer-Encoding: identity"}) {
        CAPTURE(coding);
        target t;
        client c(t.port);
        c.write("POST /v1/events HTTP/1.1" + t.billing + "\r\nTransfer-Encoding: " + coding +
                "\r\n\r\n" + hidden + t.billing + "\r\n\r\n");
        const auto status = c.read().status;
        CHECK((status == 400 || status == 501));
        CHECK(c.closed()); // the hidden one has no answer
    }
}

} // namespace attack_test
