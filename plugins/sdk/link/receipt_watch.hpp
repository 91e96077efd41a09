// Some carriers stop sending receipts over a link that is otherwise alive, until it is bound again.
// Texts are accepted and no receipt comes for so long: then every link that receives is renewed,
// once in that time at most. Pure: time is a parameter.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace posthorn::sdk {

class receipt_watch {
public:
    using time = std::chrono::steady_clock::time_point;

    // limit 0: never.
    explicit receipt_watch(std::chrono::microseconds limit) : limit_(limit) {}

    // A text was, with a receipt asked for. True when it is the first since the last receipt.
    bool accepted(time now) {
        if (limit_.count() == 0 || since_ != time{})
            return false;
        since_ = now;
        return true;
    }
    void arrived() { since_ = {}; }

    // When links are to be renewed, as it stands.
    time due() const { return since_ == time{} ? time::max() : since_ + limit_; }
    // When a link shall look whether it is to be renewed.
    time next_look(time now) const {
        return limit_.count() == 0 ? time::max() : since_ == time{} ? now + limit_ : due();
    }
    // Whether the link that was bound then is to be renewed now.
    bool renews(time bound_at, time now) {
        if (now >= due()) {
            older_than_ = now;
            since_ = {};
            ++renewals_;
        }
        return bound_at < older_than_;
    }

    unsigned renewals() const { return renewals_; }
    std::chrono::seconds limit() const { return std::chrono::ceil<std::chrono::seconds>(limit_); }

    // As of adapter.
    std::vector<std::pair<std::string, std::string>> learned() const {
        if (limit_.count() == 0)
            return {};
        return {{"bound again for want of receipts", std::to_string(renewals_) + " times"}};
    }

private:
    std::chrono::microseconds limit_;
    time since_{};      // the first text accepted since the last receipt; none: 0
    time older_than_{}; // links bound before
    unsigned renewals_ = 0;
};

} // namespace posthorn::sdk
