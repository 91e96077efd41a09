// Where everything about sending meets: new events, flows, lanes, verdicts, receipts, doubts. One
// per daemon, on the loop's thread; the store is the truth, this is what is in hand.
//
//   accept ─► flows ─► lanes ─► carrier
//              │ ▲
//              ▼ │ claimed again               what cannot move spills into the store
//             the store's queue
#pragma once

#include "delivery/awaited_receipts.hpp"
#include "delivery/brake.hpp"
#include "delivery/covers.hpp"
#include "delivery/doubts.hpp"
#include "delivery/expenses.hpp"
#include "delivery/lane.hpp"
#include "delivery/pauses.hpp"
#include "delivery/references.hpp"
#include "delivery/routes.hpp"
#include "delivery/shares.hpp"
#include "delivery/strange_receipts.hpp"
#include "model/retry.hpp"
#include "policy/judge.hpp"
#include "policy/opted_out.hpp"
#include "policy/spending.hpp"
#include "store/reader.hpp"
#include "store/store.hpp"

#include <map>
#include <memory>
#include <set>
#include <unordered_map>

namespace posthorn::delivery {

struct desk_settings {
    retry_schedule retry;
    duration receipt_wait = std::chrono::hours(24);
    std::unordered_map<name_id, type_rules> types;
    brake_settings brake;
    std::shared_ptr<const policy::rules> policy;   // null: none
    templates::zone zone = templates::zone::utc(); // of numbers that have none of their own
    // Who carries what waits in a pool; of one that is not here, every account that names it.
    delivery::seats seats{};
    duration failover_after = std::chrono::seconds(10); // a fault may last so long
    // The pool that the facts of a message name; empty: rows name it.
    std::function<name_id(const message&)> pool_of{};
};

// Rows of an outbox that are committed, or refused for good: they may be deleted there.
struct taken_rows {
    std::vector<std::int64_t> outbox_ids;
    std::size_t events = 0; // so many of them became events

    void add(std::int64_t outbox_id, bool became_event) {
        outbox_ids.push_back(outbox_id);
        events += became_event ? 1 : 0;
    }
    void add(const taken_rows& more) {
        outbox_ids.insert(outbox_ids.end(), more.outbox_ids.begin(), more.outbox_ids.end());
        events += more.events;
    }
};

// What the desk needs from outside.
struct desk_surroundings {
    store::store& store;
    std::function<instant()> now;
    std::function<std::uint32_t()> random;
    std::function<void(sdk::level, std::string_view account, std::string_view what)> log;
    std::function<void(name_id source, taken_rows rows)> taken_in;
    // MO text from octets and data_coding, without UDH; empty when it is binary.
    std::function<std::string(const sdk::inbound&)> decode;
    // Octets of a text in its coding as one, without UDH.
    std::function<std::string(coding, std::string_view text)> encode;
    std::function<std::string(name_id source)> source_name;
    // The brake lets something go on: what is set aside of it may come back.
    std::function<void()> goes_on;
    // Something was put off that may go by e-mail instead.
    std::function<void()> may_go_by_email;
    // Events that withdraw others are committed.
    std::function<void()> withdrawing;
    // What is to be stored of a text; one that is not settled by it is handed on once it is
    // committed, with its id. Both empty: texts are only kept.
    std::function<store::add_inbound(inbound_text)> admit;
    std::function<void(std::vector<inbound_text>)> texts_came;
    // A link has ended over which texts of the account came: what its carrier thinks unacknowledged
    // it will bring again. `proven`: what was acknowledged before then, it knows to be.
    std::function<void(name_id account, instant proven)> link_lost;
    // Somebody opts out of letters like one that he had; as of sdk::host.
    std::function<void(sdk::opt_out word, std::function<void(bool heeded)> done)> opted_out = {};
    // What a carrier says about a number's consent, to be committed.
    std::function<void(store::set_consent what)> set_consent = {};
};

class desk {
public:
    desk(desk_settings settings, desk_surroundings around);
    ~desk();

    lane& add_lane(lane_settings settings, boost::asio::any_io_executor executor);
    const std::vector<std::unique_ptr<lane>>& lanes() const { return lanes_; }
    lane* lane_named(std::string_view account) const; // null: it has none
    // Its adapter has ended and nothing of it is on its way: see all_told() of the gateway.
    void remove(lane& gone);
    // From now on. Rules of types that are not named any more stay for their messages.
    void use(desk_settings settings);
    void recover(store::recovered& found);

    // New events of one source, in its order; those parked carry their reason.
    void accept(std::vector<store::add_event> events);
    // Commits events that do not go straight to a lane, and has them wait in the store's queue.
    // `then` hears of the commit.
    void store_in_queue(std::vector<store::add_event> events, store::store::done then = {});
    // Messages of an event for many, and how far it has come, in one commit. `then`: committed.
    void add_recipients(std::vector<store::add_recipient> messages,
                        std::vector<store::advance_expansion> so_far, std::function<void()> then);
    // A few times a second: what waits too long, what is due, what is settled.
    void pulse();
    // Sending of a scope stops at once; what of it has not left is set aside, or cancelled when it
    // is stopped. `by` is recorded with it, in one commit.
    void pause(store::pause what, store::scope_numbers numbers, store::operation by);
    // What has not left of this message never will: it is closed as cancelled. `done`: committed.
    void withdraw(posthorn::id message, store::operation by, std::function<void()> done);
    // The same of some; with `more` in one commit.
    void withdraw(std::span<const posthorn::id> messages, const std::string& reason,
                  std::function<void()> done, std::vector<store::op> more = {});
    bool takes_back(name_id account) const; // its carrier, by contract
    bool any_takes_back() const;
    // Asks the carrier to take back what it has accepted; its answer is recorded when it has.
    void recall(const store::submitted_part& which, std::string reason,
                std::function<void(sdk::cancellation)> done);
    // And what of it is paused for one source. False when it was not paused.
    bool resume(const scope& which, store::operation by);
    const pauses& paused() const { return pauses_; }
    // What keeps a message from leaving, itself and not only its lane; null: nothing does.
    const store::pause* why_held(const message& m, bool among_first = false) const {
        return pauses_.empty() ? nullptr : pauses_.covering(m, !among_first && !only_warned(m));
    }
    // A number opts out or comes back, with `more` in one commit; in force from then on. `done`
    // hears what came of it.
    void set_consent(store::set_consent what, std::vector<store::op> more,
                     std::function<void(const store::outcome&)> done);
    // The same, committed by somebody else.
    void heed(const store::set_consent& what, const store::outcome& committed);
    const policy::opted_out& opted_out() const { return opted_out_; }
    // When numbers want to be told.
    policy::own_times& times() { return judge_.times(); }
    bool asks_consent(const message& m) const; // one may opt out of it
    void opted_out(sdk::opt_out word, std::function<void(bool heeded)> done);
    // Why the ledger of consent forbids it to begin; empty: it may.
    std::string forbidden(const message& m) const;
    // Of a message put off that the store still has: until when else, by the rules as they are now;
    // nothing when it is as it was.
    std::optional<store::put_off> put_off_anew(const message& m);
    // Of such a message: why it goes by e-mail, where it can; empty: it waits.
    std::string by_email(const message& m);
    // They do, but those that have begun meanwhile. `done`: committed.
    void go_by_email(std::vector<store::go_by_email> letters, std::function<void()> done);
    // A person sends it again: it is kept back by no text like it. What the store is to forget.
    std::optional<counted_text> forgive(const message& m);
    std::optional<store::uncover> uncovered(const message& m);
    // As `posthorn status` tells them: with what the brake knows of those it has made.
    std::vector<store::pause> told_pauses() const;
    std::vector<told_warning> warnings() const; // what the brake would have paused
    std::int64_t cancelled_in_hand() const { return cancelled_in_hand_; } // since start
    // Something is wrong (`why`; empty: no more): nothing leaves, expires or is decided. Verdicts,
    // receipts and texts from phones are taken as ever.
    void halt(std::string why);
    const std::string& halted() const { return halted_; }
    bool may_send(name_id account) const {
        return halted_.empty() && (pauses_.empty() || !pauses_.stands_still(account));
    }
    // A parked event became a message that waits in the store's queue.
    void queued(const store::flow_name& flow, instant due_at);
    // Parts accepted long ago without a final receipt (found by the store).
    void give_up(std::vector<store::tell_part> overdue);

    // A person decides about an uncertain part. False when it is not uncertain any more.
    bool settle(posthorn::id message, std::uint8_t n, bool resend, store::operation by);
    const doubts& uncertain() const { return doubts_; }
    std::size_t waiting_for_receipts() const { return references_.waiting(); }
    std::size_t in_hand() const { return in_hand_.size(); }
    bool has_in_hand(posthorn::id m) const { return in_hand_.contains(m); }
    // Null: not of a type that was ever configured since the start.
    const type_rules* rules_of(const message& m) const {
        const auto found = settings_.types.find(m.type);
        return found == settings_.types.end() ? nullptr : &found->second;
    }
    // Messages of a type in hand that the store does not have yet.
    std::int64_t unstored(name_id type) const;
    std::map<std::string, std::int64_t, std::less<>>& seen() {
        return seen_;
    } // since start, for status

    // For lanes.
    shares& flows() { return flows_; }
    // What it may take now, but of its own pool.
    std::vector<allowance> allowed(const lane& which, unsigned room);
    void took(const outgoing& o, name_id account, unsigned parts);
    // The rest of it can only leave by the account that has begun it.
    bool is_bound(const outgoing& o) const {
        return o.message.account != 0 &&
               (any_sent_again(o.message) || (o.message.parts.size() > 1 && o.has_left()));
    }
    // Money is on its way for these parts, and not any more.
    void reserve(outgoing& o, const lane_settings& by, std::span<const part_range> units);
    void came_back(outgoing& o, std::span<const part_range> units);
    // Also what an earlier process has spent this month: by day, the first one first.
    void count_spent(std::span<const store::add_cost> all);
    std::vector<policy::budget_use> budgets(); // as `posthorn status` tells them
    bool is_within(day_hours hours, instant t) const;
    duration failover_after() const { return settings_.failover_after; }
    std::int32_t today(); // 20261127, in the site's zone
    // Others come first now, as the carriers do well or badly.
    void use(delivery::seats all);
    store::store& store() { return around_.store; }
    instant now() const { return around_.now(); }
    std::uint32_t random() { return around_.random(); }
    void log(sdk::level l, std::string_view account, std::string_view what) {
        around_.log(l, account, what);
    }
    store::add_event adding(outgoing& o, instant now);
    void added(outgoing& o, const store::outcome& outcome);
    // Withdrawn, paused, stopped or opted out of: then it may not leave now. `begins`: its first
    // intent, which is committed and of which nothing has left.
    bool is_held(const outgoing& o, bool begins = false) const {
        return !o.withdrawn.empty() || (!pauses_.empty() && why_held(o.message, o.is_first())) ||
               (!opted_out_.empty() && (begins || o.again || !o.begun()) &&
                !forbidden(o.message).empty());
    }
    // Before a message's first intent, with it, and once it is committed or refused. The brake may
    // keep it back: then it is set aside (stop), or must be asked about again (wait).
    brake::word may_begin(const outgoing_ptr& o);
    void begins(outgoing& o);
    void began(outgoing& o, bool left);
    // Held, or kept back by policy; it is closed, set aside or put off then.
    bool turn_away(const outgoing_ptr& o);
    // Its category has quiet hours, now or in a moment.
    bool is_quiet(const message& m);
    // Later the carrier must not hand it over: its time is over, or quiet hours begin.
    instant deliver_by(const message& m);
    // A phone or a carrier has some of it, or may have: policy lets the rest go.
    bool goes_on(const outgoing& o) const { return o.has_left() || any_sent_again(o.message); }
    // It counts in policy from its intent on, or not after all; `stored`: that was committed.
    void count(outgoing& o);
    void uncount(outgoing& o, bool stored);
    // Octets of a text as one unit without UDH.
    std::string encoded(coding code, std::string_view text) const {
        return around_.encode(code, text);
    }
    // It has failed by this account: another one gets it. True where that is so.
    bool is_for_another(const lane& than, const outgoing_ptr& o);
    // Another account of its pool that carries the text gets it; where none does, it is closed.
    void cannot_carry(lane& from, const outgoing_ptr& o, std::string_view why);
    void not_opened(lane& from, const outgoing_ptr& o, const std::vector<part_range>& units);
    void close(const outgoing_ptr& o, part_event what, std::string reason);
    void take_back_unsent(lane& from, const outgoing_ptr& o, const std::vector<part_range>& units);
    bool was_uncertain(posthorn::id message, std::uint8_t n) const {
        return resending_.contains({message, n});
    }
    void verdict(lane& from, const outgoing_ptr& o, part_range parts, instant opened_at,
                 const sdk::verdict& v);
    // The answer to a unit that had become uncertain.
    void late_verdict(lane& from, const sent_part& which, const sdk::verdict& v);
    void arrived(lane& from, std::vector<sdk::receipt> receipts, std::vector<sdk::inbound> texts,
                 std::function<void()> stored);
    void link_is_up(lane& which);
    void link_is_lost(lane& which);
    void flows_may_need_refill();
    void flush(); // hands the operations gathered by verdict() to the store

private:
    struct fresh_text { // to be handled once its operation is committed
        std::size_t op = 0;
        inbound_text text;
    };
    struct part_opened {
        std::uint8_t n = 1;
        instant at{};
    };

    outgoing_ptr in_hand_again(posthorn::message m);
    void make_only_part(outgoing& o);
    void take_in_hand(posthorn::message m);
    void spill(shares::flow& f);
    void refill(const store::flow_name& name, shares::flow& f);
    void close_expired(shares::flow& f, instant now);
    void set_aside(const outgoing_ptr& o);
    std::optional<policy::opted_out::entry> forbids(const message& m, category c) const;
    void opted_out_at(const lane& carrier, const std::string& number, const std::string& code);
    std::optional<policy::facts> facts_of(const message& m) const;
    policy::decision decide(const message& m);
    policy::decision over_budget(const message& m);
    void heed_budgets();
    void tell_budgets();
    bool keep_back(const outgoing_ptr& o);
    void put_off(const outgoing_ptr& o, policy::decision said);
    void forget_counted(instant now);
    const failover_rule* failover_of(name_id type) const; // null: it asks for none
    void look_for_failover();
    void mind_failover(const lane& from, const failover_rule& rule, std::string_view ref,
                       instant since, references::entry& e);
    void fail_over(store::tell_part told, unsigned at_most);
    void look_for_missing_receipts(instant now);
    void submit_failing();
    void goes_again(outgoing& o, store::tried_before before);
    void wait_for_another(outgoing_ptr o);
    bool keep_back_again(const outgoing_ptr& o);
    const type_rules* collapsing(const message& m) const;
    static std::uint64_t household_of(const message& m, const type_rules& rules);
    static cover cover_of(const outgoing& o, const type_rules& rules);
    bool is_covered(const outgoing_ptr& o);
    void cover_others(outgoing& o);
    void uncover_others(outgoing& o, bool stored);
    instant covers_needed_since(instant now) const;
    void look_for_collapse();
    void turn_away_all();
    bool only_warned(const message& m) const;
    void judge(const message& m, const sdk::verdict& v);
    void judge_receipt(posthorn::id message, part_event what);
    void obey_brake();
    void obey(brake_order order);
    bool let_go(const scope& which, const std::vector<pauses::entry>& lifted);
    void go_on(const scope& which, store::operation by);
    scope scope_of(const run_name& which) const;
    void wake_lanes(name_id pool);
    lane* lane_of(name_id account);
    bool can_carry(name_id account);
    bool takes_from(const lane& l, name_id pool) const;
    lane* other_lane(const outgoing& o);
    lane* lane_for(const outgoing& o);
    void wait_for_lane(outgoing_ptr o);
    bool goes_elsewhere(lane& from, const outgoing_ptr& o, part_range parts, const sdk::verdict& v);
    void find_pool(outgoing& o) const;
    void route_anew();
    void let_go_unbound(instant now);
    std::vector<store::op>& ops_for(const posthorn::message& m) {
        return m.priority == priority::urgent ? urgent_ops_ : ops_;
    }
    store::tell_part telling(const posthorn::message& m, std::uint8_t n, part_event what) const;
    void accepted(lane& from, const outgoing_ptr& o, part_range parts, const sdk::verdict& v);
    void charge(const lane& from, const message& m, part_range parts);
    void book(expenses& what, std::vector<store::op>& ops);
    void rejected(lane& from, const outgoing_ptr& o, part_range parts, const sdk::verdict& v);
    void deferred(lane& from, const outgoing_ptr& o, part_range parts, const sdk::verdict& v,
                  std::optional<instant> first_sent);
    void doubted(lane& from, const outgoing_ptr& o, part_range parts, instant opened_at,
                 const std::string& code);
    void doubted_again(lane& from, const outgoing_ptr& o, part_range parts, instant opened_at,
                       instant resend_at, const std::string& code);
    std::optional<instant> no_more_resending(posthorn::id message, part_range parts);
    void await_receipt(lane& from, std::string_view ref, references::entry e);
    void wait_again(lane& from, const outgoing_ptr& o);
    bool any_sent_again(const posthorn::message& m) const;
    void nothing_more_leaves(lane& from, posthorn::message& m);
    void hold_back(lane& from, const posthorn::message& m);
    void rest_goes_on(const doubt& settled, part_event what);
    void add_doubt(const outgoing_ptr& o, part_range parts, name_id account, instant opened_at,
                   bool repeat_safe);
    void add_doubts(const outgoing_ptr& o, const std::vector<part_opened>& parts);
    void recover_doubts(std::vector<store::open_part>& found);
    void resend(doubt d);
    void stop_asking(const doubt& d);
    store::add_inbound admitted(const lane& from, sdk::inbound t) const;
    void hand_on(std::vector<fresh_text> came, std::span<const store::outcome> outcomes);
    void receipt(lane& from, const sdk::receipt& r, std::vector<store::op>& ops,
                 std::vector<strange_ptr>& strangers);
    std::string receipt_key(const lane* from, const std::string& ref);
    bool infer(const store::add_receipt& r, const std::string& key, std::vector<store::op>& ops);
    bool recognise(lane& from, const sdk::receipt& r, const store::add_receipt& stored,
                   const std::string& key, std::vector<store::op>& ops);
    void settled_by(const store::add_receipt& r, const std::string& key, const doubt& d,
                    const std::string& mark, std::vector<store::op>& ops);
    void settle_by_receipt(name_id account, const std::string& key, part_event what,
                           const std::string& code, std::vector<store::op>& ops);
    void await_no_answers(posthorn::id message, part_event what);
    void infer_from_strangers(name_id account, const std::string& recipient);
    void drop(const strange_ptr& r, std::vector<store::op>& ops);
    void drop_old_receipts(instant now);

    desk_settings settings_;
    desk_surroundings around_;
    in_hand_ids in_hand_;
    shares flows_;
    delivery::routes routes_;
    std::vector<std::unique_ptr<lane>> lanes_;
    references references_;
    doubts doubts_;
    // On their way to be sent again, and when they were first: their fate is open until then.
    std::map<std::pair<posthorn::id, std::uint8_t>, instant> resending_;
    std::vector<std::pair<store::flow_name, instant>> requeued_; // by ops_ or urgent_ops_
    strange_receipts strangers_;
    std::vector<store::op> ops_, urgent_ops_;
    expenses expenses_, urgent_expenses_; // of those
    struct local_date {
        instant ends{};
        std::int32_t number = 0; // 20261127
    };
    local_date today_;
    std::set<name_id> echoing_;  // accounts whose receipts repeat our reference
    std::uint64_t nameless_ = 0; // receipts without an id
    std::map<std::string, std::int64_t, std::less<>> seen_;
    pauses pauses_;
    policy::opted_out opted_out_;
    policy::judge judge_;
    policy::spending spending_;
    delivery::covers covers_;
    bool any_collapse_ = false; // of the types
    bool any_failover_ = false; // likewise
    awaited_receipts awaited_;  // of texts that go by another account when none comes in time
    std::vector<store::op> failing_;
    instant forget_counted_at_{}; // what matters no more, and is still in the store
    brake brake_;
    std::int64_t cancelled_in_hand_ = 0;
    std::string halted_;
    bool refill_posted_ = false;
};

} // namespace posthorn::delivery
