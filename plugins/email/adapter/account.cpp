// E-mail: letters to a mail server over SMTP, and what comes back.
//
//     us ── MAIL, RCPT, DATA ──► mail server ══► others      250: accepted
//        ◄── a Maildir ───────── what they could not deliver (bounces)
//
//     account        options, the state of the link, how many letters may be under way
//     couriers       threads with connections that stay open, by libcurl
//     conversation   what the end of a talk means
//     mailbox        bounces
//
// A server that takes a letter promises to deliver it or to say that it could not: there are no
// receipts, so the host awaits none, and is told of bounces when they come.
#include "email/adapter/couriers.hpp"
#include "email/adapter/mailbox.hpp"
#include "email/codec/mime.hpp"
#include "email/codec/plain_words.hpp"
#include "sdk/backoff.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace posthorn::email {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;

constexpr auto grace = 30s; // for answers, at the end

class account final : public sdk::adapter {
public:
    account(sdk::host& host, const sdk::options& values)
        : host_(host), settings_(values), change_(host.executor()),
          couriers_(host.executor(), settings_) {
        if (!settings_.bounces.empty())
            mailbox_ = std::make_shared<mailbox>(host, settings_.bounces, settings_.from,
                                                 settings_.look_every);
    }

    asio::awaitable<void> run() override {
        if (mailbox_ && !stopping_)
            mailbox_->look();
        while (!stopping_) {
            trouble_ = settings_.mistake();
            if (trouble_.empty())
                co_await connect();
            if (trouble_.empty() && !stopping_) {
                host_.slots(settings_.connections, "connected to " + settings_.url);
                co_await changed(std::nullopt);
            }
            if (stopping_)
                break;
            host_.slots(0, trouble_);
            co_await changed(pause_.next(host_.random()));
        }
        host_.slots(0, "stopped");
        if (under_way_ > 0)
            co_await changed(grace);
        bool ended = false;
        couriers_.close([this, &ended] {
            ended = true;
            change_.cancel();
        });
        while (!ended)
            co_await changed(std::nullopt);
        if (mailbox_)
            mailbox_->close();
    }

    void submit(std::span<const sdk::unit> units) override {
        for (const auto& u : units) {
            if (u.coding != sdk::coding::email) {
                refuse(u.handle, "not an e-mail: this account carries nothing else");
                continue;
            }
            ++under_way_;
            auto mail = mail_of({u.subject, u.octets, u.html}, {.from = settings_.from,
                                                                .from_name = settings_.from_name,
                                                                .reply_to = settings_.reply_to,
                                                                .to = u.recipient,
                                                                .message = u.message,
                                                                .opt_out = opt_out_of(u),
                                                                .now = host_.now()});
            couriers_.send(std::move(mail), std::string(u.recipient),
                           [this, handle = u.handle, message = u.message](
                               const conversation& talk, bool done, const std::string& failure) {
                               answered(handle, message, outcome_of(talk, done, failure));
                           });
        }
    }

    void stop() override {
        stopping_ = true;
        change_.cancel();
    }

    void probe(std::function<void(sdk::finding)> done) override {
        if (auto wrong = settings_.mistake(); !wrong.empty())
            return done({false, std::move(wrong), {}});
        couriers_.probe([this, done = std::move(done)](const conversation& talk, bool well,
                                                       const std::string& failure) {
            auto said = outcome_of(talk, well, failure);
            if (!well)
                return done({false, said.trouble, {}});
            done({true,
                  {},
                  {{"answer to NOOP", said.verdict.code},
                   {"encrypted", settings_.tls ? "yes, and verified" : "no"}}});
        });
    }

    std::string describe(std::string_view code) const override { return plain_words(code); }

    // Servers may write it in other letters.
    std::string match_key(std::string_view ref, bool) const override {
        std::string key(ref);
        for (auto& c : key)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return key;
    }

private:
    // Where nobody reads what is sent back, nothing is promised.
    std::string_view opt_out_of(const sdk::unit& u) const {
        return u.may_opt_out && mailbox_ ? std::string_view(settings_.return_path)
                                         : std::string_view();
    }

    // Until something has changed: change_ was cancelled; or the time is over.
    asio::awaitable<void> changed(std::optional<std::chrono::microseconds> limit) {
        if (limit)
            change_.expires_after(*limit);
        else
            change_.expires_at(asio::steady_timer::time_point::max());
        co_await change_.async_wait(asio::as_tuple(asio::use_awaitable));
    }

    // Leaves in trouble_ why there is no link.
    asio::awaitable<void> connect() {
        bool answer = false;
        couriers_.probe(
            [this, &answer](const conversation& talk, bool done, const std::string& failure) {
                trouble_ = outcome_of(talk, done, failure).trouble;
                answer = true;
                change_.cancel();
            });
        while (!answer)
            co_await changed(std::nullopt);
        if (!trouble_.empty() && trouble_ != told_)
            host_.log(sdk::level::warn, "no link to " + settings_.url + ": " + trouble_);
        else if (trouble_.empty())
            host_.log(sdk::level::info, "connected to " + settings_.url);
        told_ = trouble_;
    }

    void refuse(std::uint64_t handle, std::string why) {
        sdk::verdict v;
        v.handle = handle;
        v.what = sdk::verdict::kind::rejected;
        v.code = std::move(why);
        host_.verdicts({&v, 1});
    }

    void answered(std::uint64_t handle, std::uint64_t message, outcome o) {
        --under_way_;
        o.verdict.handle = handle;
        if (o.verdict.what == sdk::verdict::kind::accepted) {
            o.verdict.ref = message_id_of(message, settings_.from);
            pause_.reset();
        }
        if (!o.trouble.empty() && trouble_.empty() && !stopping_) {
            trouble_ = o.trouble;
            host_.slots(0, trouble_);
            change_.cancel();
        }
        if (stopping_ && under_way_ == 0)
            change_.cancel();
        host_.verdicts({&o.verdict, 1});
    }

    sdk::host& host_;
    const configuration settings_;
    asio::steady_timer change_;
    std::shared_ptr<mailbox> mailbox_;
    sdk::backoff pause_{1s, 60s};
    std::string trouble_; // why there is no link; empty: there is one
    std::string told_;    // in the log
    std::size_t under_way_ = 0;
    bool stopping_ = false;
    couriers couriers_; // last: it ends first
};

} // namespace

} // namespace posthorn::email

POSTHORN_ADAPTER_OF("email", "E-mail over SMTP, with what comes back of it.",
                    posthorn::email::account, posthorn::email::option_table, false,
                    posthorn::sdk::channel::email);
