// From a command_status to a verdict, by its class (sdk/link/verdicts.hpp), which the account may
// say otherwise.
#pragma once

#include "sdk/link/verdicts.hpp"
#include "smpp/adapter/configuration.hpp"
#include "smpp/codec/status.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace posthorn::smpp {

// The carrier's word in our logs and verdicts: "0x00000058 ESME_RTHROTTLED".
std::string code_word(status code);

// One account's; outlives links.
class judge {
public:
    using time = sdk::answer_judge::time;
    using overrides = std::map<status, status_class>;

    explicit judge(sdk::host& host, overrides by_account = {})
        : neutral_(host), overrides_(std::move(by_account)) {}

    // For submit_sm_resp. `id`: the carrier's. `attempt`: 1 is the first; a code that the
    // specification does not name gets a second one.
    sdk::verdict answer(std::uint64_t handle, status code, std::string_view id, time now,
                        unsigned attempt = 1);
    status_class class_of(status code, unsigned attempt = 1) const;

private:
    sdk::answer_judge neutral_;
    overrides overrides_;
};

} // namespace posthorn::smpp
