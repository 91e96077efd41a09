// What is taken back, by later events of a subject or by name: the part of the applier that does this.
#pragma once

#include "model/message.hpp"
#include "store/sqlite/connection.hpp"
#include "store/withdrawn_finder.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace posthorn {
struct event;
}

namespace posthorn::store {

struct outcome;
struct note_told;
struct cancel_event;
struct end_withdrawal;
class timers_applier;
class topics_applier;

class withdrawal_applier {
public:
    withdrawal_applier(SQLite::Database& db, timers_applier& timers, topics_applier& topics);

    outcome apply(const note_told&);
    outcome apply(const cancel_event&);
    outcome apply(const end_withdrawal&);

    // This event, which has a row, withdraws earlier ones of its subject of the types `patterns`.
    void begin(posthorn::id event, std::string_view patterns, instant at);
    // Why an event is needless already, whatever the order they came in; empty: it is not.
    std::string reason_against(name_id source, const posthorn::event& e);
    std::string reason_against(posthorn::id event); // which has a row
    // By name, and something of it may be under way.
    bool is_cancelled(posthorn::id event);
    void end_transaction() { any_cancelled_.reset(); }
    void told(posthorn::id message, instant at);
    void forget_before(instant then);

private:
    bool may_be_under_way(posthorn::id event, std::string_view patterns);
    bool take_back_items(posthorn::id event, std::string_view patterns);

    timers_applier& timers_;
    topics_applier& topics_;
    withdrawn_finder finder_;
    std::optional<bool> any_cancelled_; // looked at once in a transaction: mostly there is none
    statement begin_, remember_, others_, items_, end_, cancel_, is_cancelled_, any_is_cancelled_,
        cancelled_items_, end_cancel_, event_, told_, subject_of_, forget_, forget_told_;
};

} // namespace posthorn::store
