#include "sdk/link/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace posthorn::sdk {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto goodbye_limit = 2s, hang_up_limit = 2s;
constexpr duration longest_drain = 30s; // a person waits for us to stop
constexpr std::size_t read_size = 128 * 1024;
constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

} // namespace

session::session(link_account& account, beginning how)
    : host_(account.host), settings_(account.settings), words_(account.words),
      watch_(account.watch), opened_(std::move(how.opened)), attempt_(how.attempt), anew_(how.anew),
      socket_(host_.executor()), timer_(host_.executor()), room_(host_.executor()),
      framer_(words_.frame, read_size), pending_(settings_.window) {
    if (how.from_carrier) {
        socket_ = std::move(*how.from_carrier);
        dialled_ = false;
    }
}

asio::awaitable<session::ending> session::run() {
    const auto self = shared_from_this();
    const auto executor = host_.executor();
    if (dialled_)
        enter(state::connecting, settings_.connect_timeout);
    else
        enter(state::greeting, settings_.login_timeout);
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
            co_await dial();
        std::array<char, 4096> waste{};
        while (state_ != state::closed) {
            co_await until_room();
            const auto room = deaf_ ? std::span<char>(waste) : framer_.prepare();
            const auto target = asio::buffer(room.data(), room.size());
            const auto [error, octets] = co_await read_some(target);
            if (error)
                lost(error);
            else if (!deaf_)
                take_all(octets);
        }
    } catch (const std::exception& e) { // also whatever the host throws at us
        why = e.what();
    }
    close(why);
}

void session::lost(const boost::system::error_code& error) {
    if (!ends_stream(error))
        return close("connection lost: " + error.message());
    note_idle();
    close("the carrier closed the connection");
}

asio::awaitable<void> session::dial() {
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
    if (state_ == state::connecting)
        co_await secure(reached.address());
    if (state_ == state::connecting)
        begin_to_log_in();
}

void session::begin_to_log_in() {
    boost::system::error_code ignored; // an option that cannot be set only makes the link slower
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.set_option(asio::socket_base::keep_alive(true), ignored);
    now_ = heard_ = up_at_ = clock::now(); // up_at_: until the answer, when it was asked for
    enter(state::logging_in, settings_.login_timeout);
    login_ = next_sequence();
    append_login(out_.tail(), login_);
    flush();
}

void session::logged_in(const std::string& about) {
    enter(state::up, clock::duration::max());
    was_up_ = open_ = true;
    login_took_ = now_ - up_at_;
    up_at_ = now_;
    wake_by(std::min(next_test(), next_rest()));
    host_.log(anew_ ? level::debug : level::info, std::string(words_.in) +
                                                      " host=" + settings_.place() +
                                                      (about.empty() ? "" : " ") + about);
    opened_(true, std::string(words_.in) + " to " + settings_.place());
}

void session::login_refused(refusal why, std::string code) {
    ending_.refused = why;
    ending_.code = std::move(code);
    close(std::string(words_.login) + " refused: " + ending_.code);
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
        wake_by(next_test());
    }
}

void session::enter(state next, clock::duration limit) {
    state_ = next;
    limit_ = limit == clock::duration::max() ? clock::time_point::max() : clock::now() + limit;
    wake_by(limit_);
}

void session::stop(const std::string& why) {
    if (state_ == state::up)
        drain(why);
    else if (state_ < state::up)
        close(why);
}

void session::drain(const std::string& why) {
    if (state_ != state::up)
        return;
    // An answer that we do not wait for makes a text uncertain, and in the end a second one.
    enter(state::draining, std::min(settings_.response_timeout, longest_drain));
    ending_.why = why;
    close_opened(why);
    if (all_answered())
        say_goodbye();
}

void session::say_goodbye() {
    if (goodbye_asked_) {
        append_goodbye_answer(out_.tail(), *goodbye_asked_);
        return hang_up(ending_.why);
    }
    enter(state::leaving, goodbye_limit);
    goodbye_ = next_sequence();
    append_goodbye(out_.tail(), goodbye_);
    flush();
}

void session::take_goodbye(sequence_number sequence) {
    const auto why = "the carrier ended the session (" + std::string(words_.goodbye) + ")";
    if (state_ == state::up || state_ == state::draining) {
        goodbye_asked_ = sequence;
        note_idle();
        return drain(why);
    }
    append_goodbye_answer(out_.tail(), sequence);
    hang_up(why);
}

// Where links cannot be tested the carrier closes those that nothing is done over.
void session::note_idle() {
    if (state_ == state::up)
        ending_.idle = words_.test.empty() && all_answered();
}

void session::goodbye_answered(sequence_number sequence) {
    if (state_ == state::leaving && sequence == goodbye_)
        close("said good-bye");
}

// The socket is closed by the carrier when it has read all, or by us after a moment: closing at
// once, with octets of the carrier unread, would take our last words from its buffers.
void session::hang_up(const std::string& why) {
    if (state_ == state::closed || hanging_up_)
        return;
    hanging_up_ = true;
    if (ending_.why.empty())
        ending_.why = why;
    enter(state::leaving, hang_up_limit);
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
    if (was_up_)
        ending_.up_for = clock::now() - up_at_;
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
        if (unit.begin >= out_.taken())
            verdicts_.push_back(not_sent(unit.handle, ending_.why));
        else
            doubt(unit, ending_.why);
    }
    give_verdicts();
    forget_questions(clock::time_point::max(), ending_.why);
    if (texts_came_)
        host_.link_ended();
}

// What most protocols have no need of.

asio::awaitable<void> session::secure(const asio::ip::address&) { co_return; }

asio::awaitable<session::transferred> session::read_some(asio::mutable_buffer into) {
    const auto [error, octets] = co_await socket_.async_read_some(into, tuple);
    co_return transferred(error, octets);
}

void session::write_some(asio::const_buffer octets, written_handler done) {
    socket_.async_write_some(octets, std::move(done));
}

bool session::ends_stream(const boost::system::error_code& error) const {
    return error == asio::error::eof;
}

void session::take_broken_stream(const framer& of) {
    close("not " + std::string(words_.name) + ": " + of.problem());
}

sequence_number session::after(sequence_number last) const {
    return last.number >= 0x7FFFFFFF ? 1 : last.number + 1;
}

std::string session::append_cancel(std::string&, sequence_number, const accepted_part&) {
    return std::string(words_.name) + " has no way to take a text back";
}

std::string session::append_query(std::string&, sequence_number, const accepted_part&) {
    return std::string(words_.name) + " has no way to ask about a text";
}

void session::unit_doubted(const pending_table::entry&) {}
std::uint64_t session::note_of(const unit&) const { return 0; }
void session::receipts_came(std::span<const receipt>) {}
void session::about_link(finding&) const {}

} // namespace posthorn::sdk
