// Callbacks against a server of the test's own, which answers as it is told.
#include "feedback/callbacks.hpp"

#include "feedback/callback_request.hpp"
#include "heard_request.hpp"
#include "loopback_listener.hpp"
#include "store/callbacks.hpp"
#include "store/live_db.hpp"
#include "tokens/digest.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <set>

namespace callbacks_test {

using namespace posthorn;
using namespace posthorn::feedback;
using live_db::scratch_folder;
using live_db::start_of_time;

namespace {

struct heard : heard_request {
    std::string header(const std::string& name) const {
        const auto at = head.find(name + ": ");
        const auto from = at + name.size() + 2;
        return at == std::string::npos ? "" : head.substr(from, head.find('\r', from) - from);
    }
    std::string key() const {
        return std::string(boost::json::parse(body).at("data").at("key").as_string());
    }
};

// One request for each connection. `answer` says the status, by how many came before.
class endpoint_server {
public:
    explicit endpoint_server(std::function<int(const heard&, std::size_t)> answer)
        : answer_(std::move(answer)) {
        thread_ = std::thread([this] { run(); });
    }
    ~endpoint_server() {
        listener_.stop();
        thread_.join();
    }
    std::string url() const { return listener_.url() + "/hook"; }
    std::vector<heard> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [&] { return all_.size() >= count; });
        return all_;
    }

private:
    void run() {
        for (int c = 0; (c = listener_.accept()) >= 0; ::close(c))
            serve(c);
    }
    void serve(int c) {
        auto asked = heard_request::on(c);
        if (!asked)
            return;
        heard h{std::move(*asked)};
        std::unique_lock lock(mutex_);
        const auto status = answer_(h, all_.size());
        const auto said = "HTTP/1.1 " + std::to_string(status) +
                          " x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        ::send(c, said.data(), said.size(), MSG_NOSIGNAL);
        all_.push_back(std::move(h));
        came_.notify_all();
    }

    std::function<int(const heard&, std::size_t)> answer_;
    loopback_listener listener_;
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<heard> all_;
    std::thread thread_;
};

const std::string secret(32, 's');

store::result_row row(std::int64_t id, const std::string& key, std::int64_t version = 1) {
    return {.outbox_id = id,
            .key = key,
            .type = "bill.issued",
            .event = 100 + id,
            .version = version,
            .state = "delivered",
            .is_final = true,
            .recipient = "8613800000000",
            .parts = 1};
}

struct rig {
    scratch_folder folder;
    store::result_file results{folder / "billing.db", true};
    std::unique_ptr<callbacks> sender;

    void put(const store::result_row& r) {
        results.begin();
        results.put(r, start_of_time);
        results.commit(start_of_time);
        if (sender)
            sender->told();
    }
    void put(const store::inbox_row& r) {
        results.begin();
        results.put(r, start_of_time);
        results.commit(start_of_time);
    }
    void start(const std::string& url, duration retry_for = std::chrono::hours(1)) {
        sender = std::make_unique<callbacks>(
            callback_settings{.results = folder / "",
                              .endpoints = {{"billing", url, secret, retry_for}},
                              .first_wait = std::chrono::milliseconds(1),
                              .longest_wait = std::chrono::milliseconds(4),
                              .now = [this] { return clock(); },
                              .complain = [](std::string_view) {}});
        sender->start();
    }
    // Goes on with every look, so that waits pass without anybody waiting.
    instant clock() { return start_of_time + std::chrono::milliseconds(++looks_); }
    std::int64_t waiting() { return store::callback_queue(folder / "billing.db").waiting(); }

private:
    std::atomic<int> looks_{0};
};

} // namespace

TEST_CASE("callbacks: signed as Standard Webhooks has it") {
    std::string key;
    REQUIRE(tokens::read_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", key));
    CHECK(tokens::base64(tokens::hmac_sha256(
              key, "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}")) ==
          "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    const auto r = make_callback(row(5, "K"), "billing", secret, start_of_time);
    CHECK(r.id == "res_105_1");
    REQUIRE(r.headers.size() == 4);
    CHECK(r.headers[1] == "webhook-id: res_105_1");
    CHECK(r.headers[2] == "webhook-timestamp: 1760000000");
    CHECK(r.headers[3] ==
          "webhook-signature: v1," +
              tokens::base64(tokens::hmac_sha256(secret, "res_105_1.1760000000." + r.body)));
    CHECK(r.body.find("8613800000000") == std::string::npos);
}

TEST_CASE("callbacks: what is not taken comes again, the same, and leaves the queue once it is") {
    endpoint_server server([](const heard&, std::size_t before) { return before < 2 ? 500 : 204; });
    rig r;
    r.put(row(1, "K"));
    r.start(server.url());
    const auto all = server.wait_for(3);
    for (const auto& h : all) {
        CHECK(h.header("webhook-id") == "res_101_1");
        CHECK(h.body == all.front().body);
        CHECK(h.head.starts_with("POST /hook HTTP/1.1\r\n"));
    }
    r.put(row(1, "K", 2)); // a late receipt
    CHECK(server.wait_for(4).back().header("webhook-id") == "res_101_2");
    r.sender->stop();
    CHECK(r.sender->figures().failed == 2);
}

TEST_CASE("callbacks: a key that is refused does not hold up the others") {
    endpoint_server server(
        [](const heard& h, std::size_t) { return h.key() == "bad" ? 400 : 200; });
    rig r;
    r.put(row(1, "bad"));
    for (int i = 2; i <= 20; ++i)
        r.put(row(i, "K" + std::to_string(i)));
    r.start(server.url());
    std::set<std::string> keys;
    for (std::size_t n = 20; keys.size() < 20; ++n)
        for (const auto& h : server.wait_for(n))
            keys.insert(h.key());
    r.sender->stop();
    CHECK(r.waiting() == 20 - r.sender->figures().taken);
}

TEST_CASE("callbacks: what was not told before a stop is told after the next start") {
    rig r;
    r.put(row(1, "K"));
    r.start("http://127.0.0.1:9/hook"); // nobody listens
    r.sender->stop();
    CHECK(r.waiting() == 1);
    endpoint_server server([](const heard&, std::size_t) { return 200; });
    r.start(server.url());
    CHECK(server.wait_for(1).front().key() == "K");
}

TEST_CASE("callbacks: what a phone texted is posted signed, in the order of each phone") {
    std::set<std::string> taken; // texts
    endpoint_server server([&](const heard& h, std::size_t before) {
        const auto said = boost::json::parse(h.body);
        if (said.at("type") != "inbound.text")
            return 204;
        const auto& data = said.at("data");
        const std::string text(data.at("text").as_string());
        CHECK(data.at("source") == "billing");
        CHECK(data.at("recipient") == "1069000001");
        CHECK(data.at("data").at("n") == 1);
        CHECK(h.header("webhook-id") == "in_" + std::string(data.at("id").as_string()));
        if (text == "A2")
            CHECK(taken.contains("A1"));
        if (text == "A1" && before < 12)
            return 400; // of this alone
        taken.insert(text);
        return 200;
    });
    rig r;
    const auto text = [](posthorn::id id, const char* number, const char* what) {
        return store::inbox_row{.id = id,
                                .kind = "text",
                                .number = number,
                                .recipient = "1069000001",
                                .text = what,
                                .data = R"({"n": 1})",
                                .received_at = start_of_time};
    };
    r.put(text(1, "8613800000001", "A1"));
    r.put(text(2, "8613800000001", "A2"));
    r.put(text(3, "8613800000002", "B1"));
    r.put(row(1, "K")); // a result with the number of a text
    r.start(server.url());
    while (r.waiting() > 0)
        std::this_thread::yield();
    r.sender->stop();
    CHECK(taken == std::set<std::string>{"A1", "A2", "B1"});
    CHECK(r.sender->figures().taken == 4);
}

TEST_CASE("callbacks: an endpoint that answers 500 to texts gets its results all the same") {
    std::atomic<bool> mended{false};
    endpoint_server server([&](const heard& h, std::size_t) {
        return boost::json::parse(h.body).at("type") == "result" || mended ? 200 : 500;
    });
    rig r;
    r.put(
        store::inbox_row{.id = 1, .kind = "text", .data = "no JSON", .received_at = start_of_time});
    r.start(server.url());
    for (int i = 2; i <= 10; ++i)
        r.put(row(i, "K" + std::to_string(i)));
    while (r.waiting() > 1)
        std::this_thread::yield();
    CHECK(r.waiting() == 1);
    mended = true;
    while (r.waiting() > 0)
        std::this_thread::yield();
    r.sender->stop();
    CHECK(r.sender->figures().given_up == 0);
}

TEST_CASE("callbacks: in the end it is given up, and the result stays in its file") {
    endpoint_server server([](const heard&, std::size_t) { return 400; });
    rig r;
    r.put(row(1, "K"));
    r.start(server.url(), std::chrono::milliseconds(10));
    while (r.waiting() > 0)
        std::this_thread::yield();
    r.sender->stop();
    CHECK(r.sender->figures().given_up == 1);
}

} // namespace callbacks_test
