// From a carrier's answer to a verdict.
//
//     ok          accepted(id)
//     permanent   rejected
//     config      rejected, and a person hears of it: all units will fail the same way
//     transient   deferred, an attempt
//     throttle    deferred, no attempt, the account pauses: 1 s, doubling to 60 s
//     uncertain   uncertain: only where the account says so
//     link        deferred; the link is bound anew, for an unreadable text (an attempt) after three
#pragma once

#include "sdk/adapter.hpp"
#include "smpp/adapter/configuration.hpp"
#include "smpp/codec/status.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace posthorn::smpp {

// The carrier's word in our logs and verdicts: "0x00000058 ESME_RTHROTTLED".
std::string code_word(status code);

// One account's; outlives links, because a carrier's pace and an operator's patience do.
class judge {
public:
    using time = std::chrono::steady_clock::time_point;

    using overrides = std::map<status, status_class>;

    explicit judge(sdk::host& host, overrides by_account = {})
        : host_(host), overrides_(std::move(by_account)) {}

    // For submit_sm_resp. `id`: the carrier's. `attempt`: 1 is the first; a code that the
    // specification does not name gets a second one.
    sdk::verdict answer(std::uint64_t handle, status code, std::string_view id, time now,
                        unsigned attempt = 1);
    status_class class_of(status code, unsigned attempt = 1) const;

    static sdk::verdict uncertain(std::uint64_t handle, std::string_view why);
    // Surely no octet left.
    static sdk::verdict not_sent(std::uint64_t handle, std::string_view why);
    // Refused for something that the next attempt will not have.
    static sdk::verdict once_more(std::uint64_t handle, status code);
    // For a unit that cannot be put on the wire.
    static sdk::verdict impossible(std::uint64_t handle, std::string why);

private:
    sdk::duration throttle(time now);
    void warn(status code, time now);

    sdk::host& host_;
    overrides overrides_;
    sdk::duration pause_{0};
    time paused_until_{};
    std::map<status, time> warned_;
};

} // namespace posthorn::smpp
