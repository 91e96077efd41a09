#include "twilio/simulator/words.hpp"

#include <string>

namespace posthorn::twilio::simulator {

using posthorn::simulator::outcome;
using posthorn::simulator::http::reply;

namespace {

struct error_row {
    std::uint32_t code;
    std::string_view status, message;
};

constexpr error_row known_errors[] = {
    {errors::login, "401 Unauthorized", "Authenticate"},
    {errors::no_such_thing, "404 Not Found", "The requested resource was not found"},
    {errors::wrong_method, "405 Method Not Allowed", "Method not allowed"},
    {errors::too_fast, "429 Too Many Requests", "Too Many Requests"},
    {errors::bad_number, "400 Bad Request", "Invalid 'To' Phone Number"},
    {errors::no_body, "400 Bad Request", "Message body is required."},
    {errors::no_sender, "400 Bad Request", "A 'From' phone number is required."},
    {errors::no_recipient, "400 Bad Request", "A 'To' phone number is required."},
    {errors::bad_callback, "400 Bad Request", "The StatusCallback URL is not a valid URL."},
    {errors::queue_full, "400 Bad Request", "The queue of this 'From' number is full"},
    {errors::too_long, "400 Bad Request", "The message body exceeds the 1600 character limit."},
    {errors::bad_validity, "400 Bad Request", "Invalid validity period value"},
};

} // namespace

status status_of(outcome of) {
    switch (of) {
    case outcome::delivered:
        return {"delivered", {}};
    case outcome::undelivered:
        return {"undelivered", "30003"};
    case outcome::expired: // in Twilio's own queue
        return {"failed", "30036"};
    case outcome::rejected:
        return {"undelivered", "30007"};
    case outcome::deleted:
        return {"canceled", {}};
    case outcome::unknown:
        return {"undelivered", "30008"};
    case outcome::accepted:
        return {"queued", {}};
    case outcome::enroute:
    case outcome::none:
        break;
    }
    return {"sent", {}};
}

// A code of --refuse that is not listed is said with 400.
reply error_reply(std::uint32_t code) {
    error_row row{code, "400 Bad Request", "Refused"};
    for (const auto& known : known_errors)
        if (known.code == code)
            row = known;
    const auto number = std::to_string(code);
    return {.status = row.status,
            .body = "{\"code\":" + number + ",\"message\":\"" + std::string(row.message) +
                    "\",\"more_info\":\"https://www.twilio.com/docs/errors/" + number +
                    "\",\"status\":" + std::string(row.status.substr(0, 3)) + "}"};
}

} // namespace posthorn::twilio::simulator
