// The time limits of a session.
#include "sdk/link/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace posthorn::sdk {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr duration test_limit = 10s;
constexpr std::size_t most_overdue = 10'000;
constexpr unsigned tests = 2; // unanswered: the link is dead

} // namespace

asio::awaitable<void> session::watch() {
    while (state_ != state::closed) {
        timer_.expires_at(next_look());
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (state_ == state::closed)
            break;
        try {
            look_at_clock(clock::now());
        } catch (const std::exception& e) {
            close(e.what());
        }
    }
}

session::clock::time_point session::next_look() const {
    auto next = limit_;
    if (writing_)
        next = std::min(next, pushed_ + write_limit);
    if (partial_)
        next = std::min<clock::time_point>(next, begun_ + settings_.inactivity);
    if (!pending_.empty())
        next = std::min(next, pending_.oldest().deadline);
    if (state_ == state::up && receives())
        next = std::min(next, watch_.next_look(now_));
    return std::min({next, next_test(), next_rest(), next_question()});
}

session::clock::time_point session::next_test() const {
    if (full_ || words_.test.empty() || (state_ != state::up && state_ != state::draining))
        return clock::time_point::max();
    return heard_ + (unanswered_tests_ == 0 ? settings_.test_after
                                            : std::min(settings_.test_after, test_limit));
}

// The carrier would close it soon, perhaps while a text is on its way.
session::clock::time_point session::next_rest() const {
    const bool idle = state_ == state::up && dialled_ && all_answered() && questions_.empty();
    return idle && settings_.rest_after > duration{} ? heard_ + settings_.rest_after
                                                     : clock::time_point::max();
}

void session::look_at_clock(clock::time_point now) {
    now_ = now;
    take_overdue(now);
    give_verdicts();
    forget_questions(now, "no answer within response_timeout");
    if (state_ == state::draining && (all_answered() || now >= limit_))
        return say_goodbye();
    if (now >= limit_)
        return close(too_long());
    if (now >= next_rest()) {
        ending_.idle = true;
        return drain("nothing was to be done over it");
    }
    look_at_link(now);
    look_for_receipts(now);
}

void session::look_for_receipts(clock::time_point now) {
    if (state_ == state::up && receives() && watch_.renews(up_at_, now))
        drain("no receipt for " + std::to_string(watch_.limit().count()) +
              " s though texts were accepted: a new link may bring them");
}

void session::doubt(const pending_table::entry& unit, std::string_view why) {
    unit_doubted(unit);
    verdicts_.push_back(uncertain(unit.handle, why));
}

std::string session::too_long() const {
    const std::string limit(words_.login_limit), login(words_.login);
    switch (state_) {
    case state::connecting:
        return "connecting to " + settings_.place() + " took too long";
    case state::greeting:
        return "the caller did not say who it is within " + limit;
    case state::logging_in:
        return "no answer to the " + login + " within " + limit;
    default:
        return "no answer to the " + std::string(words_.goodbye);
    }
}

void session::take_overdue(clock::time_point now) {
    while (!pending_.empty() && pending_.oldest().deadline <= now) {
        const auto unit = pending_.take_oldest();
        overdue_.emplace(unit.sequence, unit);
        if (overdue_.size() > most_overdue)
            overdue_.erase(overdue_.begin());
        ++overdue_in_a_row_;
        doubt(unit, "no answer within response_timeout");
    }
    // To the carrier its window is full, or it has lost them: a new session begins from nothing.
    if (overdue_in_a_row_ >= settings_.window)
        drain("a whole window of texts has no answer");
}

void session::look_at_link(clock::time_point now) {
    if (writing_ && now >= pushed_ + write_limit)
        return close("the carrier stopped reading");
    if (partial_ && now >= begun_ + settings_.inactivity)
        return close("the carrier stopped inside a " + std::string(words_.packet));
    if (now < next_test())
        return;
    if (unanswered_tests_ == tests)
        return close("the carrier is silent: two " + std::string(words_.test) +
                     " without an answer");
    ++unanswered_tests_;
    heard_ = now;
    append_test(out_.tail(), next_sequence());
    flush();
}

void session::wake_by(clock::time_point t) {
    if (t < timer_.expiry())
        timer_.cancel(); // watch() then looks for the next time itself
}

} // namespace posthorn::sdk
