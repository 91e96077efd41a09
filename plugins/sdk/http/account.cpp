#include "sdk/http/account.hpp"

#include "sdk/http/digest.hpp"
#include "sdk/http/escape.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace posthorn::sdk {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;

constexpr auto grace = 30s; // for answers, at the end

http_limits limits_of(const options& o) {
    return {.connections = static_cast<unsigned>(o.integer("connections")),
            .connect = o.duration("connect_timeout"),
            .whole = o.duration("timeout"),
            .ca = o.text("tls_ca")};
}

} // namespace

bool http_callback::at_secret_path(const call& c, std::string_view secret) {
    return !secret.empty() && same_secret(c.path, "/" + std::string(secret));
}

http_account::http_account(host& h, const options& o, std::string place)
    : host_(h), place_(std::move(place)),
      connections_(static_cast<unsigned>(o.integer("connections"))), change_(h.executor()),
      client_(h.executor(), limits_of(o)),
      inquiries_(h, connections_,
                 [this](const accepted_part& which, auto done) { query(which, std::move(done)); }) {
}

// Until something has changed: change_ was cancelled; or the time is over.
asio::awaitable<void> http_account::changed(std::optional<duration> limit) {
    if (limit)
        change_.expires_after(*limit);
    else
        change_.expires_at(asio::steady_timer::time_point::max());
    co_await change_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> http_account::run() {
    while (!stopping_) {
        co_await reach();
        if (trouble_.empty() && !stopping_)
            open();
        while (trouble_.empty() && !stopping_)
            co_await changed(std::nullopt);
        if (stopping_)
            break;
        co_await changed(pause_.next(host_.random()));
    }
    host_.slots(0, "stopped");
    give_back_waiting("the account was stopped before it was sent");
    inquiries_.stop();
    change_.expires_after(grace);
    for (bool over = false; client_.under_way() > 0 && !over;) {
        const auto [cancelled] =
            co_await change_.async_wait(asio::as_tuple(asio::use_awaitable)); // by an answer
        over = !cancelled;
    }
    client_.give_up("the account was stopped before an answer came");
}

// Leaves in trouble_ why the carrier cannot be used.
asio::awaitable<void> http_account::reach() {
    trouble_ = misconfigured();
    if (trouble_.empty())
        co_await connect();
    if (!trouble_.empty())
        host_.slots(0, trouble_);
    if (!trouble_.empty() && trouble_ != told_)
        host_.log(level::warn, host_in(place_) + " cannot be used: " + trouble_);
    else if (trouble_.empty() && !told_.empty())
        host_.log(level::info, "connected to " + host_in(place_));
    told_ = trouble_;
}

asio::awaitable<void> http_account::connect() {
    bool answer = false;
    client_.connect(place_, [this, &answer](const http_result& result) {
        const auto* failed = std::get_if<http_failure>(&result);
        trouble_ = failed ? failed->why : std::string();
        answer = true;
        change_.cancel();
    });
    while (!answer)
        co_await changed(std::nullopt);
}

void http_account::open() {
    const auto all = connections_ * static_cast<unsigned>(batch());
    host_.slots(wide_ ? all : 1, "ready: " + host_in(place_));
}

void http_account::stop() {
    stopping_ = true;
    change_.cancel();
}

// Nothing can be sent for a while.
void http_account::fail(std::string why) {
    wide_ = false;
    if (!trouble_.empty() || stopping_)
        return;
    trouble_ = std::move(why);
    host_.slots(0, trouble_);
    host_.log(level::warn, host_in(place_) + ": " + trouble_);
    give_back_waiting(trouble_);
    change_.cancel();
}

moment http_account::now() {
    std::string octets;
    for (const auto part : {host_.random(), host_.random(), host_.random(), ++nonces_})
        for (const int shift : {24, 16, 8, 0})
            octets += static_cast<char>(part >> shift & 0xFF);
    return {host_.now() + skew_, hex_of(octets)};
}

void http_account::query(const accepted_part& which, std::function<void(inquiry)> done) {
    const auto request = make_inquiry(which, now());
    if (!request)
        return done({inquiry::kind::cannot, {}, "this carrier cannot be asked"});
    client_.send(*request, [this, which, done = std::move(done)](const http_result& result) {
        inquiry said{inquiry::kind::unknown, {}, {}};
        if (const auto* failed = std::get_if<http_failure>(&result))
            said.code = failed->why;
        else
            said = read_inquiry(which, std::get<http_response>(result));
        done(std::move(said));
        if (stopping_)
            change_.cancel();
    });
}

void http_account::probe(std::function<void(finding)> done) {
    const auto began = host_.now();
    client_.connect(place_, [this, began, done = std::move(done)](const http_result& result) {
        if (const auto* failed = std::get_if<http_failure>(&result))
            return done({false, failed->why, {}});
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(host_.now() - began);
        done({true,
              {},
              {{"connected to", host_in(place_)},
               {"connecting took", std::to_string(took.count()) + " ms"},
               {"encrypted", place_.starts_with("https:") ? "yes, and verified" : "no"}}});
    });
}

void http_account::called_back(const call& what, std::function<void(answer)> done) {
    http_callback read;
    try {
        read = read_callback(what, now());
    } catch (const std::exception& e) {
        host_.log(level::warn, std::string("a call that cannot be read: ") + e.what());
        read = http_callback::stranger();
    }
    if (!read.answer.known || (read.receipts.empty() && read.texts.empty()))
        return done(std::move(read.answer));
    host_.arrived(std::move(read.receipts), std::move(read.texts),
                  [said = std::move(read.answer), done = std::move(done)] { done(said); });
}

} // namespace posthorn::sdk
