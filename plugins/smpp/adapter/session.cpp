#include "smpp/adapter/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace posthorn::smpp {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto unbind_limit = 2s, hang_up_limit = 2s;
constexpr std::chrono::microseconds longest_drain = 30s; // a person waits for us to stop
constexpr std::chrono::microseconds enquiry_limit = 10s;
constexpr std::size_t most_overdue = 10'000;
constexpr unsigned enquiries = 2; // unanswered: the link is dead
constexpr std::size_t read_size = 128 * 1024;
constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

} // namespace

std::string_view name(role r) {
    return r == role::transceiver   ? "transceiver"
           : r == role::transmitter ? "transmitter"
                                    : "receiver";
}

session::session(account_state& account, role as, open_handler opened, unsigned attempt)
    : account_(account), host_(account.host), settings_(account.settings), judge_(account.answers),
      role_(as), opened_(std::move(opened)), attempt_(attempt), socket_(host_.executor()),
      timer_(host_.executor()), room_(host_.executor()), framer_(framer::default_limit, read_size),
      pending_(settings_.window), submission_(settings_) {}

session::session(account_state& account, tcp::socket from_carrier, open_handler opened)
    : session(account, role::receiver, std::move(opened), 0) {
    socket_ = std::move(from_carrier);
    dialled_ = false;
}

asio::awaitable<session::ending> session::run() {
    const auto self = shared_from_this();
    const auto executor = host_.executor();
    if (dialled_)
        enter(state::connecting, settings_.connect_timeout);
    else
        enter(state::greeting, settings_.bind_timeout);
    auto group =
        asio::experimental::make_parallel_group(asio::co_spawn(executor, talk(), asio::deferred),
                                                asio::co_spawn(executor, watch(), asio::deferred));
    const auto [order, talked, watched] =
        co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    // How much of the last write the kernel took is known only when its handler has run.
    while (writing_) {
        timer_.expires_at(clock::time_point::max());
        co_await timer_.async_wait(tuple);
    }
    settle();
    if (talked)
        std::rethrow_exception(talked);
    if (watched)
        std::rethrow_exception(watched);
    co_return ending_;
}

asio::awaitable<void> session::talk() {
    std::string why;
    try {
        if (dialled_)
            co_await connect();
        std::array<char, 4096> waste{};
        while (state_ != state::closed) {
            co_await until_room();
            const auto room = deaf_ ? std::span<char>(waste) : framer_.prepare();
            const auto target = asio::buffer(room.data(), room.size());
            boost::system::error_code error;
            std::size_t octets = 0;
            if (tls_stream_)
                std::tie(error, octets) = co_await tls_stream_->async_read_some(target, tuple);
            else
                std::tie(error, octets) = co_await socket_.async_read_some(target, tuple);
            if (error)
                close(error == asio::error::eof || error == asio::ssl::error::stream_truncated
                          ? "the carrier closed the connection"
                          : "connection lost: " + error.message());
            else if (!deaf_)
                take_all(octets);
        }
    } catch (const std::exception& e) { // also whatever the host throws at us
        why = e.what();
    }
    close(why);
}

asio::awaitable<void> session::connect() {
    boost::system::error_code error;
    std::vector<tcp::endpoint> targets;
    if (const auto address = asio::ip::make_address(settings_.host, error); !error) {
        targets.emplace_back(address, settings_.port);
    } else {
        tcp::resolver resolver(socket_.get_executor());
        const auto [failed, found] =
            co_await resolver.async_resolve(settings_.host, std::to_string(settings_.port), tuple);
        if (failed)
            co_return close("cannot resolve " + settings_.host + ": " + failed.message());
        targets.assign(found.begin(), found.end());
        // One that swallows everything uses up all of connect_timeout: the next is first next time.
        const auto first = targets.empty() ? 0 : attempt_ % targets.size();
        std::rotate(targets.begin(), targets.begin() + static_cast<std::ptrdiff_t>(first),
                    targets.end());
    }
    if (state_ == state::closed)
        co_return;
    const auto [failed, reached] = co_await asio::async_connect(socket_, targets, tuple);
    if (failed)
        co_return close("cannot connect to " + settings_.place() + ": " + failed.message());
    if (state_ != state::connecting)
        co_return;
    if (wants_tls(settings_, reached.address()))
        co_await encrypt();
    if (state_ == state::connecting)
        begin_to_bind();
}

asio::awaitable<void> session::encrypt() {
    tls_stream_ = make_stream(socket_, *account_.tls, settings_);
    const auto [failed] = co_await tls_stream_->async_handshake(tls_stream::client, tuple);
    if (failed)
        close(handshake_failure(failed, *tls_stream_, settings_));
    else
        warn_of_certificate();
}

void session::warn_of_certificate() {
    constexpr auto soon = std::chrono::days(21);
    const auto end = certificate_end(*tls_stream_);
    if (!end || *end - host_.now() > soon)
        return;
    const auto left = std::chrono::floor<std::chrono::days>(*end - host_.now());
    host_.log(sdk::level::warn, "the certificate of host=" + settings_.place() + " ends in " +
                                    std::to_string(left.count()) +
                                    " days: without a new one this link will not come up then");
}

void session::begin_to_bind() {
    boost::system::error_code ignored; // an option that cannot be set only makes the link slower
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.set_option(asio::socket_base::keep_alive(true), ignored);
    now_ = heard_ = bound_at_ = clock::now(); // bound_at_: until the answer, when it was asked for
    enter(state::binding, settings_.bind_timeout);
    append_bind();
    flush();
}

// What is read must find room in the store, and its answer room on the wire: until it does, the
// carrier waits.
asio::awaitable<void> session::until_room() {
    while (overfull() && state_ != state::closed) {
        full_ = true;
        room_.expires_at(clock::time_point::max());
        co_await room_.async_wait(tuple);
    }
    if (std::exchange(full_, false)) {
        heard_ = clock::now();
        wake_by(next_enquiry());
    }
}

asio::awaitable<void> session::watch() {
    while (state_ != state::closed) {
        timer_.expires_at(next_look());
        co_await timer_.async_wait(tuple);
        if (state_ == state::closed)
            break;
        try {
            look_at_clock(clock::now());
        } catch (const std::exception& e) {
            close(e.what());
        }
    }
}

void session::enter(state next, clock::duration limit) {
    state_ = next;
    limit_ = limit == clock::duration::max() ? clock::time_point::max() : clock::now() + limit;
    wake_by(limit_);
}

void session::stop(const std::string& why) {
    if (state_ == state::bound)
        drain(why);
    else if (state_ == state::connecting || state_ == state::greeting || state_ == state::binding)
        close(why);
}

void session::drain(const std::string& why) {
    if (state_ != state::bound)
        return;
    // An answer that we do not wait for makes a text uncertain, and in the end a second one.
    enter(state::draining, std::min(settings_.response_timeout, longest_drain));
    ending_.why = why;
    close_opened(why);
    if (all_answered())
        unbind();
}

void session::unbind() {
    if (unbind_asked_) {
        encode_header(out_.tail(), command::unbind_resp, status::ok, *unbind_asked_);
        return hang_up(ending_.why);
    }
    enter(state::unbinding, unbind_limit);
    unbind_sequence_ = next_sequence();
    encode_header(out_.tail(), command::unbind, status::ok, unbind_sequence_);
    flush();
}

// The socket is closed by the carrier when it has read all, or by us after a moment: closing at
// once, with octets of the carrier unread, would take our last words from its buffers.
void session::hang_up(const std::string& why) {
    if (state_ == state::closed || hanging_up_)
        return;
    hanging_up_ = true;
    if (ending_.why.empty())
        ending_.why = why;
    enter(state::unbinding, hang_up_limit);
    close_opened(why);
    if (!writing_ && out_.empty())
        wrote({}, 0);
    flush();
}

void session::close(const std::string& why) {
    if (state_ == state::closed)
        return;
    state_ = state::closed;
    if (ending_.why.empty())
        ending_.why = why;
    if (bound_)
        ending_.bound_for = clock::now() - bound_at_;
    boost::system::error_code ignored; // there is nothing to do about it
    socket_.close(ignored);
    timer_.cancel();
    room_.cancel();
    close_opened(ending_.why);
}

void session::close_opened(const std::string& why) {
    if (!std::exchange(open_, false))
        return;
    opened_(false, why);
}

void session::settle() {
    while (!pending_.empty()) {
        const auto unit = pending_.take_oldest();
        verdicts_.push_back(unit.begin >= out_.taken()
                                ? judge::not_sent(unit.handle, ending_.why)
                                : judge::uncertain(unit.handle, ending_.why));
    }
    give_verdicts();
    forget_questions(clock::time_point::max(), ending_.why);
    if (texts_came_)
        host_.link_ended();
}

session::clock::time_point session::next_look() const {
    auto next = limit_;
    if (writing_)
        next = std::min(next, pushed_ + write_limit);
    if (partial_)
        next = std::min<clock::time_point>(next, begun_ + settings_.inactivity);
    if (!pending_.empty())
        next = std::min(next, pending_.oldest().deadline);
    if (state_ == state::bound && may_receive(role_))
        next = std::min(next, account_.watch.due());
    return std::min({next, next_enquiry(), next_question()});
}

session::clock::time_point session::next_enquiry() const {
    if (full_ || (state_ != state::bound && state_ != state::draining))
        return clock::time_point::max();
    return heard_ + (unanswered_enquiries_ == 0 ? settings_.enquire_link
                                                : std::min(settings_.enquire_link, enquiry_limit));
}

void session::look_at_clock(clock::time_point now) {
    now_ = now;
    take_overdue(now);
    give_verdicts();
    forget_questions(now, "no answer within response_timeout");
    if (state_ == state::draining && (all_answered() || now >= limit_))
        return unbind();
    if (now >= limit_)
        return close(state_ == state::connecting
                         ? "connecting to " + settings_.place() + " took too long"
                     : state_ == state::greeting ? "the caller sent no outbind within bind_timeout"
                     : state_ == state::binding  ? "no answer to the bind within bind_timeout"
                                                 : "no answer to the unbind");
    look_at_link(now);
    look_for_receipts(now);
}

void session::look_for_receipts(clock::time_point now) {
    if (state_ != state::bound || !may_receive(role_) || !account_.watch.renews(bound_at_, now))
        return;
    const auto limit = std::chrono::ceil<std::chrono::seconds>(settings_.rebind_without_receipts);
    drain("no receipt for " + std::to_string(limit.count()) +
          " s though texts were accepted: binding again");
}

void session::take_overdue(clock::time_point now) {
    while (!pending_.empty() && pending_.oldest().deadline <= now) {
        const auto unit = pending_.take_oldest();
        overdue_.emplace(unit.sequence, unit);
        if (overdue_.size() > most_overdue)
            overdue_.erase(overdue_.begin());
        ++overdue_in_a_row_;
        verdicts_.push_back(judge::uncertain(unit.handle, "no answer within response_timeout"));
    }
    // To the carrier its window is full, or it has lost them: a new session begins from nothing.
    if (overdue_in_a_row_ >= settings_.window)
        drain("a whole window of texts has no answer");
}

void session::look_at_link(clock::time_point now) {
    if (writing_ && now >= pushed_ + write_limit)
        return close("the carrier stopped reading");
    if (partial_ && now >= begun_ + settings_.inactivity)
        return close("the carrier stopped inside a PDU");
    if (now < next_enquiry())
        return;
    if (unanswered_enquiries_ == enquiries)
        return close("the carrier is silent: two enquire_link without an answer");
    ++unanswered_enquiries_;
    heard_ = now;
    encode_header(out_.tail(), command::enquire_link, status::ok, next_sequence());
    flush();
}

void session::wake_by(clock::time_point t) {
    if (t < timer_.expiry())
        timer_.cancel(); // watch() then looks for the next time itself
}

} // namespace posthorn::smpp
