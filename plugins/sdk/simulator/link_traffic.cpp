// What passes over a link: texts and their answers, deliveries and theirs.
#include "sdk/simulator/link.hpp"

#include <algorithm>

namespace posthorn::simulator {

namespace {

// How far the numbers may run ahead of one that is never answered.
constexpr std::size_t most_ahead = 16;
constexpr std::string_view garbage = "\xDE\xAD\xBE\xEF these octets are of no protocol";

} // namespace

void link::open(account& who, bool receives) {
    account_ = &who;
    receives_ = receives;
    ++carrier_.counts().binds;
    if (receives) {
        who.box.join(*this);
        carrier_.receiver_bound(who);
    }
}

// Whether what came is heard at all.
bool link::hears() {
    auto& faults = carrier_.faults();
    if (faults.strikes(fault::half_open)) {
        mute_ = true;
        return false;
    }
    if (faults.strikes(fault::receipts_stop))
        stop_deliveries();
    return true;
}

bool link::too_many() const {
    const auto window = carrier_.settings().window;
    return window > 0 && unanswered_ >= window;
}

// Whether what was taken is answered as it should be.
bool link::answers() {
    auto& faults = carrier_.faults();
    if (faults.strikes(fault::reset_before_response)) {
        close_when_written(true);
        return false;
    }
    ++unanswered_;
    if (faults.strikes(fault::no_response))
        return false;
    if (faults.strikes(fault::garbage)) {
        out_.append(garbage);
        return false;
    }
    return true;
}

void link::take_text(const submitted& text, std::uint32_t sequence) {
    if (!hears())
        return;
    const auto answer = carrier_.take(*account_, text, sequence, too_many());
    if (!answers())
        return;
    const auto begin = out_.size();
    write_response(answer, carrier_.faults().strikes(fault::wrong_sequence));
    responded(answer.status, answer.hold_back, begin);
}

void link::take_texts(std::span<const submitted* const> texts, bool together) {
    if (texts.empty() || !hears())
        return;
    const auto all = carrier_.take_all(*account_, texts, too_many(), together);
    if (!answers())
        return;
    const auto begin = out_.size();
    write_responses(all);
    const auto longest = std::ranges::max(all, {}, &carrier::verdict::hold_back);
    responded(all.front().status, longest.hold_back, begin);
}

// A response stands in out_ from `begin` on.
void link::responded(std::uint32_t status, milliseconds hold_back, std::size_t begin) {
    ++carrier_.counts().responses[status];
    count_packet();
    const auto delay = carrier_.settings().response_delay + hold_back;
    if (delay.count() == 0) {
        ++out_responses_;
    } else {
        hold_response(delay, std::string_view(out_).substr(begin));
        out_.resize(begin);
    }
    if (carrier_.faults().strikes(fault::reset_after_response))
        close_when_written(true);
}

void link::hold_response(milliseconds delay, std::string_view octets) {
    const auto due = carrier_.now() + delay;
    if (!held_.empty() && held_.back().due >= due) {
        held_.back().octets.append(octets);
        ++held_.back().responses;
        return;
    }
    held_.push_back({due, std::string(octets), 1});
    if (held_.size() == 1)
        release_held();
}

void link::release_held() {
    if (mute_)
        held_.clear();
    bool released = false;
    while (!held_.empty() && held_.front().due <= carrier_.now()) {
        out_.append(held_.front().octets);
        out_responses_ += held_.front().responses;
        held_.pop_front();
        released = true;
    }
    if (released)
        flush();
    if (held_.empty() || closed_)
        return;
    held_timer_.expires_at(held_.front().due);
    held_timer_.async_wait([self = shared_from_this()](error_code error) {
        if (error || self->closed_)
            return;
        self->carrier_.tick();
        self->release_held();
    });
}

bool link::has_room() const {
    const std::size_t window = carrier_.settings().deliver_window;
    return !closing() && !mute_ && !holds_deliveries_ && delivered_open_ < window &&
           delivered_.size() < window * most_ahead &&
           (delivered_.empty() || first_sequence_ + delivered_.size() < last_delivery);
}

void link::deliver(delivery item) {
    if (delivered_.empty() && first_sequence_ >= last_delivery)
        first_sequence_ = 1;
    const auto sequence = first_sequence_ + static_cast<std::uint32_t>(delivered_.size());
    write_delivery(item, sequence);
    count_packet();
    carrier_.sent(item, sequence);
    delivered_.emplace_back(std::move(item));
    ++delivered_open_;
}

void link::delivered(std::uint32_t sequence, std::uint32_t status, carrier::reception how) {
    const std::size_t at = sequence - first_sequence_;
    if (!account_ || at >= delivered_.size() || !delivered_[at])
        return; // not ours, or answered twice
    auto item = std::move(*delivered_[at]);
    delivered_[at].reset();
    --delivered_open_;
    while (!delivered_.empty() && !delivered_.front()) {
        delivered_.pop_front();
        ++first_sequence_;
    }
    carrier_.answered(*account_, std::move(item), sequence, status, how);
}

} // namespace posthorn::simulator
