// What Twilio says of a message and of a mistake. Pure.
#pragma once

#include "sdk/simulator/http/provider.hpp"

#include <cstdint>
#include <string_view>

namespace posthorn::twilio::simulator {

/// What has become of a message: "undelivered", and a code where it failed.
struct status {
    std::string_view word, error;
};
status status_of(posthorn::simulator::outcome of);

namespace errors {

constexpr std::uint32_t login = 20003, no_such_thing = 20404, wrong_method = 20004,
                        too_fast = 20429, bad_number = 21211, no_body = 21602, no_sender = 21603,
                        no_recipient = 21604, bad_callback = 21609, queue_full = 21611,
                        too_long = 21617, bad_validity = 21624;

} // namespace errors

constexpr auto known_faults = posthorn::simulator::http::faults_said(
    "answer a text with status 429, code 20429", "answer a text with code 21611, a full queue",
    "add fields nobody knows to answers and receipts");

/// 4xx and the code, as JSON.
posthorn::simulator::http::reply error_reply(std::uint32_t code);

} // namespace posthorn::twilio::simulator
