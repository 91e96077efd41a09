// What leaves over a session, and what comes.
#include "sdk/link/session.hpp"

#include <algorithm>
#include <utility>

namespace posthorn::sdk {

namespace asio = boost::asio;

void session::submit(std::span<const unit> units) {
    now_ = clock::now();
    const auto now = host_.now();
    for (const auto& u : units)
        if (state_ != state::up)
            verdicts_.push_back(not_sent(u.handle, words_.not_in));
        else if (const auto why = unwilling(); !why.empty())
            verdicts_.push_back(not_sent(u.handle, why));
        else if (u.validity < std::chrono::seconds(1)) // the carrier would take none as its own
            keep_to_its_end(u);
        else if (pending_.full())
            verdicts_.push_back(not_sent(u.handle, "the window is full"));
        else if (!place(u, now))
            verdicts_.push_back(not_sent(u.handle, "out of memory"));
    flush();
    if (!corked_)
        give_verdicts();
}

void session::keep_to_its_end(const unit& u) {
    auto v = not_sent(u.handle, "less than a second is left");
    v.after = u.validity;
    verdicts_.push_back(std::move(v));
}

// Whether the unit got a verdict or a place in the window.
bool session::place(const unit& u, instant now) {
    auto& tail = out_.tail();
    const auto size = tail.size();
    try {
        const auto begin = out_.appended();
        const auto sequence = next_sequence();
        auto trouble = append_submit(tail, sequence, u, now);
        if (!trouble.empty()) {
            verdicts_.push_back(impossible(u.handle, std::move(trouble)));
            return true;
        }
        pending_.insert({.sequence = sequence,
                         .handle = u.handle,
                         .begin = begin,
                         .deadline = now_ + settings_.response_timeout,
                         .note = note_of(u),
                         .reference = u.reference,
                         .attempt = static_cast<std::uint16_t>(std::min(u.attempt, 0xFFFFU))});
        if (pending_.size() == 1)
            wake_by(pending_.oldest().deadline);
        return true;
    } catch (const std::exception&) {
        tail.resize(size); // nothing of the unit may leave
        return false;
    }
}

// A number still waiting for its answer after a whole round is not given again.
sequence_number session::next_sequence() {
    do
        last_ = after(last_);
    while (pending_.contains(last_) || questions_.contains(last_));
    return last_;
}

void session::flush() {
    if (writing_ || corked_ || out_.empty() || state_ == state::closed)
        return;
    const auto chunk = out_.next();
    writing_ = true;
    pushed_ = clock::now();
    wake_by(pushed_ + write_limit);
    write_some(asio::buffer(chunk.data(), chunk.size()),
               [self = shared_from_this()](const boost::system::error_code& error,
                                           std::size_t taken) { self->wrote(error, taken); });
}

void session::wrote(const boost::system::error_code& error, std::size_t octets) {
    writing_ = false;
    out_.took(octets);
    if (state_ == state::closed)
        timer_.cancel(); // run() waits for us
    else if (error)
        close("connection lost: " + error.message());
    else if (!out_.empty())
        flush();
    else if (full_)
        room_.cancel();
    else if (hanging_up_) {
        boost::system::error_code ignored; // the reader hears of it too
        socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    }
}

void session::take_all(std::size_t octets) {
    now_ = heard_ = clock::now();
    unanswered_tests_ = 0;
    corked_ = true;
    framer_.commit(octets);
    bool whole = false;
    auto outcome = framer::more;
    std::string_view next;
    while (!deaf_ && state_ != state::closed && (outcome = framer_.next(next)) == framer::pdu) {
        whole = true;
        take(next);
    }
    const bool waiting = outcome == framer::more && framer_.pending() > 0;
    if (waiting && (whole || !partial_))
        begun_ = now_;
    partial_ = waiting;
    if (partial_)
        wake_by(begun_ + settings_.inactivity);
    if (outcome == framer::broken) {
        deaf_ = true;
        take_broken_stream(framer_);
    }
    give_verdicts(); // first: a receipt in this read may be of a text answered in it
    hand_over_arrivals();
    corked_ = false;
    flush();
    give_verdicts(); // of what the host submitted meanwhile
    if (state_ == state::draining && all_answered())
        say_goodbye();
    wake_by(next_rest());
}

std::optional<session::answered> session::take_unit(sequence_number sequence) {
    if (const auto unit = pending_.take(sequence)) {
        overdue_in_a_row_ = 0;
        return answered{*unit, false};
    }
    // Its deadline has passed, and with it its verdict: what is said now is worth more than a guess.
    const auto unit = overdue_.extract(sequence);
    host_.log(level::debug, std::string(unit ? "late" : "unasked") +
                                " answer sequence=" + std::to_string(sequence.number));
    if (!unit)
        return std::nullopt;
    overdue_in_a_row_ = 0;
    return answered{unit.mapped(), true};
}

// Receipts and texts apart: a person waits for the answer to a text, and nobody for a receipt.
void session::give(verdict v) {
    if (v.what == verdict::kind::accepted && watch_.accepted(now_))
        wake_by(watch_.due());
    verdicts_.push_back(std::move(v));
}

void session::hand_over_arrivals() {
    if (const auto count = arrivals_.texts.size(); count > 0) {
        texts_came_ = true;
        host_.arrived({}, std::exchange(arrivals_.texts, {}),
                      acknowledge(arrivals_.of_texts, count));
    }
    const auto count = arrivals_.receipts.size();
    if (count == 0)
        return;
    watch_.arrived();
    receipts_came(arrivals_.receipts);
    host_.arrived(std::exchange(arrivals_.receipts, {}), {},
                  acknowledge(arrivals_.of_receipts, count));
}

std::function<void()> session::acknowledge(std::string& octets, std::size_t count) {
    unstored_ += count;
    return [weak = weak_from_this(), octets = std::exchange(octets, {}), count] {
        if (const auto self = weak.lock())
            self->stored(octets, count);
    };
}

void session::stored(const std::string& acknowledgements, std::size_t count) {
    unstored_ -= count;
    if (full_ && unstored_ < most_unstored / 2)
        room_.cancel();
    if (state_ == state::closed || hanging_up_)
        return;
    out_.tail() += acknowledgements;
    if (state_ == state::draining && all_answered())
        say_goodbye();
    flush();
}

void session::give_verdicts() {
    if (verdicts_.empty())
        return;
    // The host may submit again, and so add verdicts, while it takes these.
    std::vector<verdict> batch;
    batch.swap(verdicts_);
    host_.verdicts(batch);
    batch.clear();
    if (verdicts_.empty())
        verdicts_.swap(batch); // keeps the memory
}

} // namespace posthorn::sdk
