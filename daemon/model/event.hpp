// An event: one row from a source, as it was taken in.
#pragma once

#include "model/id.hpp"
#include "model/words.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn {

// Texts that people send by hand, and answers to texts from phones, are events of the daemon's own
// source, which has neither an outbox nor a result file, and of these types.
inline constexpr std::string_view own_source = "posthorn";
inline constexpr std::string_view manual_type = "manual";
inline constexpr std::string_view reply_type = "reply";

struct event {
    posthorn::id id = 0;
    std::string source;         // who sent it: the name of the outbox file
    std::int64_t outbox_id = 0; // its row there
    std::string key;            // the source's own name for it; unique by (source, key)
    std::string type;           // what happened, e.g. bill.issued
    std::string run;            // the batch it belongs to; may be empty
    std::string subject;        // what later events about the same thing share; may be empty
    std::string to_kind;        // as written by the source, so that a mistake can be shown
    std::string to_ref;         // a phone number when to_kind is number
    std::string data;           // JSON object
    instant occurred_at{};      // 0: not said
    instant not_before{};
    instant expires_at{};
    instant created_at{};  // when the source wrote the row
    instant received_at{}; // when we took it in
    std::uint64_t content_hash = 0;
};

// Hash over what makes two events under one key the same notice: type, subject, to_kind, to_ref,
// canonical data (keys sorted, no insignificant white space), not_before, expires_at.
std::uint64_t content_hash_of(const event& e, std::string_view canonical_data);

// When it happened, as its source says, else when that wrote it; never later than it was taken in,
// where that is known.
instant happened_at(const event& e);

} // namespace posthorn
