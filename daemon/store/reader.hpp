// What people ask of the store: short bounded reads on connections of its own, beside the writer.
//
//   live.db ──first──► answer            where both have a row, live.db wins
//   history/YYYY-MM.db ──then──►         from the month of the id on
//
// One thread at a time. Every call ends after two seconds at the latest, by throwing read_failed.
#pragma once

#include "model/event.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store {

class read_failed : public std::runtime_error { // what, where; the next call tries again
public:
    using std::runtime_error::runtime_error;
};

struct attempt_story { // an attempt that did not end its part
    std::int64_t attempt = 1;
    std::string outcome; // deferred, uncertain
    std::string code;
    instant closed_at{};
};

struct decided { // about an event or message, and not plain from it any more
    instant at{};
    std::string what; // parked, put off
    std::string reason;
};

struct correction { // by a receipt that came when the message was in history already
    instant at{};
    std::uint8_t n = 1;
    part_state was = part_state::unconfirmed;
};

struct part_story {
    std::uint8_t n = 1;
    part_state state = part_state::queued;
    std::int64_t repeats = 0; // sent again, not known to have arrived
    instant opened_at{};      // the last attempt; 0: none
    instant submitted_at{};
    instant final_at{};
    std::string ref, code, mark;
    std::vector<attempt_story> attempts;
};

struct message_story {
    posthorn::id id = 0;
    message_state state = message_state::queued;
    std::string reason;
    std::string recipient;
    std::string phone; // of a letter: whose it is; may be empty
    std::string language;
    std::string account; // by name; empty when none was chosen yet
    std::string pool;    // by name: who may carry it
    posthorn::priority priority = posthorn::priority::normal;
    posthorn::coding coding = posthorn::coding::gsm7;
    std::int64_t wording = 0; // the version of its type's by which it was made; 0: nobody knows
    instant wording_since{};  // in use
    instant due_at{};
    instant expires_at{};
    instant final_at{};
    std::vector<part_story> parts;
    std::vector<decided> decisions;
    std::vector<correction> corrections;
};

struct published_story { // of an event to a topic
    std::int64_t texts = 0;
    bool done = false;
    std::string reason; // done before all were served: why
};

struct expanded_story {                           // of an event for many
    std::int64_t made = 0;                        // messages so far
    bool done = false;                            // no more will be made
    std::string reason;                           // done before all were served: why
    std::map<message_state, std::int64_t> states; // of its messages
};

struct event_story {
    posthorn::event event;
    std::optional<std::string> parked;        // why it is parked, when it is
    std::optional<published_story> published; // when it is for a topic
    std::optional<expanded_story> expanded;   // when it is for many
    std::vector<decided> decisions;           // about the event itself
    std::vector<message_story> messages;      // of one for many: the one asked for, else the first
                                              // twenty that are not in history
    bool complete = true; // false: its messages were not found in time; ask by a message's id
};

struct parked_filter { // empty: any
    std::string source;
    std::string key;
    std::string type;
    std::string reason_has; // part of the reason, whatever its ASCII case
};

struct parked_event {
    posthorn::event event; // all of it, to be prepared again
    std::string reason;
};

struct kept_wording { // of a type
    std::int64_t version = 1;
    instant since{};     // in use
    std::string who;     // had it put in force; empty: a start did
    std::string written; // templates/written_wording.hpp
};

struct live_rows {
    std::int64_t messages = 0;
    std::int64_t parked = 0; // events
};

struct operation_filter { // empty: any
    instant since{};
    std::string who;
    std::string what;
    posthorn::id before = 0; // those older than this one; 0: from the newest on
};

struct noted_operation {
    posthorn::id id = 0;
    operation done;
};

// An entry of the ledger of consent.
struct consent_entry {
    posthorn::id id = 0;
    set_consent said;
    category_set in_force = {}; // what the number is out of by this entry now
};

// A place in the queue; the beginning by default.
struct queue_place {
    flow_name flow{-1, posthorn::priority::urgent, -1};
    instant due_at{};
    posthorn::id message = 0;
};
// A place among those set aside.
struct aside_place {
    instant expires_at{};
    posthorn::id message = 0;
};

// A place among those put off.
struct put_off_place {
    instant until{};
    posthorn::id message = 0;
};

// A part the carrier has accepted, of a message that is not final. Parts of one ref are one: the
// first is here.
struct submitted_part {
    posthorn::message message; // without text and parts
    std::uint8_t n = 1;
    bool single = true;
    std::string ref;
};

// A message with its event, to be sent again.
struct whole_message {
    posthorn::event event;
    std::int64_t event_version = 0;
    posthorn::message message; // octets only where it has several parts
    message_state state = message_state::queued;
};

struct reason_count {
    std::string reason;
    std::int64_t events = 0;
};

struct flow_waiting {
    flow_name flow;
    std::int64_t messages = 0;
    bool more = false; // at least so many
    instant oldest_due{};
};

class reader {
public:
    reader(std::filesystem::path live, std::filesystem::path history); // opens nothing yet
    ~reader();

    // `i` is an event's id or a message's.
    std::optional<event_story> story_of(posthorn::id i);
    // The event of each source that used this key, or of one source; at most 20.
    std::vector<event_story> stories_of_key(std::string_view key, std::string_view source = {});
    // An event for many, or for a topic, is being taken back by name.
    bool is_being_cancelled(posthorn::id event);
    // Source, key and type of an event in live.db, cheaply.
    std::optional<posthorn::event> event_row(posthorn::id event);

    // By rising id, those above `after`.
    std::vector<parked_event> parked(const parked_filter& which, posthorn::id after,
                                     std::size_t limit);
    // The ten most frequent among the newest 20,000.
    std::vector<reason_count> parked_reasons();

    // Submitted parts whose validity and receipt_wait are over: what to tell them. At most 1,000;
    // come back after those are told.
    std::vector<tell_part> overdue(instant now, duration receipt_wait);

    // What is not finished of a type, or of what an account has at its carrier; counts at most
    // 300,000.
    live_rows live_of_type(std::string_view type);
    live_rows live_of_account(std::string_view account);

    // What waits, without text and parts, in the order of their places.
    std::vector<posthorn::message> queued_after(const queue_place& place, std::size_t limit);
    std::vector<posthorn::message> set_aside_after(const aside_place& place, std::size_t limit);
    std::vector<posthorn::message> put_off_after(const put_off_place& place, std::size_t limit);

    // Submitted parts of the open messages from `first` to `last`, at most `limit` messages of them;
    // `first` becomes where to go on, `last` + 1 at the end.
    std::vector<submitted_part> submitted(posthorn::id& first, posthorn::id last,
                                          std::size_t limit);
    std::optional<whole_message> whole(posthorn::id message);

    // All that a type ever said, the newest first.
    std::vector<kept_wording> wordings(std::string_view type);

    // Of all accounts.
    std::vector<keep_learned> learned();

    // The newest first.
    std::vector<noted_operation> operations(const operation_filter& which, std::size_t limit);

    // Those from `since` to `until` that are about one of `which`, as their rows spell it; the oldest
    // first.
    std::vector<operation> operations_on(const std::vector<std::string>& which, instant since,
                                         instant until);

    // All that was ever said about a number's consent, the newest first.
    std::vector<consent_entry> consents(const std::string& number, std::size_t limit);

    std::map<std::string, std::int64_t> tallies();
    std::int64_t set_aside();          // messages that wait for the end of a pause
    std::int64_t put_off(instant now); // messages that wait for the end of quiet hours
    std::vector<flow_waiting> queue(); // counts at most 300,000 of each flow
    std::map<name_id, std::string> names();

private:
    struct connection;
    template <class Work>
    auto ask(Work work);
    template <class Find>
    auto first_shelf_with(connection& c, posthorn::id i, const Find& find);
    static void add_wordings(connection& c, event_story& story);
    void add_resent(connection& c, event_story& story);
    bool add_expanded(connection& c, event_story& story, posthorn::id asked);

    std::filesystem::path live_, history_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
