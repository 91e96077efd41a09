// What the API needs from the daemon around it, as plain values and functions that main supplies.
// All functions are called on the loop's thread and return at once.
#pragma once

#include "delivery/brake.hpp"
#include "model/number.hpp"
#include "model/quota.hpp"
#include "policy/budget.hpp"
#include "sdk/call.hpp"
#include "sdk/unit.hpp"
#include "settings/people_settings.hpp"
#include "store/audience.hpp"
#include "store/backup.hpp"
#include "store/contact_changes.hpp"
#include "store/costs.hpp"
#include "store/people.hpp"
#include "store/reader.hpp"
#include "store/recount.hpp"
#include "store/search.hpp"
#include "store/subscriptions.hpp"
#include "store/texts.hpp"
#include "store/timers.hpp"
#include "store/work_reports.hpp"
#include "topics/directory.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::api {

struct account_status {
    std::string name;
    std::string adapter;
    std::string delivery;       // live, test
    std::string pool, own_pool; // what it carries; own_pool: what is bound to it
    // Where routes tell messages apart: the pools it carries, and which place it has in each.
    std::map<std::string, unsigned> ranks;
    unsigned slots = 0; // 0: no link
    unsigned open = 0;
    std::string why; // there is no link; empty when there is
    std::int64_t submitted_per_second = 0;
    unsigned rate = 0; // parts per second it may send; 0: no limit
    bool paused = false;
    bool throttled = false; // its carrier said within the last minute that we are too fast
    std::vector<std::pair<std::string, std::string>> learned; // by its adapter, about the carrier
    std::int64_t submitted = 0;                               // parts, since start
};

struct source_status {
    std::string name;
    std::string problem;      // with its outbox; empty when there is none
    bool missing = false;     // the problem is only that the file is not there yet
    std::int64_t waiting = 0; // taken from the outbox and not yet committed
    duration lag{};           // age of the newest of those
    std::vector<quota_use> quota{};
    std::int64_t kept_back = 0; // rows that it keeps in the outbox; about so many
};

struct store_status {
    std::int64_t commits_per_second = 0;
    std::int64_t operations_per_commit = 0;
    duration commit{}; // mean
    std::int64_t wal_octets = 0;
};

struct status_snapshot {
    instant started_at{};
    std::vector<store::pause> pauses;
    std::int64_t braked = 0;                      // of them: by the brake
    std::vector<delivery::told_warning> warnings; // of the brake
    std::vector<policy::budget_use> budgets;
    std::string halted;       // why nothing may be sent; empty when it may
    std::string results_wait; // why results and history cannot be written; empty when they can
    std::vector<std::string> unsealed;    // months of history that could not be sealed, and why
    std::vector<std::string> unexpanded;  // events for many that wait, and why
    std::vector<std::string> unpublished; // items and queries of topics that wait, and why
    std::string timers_wait; // why steps of timers that are due are not made; empty: none
    std::vector<account_status> accounts;
    std::set<std::string> uncarried; // pools that no account carries, as routes say now
    std::vector<source_status> sources;
    std::map<store::flow_name, std::int64_t> unstored; // messages in hand that the store has not
    std::map<std::string, std::int64_t> totals;        // beside the store's tallies
    std::int64_t held = 0;                             // uncertain parts only a person settles
    store_status store;
};

struct uncertain_part {
    posthorn::id message = 0;
    posthorn::id event = 0;
    std::uint8_t n = 1;
    std::string account;
    std::string recipient;
    instant since{};
    instant resend_at{}; // 0: not by itself
    instant give_up_at{};
    posthorn::on_uncertain on_uncertain = posthorn::on_uncertain::hold;
};

struct lookup_figures { // of one of the utility's own systems; since the start
    std::string system;
    std::int64_t asked = 0;
    std::vector<std::pair<std::string, std::int64_t>> outcomes; // answered, and each failure
    std::int64_t done = 0;                                      // that took `took` in all
    duration took{};
    std::int64_t waiting = 0;  // now
    bool breaker_open = false; // it failed too often and is left alone, now
};

struct answering_figures {      // of texts from phones; now
    std::int64_t joining = 0;   // wait for their other parts
    std::int64_t in_hand = 0;   // wait for their answer
    std::int64_t questions = 0; // that phones were asked and have not answered
    std::int64_t held = 0;      // wait because too many came from all phones
    std::int64_t nuisances = 0; // numbers that are not answered for a time
    std::vector<lookup_figures> lookups;
};

struct publishing_figures { // of topics
    struct waiting {        // an item, or a query whose time has come, and why
        std::string topic, item, why;
    };
    struct clock { // of a topic with a query
        std::string topic;
        instant next{};      // 0: no more
        std::string failing; // why what is due could not be asked; empty: it is not due, or new
    };
    std::int64_t texts = 0;             // made for subscribers, since start
    std::int64_t open = 0;              // items under way
    instant oldest{};                   // of those
    std::vector<waiting> stuck;         // of those, and why
    std::int64_t asked = 0, missed = 0; // occurrences of queries, since start
    std::vector<clock> clocks;          // by topic
};

struct health_figures {
    std::string version;
    std::string not_ready;   // why no events are taken in, or none may be sent; empty when they are
    duration store_silent{}; // since the store was asked something it has not answered
    store::writer_figures store;
    std::size_t backlog = 0;                                   // operations not yet committed
    std::int64_t disk_free = 0;                                // octets, where live.db is
    std::int64_t database = 0;                                 // octets of it
    std::int64_t months_unsealed = 0;                          // that could not be
    std::int64_t receipts_timed = 0, receipt_delay_micros = 0; // from answer to receipt; in all
    std::int64_t callbacks_taken = 0, callbacks_failed = 0, callbacks_given_up = 0; // since start
    std::int64_t callbacks_waiting = 0;
    answering_figures answering;
    publishing_figures publishing;
    instant timers_due_since{}; // the oldest step of a timer that is due and not made; 0: none
};

struct http_figures {                         // of the network; since start
    std::map<unsigned, std::int64_t> answers; // by status
    std::int64_t turned_away = 0;             // connections
    unsigned connections = 0;                 // open now
};

struct retry_counts {
    std::int64_t retried = 0;      // became messages
    std::int64_t still_parked = 0; // parked again
};

struct reload_wish {
    bool dry_run = false; // say what it would do
    bool drain = false;   // a type or account that goes may still have live messages
    std::string asked_by; // for the log
};

struct reload_report {
    bool refused = false; // nothing was changed
    bool applied = false;
    std::string verdict;                  // one line for a person
    std::vector<std::string> differences; // what is or would be changed
    std::vector<std::string> mistakes;    // as --check tells them
};

struct backup_answer {
    std::string refused; // why there is none; empty when there is
    store::backup_figures made;
    std::string configuration; // a folder, which is not in it
};

struct erasure_answer {
    std::string refused; // why it has not begun; empty when it has
    std::string called;  // what stands for the number from now on, in evidence and in the log
    bool again = false;  // it was under way already
};

struct taken_event {
    store::outcome::code what = store::outcome::code::applied;
    posthorn::id event = 0;   // the one now stored under the key
    posthorn::id message = 0; // 0: none
    std::string parked;       // why; empty when it is not
};

struct intake_answer {
    std::string closed; // why none of them was taken; empty when they were
    duration retry_after = std::chrono::seconds(5);
    std::vector<taken_event> events;       // in the order of the events; of the first ones
    std::optional<quota_use> over_quota{}; // why the others were not taken
};

struct manual_text { // that a person sends by hand
    std::string to;  // as people write a number
    std::string text;
    std::string language; // of its signature; empty: the type's
    std::string account;  // through this one alone; empty: any
    std::optional<posthorn::priority> priority;
};

struct account_trial {
    std::string refusal; // why it was not tried
    bool works = false;
    std::string over; // which link was asked
    std::string delivery;
    bool enabled = true;
    std::string why; // it does not work
    std::vector<std::pair<std::string, std::string>> learned;
};

struct tried_text { // as if it came from a phone
    std::string from, to, text;
};

// Of a text of `type` to `number`, in so many parts; of `source`, if it is said.
struct tried_route {
    std::string number, type, source = {};
    unsigned parts = 1;
    std::string text; // or this one, in the parts that each account makes of it
};

struct estimated_text {
    std::string number; // E.164 without '+'
    std::string text;
};

struct text_trial {
    std::string refusal;       // why it was not tried
    boost::json::object would; // what would come of it
};

struct sent_text {
    std::string closed;  // why nothing is taken in now
    std::string refusal; // what is wrong with it; empty when it was taken in
    std::string key;
    posthorn::id event = 0;
    posthorn::id message = 0;
    std::size_t parts = 0;
};

struct surroundings {
    store::search* search = nullptr; // used on a thread of the API's own
    // A phone number as people write it in E.164 without '+'; as it is when it is none.
    std::function<std::string(std::string_view)> number;
    std::function<instant()> now;
    // The files that hold the whole story; and since when final results must still be there.
    std::function<store::books_files()> books;
    std::function<instant()> results_since;
    // The calendar day here.
    std::function<std::pair<instant, instant>(std::chrono::year_month_day)> day;
    std::function<status_snapshot()> status;
    std::function<health_figures()> health;
    std::function<std::vector<uncertain_part>()> uncertain;
    // `by`, here and below: what is recorded of it, in the commit of the change.
    // As desk::settle: false when the part is not uncertain any more.
    std::function<bool(posthorn::id message, std::uint8_t n, bool resend, store::operation by)>
        settle;
    // Why that scope cannot be paused (there is no such source); empty when it is. `done`, once it
    // is: all that waits has been gone through; how many messages a stop has cancelled.
    std::function<std::string(const scope& which, bool stopped, store::operation by,
                              std::function<void(std::int64_t cancelled)> done)>
        pause;
    std::function<bool(const scope& which, store::operation by)> resume; // false: was not paused
    // A person's word about a number's consent; `done`, once it is committed, with what came of it.
    std::function<void(store::set_consent what, std::function<void(store::outcome)> done)>
        set_consent;
    std::function<category_set(const std::string& number)> opted_out; // of these, now
    // As desk::withdraw and desk::recall; `done` may be called at once.
    std::function<void(posthorn::id message, store::operation by, std::function<void()> done)>
        withdraw;
    // An event for many, or for a topic, is taken back as far as it can be; `done`: that is committed, and
    // goes on from there.
    std::function<void(posthorn::id event, store::operation by, std::function<void()> done)>
        cancel_event;
    std::function<void(const store::submitted_part& which, std::string reason,
                       std::function<void(sdk::cancellation)> done)>
        recall;
    // Another message of the same event, after `earlier`; `repeat`: it may arrive twice. `done`
    // gets its id.
    std::function<void(store::whole_message earlier, bool repeat, store::operation by,
                       std::function<void(posthorn::id)> done)>
        resend;
    // Takes in a text by hand; `done` hears once it is committed, or why not, perhaps at once.
    std::function<void(manual_text what, store::operation by, std::function<void(sent_text)> done)>
        send;
    // Asks an account's carrier whether it answers; `done` once, later, on the loop.
    std::function<void(const std::string& account, std::function<void(account_trial)> done)>
        try_account;
    // A carrier calls its account; `done` once, on the loop. False: there is no such account.
    std::function<bool(const std::string& account, const sdk::call& what,
                       std::function<void(sdk::answer)> done)>
        called_back;
    // What would come of a text from a phone: nothing is sent or changed. `done` once, later.
    std::function<void(tried_text what, std::function<void(text_trial)> done)> rehearse;
    // Which account would carry such a text now, and why.
    std::function<text_trial(const tried_route& what)> try_route;
    // What such texts of a type would cost, as routes and prices are now.
    std::function<text_trial(const std::string& type, const std::vector<estimated_text>& texts)>
        estimate;
    std::function<void(store::operation by)> accept_clock; // a person says it is right
    // Prepares these again and has the outcome committed; then calls `done`, once, on the loop.
    // `by` is of the first of several calls only.
    std::function<void(std::vector<store::parked_event> events, store::operation by,
                       std::function<void(retry_counts)> done)>
        retry;
    // Reads the configuration again; then calls `done`, once, on the loop.
    std::function<void(reload_wish wish, std::function<void(reload_report)> done)> reload;
    // A copy of all that must not be lost, in a new folder; then calls `done`, once, on the loop.
    std::function<void(std::string into, store::operation by,
                       std::function<void(backup_answer)> done)>
        back_up;
    // Begins to erase a number (E.164 without '+'); then calls `done`, once, on the loop.
    std::function<void(std::string number, store::operation by,
                       std::function<void(erasure_answer)> done)>
        erase;
    // Takes in events of a source that came by HTTP, as those of its outbox; calls `done` once, on
    // the loop, after they are committed.
    std::function<void(std::string source, std::vector<posthorn::event> events,
                       std::function<void(intake_answer)> done)>
        take;
    // Numbers and customer accounts; the reader is used on a thread of the API's own.
    store::people_reader* people = nullptr;
    std::function<settings::people_settings()> people_settings;
    std::function<std::vector<country>()> countries;     // whose national numbers people may write
    store::texts_reader* texts = nullptr;                // from phones; used as that of people
    store::subscription_reader* subscriptions = nullptr; // used as that of people
    std::function<std::shared_ptr<const topics::directory>()> topics;
    store::contact_reader* contacts = nullptr;  // likewise
    store::work_reader* work = nullptr;         // likewise
    store::audience_reader* audience = nullptr; // likewise
    store::timer_reader* timers = nullptr;      // likewise
    store::cost_reader* costs = nullptr;        // likewise
    std::function<std::int32_t()> today;        // 20261127, in the site's zone
    std::function<std::vector<policy::budget_use>()> budgets;
    // What a code that the carrier of this account gave means; empty: it speaks for itself.
    std::function<std::string(const std::string& account, const std::string& code)> describe;
    // Commits these as they are; calls `done` once, on the loop.
    std::function<void(std::vector<store::op> ops,
                       std::function<void(std::vector<store::outcome>)> done)>
        commit;
    std::function<void(const nuisance&)> use_nuisance; // it is committed
    // What was said of people is committed: it decides about their messages from now on.
    std::function<void(const std::vector<store::op>&)> use_people;
    // Changes that people made, failures of ours; for the log.
    std::function<void(std::string_view what)> log;
};

} // namespace posthorn::api
