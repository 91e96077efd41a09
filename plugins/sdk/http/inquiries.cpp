#include "sdk/http/inquiries.hpp"

#include <algorithm>

namespace posthorn::sdk {

void inquiries::add(accepted_part which, const inquiry_times& times) {
    if (times.every <= duration{} || stopped_)
        return;
    const auto now = host_.now();
    if (waiting_.size() >= most)
        waiting_.pop_front();
    waiting_.push_back({std::move(which), times, now + times.every, now + times.give_up});
    wait();
}

void inquiries::stop() {
    stopped_ = true;
    waiting_.clear();
    timer_.cancel();
}

void inquiries::wait() {
    if (set_ || stopped_ || waiting_.empty() || under_way_ >= at_once_)
        return;
    set_ = true;
    timer_.expires_after(std::max(waiting_.front().next - host_.now(), duration{}));
    timer_.async_wait([this](boost::system::error_code ec) {
        if (ec)
            return; // stopped, perhaps gone
        set_ = false;
        if (!waiting_.empty()) // the timer says that it is due, whatever became of the clock
            look(std::max(host_.now(), waiting_.front().next));
    });
}

void inquiries::look(instant now) {
    while (!waiting_.empty() && waiting_.front().next <= now && under_way_ < at_once_) {
        auto w = std::move(waiting_.front());
        waiting_.pop_front();
        ++under_way_;
        const auto which = w.which;
        ask_(which, [this, w = std::move(w)](const inquiry& said) { told(w, said); });
    }
    wait();
}

void inquiries::told(waiting w, const inquiry& said) {
    --under_way_;
    const bool is_final = said.what == inquiry::kind::known && said.state != receipt_state::enroute;
    if (is_final && !stopped_) {
        receipt r;
        r.ref = w.which.ref;
        r.state = said.state;
        r.code = said.code;
        r.recipient = w.which.recipient;
        r.sender = w.which.sender;
        host_.arrived({std::move(r)}, {}, [] {});
    } else if (const auto next = std::max(host_.now(), w.next) + w.times.every;
               !stopped_ && next < w.until) {
        w.next = next;
        waiting_.push_back(std::move(w));
    }
    wait();
}

} // namespace posthorn::sdk
