#include "store/changes.hpp"

#include "model/many.hpp"

namespace posthorn::store {

changes::changes(const std::filesystem::path& live)
    : db_(open_database(live, access::read_only, 8'192)), begin_(db_, "BEGIN"), end_(db_, "COMMIT"),
      after_(db_, "SELECT seq, entries FROM feedback WHERE seq > ? ORDER BY seq LIMIT ?"),
      message_(db_, message_with_event("main", "main")), parts_(db_, told_parts_of("main")),
      parked_(db_,
              "SELECT source, outbox_id, key, type, run, received_at, version, parked FROM event "
              "WHERE id = ? AND parked IS NOT NULL"),
      published_(db_,
                 "SELECT e.source, e.outbox_id, e.key, e.type, e.run, e.received_at, e.version, "
                 "e.to_ref, p.made, p.done_at, p.reason FROM event AS e JOIN publication AS p "
                 "ON p.topic = e.to_ref AND p.event = e.id AND p.event > 0 "
                 "WHERE e.id = ? AND e.to_kind = 'topic' AND e.parked IS NULL"),
      expansion_(db_, "SELECT e.source, e.outbox_id, e.key, e.type, e.run, e.received_at, "
                      "e.version, x.made, x.done_at, x.reason FROM event AS e "
                      "JOIN expansion AS x ON x.event = e.id WHERE e.id = ? AND e.parked IS NULL"),
      refusal_(db_,
               "SELECT source, outbox_id, key, type, what, reason, at FROM refused WHERE id = ?"),
      passed_(db_,
              "SELECT source, kind, number, recipient, text, data, at FROM passed WHERE id = ?"),
      late_(db_, "SELECT message, n, event, code, at FROM late_receipt WHERE id = ?"),
      finished_(db_, "SELECT id, state FROM message WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"),
      last_(db_, "SELECT ifnull(max(id), 0) FROM message") {}

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

std::optional<told_message> changes::message(posthorn::id id) {
    message_.bind(id);
    if (!message_.row())
        return std::nullopt;
    told_message out = read_told(message_);
    message_.reset();
    if (out.row.parts > 1)
        read_parts(parts_, out);
    return out;
}

namespace {

// The row of an event that has no message.
told_message read_without_message(statement& from, posthorn::id event) {
    told_message out{.source = static_cast<name_id>(from.number(0)), .event = event};
    auto& r = out.row;
    r.outbox_id = from.number(1);
    r.key = from.text(2);
    r.type = from.text(3);
    r.run = from.text(4);
    r.event = event;
    r.received_at = from.time(5);
    r.version = combined_version(from.number(6), 0);
    return out;
}

} // namespace

std::optional<told_message> changes::parked(posthorn::id event) {
    parked_.bind(event);
    if (!parked_.row())
        return std::nullopt;
    auto out = read_without_message(parked_, event);
    out.row.state = "parked";
    out.row.reason = parked_.text(7);
    parked_.reset();
    return out;
}

std::optional<told_message> changes::published(posthorn::id event) {
    published_.bind(event);
    if (!published_.row())
        return std::nullopt;
    auto out = read_without_message(published_, event);
    out.row.state = "published";
    out.row.final_at = published_.time(9);
    out.row.is_final = out.is_final = out.row.final_at != instant{};
    const auto texts = published_.number(8);
    out.row.reason =
        "topic " + std::string(published_.text(7)) + ": " +
        (out.is_final && texts == 0 ? std::string(nobody_to_tell)
                                    : std::to_string(texts) + (texts == 1 ? " text" : " texts") +
                                          (out.is_final ? "" : " so far")) +
        no_more(published_.text(10));
    published_.reset();
    return out;
}

std::optional<changes::told_expansion> changes::expansion(posthorn::id event) {
    expansion_.bind(event);
    if (!expansion_.row())
        return std::nullopt;
    auto told = read_without_message(expansion_, event);
    told_expansion out{.source = told.source,
                       .row = {.row = std::move(told.row),
                               .made = expansion_.number(7),
                               .done = expansion_.number(8) != 0}};
    auto& r = out.row.row;
    r.final_at = expansion_.time(8);
    r.reason = expansion_.text(9);
    if (r.reason.empty() && out.row.done && out.row.made == 0)
        r.reason = nobody_to_tell;
    expansion_.reset();
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

std::optional<changes::told_passing> changes::passed(posthorn::id id) {
    passed_.bind(id);
    if (!passed_.row())
        return std::nullopt;
    told_passing out{static_cast<name_id>(passed_.number(0)),
                     {.id = id,
                      .kind = std::string(passed_.text(1)),
                      .number = std::string(passed_.text(2)),
                      .recipient = std::string(passed_.text(3)),
                      .text = std::string(passed_.text(4)),
                      .data = std::string(passed_.text(5)),
                      .received_at = passed_.time(6)}};
    passed_.reset();
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

std::vector<forget::late_part> changes::late_parts(forget::late_part after, posthorn::id before,
                                                   std::size_t limit) {
    statement rows(db_, "SELECT message, n FROM late WHERE (message, n) > (?1, ?2) "
                        "AND message < ?3 ORDER BY message, n LIMIT ?4");
    rows.bind(after.message, after.n, before, limit);
    std::vector<forget::late_part> out;
    while (rows.row())
        out.push_back({rows.number(0), static_cast<std::uint8_t>(rows.number(1))});
    return out;
}

posthorn::id changes::last_message() {
    last_.row();
    const auto last = last_.number(0);
    last_.reset();
    return last;
}

std::vector<posthorn::id> changes::finished(id_span& rest, std::size_t limit) {
    std::vector<posthorn::id> out;
    finished_.bind(rest.after, rest.through, limit);
    std::size_t rows = 0;
    for (; finished_.row(); ++rows) {
        rest.after = finished_.number(0);
        if (is_final(static_cast<message_state>(finished_.number(1))))
            out.push_back(rest.after);
    }
    if (rows < limit)
        rest.after = rest.through;
    return out;
}

} // namespace posthorn::store
