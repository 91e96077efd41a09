// An account at a carrier that is called over HTTP. What a carrier is, are three pure functions:
//
//     texts ── make_request ──► carrier ── read_response ──► what it says of each
//     carrier calls us ── read_callback ──► is it the carrier? receipts, texts, our answer
//
// and where it can be asked what became of a text: make_inquiry, read_inquiry. All else is here: a
// text is whole and in UTF-8; texts that may share a request do; no answer to a request that may
// have left is `uncertain`; one that surely has not left costs the text nothing. An account that
// cannot reach its carrier, or is refused by it, has no slots for a while, and then one.
#pragma once

#include "sdk/adapter.hpp"
#include "sdk/backoff.hpp"
#include "sdk/http/client.hpp"
#include "sdk/http/inquiries.hpp"
#include "sdk/http/readings.hpp"

#include <boost/asio/steady_timer.hpp>

#include <array>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace posthorn::sdk {

struct http_callback {
    sdk::answer answer; // once all of it is stored
    std::vector<receipt> receipts;
    std::vector<inbound> texts;

    // It calls /v1/carriers/ACCOUNT/SECRET: for carriers that sign nothing.
    static bool at_secret_path(const call& c, std::string_view secret);
    // Not the carrier.
    static http_callback stranger() { return {.answer = {.status = 403, .known = false}}; }
};

class http_account : public adapter {
public:
    // `place`: a URL of the carrier's, to see whether it can be reached.
    http_account(host& h, const options& o, std::string place);

    carriage carries() const override { return {.whole = 2 * longest(), .one_receipt = true}; }
    boost::asio::awaitable<void> run() override;
    void submit(std::span<const unit> units) override;
    void stop() override;
    void query(const accepted_part& which, std::function<void(inquiry)> done) override;
    void probe(std::function<void(finding)> done) override;
    void called_back(const call& what, std::function<void(answer)> done) override;

protected:
    // Of one text, in UTF-16 units.
    virtual std::size_t longest() const = 0;
    // Why nothing can be sent as the account is configured; empty: it can.
    virtual std::string misconfigured() const { return {}; }
    // Why this carrier cannot take it, as a code; empty: it can.
    virtual std::string mistake(const http_text& t) const {
        (void)t;
        return {};
    }
    // Texts of the same group may share a request, `batch` at most; of group "" none does.
    virtual std::size_t batch() const { return 1; }
    virtual std::string group(const http_text& t) const {
        (void)t;
        return {};
    }

    virtual http_request make_request(std::span<const http_text> texts, const moment& at) const = 0;
    // One for each of `texts`, in their order; those that are missing are uncertain.
    virtual std::vector<http_reading> read_response(std::span<const http_text> texts,
                                                    const http_response& r) const = 0;
    virtual http_callback read_callback(const call& c, const moment& at) const {
        (void)c, (void)at;
        return http_callback::stranger();
    }

    virtual std::optional<http_request> make_inquiry(const accepted_part& p,
                                                     const moment& at) const {
        (void)p, (void)at;
        return std::nullopt;
    }
    virtual inquiry read_inquiry(const accepted_part& p, const http_response& r) const {
        (void)p, (void)r;
        return {};
    }
    // Accepted texts are asked for this often, until they are final or `ask_for` is over; 0: never.
    virtual inquiry_times ask_times() const { return {}; }

private:
    moment now();
    boost::asio::awaitable<void> changed(std::optional<duration> limit);
    boost::asio::awaitable<void> reach();
    boost::asio::awaitable<void> connect();
    bool convert(const unit& u, http_text& to);
    void open();
    void send(std::vector<http_text> texts);
    void begin(std::vector<http_text> texts);
    void give_back_waiting(const std::string& why);
    void answered(const std::vector<http_text>& texts, const http_result& result);
    std::vector<http_reading> readings(const std::vector<http_text>& texts, const http_response& r);
    void heed(const http_text& t, const http_reading& said);
    void set_clock(const http_response& r);
    void fail(std::string why);

    host& host_;
    const std::string place_;
    const unsigned connections_;
    boost::asio::steady_timer change_;
    http_client client_;
    inquiries inquiries_;
    std::deque<std::vector<http_text>> waiting_; // for a connection
    backoff pause_{std::chrono::seconds(1), std::chrono::minutes(2)};
    duration skew_{};     // what the carrier's clock is ahead of ours
    std::string trouble_; // why nothing is sent; empty: something is
    std::string told_;    // in the log
    bool wide_ = true;    // all slots are open; else one, to see
    bool stopping_ = false;
    std::uint32_t nonces_ = 0;
};

// The options every such account has; an adapter adds its own before them (with_http_options).
constexpr std::array<option, 6> http_account_options{{
    {.name = "connections",
     .what = option::kind::integer,
     .fallback = "8",
     .least = 1,
     .most = 1000,
     .help = "How many requests may be unanswered at once."},
    {.name = "connect_timeout",
     .what = option::kind::interval,
     .fallback = "5s",
     .least = 100,
     .most = 60000,
     .help = "How long connecting and encrypting may take."},
    {.name = "timeout",
     .what = option::kind::interval,
     .fallback = "15s",
     .least = 100,
     .most = 120000,
     .help = "How long a request may take in all; a text without an answer by then is uncertain."},
    {.name = "tls_ca",
     .what = option::kind::secret,
     .help = "PEM certificates to trust instead of the system's, e.g. file:ca.pem."},
    {.name = "receipts",
     .what = option::kind::flag,
     .fallback = "on",
     .help = "The carrier reports what became of a text; off: an accepted text is unconfirmed."},
    {.name = "callback_url",
     .help = "The URL by which the carrier reaches /v1/carriers/ACCOUNT of this daemon, exactly as "
             "it calls it; empty: it does not call."},
}};

template <std::size_t N>
constexpr std::array<option, http_account_options.size() + N>
with_http_options(const option (&own)[N]) {
    std::array<option, http_account_options.size() + N> all{};
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = i < N ? own[i] : http_account_options[i - N];
    return all;
}

} // namespace posthorn::sdk
