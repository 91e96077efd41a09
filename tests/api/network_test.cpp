// The API over TCP: who may do what, what is refused before it is read, and what a hostile client
// cannot do.
#include "api/network_house.hpp"

#include "api/event_body.hpp"

#include <doctest/doctest.h>

namespace network_test {

using namespace network;
using code = store::outcome::code;

TEST_CASE("network: an event needs a token, is handed to intake, and is answered with its place") {
    house h;
    client c(h.port);
    const std::string post = "POST /v1/events HTTP/1.1\r\nIdempotency-Key: K 1";
    auto r = c.ask(post + h.billing, bill);
    CHECK(r.status == 202);
    CHECK(r.header("Location") == "/v1/events/billing/K%201");
    CHECK(r.body().at("outcome") == "accepted");
    CHECK(r.body().at("event") == "41");
    CHECK(r.body().at("message") == "42");
    REQUIRE(h.taken.size() == 1);
    CHECK(h.taken[0].source == "billing");
    CHECK(h.taken[0].key == "K 1");
    CHECK(h.taken[0].to_kind == "number");
    CHECK(h.taken[0].data == R"({"n":1})");
    CHECK(h.taken[0].outbox_id == 0);

    h.outcomes = {{.what = code::replay, .event = 41}};
    r = c.ask(post + h.billing, bill);
    CHECK(r.status == 200);
    CHECK(r.body().at("outcome") == "duplicate");
    h.outcomes = {{.what = code::reused, .event = 41}};
    CHECK(c.ask(post + h.billing, bill).status == 409);
    h.outcomes = {{.event = 41, .parked = "no such type"}};
    r = c.ask(post + h.billing, bill);
    CHECK(r.status == 202);
    CHECK(r.body().at("reason") == "no such type");
    h.refusal = {.closed = "the disk is full", .retry_after = std::chrono::milliseconds(1500)};
    r = c.ask(post + h.billing, bill);
    CHECK(r.status == 503);
    CHECK(r.header("Retry-After") == "2");
}

TEST_CASE("network: a batch has an outcome for each, and one mistake does not spoil it") {
    house h;
    client c(h.port);
    h.outcomes = {{.event = 7, .message = 8}, {.what = code::duplicate, .event = 9}};
    const auto r = c.ask("POST /v1/events HTTP/1.1" + h.billing,
                         R"({"events":[{"key":"a","type":"t","to_ref":"1"},{"type":"t"},)"
                         R"({"key":"b","type":"t","to_ref":"1"}]})");
    CHECK(r.status == 200);
    const auto events = r.body().at("events").as_array();
    REQUIRE(events.size() == 3);
    CHECK(events[0].at("outcome") == "accepted");
    CHECK(events[1].at("outcome") == "refused");
    CHECK(events[2].at("outcome") == "duplicate");
    CHECK(events[2].at("key") == "b");
    CHECK(h.taken.size() == 2);
}

TEST_CASE("network: over its quota a source is told when to come again, and what was stored") {
    house h;
    client c(h.port);
    h.refusal = {.retry_after = std::chrono::milliseconds(41'500),
                 .over_quota = quota_use{.window = quota_window::minute,
                                         .limit = 1200,
                                         .used = 1200,
                                         .ends_at = "12:35 Asia/Shanghai"}};
    h.quota = 0;
    const std::string all = R"({"events":[{"key":"a","type":"t","to_ref":"1"},{"type":"t"},)"
                            R"({"key":"b","type":"t","to_ref":"1"}]})";
    for (const auto& body : {bill, all}) {
        const auto r = c.ask("POST /v1/events HTTP/1.1\r\nIdempotency-Key: k" + h.billing, body);
        CHECK(r.status == 429);
        CHECK(r.header("Retry-After") == "42");
        CHECK(r.header("Content-Type") == "application/problem+json");
        CHECK(r.detail() == "source billing has used its quota of 1,200 a minute: nothing was "
                            "stored, the same again from 12:35 Asia/Shanghai on");
    }
    h.quota = 1;
    auto r = c.ask("POST /v1/events HTTP/1.1" + h.billing, all);
    CHECK(r.status == 200);
    CHECK(r.header("Retry-After") == "42");
    auto events = r.body().at("events").as_array();
    REQUIRE(events.size() == 3);
    CHECK(events[0].at("outcome") == "accepted");
    CHECK(events[1].at("outcome") == "refused");
    CHECK(events[2].at("outcome") == "over_quota");
    CHECK(events[2].at("key") == "b");
    CHECK(!events[2].as_object().contains("event"));
    h.quota = 1000;
    r = c.ask("POST /v1/events HTTP/1.1" + h.billing, all);
    CHECK(r.header("Retry-After").empty());
    CHECK(r.body().at("events").at(2).at("outcome") == "accepted");
}

TEST_CASE("network: what a caller may not do is refused by who he is") {
    house h;
    client c(h.port);
    struct row {
        std::string head;
        unsigned status;
    };
    const std::string stranger = "\r\nAuthorization: Bearer pht_00000000_" + std::string(64, '0');
    for (const auto& r : {
             row{"GET /livez HTTP/1.1", 200},
             row{"GET /readyz HTTP/1.1", 200},
             row{"GET /openapi.yaml HTTP/1.1", 200},
             row{"POST /v1/events HTTP/1.1", 401},
             row{"POST /v1/events HTTP/1.1" + stranger, 401},
             row{"POST /v1/events HTTP/1.1" + h.watcher, 403},
             row{"GET /v1/events/billing/K HTTP/1.1", 401},
             row{"GET /v1/events/crm/K HTTP/1.1" + h.billing, 403},
             row{"PUT /v1/events HTTP/1.1" + h.billing, 405},
             // people's own are not there, whatever is shown
             row{"GET /v1/status HTTP/1.1" + h.billing, 404},
             row{"POST /v1/pause HTTP/1.1" + h.billing, 404},
             row{"POST /v1/retry HTTP/1.1", 404},
         }) {
        CAPTURE(r.head);
        CHECK(c.ask(r.head).status == r.status);
    }
    CHECK(c.ask("POST /v1/events HTTP/1.1").header("WWW-Authenticate") == "Bearer");
}

TEST_CASE("network: mistakes in an event are named, and nothing of it is taken") {
    house h;
    client c(h.port);
    struct row {
        std::string body, detail;
    };
    for (const auto& r : {
             row{"", "the body is not a JSON object"},
             row{"[]", "the body is not a JSON object"},
             row{R"({"type":"t","to_ref":"1"})", "the event has no key"},
             row{R"({"key":"k","to_ref":"1"})", "'type' is missing"},
             row{R"({"key":"k","type":"t"})", "'to_ref' is missing"},
             row{R"({"key":"k","type":1})", "'type' is not a text"},
             row{R"({"key":"k","tpye":"t"})", "unknown member 'tpye'"},
             row{R"({"key":"k","data":"{}"})", "'data' is not an object"},
             row{R"({"key":"k","not_before":1})", "'not_before' is not a time like"},
             row{R"({"key":"k\n","type":"t","to_ref":"1"})", "a key has 1 to 255 octets"},
             row{R"({"events":[]})", "a batch is"},
             row{R"({"events":[{}],"x":1})", "a batch is"},
             row{std::string(100, '['), "the body is not a JSON object"},
         }) {
        CAPTURE(r.body);
        const auto got = c.ask("POST /v1/events HTTP/1.1" + h.billing, r.body);
        CHECK(got.status == 400);
        CHECK_MESSAGE(got.detail().starts_with(r.detail), got.detail());
    }
    CHECK(h.taken.empty());
}

TEST_CASE("network: times are read with fractions and offsets, and nonsense is not") {
    const auto nine = start_of_time; // 2025-10-09T08:53:20Z
    CHECK(*read_rfc3339("2025-10-09T08:53:20Z") == nine);
    CHECK(*read_rfc3339("2025-10-09T16:53:20+08:00") == nine);
    CHECK(*read_rfc3339("2025-10-09t03:23:20.25-05:30") == nine + std::chrono::milliseconds(250));
    CHECK(*read_rfc3339("2025-10-09T08:53:20.1234567Z") == nine + duration(123456));
    for (const std::string_view wrong :
         {"", "2025-10-09", "2025-10-09T08:53:20", "2025-02-30T08:53:20Z", "2025-10-09T24:00:00Z",
          "2025-10-09T08:53:20+0800", "2025-10-09T08:53:20Zz", "1760000000000000"})
        CHECK_FALSE(read_rfc3339(wrong).has_value());
}

TEST_CASE("network: a body is asked for only when its sender may send it, and refused unread") {
    house h({.longest_body = 1024});
    client allowed(h.port);
    allowed.write("POST /v1/events HTTP/1.1\r\nIdempotency-Key: k\r\nExpect: 100-continue" +
                  h.billing + "\r\nContent-Length: " + std::to_string(bill.size()) + "\r\n\r\n");
    CHECK(allowed.read().status == 100);
    allowed.write(bill);
    CHECK(allowed.read().status == 202);

    for (const auto& [who, length, status] :
         {std::tuple(std::string(), 10, 401U), std::tuple(h.billing, 1025, 413U)}) {
        client c(h.port);
        c.write("POST /v1/events HTTP/1.1\r\nExpect: 100-continue" + who +
                "\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n");
        const auto got = c.read();
        CHECK(got.status == status);
        CHECK(got.whole["Connection"] == "close");
        CHECK(c.closed());
    }
}

TEST_CASE("network: requests may follow each other without waiting for the answers") {
    house h;
    client c(h.port);
    c.write("GET /livez HTTP/1.1\r\n\r\nPOST /v1/events HTTP/1.1\r\nIdempotency-Key: k" +
            h.billing + "\r\nContent-Length: " + std::to_string(bill.size()) + "\r\n\r\n" + bill +
            "GET /readyz HTTP/1.1\r\nConnection: close\r\n\r\n");
    CHECK(c.read().whole.body() == "alive\n");
    CHECK(c.read().status == 202);
    CHECK(c.read().whole.body() == "ready\n");
    CHECK(c.closed());
}

TEST_CASE("network: a token has so many requests a second") {
    house h({.requests_per_second = 2});
    client c(h.port);
    const std::string post = "POST /v1/events HTTP/1.1\r\nIdempotency-Key: k" + h.billing;
    CHECK(c.ask(post, bill).status == 202);
    CHECK(c.ask(post, bill).status == 202);
    client again(h.port); // another connection is no way around
    const auto refused = again.ask(post);
    CHECK(refused.status == 429);
    CHECK(refused.header("Retry-After") == "1");
    h.now_us += 500'000;
    CHECK(again.ask(post, bill).status == 202);
    CHECK(again.ask(post).status == 429);
    CHECK(again.ask("GET /livez HTTP/1.1").status == 200);
}

TEST_CASE("network: one address has so many connections, and gets its place back") {
    house h({.connections = 8, .connections_per_address = 3});
    std::vector<std::unique_ptr<client>> open;
    for (int i = 0; i < 3; ++i) {
        open.push_back(std::make_unique<client>(h.port));
        CHECK(open.back()->ask("GET /livez HTTP/1.1").status == 200);
    }
    client extra(h.port);
    CHECK(extra.read().status == 503);
    CHECK(extra.closed());
    CHECK(open.front()->ask("GET /livez HTTP/1.1\r\nConnection: close").status == 200);
    CHECK(open.front()->closed()); // only now is its place free
    client next(h.port);
    CHECK(next.ask("GET /livez HTTP/1.1").status == 200);
}

TEST_CASE("network: the doors count by address, and all together") {
    doorkeeper door(3, 2);
    CHECK(door.let_in("a"));
    CHECK(door.let_in("a"));
    CHECK_FALSE(door.let_in("a"));
    CHECK(door.let_in("b"));
    CHECK_FALSE(door.let_in("c"));
    door.gone("a");
    CHECK(door.let_in("c"));
    CHECK(door.inside() == 3);
}

TEST_CASE("network: who sends a request drop by drop, or nothing, is let go") {
    const auto soon = std::chrono::milliseconds(50);
    house impatient({.idle_wait = soon});
    CHECK(client(impatient.port).closed());

    house with_headers({.header_wait = soon});
    client slow_header(with_headers.port);
    slow_header.write("GET /livez HTTP/1.1\r\nX: ");
    CHECK(slow_header.closed());

    house with_bodies({.body_wait = soon});
    client slow_body(with_bodies.port);
    slow_body.write("POST /v1/events HTTP/1.1" + with_bodies.billing +
                    "\r\nContent-Length: 9\r\n\r\n{");
    CHECK(slow_body.closed());
}

TEST_CASE("network: a thousand connections with garbage and giant headers leave it alive") {
    house h({.connections = 2000, .connections_per_address = 2000});
    const std::string giant = "GET / HTTP/1.1\r\nX: " + std::string(60'000, 'x');
    std::vector<std::unique_ptr<client>> all;
    for (int i = 0; i < 1000; ++i) {
        all.push_back(std::make_unique<client>(h.port));
        if (i % 3 == 0)
            all.back()->write("\x16\x03\x01 no HTTP \xFF\r\n\r\n");
        else if (i % 3 == 1)
            all.back()->write(giant.substr(0, 17'000));
        else
            all.back()->write("POST /v1/events HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n");
    }
    for (int i = 0; i < 1000; ++i) {
        const auto got = all[static_cast<std::size_t>(i)]->read().status;
        CHECK(got == (i % 3 == 0 ? 400U : i % 3 == 1 ? 431U : 413U));
    }
    client c(h.port);
    CHECK(c.ask("GET /livez HTTP/1.1").status == 200);
}

TEST_CASE("network: a token is not looked for where two lengths differ, nor chunks smuggled in") {
    house h;
    for (const std::string head : {"Content-Length: 5\r\nContent-Length: 6",
                                   "Content-Length: 5\r\nTransfer-Encoding: chunked",
                                   "Content-Length: -1", "Content-Length: 99999999999999999999"}) {
        CAPTURE(head);
        client c(h.port);
        c.write("POST /v1/events HTTP/1.1" + h.billing + "\r\n" + head + "\r\n\r\n");
        CHECK(c.read().status == 400);
        CHECK(c.closed());
    }
}

} // namespace network_test
