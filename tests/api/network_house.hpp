// The API over TCP for tests: a client that writes what it likes, and the server alone, whose
// surroundings are the test's.
#pragma once

#include "api/server.hpp"
#include "api/test_client.hpp"

#include "store/live_db.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/parse.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace network {

using namespace posthorn;
using namespace posthorn::api;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using live_db::scratch_folder;
using live_db::start_of_time;

struct reply {
    unsigned status = 0;
    http::response<http::string_body> whole;

    std::string header(std::string_view name) const {
        return std::string(whole[boost::beast::string_view(name.data(), name.size())]);
    }
    boost::json::value body() const { return boost::json::parse(whole.body()); }
    std::string detail() const { return std::string(body().at("detail").as_string()); }
};

class client : public test_client<tcp> {
public:
    explicit client(std::uint16_t port)
        : test_client({asio::ip::make_address("127.0.0.1"), port}) {}
    reply read() {
        auto whole = read_response();
        return {whole.result_int(), std::move(whole)};
    }
    reply ask(const std::string& head, const std::string& body = "") {
        write(head + "\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              body);
        return read();
    }
};

// The server alone: what it hands to intake is kept, and answered as the test says.
struct house {
    scratch_folder folder;
    store::reader reader{folder / "live.db", folder / "history"};
    tokens::token_ring ring{folder / "tokens"};
    asio::io_context loop{1};
    std::unique_ptr<server> api;
    std::thread thread;
    std::uint16_t port = 0;
    std::string billing, watcher; // their tokens
    std::atomic<std::int64_t> now_us{to_micros(start_of_time)};

    std::vector<event> taken;
    std::vector<taken_event> outcomes; // for the next events; beyond: applied
    intake_answer refusal;             // when `closed` is set, or the quota is used up
    std::size_t quota = 1000;          // of each request

    explicit house(settings::http_settings http = {},
                   const std::function<void(surroundings&)>& adjust = {}) {
        billing = token("billing");
        watcher = token("");
        ring.refresh();
        http.address = "127.0.0.1";
        surroundings around;
        around.now = [this] { return from_micros(now_us); };
        around.log = [](std::string_view) {};
        around.health = [] { return health_figures{.version = "1"}; };
        around.status = [] { return status_snapshot{}; };
        around.take = [this](const std::string&, std::vector<event> events, auto done) {
            take(std::move(events), std::move(done));
        };
        if (adjust)
            adjust(around);
        api = std::make_unique<server>(loop.get_executor(), folder / "socket", reader,
                                       std::move(around));
        port = api->open_to_network(http, ring, reader);
        api->start();
        thread = std::thread([this] { loop.run(); });
    }
    ~house() {
        asio::co_spawn(loop, api->stop(), asio::use_future).get();
        thread.join();
    }
    house(const house&) = delete;
    house& operator=(const house&) = delete;

    std::string token(std::string source) {
        const auto made = tokens::make_token(std::move(source), "", start_of_time);
        tokens::add_token(folder / "tokens", made.token);
        return "\r\nAuthorization: Bearer " + made.text;
    }
    std::string agent(std::string name) { // the token alone
        auto made = tokens::make_token("", std::move(name), start_of_time);
        made.token.agent = true;
        tokens::add_token(folder / "tokens", made.token);
        asio::post(loop, [this] { ring.refresh(); });
        return made.text;
    }
    void take(std::vector<event> events, std::function<void(intake_answer)> done) {
        auto a = refusal;
        const auto room = !a.closed.empty() ? 0 : std::min(quota, events.size());
        if (room == events.size())
            a.over_quota.reset();
        for (std::size_t i = 0; i < room; ++i)
            a.events.push_back(i < outcomes.size() ? outcomes[i]
                                                   : taken_event{.event = 41, .message = 42});
        taken.insert(taken.end(), events.begin(), events.end());
        asio::post(loop, [a = std::move(a), done = std::move(done)] { done(a); });
    }
};

inline const std::string bill = R"({"type":"bill.issued","to_ref":"13800138000","data":{"n":1}})";

} // namespace network
