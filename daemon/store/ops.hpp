// What callers hand to the store's writer: typed operations, applied in the order they were given,
// in one commit with whatever else has gathered. Each has an outcome, known when the commit is
// durable.
#pragma once

#include "model/consent.hpp"
#include "model/counted_text.hpp"
#include "model/cover.hpp"
#include "model/event.hpp"
#include "model/inbound.hpp"
#include "model/message.hpp"
#include "model/scope.hpp"
#include "store/ops_audience.hpp"
#include "store/ops_cost.hpp"
#include "store/ops_erasure.hpp"
#include "store/ops_passing.hpp"
#include "store/ops_people.hpp"
#include "store/ops_policy.hpp"
#include "store/ops_timers.hpp"
#include "store/ops_topics.hpp"
#include "store/ops_withdrawal.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace posthorn::store {

struct op_list;

// A new event, with its message unless it is parked. The store gives both their ids, and to one
// that came by no outbox (outbox_id 0) a number in the place of its row: -1, -2, ...
//   no parts                     it is for a topic, or for many: then add_recipient follows
//   parts all `queued`           the message waits in the queue, from message.due_at on
//   a part `sending`, attempts 1 is an intent: its bytes may leave once the outcome is `applied`
//   parts final                  closed at once; `reason` says why (expired, suppressed)
// One that a later event of its subject has withdrawn, whatever the order they came in, is closed as
// cancelled: the outcome has that state, and nothing of it may leave.
struct add_event {
    posthorn::event event;
    posthorn::message message; // parts empty: none
    std::string parked;        // why
    bool for_many = false;     // its messages are made later, one for each recipient
    std::string reason;
    name_id source = 0;
    bool put_off = false; // it waits until message.due_at because policy says so: `reason`
    std::string withdraws =
        {}; // types of earlier events of its subject, patterns with blanks between
    std::optional<counted_text> counts = {}; // an intent: with it
    std::optional<cover> covers = {};        // likewise
    instant at{};
    // What is true only with this event, as its answer to a text: carried out when it is applied.
    std::shared_ptr<const op_list> along;
};

// A parked event becomes a message after all (`posthorn retry`); stale when it is not parked any
// more.
struct release_event {
    posthorn::id event = 0;
    posthorn::message message;
    std::string parked;         // parked again, with another reason
    std::string reason = {};    // as of add_event
    bool for_many = false;      // as of add_event
    std::string withdraws = {}; // likewise
    instant at{};
};

// The event that a step of a timer makes, and with it the step is made. Stale, and no event, when the step
// does not wait any more, or for another time: it was withdrawn, cancelled or put off meanwhile.
struct make_step {
    posthorn::id step = 0;
    instant due_at{};
    add_event event;
};

// The parts of a message as the account wants them that begins it.
struct made_parts {
    posthorn::coding coding = posthorn::coding::gsm7;
    std::vector<part> parts;
};

// Intents for parts that own a window slot and a pacing token. Stale when a part's state or
// attempts are not what the caller thinks: then none of them is opened.
struct open_parts {
    struct which {
        std::uint8_t n = 1;
        std::uint16_t attempts = 0; // before this one
        bool uncertain = false;     // a resend without knowing: counted in `repeats`
    };
    posthorn::id message = 0;
    bool single = true; // a message of one part
    std::vector<which> parts;
    name_id account = 0;
    std::string sender;
    bool first = false;                      // no operation before this one is about these parts
    bool more_queued = false;                // other parts still wait
    bool again = false;                      // the whole text, by another account (fail_over)
    std::shared_ptr<const made_parts> made;  // in place of those it has, all of them queued
    std::optional<counted_text> counts = {}; // with it
    std::optional<cover> covers = {};        // likewise
    // its place in the queue, so that it can leave it
    name_id pool = 0;
    posthorn::priority priority = posthorn::priority::normal;
    name_id source = 0;
    instant due_at{};
    instant at{};
};

// What a part is told: a verdict, a receipt, or our own decision. Goes through the table of
// model/state.hpp.
struct tell_part {
    posthorn::id message = 0;
    name_id account = 0; // with which it is, where the teller knows: spares a look at its row
    std::uint8_t n = 1;
    bool single = true;
    std::uint16_t attempts =
        0; // fence: applied only when the part has had this many; 0: any (receipts)
    part_event what = part_event::doubt;
    bool counts = true; // defer: false takes the attempt back
    std::string ref;    // accept
    std::string code;   // in the carrier's words
    std::string reason; // in ours; becomes the message's
    std::string mark;   // e.g. inferred
    name_id pool = 0;   // defer: where it waits, with priority and source
    posthorn::priority priority = posthorn::priority::normal;
    name_id source = 0;
    instant due_at{};     // defer: until when
    instant was_due_at{}; // defer: its old place when other parts wait there
    instant at{};
};

// A text of which a part failed (`told` is its receipt), or has no receipt in time (`told` is give_up),
// waits in the queue to go once more, by another account; `told` changes nothing then. Where that may
// not be (model/failover.hpp), the receipt is told as ever, and without one it is stale. Whoever closes
// the message while it waits has it end as the account has left it.
struct fail_over {
    tell_part told;
    unsigned at_most = 1; // so often it goes once more
    std::string why;      // for `posthorn explain`
};

// All parts that have not left are closed: expire, cancel or suppress.
struct close_message {
    posthorn::id message = 0;
    part_event what = part_event::expire;
    std::string reason;
    instant at{};
};

// A receipt that matched no part (yet).
struct add_receipt {
    name_id account = 0;
    std::string ref;
    part_event what = part_event::deliver;
    std::string code;
    std::string recipient;
    std::string sender;
    std::string excerpt;
    instant at{};
};

struct drop_receipt {
    posthorn::id receipt = 0;
};

struct add_inbound {                        // the outcome's `event` is the id it got
    inbound_text text;                      // without its id
    std::optional<inbound_outcome> settled; // nothing: it waits to be handled
    posthorn::id head = 0;                  // duplicate: of which
};

// What became of a text, or of some that are parts or repetitions of `head`. Stale when one was
// settled before.
struct settle_inbound {
    std::vector<posthorn::id> texts;
    inbound_outcome what = inbound_outcome::answered;
    posthorn::id head = 0;
    std::string command;
    bool secret = false; // a PIN or a code stands in it: its words are forgotten
};

struct put_question { // replaces what the phone was asked before
    posthorn::question question;
};
struct drop_question { // stale when another was asked since
    std::string number, recipient;
    posthorn::id id = 0;
};

// Housekeeping: feedback entries all have read, refusals told, messages copied to history.
struct forget {
    std::int64_t feedback_through = 0;
    std::int64_t refused_through = 0;
    struct moved {
        posthorn::id message = 0;
        posthorn::id event = 0;
        std::int64_t version = 0;
        bool long_text = false; // may have rows in part, attempt, decision or letter
        bool late = false;      // a receipt may still come: remember its refs
        bool of_many = false;   // one of several of its event
        bool followed = false;  // a later event may be only for those who were told: remember that
        message_state state = message_state::delivered;
    };
    std::vector<moved> messages;
    std::vector<posthorn::id> texts;    // from phones, settled and copied to their month
    std::vector<posthorn::id> passed;   // the source has them
    std::vector<posthorn::id> expanded; // events for many: their source knows that they are done
    struct taken { // a late receipt, into the month of its message; and what it changed there
        posthorn::id receipt = 0;
        posthorn::id message = 0; // 0: nothing
        name_id account = 0;
        part_state part_was = part_state::unconfirmed, part_is = part_state::unconfirmed;
        message_state was = message_state::unconfirmed, is = message_state::unconfirmed;
    };
    std::vector<taken> late_receipts;
    struct late_part {
        posthorn::id message = 0;
        std::uint8_t n = 1;
    };
    std::vector<late_part> late_parts; // whose month is gone: no receipt counts any more
    instant operations_before{};       // the log of operations and books, up to then; 0: none of it
    instant withdrawals_before{};      // and who was told; likewise
    instant history_before{};          // months that ended by then were dropped; 0: none was
    instant at{};
};

// The wall clock was believed: the next start must not find it far behind.
struct note_clock {
    instant at{};
};

// A name that came with a reload gets its number, or tells the one it has.
struct add_name {
    std::string kind; // source, type, pool, account
    std::string name;
};

// What the texts of a type say is in force from now on: the version that was kept last, or a new one
// where it says something else. The outcome has which.
struct keep_wording {
    std::string type;
    std::string written; // templates/written_wording.hpp
    std::string who;     // had it put in force; empty: a start did
    instant at{};
};

// What is known of an account's carrier, in place of what was.
struct keep_learned {
    name_id account = 0;
    std::string record, adapter;
    instant at{};
};

// What a person did, and why: for `posthorn log`. Submitted with the operations that carry it out.
struct operation {
    std::string who;    // the user, or the name of a token
    std::string what;   // the verb: pause, stop, cancel ...
    std::string which;  // to what: "run bills-2026-11", "message 123", "everything"
    std::string reason; // in that person's words
    std::string result; // what came of it, where that is not plain
    instant at{};
};

// A person has looked at a text that failed, and this is recorded with it. Stale, and no record, when
// it has not failed, or somebody has looked before. Failed texts stay in their tally: those that
// still wait are the failed less the handled.
struct handle_inbound {
    posthorn::id text = 0;
    operation by;
};

// This scope may not send until it is resumed. Replaces what was said of it before.
struct pause {
    posthorn::scope scope;
    bool stopped = false; // what has not left is cancelled, and what comes later too
    std::string who;
    std::string reason;
    instant at{};
};

struct resume { // and what of it is paused for one source; stale when nothing of it was paused
    posthorn::scope scope;
};

// Of the names in a scope; 0: it has none.
struct scope_numbers {
    name_id name = 0;
    name_id source = 0;
};

// A queued message leaves the queue for a place where it is in nobody's way, and comes back. Stale
// when it is not there.
struct set_aside {
    posthorn::id message = 0;
};
struct put_back {
    posthorn::id message = 0;
};

// A person has an event sent again: another message of it, after one that is final.
struct send_again {
    posthorn::event event; // as it was taken in; it may have left for history
    std::int64_t event_version = 0;
    posthorn::message message; // parts queued
    posthorn::id earlier = 0;
    bool repeat = false; // the earlier one may have arrived: counted in `repeats`
    instant at{};
};

// Who opts out or comes back: an entry of the ledger, whose id is the outcome's `event`. Stale,
// and no entry, when it changes nothing.
struct set_consent {
    std::string number; // E.164 without '+', or an address
    bool out = true;
    std::optional<posthorn::category> which = {}; // none: all that asks for consent
    consent_way how = consent_way::text;
    std::string who;          // the user, or the name of a token; empty: the phone itself
    posthorn::id inbound = 0; // the text that said so
    std::string words;        // by which it did
    std::string reason;       // in a person's words
    instant at{};
};

using op = std::variant<
    add_event, release_event, open_parts, tell_part, fail_over, close_message, add_receipt,
    drop_receipt, add_inbound, forget, note_clock, operation, pause, resume, set_aside, put_back,
    send_again, add_name, keep_wording, keep_learned, settle_inbound, put_question, drop_question,
    set_consent, handle_inbound,
    // store/ops_people.hpp
    put_person, put_customer_account, bind, unbind, set_pin, count_try, clear_tries,
    put_binding_code, use_binding_code, put_nuisance,
    // store/ops_topics.hpp
    put_subscription, drop_subscription, add_publication, advance_publication, note_occurrence,
    // store/ops_passing.hpp
    pass_on, change_contact, settle_contact_change, add_work_report, end_work_report,
    // store/ops_audience.hpp
    put_area, drop_area, put_group, drop_group, put_member, add_recipient, advance_expansion,
    // store/ops_erasure.hpp
    redact, begin_erasure, erase_number, erase_rows, overwrite_free, end_erasure,
    // store/ops_policy.hpp
    put_off, go_by_email, uncount, uncover, forgive_text, forget_counted,
    // store/ops_withdrawal.hpp
    note_told, cancel_event, end_withdrawal,
    // store/ops_cost.hpp
    add_cost,
    // store/ops_timers.hpp
    begin_timer, make_step, cancel_steps, forget_steps>;

struct op_list {
    std::vector<op> ops;
};

struct outcome {
    enum class code : std::uint8_t {
        applied,
        stale,     // nothing changed: the row was not in the state the caller thought
        replay,    // add_event: this very outbox row was taken in before
        duplicate, // add_event: same key and content under another outbox id
        reused,    // add_event: same key, other content
    };
    outcome::code what = code::applied;
    bool added = false;     // put_person, put_customer_account: it was not there
    posthorn::id event = 0; // add_event: the event now stored under the key; add_inbound: its row;
                            // set_consent: its entry
    name_id name = 0;       // add_name
    std::int64_t wording = 0;                    // keep_wording: the version
    posthorn::id message = 0;                    // add_event, release_event
    message_state state = message_state::queued; // of the message, after it
    // fail_over: it waits to go once more, and where.
    bool fails_over = false;
    posthorn::priority priority = posthorn::priority::normal;
    name_id pool = 0, source = 0;
};

// Of a statement that changes what it is about, or nothing.
inline outcome applied_if(int rows) {
    return {.what = rows > 0 ? outcome::code::applied : outcome::code::stale};
}

} // namespace posthorn::store
