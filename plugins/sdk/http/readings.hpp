// What a carrier's response says of each text, in a few words that decide what happens next. Pure.
#pragma once

#include "sdk/http/message.hpp"
#include "sdk/unit.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace posthorn::sdk {

// A unit, in UTF-8 and whole.
struct http_text {
    std::uint64_t handle = 0;
    std::uint64_t message = 0;
    std::string recipient; // E.164 digits without '+'
    std::string sender;
    std::string type;
    std::string text;
    bool unicode = false; // some character is not in GSM 7-bit
    std::uint16_t reference = 0;
    duration validity{};
};

enum class http_meaning : std::uint8_t {
    accepted,
    transient, // may be tried again; an attempt
    again,     // at once, and no attempt: the request was at fault, not the text
    permanent, // never
    opted_out, // never: the recipient has told the carrier so
    elsewhere, // never by this account, for what it is or may: another one may carry it
    throttle,  // the whole account is too fast
    config,    // nothing can be sent until a person has mended it: login, credit, a right
    clock,     // as again, with the carrier's time
    uncertain, // it may have been accepted
    apart,     // none of several was taken, perhaps because of one: each is sent alone
};

struct http_reading {
    http_meaning what = http_meaning::uncertain;
    std::string ref;  // accepted
    std::string code; // the carrier's own word
    duration after{}; // transient, throttle; 0: as usual
};

// `ref` empty: it is uncertain, for nobody could ever ask for it.
http_reading accepted_as(std::string ref);
// A request for so many texts was refused as a whole: where that may be because of one of them, each
// is sent alone.
std::vector<http_reading> refused_as_one(std::size_t texts, http_reading said);

verdict verdict_of(std::uint64_t handle, const http_reading& said);

// By HTTP alone, where the body tells nothing better: 429 and 503 throttle (Retry-After), 401 and
// 403 are the account's, other 4xx permanent, all else uncertain. Also 2xx: accepted is what a
// carrier says in words.
http_reading by_status(const http_response& r);

// "Retry-After" in seconds, else `fallback`; a minute at most.
duration retry_after(const http_response& r, duration fallback);

// The header "Date"; 0: none, or not one.
instant date_of(const http_response& r);

// UTF-16 units, as carriers count.
std::size_t characters_in(std::string_view utf8);

} // namespace posthorn::sdk
