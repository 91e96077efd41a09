// Token bucket: at most `rate` parts (or texts) a second, a tenth of a second's worth at once. Pure: time is a
// parameter.
#pragma once

#include "model/time.hpp"

#include <algorithm>
#include <cstdint>

namespace posthorn {

class pacing {
public:
    // rate 0: no limit. `burst`: so many at once; 0: a tenth of a second's worth.
    explicit pacing(unsigned rate, unsigned burst = 0) {
        change(rate, burst);
        tokens_ = burst_ * whole;
    }

    // Another rate from now on; what was taken stays taken, so that no change lets more out.
    void change(unsigned rate, unsigned burst = 0) {
        rate_ = rate;
        burst_ = burst != 0 ? burst : std::max<std::int64_t>(1, rate / 10);
        tokens_ = std::min(tokens_, burst_ * whole);
    }

    // How many of `wanted` parts may go now; they count as gone.
    unsigned take(unsigned wanted, instant now) {
        if (rate_ == 0)
            return wanted;
        refill(now);
        const auto granted = static_cast<unsigned>(std::min<std::int64_t>(wanted, tokens_ / whole));
        tokens_ -= granted * whole;
        return granted;
    }
    // All of them at once, or none: more than there are tokens is owed, and waited for by the next.
    bool take_together(unsigned parts, instant now) {
        if (rate_ == 0)
            return true;
        refill(now);
        if (tokens_ < whole)
            return false;
        tokens_ -= parts * whole;
        return true;
    }
    void give_back(unsigned parts) { tokens_ = std::min(tokens_ + parts * whole, burst_ * whole); }

    // When the next token is there.
    instant next(instant now) const {
        if (rate_ == 0 || tokens_ >= whole)
            return now;
        return now + duration((whole - tokens_) / rate_ + 1);
    }

private:
    static constexpr std::int64_t whole = 1'000'000;          // a token, in microseconds x rate
    static constexpr std::int64_t longest_debt = 300 * whole; // microseconds: 255 parts at 1/s

    void refill(instant now) {
        if (last_ == instant{} || now < last_)
            last_ = now;
        const auto passed = std::min<std::int64_t>((now - last_).count(), longest_debt);
        tokens_ = std::min(tokens_ + passed * rate_, burst_ * whole);
        last_ = now;
    }

    std::int64_t rate_ = 0;
    std::int64_t burst_ = 1;
    std::int64_t tokens_ = 0;
    instant last_{};
};

} // namespace posthorn
