// From a carrier's answer to a verdict, by its class (result_class.hpp):
//
//     ok          accepted(id)
//     permanent   rejected
//     config      rejected, and a person hears of it: all units will fail the same way
//     transient   deferred, an attempt
//     throttle    deferred, no attempt, the account pauses: 1 s, doubling to 60 s
//     uncertain   uncertain: only where the account says so
//     link        deferred, no attempt: the link is opened anew
#pragma once

#include "sdk/adapter.hpp"
#include "sdk/result_class.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace posthorn::sdk {

verdict uncertain(std::uint64_t handle, std::string_view why);
// Surely no octet left.
verdict not_sent(std::uint64_t handle, std::string_view why);
// Refused for something that the next attempt will not have.
verdict once_more(std::uint64_t handle, std::string code);
// For a unit that cannot be put on the wire.
verdict impossible(std::uint64_t handle, std::string why);

// One account's; outlives links, because a carrier's pace and an operator's patience do.
class answer_judge {
public:
    using time = std::chrono::steady_clock::time_point;

    explicit answer_judge(sdk::host& host) : host_(host) {}

    verdict accepted(std::uint64_t handle, std::string ref, time now);
    // `code`: the carrier's, in our words. `means`: for a person, when it is of class config.
    verdict refused(std::uint64_t handle, result_class as, std::string code, std::string_view means,
                    time now);

private:
    duration throttle(time now);
    void warn(const std::string& code, std::string_view means, time now);

    sdk::host& host_;
    duration pause_{0};
    time paused_until_{};
    std::map<std::string, time, std::less<>> warned_; // by code
};

} // namespace posthorn::sdk
