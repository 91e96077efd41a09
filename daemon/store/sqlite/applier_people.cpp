// What people do to sending: pauses, what they set aside, and the log of it.
#include "store/sqlite/applier.hpp"

namespace posthorn::store {

outcome applier::apply_one(const operation& o) {
    add_operation_.bind(ids_.next(o.at), o.at, o.who, o.what, o.which, o.reason, o.result).run();
    return {};
}

outcome applier::apply_one(const pause& o) {
    pause_
        .bind(o.scope.kind, o.scope.name, o.scope.source, o.stopped ? 1 : 0, o.who, o.reason, o.at)
        .run();
    return {};
}

outcome applier::apply_one(const resume& o) {
    if (resume_.bind(o.scope.kind, o.scope.name, o.scope.source).run() == 0)
        return {.what = outcome::code::stale};
    return {};
}

outcome applier::apply_one(const set_aside& o) {
    if (drop_queue_of_.bind(o.message).run() == 0)
        return {.what = outcome::code::stale, .message = o.message};
    set_aside_.bind(o.message).run();
    return {.message = o.message};
}

outcome applier::apply_one(const put_back& o) {
    if (drop_aside_of_.bind(o.message).run() == 0)
        return {.what = outcome::code::stale, .message = o.message};
    queue_again_.bind(o.message).run();
    return {.message = o.message};
}

// The version rises, so that the result of the earlier message does not stand above this one's.
outcome applier::apply_one(const send_again& o) {
    const auto& e = o.event;
    if (next_version_.bind(e.id).run() == 0)
        bring_back_event_
            .bind(e.id, o.message.source, e.outbox_id, e.key,
                  static_cast<std::int64_t>(e.content_hash), e.type, e.run, e.subject, e.to_kind,
                  e.to_ref, e.data, e.occurred_at, e.not_before, e.expires_at, e.created_at,
                  e.received_at, o.event_version + 1)
            .run();
    outcome out{.event = e.id};
    out.message = add_message(o.message, e.id, o.message.source, "", o.at, booked::again);
    add_resent_.bind(e.id, out.message, o.earlier).run();
    tallies_.add("sent again by a person");
    if (o.repeat) {
        const int parts = repeat_single_.bind(out.message).run();
        tallies_.add("repeats", parts + repeat_parts_.bind(out.message).run());
    }
    return out;
}

} // namespace posthorn::store
