// How fast a carrier takes texts in truth: what it complains about is cut to seven eighths of what it took in
// the second before, and then grows again by a twentieth (of the contract, where there is one) each second
// without a complaint, never above the contract. Where there is no contract, it is forgotten at twice of what
// was too much. Pure: time is a parameter.
#pragma once

#include "model/time.hpp"

#include <algorithm>

namespace posthorn {

class learned_pace {
public:
    // Parts per second by contract; 0: no limit.
    explicit learned_pace(unsigned contract) : contract_(contract) {}
    void change(unsigned contract) {
        contract_ = contract;
        if (contract != 0 && pace_ > contract)
            pace_ = 0;
    }

    // The pace to keep now; 0: no limit.
    unsigned pace() const { return pace_ != 0 ? pace_ : contract_; }
    // Whether it is slower than the contract, because the carrier said so.
    bool slowed() const { return pace_ != 0; }

    // A part was accepted. True when the pace is another.
    bool accepted(instant now) {
        const bool another = begin_second(now);
        ++taken_;
        return another;
    }
    // We are too fast, it says. A window full of complaints is one: the next counts a second later. Likewise.
    bool throttled(instant now) {
        begin_second(now);
        if (slowed_at_ != instant{} && now - slowed_at_ < std::chrono::seconds(1))
            return false;
        slowed_at_ = now;
        const auto took = std::max(taken_, before_);
        if (pace_ == 0 && took < measurable)
            return false;
        too_much_ = pace_ != 0 ? std::clamp(took, 1U, pace_) : took;
        const auto slower = std::max(1U, too_much_ - too_much_ / 8);
        pace_ = contract_ != 0 ? std::min(slower, contract_) : slower;
        return true;
    }

private:
    // Counts by whole seconds; each that has passed without a complaint makes it a little faster.
    bool begin_second(instant now) {
        const auto second = std::chrono::floor<std::chrono::seconds>(now);
        if (second == second_)
            return false;
        const bool next = second == second_ + std::chrono::seconds(1);
        before_ = next ? taken_ : 0;
        taken_ = 0;
        second_ = second;
        if (pace_ == 0 || now - slowed_at_ < std::chrono::seconds(1))
            return false;
        pace_ += std::max(1U, std::max(pace_, contract_) / 20);
        if (contract_ != 0 ? pace_ >= contract_ : pace_ >= 2 * too_much_)
            pace_ = 0;
        return true;
    }

    static constexpr unsigned measurable = 20; // fewer in a second say nothing about its pace

    unsigned contract_;
    unsigned pace_ = 0; // 0: as the contract says
    unsigned too_much_ = 0;
    unsigned taken_ = 0, before_ = 0; // in this second, and in the one before
    std::chrono::sys_seconds second_{};
    instant slowed_at_{};
};

} // namespace posthorn
