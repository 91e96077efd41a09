// Leaves a system alone that does not answer: after so many failures in a row nobody is let
// through until the pause is over; then one at a time, until one has succeeded.
#pragma once

#include "settings/system_settings.hpp"

#include <chrono>

namespace posthorn::lookups {

class breaker {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit breaker(const settings::breaker_settings& s) : settings_(s) {}

    // Whether a question may be asked now; each that may must end in one of those below.
    bool lets_through(time_point now) {
        if (keeps_back(now))
            return false;
        trying_ = is_open();
        return true;
    }
    bool keeps_back(time_point now) const { return is_open() && (now < opens_again_ || trying_); }
    void succeeded() {
        failures_ = 0;
        trying_ = false;
    }
    void failed(time_point now) {
        ++failures_;
        trying_ = false;
        if (is_open())
            opens_again_ = now + settings_.pause;
    }

    bool is_open() const { return failures_ >= settings_.failures; }

private:
    settings::breaker_settings settings_;
    unsigned failures_ = 0; // in a row
    time_point opens_again_{};
    bool trying_ = false;
};

} // namespace posthorn::lookups
