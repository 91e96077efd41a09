#include "store/changes.hpp"

namespace posthorn::store {

namespace {

bool may_still_come(message_state s) {
    return s == message_state::unconfirmed || s == message_state::uncertain ||
           s == message_state::partial;
}

// Rises with every change of the event (parked, released) and of its message.
std::int64_t combined(std::int64_t event_version, std::int64_t message_version) {
    return (event_version << 20) + message_version;
}

} // namespace

changes::changes(const std::filesystem::path& live)
    : db_(open_database(live, access::read_only, 16'384)), begin_(db_, "BEGIN"),
      end_(db_, "COMMIT"),
      after_(db_, "SELECT seq, entries FROM feedback WHERE seq > ? ORDER BY seq LIMIT ?"),
      message_(db_, "SELECT m.source, m.event, m.version, m.state, m.parts, m.recipient, m.reason, "
                    "m.final_at, m.code, m.repeats, m.submitted_at, m.attempts, m.mark, "
                    "e.outbox_id, e.key, e.type, e.run, e.received_at, e.version "
                    "FROM message AS m JOIN event AS e ON e.id = m.event WHERE m.id = ?"),
      parts_(db_, "SELECT sum(repeats), max(submitted_at), "
                  "(SELECT code FROM part WHERE message=?1 AND code != '' ORDER BY part_state DESC "
                  "LIMIT 1) "
                  "FROM part WHERE message=?1"),
      parked_(db_,
              "SELECT source, outbox_id, key, type, run, received_at, version, parked FROM event "
              "WHERE id = ? AND parked IS NOT NULL"),
      refusal_(db_,
               "SELECT source, outbox_id, key, type, what, reason, at FROM refused WHERE id = ?"),
      late_(db_, "SELECT message, n, event, code, at FROM late_receipt WHERE id = ?"),
      finished_(db_, "SELECT id, state FROM message WHERE id > ? ORDER BY id LIMIT ?") {}

changes::batch changes::after(std::int64_t seq, std::size_t most_commits) {
    batch out;
    after_.bind(seq, most_commits);
    while (after_.row()) {
        out.through = after_.number(0);
        const auto entries = unpack_changes(after_.text(1));
        out.entries.insert(out.entries.end(), entries.begin(), entries.end());
    }
    return out;
}

std::optional<changes::told_message> changes::message(posthorn::id id) {
    message_.bind(id);
    if (!message_.row())
        return std::nullopt;
    told_message out;
    out.message = id;
    out.source = static_cast<name_id>(message_.number(0));
    out.event = message_.number(1);
    out.version = message_.number(2);
    const auto state = static_cast<message_state>(message_.number(3));
    out.is_final = is_final(state);
    out.final_at = message_.time(7);
    auto& r = out.row;
    r.parts = static_cast<int>(message_.number(4));
    out.long_text = r.parts > 1 || message_.number(11) > 1;
    out.late = may_still_come(state);
    r.outbox_id = message_.number(13);
    r.key = message_.text(14);
    r.type = message_.text(15);
    r.run = message_.text(16);
    r.event = out.event;
    r.version = combined(message_.number(18), out.version);
    r.state = name_of(state);
    r.is_final = out.is_final;
    r.reason = message_.text(6);
    r.recipient = message_.text(5);
    r.received_at = message_.time(17);
    r.final_at = out.final_at;
    std::string code(message_.text(8));
    if (r.parts == 1) {
        r.repeats = static_cast<int>(message_.number(9));
        r.submitted_at = message_.time(10);
        if (!message_.text(12).empty())
            r.reason += (r.reason.empty() ? "" : "; ") + std::string(message_.text(12));
    }
    message_.reset();
    if (r.parts > 1) {
        parts_.bind(id).row();
        r.repeats = static_cast<int>(parts_.number(0));
        r.submitted_at = parts_.time(1);
        code = parts_.text(2);
        parts_.reset();
    }
    if (r.reason.empty() && state != message_state::delivered)
        r.reason = code;
    return out;
}

std::optional<changes::told_message> changes::parked(posthorn::id event) {
    parked_.bind(event);
    if (!parked_.row())
        return std::nullopt;
    told_message out;
    out.source = static_cast<name_id>(parked_.number(0));
    out.event = event;
    auto& r = out.row;
    r.outbox_id = parked_.number(1);
    r.key = parked_.text(2);
    r.type = parked_.text(3);
    r.run = parked_.text(4);
    r.event = event;
    r.received_at = parked_.time(5);
    r.version = combined(parked_.number(6), 0);
    r.state = "parked";
    r.reason = parked_.text(7);
    parked_.reset();
    return out;
}

std::optional<changes::told_refusal> changes::refusal(posthorn::id id) {
    refusal_.bind(id);
    if (!refusal_.row())
        return std::nullopt;
    told_refusal out{static_cast<name_id>(refusal_.number(0)),
                     {.id = id,
                      .outbox_id = refusal_.number(1),
                      .key = std::string(refusal_.text(2)),
                      .type = std::string(refusal_.text(3)),
                      .what = std::string(refusal_.text(4)),
                      .reason = std::string(refusal_.text(5)),
                      .at = refusal_.time(6)}};
    refusal_.reset();
    return out;
}

std::optional<changes::late_receipt> changes::late(posthorn::id id) {
    late_.bind(id);
    if (!late_.row())
        return std::nullopt;
    late_receipt out{late_.number(0), static_cast<std::uint8_t>(late_.number(1)),
                     static_cast<part_event>(late_.number(2)), std::string(late_.text(3)),
                     late_.time(4)};
    late_.reset();
    return out;
}

std::vector<posthorn::id> changes::finished(posthorn::id after, std::size_t limit,
                                            posthorn::id& looked_through) {
    std::vector<posthorn::id> out;
    finished_.bind(after, limit);
    while (finished_.row()) {
        looked_through = finished_.number(0);
        if (is_final(static_cast<message_state>(finished_.number(1))))
            out.push_back(looked_through);
    }
    return out;
}

} // namespace posthorn::store
