#include "store/told_message.hpp"

#include "store/for_many.hpp"

#include <cstdint>

namespace posthorn::store {

namespace {

bool may_still_come(message_state s) {
    return s == message_state::unconfirmed || s == message_state::uncertain ||
           s == message_state::partial;
}

// Where a column stands in message_with_event().
enum message_column : std::uint8_t {
    m_id = message_row_first,
    m_event,
    m_version,
    m_state,
    m_parts,
    m_source,
    m_type,
    m_coding = message_row_first + 10,
    m_recipient = message_row_first + 12,
    m_due_at = message_row_first + 16,
    m_final_at = message_row_first + 18,
    m_reason,
    m_part_state,
    m_attempts,
    m_repeats,
    m_opened_at,
    m_submitted_at,
    m_ref,
    m_code,
    m_mark,
    m_wording
};
enum event_column : std::uint8_t {
    e_outbox_id = event_row_first + 2,
    e_key,
    e_type = event_row_first + 5,
    e_run,
    e_received_at = event_row_first + 15,
    e_version,
    of_event_for_many = event_row_first + event_row_width
};
static_assert(m_wording + 1 == event_row_first);

} // namespace

std::string message_with_event(std::string_view schema, std::string_view live) {
    return "SELECT m.*, e.*, " + was_for_many("e", live) + " FROM " + std::string(schema) +
           ".message AS m JOIN " + std::string(schema) +
           ".event AS e ON e.id = m.event WHERE m.id = ?";
}

told_message read_told(statement& from) {
    told_message out{.source = static_cast<name_id>(from.number(m_source)),
                     .type = static_cast<name_id>(from.number(m_type)),
                     .message = from.number(m_id),
                     .event = from.number(m_event),
                     .version = from.number(m_version),
                     .final_at = from.time(m_final_at)};
    const auto state = static_cast<message_state>(from.number(m_state));
    out.is_final = is_final(state);
    out.late = may_still_come(state);
    out.of_many = from.number(of_event_for_many) != 0;
    out.state = state;
    auto& r = out.row;
    r.outbox_id = from.number(e_outbox_id);
    r.key = from.text(e_key);
    r.type = from.text(e_type);
    r.run = from.text(e_run);
    r.event = out.event;
    r.version = combined_version(from.number(e_version), out.version);
    r.state = name_of(state);
    r.is_final = out.is_final;
    r.reason = from.text(m_reason);
    r.recipient = from.text(m_recipient);
    r.parts = static_cast<int>(from.number(m_parts));
    r.received_at = from.time(e_received_at);
    r.final_at = out.final_at;
    const bool waited = from.time(m_due_at) > made_at(out.message); // for the end of quiet hours
    const bool was_parked = from.number(e_version) > 1 && !out.of_many;
    const bool is_letter = static_cast<coding>(from.number(m_coding)) == coding::email;
    out.long_text = r.parts > 1 || from.number(m_attempts) > 1 || waited || was_parked || is_letter;
    if (r.parts > 1)
        return out;
    r.repeats = static_cast<int>(from.number(m_repeats));
    r.submitted_at = from.time(m_submitted_at);
    if (const auto mark = from.text(m_mark); !mark.empty())
        r.reason.append(r.reason.empty() ? "" : "; ").append(mark);
    if (r.reason.empty() && state != message_state::delivered)
        r.reason = from.text(m_code);
    return out;
}

std::string told_parts_of(std::string_view schema) {
    const std::string table = std::string(schema) + ".part";
    return "SELECT sum(repeats), max(submitted_at), (SELECT code FROM " + table +
           " WHERE message=?1 AND code != '' ORDER BY part_state DESC LIMIT 1) FROM " + table +
           " WHERE message=?1";
}

void read_parts(statement& parts, told_message& into) {
    parts.bind(into.message).row();
    into.row.repeats = static_cast<int>(parts.number(0));
    into.row.submitted_at = parts.time(1);
    if (into.row.reason.empty() && into.row.state != name_of(message_state::delivered))
        into.row.reason = parts.text(2);
    parts.reset();
}

} // namespace posthorn::store
