// Delivery receipts: a deliver_sm (or data_sm) whose text or TLVs say what became of a message.
//
//     id:0A141EFD sub:001 dlvrd:001 submit date:2611221015 done date:2611221016 stat:DELIVRD
//     err:000 text:Hello                  (SMPP 3.4 appendix B: "typical, vendor specific")
//
// TLVs (receipted_message_id, message_state, network_error_code) win over the text.
#pragma once

#include "sdk/receipt_text.hpp"
#include "smpp/codec/body.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::smpp {

/// The message_state values of SMPP 5.0 section 4.7.15.
enum class message_state : std::uint8_t {
    scheduled = 0,
    enroute = 1,
    delivered = 2,
    expired = 3,
    deleted = 4,
    undeliverable = 5,
    accepted = 6,
    unknown = 7,
    rejected = 8,
    skipped = 9,
};

/// Whether nothing more is to come. `accepted` is not final: a DELIVRD may follow.
constexpr bool is_final(message_state s) noexcept {
    return s != message_state::scheduled && s != message_state::enroute &&
           s != message_state::accepted;
}
/// `delivered`.
std::string_view name(message_state s) noexcept;
/// `DELIVRD`: the seven letters of a receipt's stat.
std::string_view stat_word(message_state s) noexcept;
/// DELIVRD, DELIVERED, UNDELIV, BUFFRED …, any case; nothing for a word we do not know.
std::optional<message_state> state_from_stat(std::string_view word) noexcept;

/// Whether esm_class marks a receipt or notification (types 0x04, 0x08, 0x20, with or without
/// UDHI).
constexpr bool is_receipt(std::uint8_t esm_class) noexcept {
    const auto type = esm_class & 0x3C;
    return type == 0x04 || type == 0x08 || type == 0x20;
}
/// Whether it is an intermediate notification, which never is final.
constexpr bool is_intermediate(std::uint8_t esm_class) noexcept {
    return (esm_class & 0x3C) == 0x20;
}

using sdk::parse_receipt_text;
using sdk::receipt_text;

enum class receipt_source : std::uint8_t { none, tlv, text };

struct receipt {
    std::string_view id; // as it came (for match_key()); empty when it names no message
    message_state state = message_state::enroute;
    bool final = false;
    receipt_source state_from = receipt_source::none; // none: no state could be told
    std::string_view stat;                            // the word in the text, as it came
    std::string_view err;                             // err: of the text, as it came
    std::optional<std::uint16_t> network_error;       // code of the TLV
    std::string_view done_date; // raw, in the carrier's own zone; never match by it
    std::string_view text;      // excerpt of the message, any encoding
};

/// Never fails: what cannot be told stays empty. `scratch` holds the text when it came as
/// UTF-16; the views live as long as the PDU's octets and `scratch`.
receipt read_receipt(const sm& body, std::string& scratch);
receipt read_receipt(const data_sm& body, std::string& scratch);

/// The carrier's error as one short word: err of the text unless it is empty or zeros, else the
/// TLV's code in at least 3 digits; empty when there is no error.
std::string error_word(const receipt& r);

struct receipt_fields {
    std::string_view id;
    message_state state = message_state::delivered;
    std::string_view submit_date, done_date; // YYMMDDhhmm
    std::string_view err = "000";
    std::string_view text; // the first 20 octets are used
};

/// Appends a receipt text in the specification's layout (what a carrier does).
void append_receipt_text(std::string& out, const receipt_fields& fields);

} // namespace posthorn::smpp
