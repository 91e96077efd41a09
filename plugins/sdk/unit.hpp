// What goes to a carrier and what comes back. Data only; no behaviour, no clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::sdk {

using duration = std::chrono::microseconds;
using instant = std::chrono::sys_time<duration>; // UTC

enum class coding : std::uint8_t { gsm7, ucs2, email };
// What an account carries: texts to phones, or letters to mailboxes.
enum class channel : std::uint8_t { sms, email };
enum class priority : std::uint8_t { urgent, normal, bulk };

// One part to submit, or a long text whole (sdk::carriage). The views are valid only while submit()
// runs: encode or copy at once.
struct unit {
    std::uint64_t handle = 0;   // the host's; comes back with the verdict
    std::uint64_t message = 0;  // whose part it is: the same whenever it is sent again
    std::string_view recipient; // E.164 digits without '+'; on channel email an address
    std::string_view sender;    // as configured for the account; may be empty
    std::string_view type;      // the event's type, e.g. bill.issued
    std::string_view
        octets; // user data, UDH included when `udh`; GSM 7-bit is one septet per octet
    std::string_view subject, html; // coding email: with `octets` the plain text; html may be empty
    bool may_opt_out =
        false; // coding email: it may say where the recipient opts out of such letters
    sdk::coding coding = coding::gsm7;
    bool udh = false;
    sdk::priority priority = priority::normal;
    std::uint16_t reference = 0; // our tag, for protocols that can echo one
    duration validity{};         // how long from now the carrier may keep trying; > 0
    unsigned attempt = 1;        // 1: the first
};

// A carrier's answer to one unit. Exactly one for each unit submitted, in any order; after an
// `uncertain` one a `late` one may follow.
struct verdict {
    enum class kind : std::uint8_t {
        accepted,  // `ref` is the carrier's id
        deferred,  // may be tried again after `after`
        rejected,  // never will be
        uncertain, // bytes left and no answer came
    };
    std::uint64_t handle = 0;
    verdict::kind what = kind::uncertain;
    bool counts = true; // an attempt in the sense of the retry schedule; false for throttling and
                        // for not sent
    bool throttled = false; // the whole account is too fast: pause it for `after`
    std::string ref;        // accepted: the carrier's id as it wrote it
    std::string
        code; // the carrier's own word for it, e.g. "0x00000058 ESME_RTHROTTLED"; empty when fine
    duration after{};       // deferred: not before this has passed; 0: the host's schedule
    bool late = false;      // the answer to a unit that was reported uncertain came after all
    bool elsewhere = false; // rejected for what the account is or may, not for the text: another
                            // account may carry it
    bool opted_out = false; // rejected since the recipient has told the carrier that they want no
                            // more texts: the host books it, and sends none
};

enum class receipt_state : std::uint8_t {
    delivered,
    undelivered,
    expired,
    enroute, // not final: accepted, buffered, scheduled
};

// The carrier's word on what became of a part.
struct receipt {
    std::string ref; // as the carrier wrote it
    receipt_state state = receipt_state::enroute;
    std::string code;      // error and state in the carrier's words: "UNDELIV err:005"
    std::string recipient; // the phone, E.164 digits where the carrier gives it
    std::string sender;
    std::string
        excerpt; // the first octets of the text where the carrier repeats them, UTF-8; may be empty
    std::optional<std::uint16_t> reference; // of the unit, where the carrier repeats it
    bool opted_out = false;                 // as of a verdict; `recipient` is said
};

// A text from a phone (MO), as it came; joined and understood elsewhere.
struct inbound {
    std::string sender;    // the phone; with '+' where the carrier says that it is international
    std::string recipient; // our number, with its extension
    std::string octets;    // user data, UDH included when `udh`
    std::string text;      // decoded where the adapter can (UTF-8), without UDH; else empty
    std::uint8_t data_coding = 0;
    bool udh = false;
};

// Somebody opts out of letters like one that he had.
struct opt_out {
    std::uint64_t message = 0; // whose letter it was: of the unit
    std::string address;       // from which the word came, as it was written
};

// A part that the carrier accepted, as it was submitted: to ask for it again.
struct accepted_part {
    std::string ref;       // the carrier's id as it wrote it
    std::string recipient; // as in the unit
    std::string sender;    // as in the unit; may be empty
};

// The answer to the wish to take an accepted part back.
struct cancellation {
    enum class kind : std::uint8_t {
        cancelled, // the carrier will not deliver it; a receipt may say so too
        too_late,  // the carrier says no: delivered, on its way, or nothing it knows
        cannot,    // surely not cancelled: this carrier cannot, or no link to ask over
        unknown,   // asked, and no answer came
    };
    cancellation::kind what = kind::cannot;
    std::string code; // the carrier's own word, or why it was not asked
};

// The answer to the question what became of an accepted part.
struct inquiry {
    enum class kind : std::uint8_t {
        known,   // `state` is the carrier's
        cannot,  // the carrier cannot tell, or no link to ask over
        unknown, // asked, and no answer came
    };
    inquiry::kind what = kind::cannot;
    receipt_state state = receipt_state::enroute; // when known
    std::string code;                             // as of a receipt, or why nothing is known
};

// What a trial of the link found out; no text is sent.
struct finding {
    bool answered = false; // the carrier did
    std::string why;       // it did not, or nobody can ask
    // Words and values for a person: {"answer to enquire_link", "12 ms"}
    std::vector<std::pair<std::string, std::string>> learned;
};

} // namespace posthorn::sdk
