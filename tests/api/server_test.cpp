// The API over a real Unix socket, with a store behind it and functions of the test around it.
#include "api/server.hpp"

#include "api/test_client.hpp"
#include "api/user_name.hpp"

#include "store/plain_store.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <sys/stat.h>

#include <fstream>
#include <future>
#include <optional>
#include <thread>

namespace server_test {

using namespace posthorn;
using namespace posthorn::api;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::local::stream_protocol;
using live_db::scratch_folder;
using live_db::start_of_time;

namespace {

struct reply {
    unsigned status = 0;
    std::string type;
    std::string allow;
    boost::json::value body;
};

class client : public test_client<stream_protocol> {
public:
    explicit client(const std::filesystem::path& path) : test_client(path.string()) {}
    reply ask(const std::string& method, const std::string& target, const std::string& body = "") {
        http::request<http::string_body> request;
        request.version(11);
        request.method_string(method);
        request.target(target);
        request.body() = body;
        request.prepare_payload();
        http::write(socket_, request);
        return read();
    }
    reply read() {
        const auto got = read_response();
        return {got.result_int(), std::string(got[http::field::content_type]),
                std::string(got[http::field::allow]), boost::json::parse(got.body())};
    }
};

// A store with some parked events and one that was sent, the server before it, and what it was
// told.
struct house {
    scratch_folder folder;
    std::filesystem::path socket = folder / "run/posthornd.sock";
    std::unique_ptr<store::store> writer;
    store::reader reader{folder / "live.db", folder / "history"};
    asio::io_context loop{1};
    std::unique_ptr<server> api;
    std::thread thread;
    posthorn::id sent = 0; // a message
    name_id source = 0;

    std::vector<std::size_t> retried; // sizes of the calls
    std::vector<std::string> logged;
    std::string settled;
    bool paused = false;
    std::vector<store::operation> deeds;

    explicit house(std::size_t parked = 0, bool with_store = true) {
        if (with_store)
            fill(parked);
        api = std::make_unique<server>(loop.get_executor(), socket, reader, around());
        api->start();
        thread = std::thread([this] { loop.run(); });
    }
    ~house() { stop(); }
    house(const house&) = delete;
    house& operator=(const house&) = delete;

    void stop() {
        if (!thread.joinable())
            return;
        auto stopped = asio::co_spawn(loop, api->stop(), asio::use_future);
        stopped.get();
        thread.join(); // nothing is left that could run
    }

    void fill(std::size_t parked) {
        writer = std::make_unique<store::store>(live_db::plain_store(folder.path()));
        source = writer->number_of("source", "crm");
        writer->start();
        std::vector<store::op> ops;
        ops.emplace_back(store::add_event{.event = live_db::make_event("K 1/中", 1, 1),
                                          .message = live_db::make_message(1, part_state::sending),
                                          .source = source,
                                          .at = start_of_time});
        for (std::size_t i = 0; i < parked; ++i)
            ops.emplace_back(store::add_event{
                .event = live_db::make_event("P" + std::to_string(i), static_cast<int>(i) + 2, 1),
                .parked = "no such type",
                .source = source,
                .at = start_of_time});
        std::promise<posthorn::id> committed;
        writer->submit(std::move(ops), [&](std::span<const store::outcome> outcomes) {
            committed.set_value(outcomes.front().message);
        });
        sent = committed.get_future().get();
    }

    void park(posthorn::event event) {
        std::promise<void> committed;
        std::vector<store::op> ops;
        ops.emplace_back(store::add_event{.event = std::move(event),
                                          .parked = "not UTF-8",
                                          .source = source,
                                          .at = start_of_time});
        writer->submit(std::move(ops), [&](auto) { committed.set_value(); });
        committed.get_future().get();
    }

    surroundings around() {
        surroundings out;
        out.now = [] { return start_of_time; };
        out.status = [this] {
            status_snapshot s;
            if (paused)
                s.pauses.push_back({.who = "li", .reason = "wrong amounts"});
            s.accounts.push_back({.name = "sim", .slots = 1});
            return s;
        };
        out.uncertain = [this] {
            uncertain_part u{.message = sent, .event = sent - 1, .account = "sim"};
            u.recipient = "8613800005678";
            return std::vector{u, uncertain_part{.message = 5, .event = 4}};
        };
        out.settle = [this](posthorn::id message, std::uint8_t n, bool resend,
                            const store::operation& by) {
            settled = std::to_string(message == sent) + "/" + std::to_string(n) +
                      (resend ? " resend " : " accept ") + by.reason;
            deeds.push_back(by);
            return message == sent;
        };
        out.pause = [this](const scope& which, bool stopped, const store::operation& by,
                           const std::function<void(std::int64_t)>& done) -> std::string {
            if (which.name == "nobody")
                return "no " + shown(which) + " is configured";
            paused = true;
            deeds.push_back(by);
            done(stopped ? 41 : 0);
            return {};
        };
        out.resume = [this](const scope& which, const store::operation& by) {
            deeds.push_back(by);
            return which.name != "r2" && std::exchange(paused, false);
        };
        out.accept_clock = [this](const store::operation& by) { deeds.push_back(by); };
        out.retry = [this](const std::vector<store::parked_event>& events, const store::operation&,
                           std::function<void(retry_counts)> done) {
            retried.push_back(events.size());
            const auto all = static_cast<std::int64_t>(events.size());
            asio::post(loop, [done = std::move(done), all] { done({all - 1, 1}); });
        };
        out.log = [this](std::string_view what) { logged.emplace_back(what); };
        return out;
    }
};

} // namespace

TEST_CASE("api: status, show and uncertain answer over one connection") {
    house h(2);
    client c(h.socket);
    const auto status = c.ask("GET", "/v1/status");
    CHECK(status.status == 200);
    CHECK(status.type == "application/json");
    CHECK(status.body.at("verdict") ==
          "2 parked events, most because no such type: fix and `posthorn retry`");
    CHECK(status.body.at("totals").at("events") == 3);

    for (const std::string& what :
         {std::string("K%201%2F%E4%B8%AD"), std::string("K+1/%e4%b8%ad"), std::to_string(h.sent)}) {
        const auto show = c.ask("GET", "/v1/show?what=" + what);
        CHECK(show.status == 200);
        REQUIRE(show.body.at("events").as_array().size() == 1);
        CHECK(show.body.at("events").at(0).at("key") == "K 1/中");
    }
    CHECK(c.ask("GET", "/v1/show?what=nothing").body.at("events").as_array().empty());
    CHECK(c.ask("GET", "/v1/show?what=P1&source=billing").body.at("events").as_array().empty());
    CHECK(c.ask("GET", "/v1/show?source=crm&what=P1").body.at("events").as_array().size() == 1);

    const auto uncertain = c.ask("GET", "/v1/uncertain").body;
    const auto& parts = uncertain.at("uncertain").as_array();
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].at("message").as_string() == std::to_string(h.sent));
    CHECK(parts[0].at("key") == "K 1/中");
    CHECK(parts[0].at("recipient").as_string().find("13800005678") == std::string::npos);
    CHECK_FALSE(parts[1].as_object().contains("key")); // its event is not there any more
}

TEST_CASE("api: a row that was parked for its octets is shown like any other") {
    house h(0);
    auto bad = live_db::make_event("no\xFFtext", 9, 1);
    bad.type = bad.run = bad.subject = bad.to_ref = bad.to_kind = "\xD5\xC5";
    h.park(std::move(bad));
    client c(h.socket);
    const auto show = c.ask("GET", "/v1/show?what=no%FFtext").body;
    REQUIRE(show.at("events").as_array().size() == 1);
    CHECK(show.at("events").at(0).at("key") == "no\uFFFDtext");
    CHECK(show.at("events").at(0).at("type") == "\uFFFD\uFFFD");
    CHECK(c.ask("GET", "/%ff\xFF").body.at("detail") == "there is no /%ff\uFFFD here");
    CHECK(c.ask("POST", "/v1/uncertain/%ff/1/resend").body.at("detail") ==
          "\uFFFD/1 is not MESSAGE/PART as GET /v1/uncertain lists it");
}

TEST_CASE("api: mistakes are answered with a problem that says what to do") {
    house h;
    client c(h.socket);
    const auto part = "/v1/uncertain/" + std::to_string(h.sent) + "/1/";
    struct row {
        std::string method, target, body;
        unsigned status;
        std::string detail;
    };
    for (const auto& r : {
             row{"GET", "/", "", 404, "there is no / here"},
             row{"GET", "/v1/status/", "", 404, "there is no /v1/status/ here"},
             row{"GET", "/v1/uncertain//1/resend", "", 404, "there is no"},
             row{"POST", "/v1/status", "", 405, "/v1/status takes GET, not POST"},
             row{"GET", "/v1/pause", "", 405, "/v1/pause takes POST, not GET"},
             row{"GET", "/v1/show", "", 400, "say what to show"},
             row{"GET", "/v1/show?what=%4", "", 400, "the query has a broken percent escape"},
             row{"GET", "/v1/show?what=" + std::string(1025, 'x'), "", 400, "say what to show"},
             row{"POST", "/v1/uncertain/x/1/resend", "", 400, "x/1 is not MESSAGE/PART"},
             row{"POST", "/v1/uncertain/7/256/resend", "", 400, "7/256 is not MESSAGE/PART"},
             row{"POST", "/v1/uncertain/-7/1/resend", "", 400, "-7/1 is not MESSAGE/PART"},
             row{"POST", "/v1/uncertain/7/1/resend", "{\"reason\":\"x\"}", 409,
                 "part 7/1 is not uncertain"},
             row{"POST", part + "accept", "{}", 400, "say why: "},
             row{"POST", part + "accept", "[]", 400, "the body is not a JSON object"},
             row{"POST", part + "resend", "{\"reason\":1}", 400, "'reason' is not a text"},
             row{"POST", part + "resend", "{\"resaon\":\"x\"}", 400, "unknown member 'resaon'"},
             row{"POST", "/v1/retry", "{", 400, "the body is not a JSON object"},
         }) {
        CAPTURE(r.target);
        const auto got = c.ask(r.method, r.target, r.body);
        CHECK(got.status == r.status);
        CHECK(got.type == "application/problem+json");
        CHECK(got.body.at("status") == r.status);
        CHECK_FALSE(got.body.at("title").as_string().empty());
        const std::string detail(got.body.at("detail").as_string());
        CHECK_MESSAGE(detail.starts_with(r.detail), detail);
        CHECK((got.allow.empty() == (r.status != 405)));
    }
}

TEST_CASE("api: people settle, pause and resume; who did it is logged") {
    house h;
    client c(h.socket);
    const auto id = std::to_string(h.sent);
    CHECK(c.ask("POST", "/v1/uncertain/" + id + "/2/resend").status == 400); // why?
    CHECK(c.ask("POST", "/v1/uncertain/" + id + "/2/resend", R"({"reason":"urged"})").status ==
          200);
    CHECK(h.settled == "1/2 resend urged");
    CHECK(c.ask("POST", "/v1/uncertain/" + id + "/1/accept", R"({"reason":"he has it"})").status ==
          200);
    CHECK(h.settled == "1/1 accept he has it");
    CHECK(c.ask("POST", "/v1/pause").body.at("paused") == true);
    CHECK(h.paused);
    CHECK(c.ask("GET", "/v1/status").body.at("verdict") ==
          "sending is paused by li (wrong amounts): `posthorn resume`");
    CHECK(c.ask("POST", "/v1/resume", "{}").body.at("paused") == false);
    CHECK_FALSE(h.paused);
    CHECK(c.ask("POST", "/v1/pause", R"({"run":"r","source":"crm"})").body.at("scope") ==
          "run r of crm");
    CHECK(c.ask("POST", "/v1/pause", R"({"account":"sim","source":"crm"})").status == 400);
    CHECK(c.ask("POST", "/v1/pause", R"({"run":"r","type":"t"})").status == 400);
    CHECK(c.ask("POST", "/v1/resume", R"({"source":"crm"})").body.at("scope") == "source crm");
    CHECK(c.ask("POST", "/v1/accept-clock").body.as_object().contains("now"));
    const auto me = user_name(::getuid());
    REQUIRE(h.deeds.size() == 7);
    CHECK(h.deeds[0].what == "uncertain resend");
    CHECK(h.deeds[0].which == "part " + id + "/2");
    CHECK(h.deeds[0].who == me);
    CHECK(h.deeds[6].what == "accept-clock");
    REQUIRE(h.logged.size() == 10);
    CHECK(h.logged[3] == "POST /v1/pause who=" + me);
}

TEST_CASE("api: retry hands on all parked events that match, some hundreds at a time") {
    house h(501);
    client c(h.socket);
    auto got = c.ask("POST", "/v1/retry");
    CHECK(h.retried == std::vector<std::size_t>{500, 1});
    CHECK(got.body.at("retried") == 499);
    CHECK(got.body.at("still_parked") == 2);
    got = c.ask("POST", "/v1/retry", R"({"key":"P7","source":"crm","reason_like":"SUCH"})");
    CHECK(got.body.at("still_parked") == 1);
    CHECK(h.retried.back() == 1);
    got = c.ask("POST", "/v1/retry", R"({"key":"P7","source":"billing"})");
    CHECK(got.body.at("still_parked") == 0);
    CHECK(h.retried.size() == 3);
}

TEST_CASE("api: what is no request, or too long, is refused and the connection closed") {
    house h;
    const auto header = "GET /v1/status HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n";
    struct row {
        std::string octets;
        unsigned status;
    };
    for (const auto& r : {row{"garbage\r\n\r\n", 400}, row{header, 431},
                          row{"POST /v1/retry HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n", 413}}) {
        client c(h.socket);
        c.write(r.octets);
        CHECK(c.read().status == r.status);
        CHECK(c.closed());
    }
}

TEST_CASE("api: a store that cannot be read is a problem, not the end") {
    house h(0, false);
    client c(h.socket);
    const auto got = c.ask("GET", "/v1/status");
    CHECK(got.status == 503);
    CHECK(got.type == "application/problem+json");
    CHECK(got.body.at("detail").as_string().find("live.db") != std::string::npos);
    CHECK(c.ask("POST", "/v1/pause").status == 200);
    CHECK(h.logged.size() == 2);
}

TEST_CASE("api: the 65th connection is turned away") {
    house h;
    std::vector<std::unique_ptr<client>> open;
    for (int i = 0; i < 64; ++i) {
        open.push_back(std::make_unique<client>(h.socket));
        CHECK(open.back()->ask("POST", "/v1/pause").status == 200);
    }
    client extra(h.socket);
    CHECK(extra.read().status == 503);
    CHECK(extra.closed());
}

TEST_CASE("api: stopping closes idle connections and takes the socket file away") {
    house h;
    client c(h.socket);
    CHECK(c.ask("GET", "/v1/status").status == 200);
    h.stop();
    CHECK(c.closed());
    CHECK_FALSE(std::filesystem::exists(h.socket));
}

TEST_CASE("api: the socket is for its group; a dead one is replaced, anything else is not") {
    scratch_folder folder;
    const auto path = folder / "s";
    asio::io_context loop;
    store::reader reader(folder / "live.db", folder / "history");
    const auto refusal = [&]() -> std::string {
        try {
            server s(loop.get_executor(), path, reader, {});
            return "";
        } catch (const std::runtime_error& e) {
            return e.what();
        }
    };
    { stream_protocol::acceptor dead(loop, stream_protocol::endpoint(path.string())); }
    REQUIRE(std::filesystem::exists(path)); // as a killed daemon leaves it
    {
        server s(loop.get_executor(), path, reader, {});
        struct stat file {};
        REQUIRE(::stat(path.c_str(), &file) == 0);
        CHECK(S_ISSOCK(file.st_mode));
        CHECK((file.st_mode & 0777) == 0660);
        CHECK(refusal().find("another posthornd listens there") != std::string::npos);
    }
    std::filesystem::remove(path);
    std::ofstream(path.string()) << "precious";
    CHECK(refusal().find("there is another file of that name") != std::string::npos);
    CHECK(std::filesystem::file_size(path) == 8);
    const std::filesystem::path longer = folder / std::string(120, 'x');
    CHECK_THROWS_AS(server(loop.get_executor(), longer, reader, {}), std::runtime_error);
}

TEST_CASE("api: percent escapes are read in paths and queries") {
    CHECK(url_decoded("a%20b+c", true) == "a b c");
    CHECK(url_decoded("a%20b+c", false) == "a b+c");
    CHECK(url_decoded("%E4%b8%ad", false) == "中");
    CHECK(url_decoded("", true) == "");
    for (const auto* broken : {"%", "%4", "a%G0", "%0x"})
        CHECK_FALSE(url_decoded(broken, true));
}

} // namespace server_test
