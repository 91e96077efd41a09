// One account's sending loop, and the host its adapter talks to.
//
//   flows ─take─► reserve slot + token ─ops─► commit ─still wanted?─► adapter.submit
//                        ▲                                                │
//                        └───────────── slot is free ◄── verdict ◄────────┘
//
// An attempt is committed only for parts that own a slot, so open attempts never exceed the window.
// All of it runs on the loop's thread, in batches: one turn per wake-up, however many asked for it.
#pragma once

#include "delivery/outgoing.hpp"
#include "delivery/track_record.hpp"
#include "encoding/text_rules.hpp"
#include "model/learned_pace.hpp"
#include "model/pacing.hpp"
#include "model/subscription.hpp"
#include "sdk/adapter.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace posthorn::delivery {

class desk;

struct sent_part {
    posthorn::id message = 0;
    part_range parts;
    bool single = true;
};

struct lane_settings {
    std::string account;
    std::string adapter;
    std::string pool_name, own_pool_name;
    name_id account_number = 0;
    name_id pool = 0;
    name_id own_pool = 0; // of what only this account may carry
    unsigned rate = 0;
    bool test = true; // delivery: test
    std::unordered_set<std::string> allow;
    std::string sender;    // what the recipient sees, where the adapter lets us choose
    bool extended = false; // digits of ours may follow the sender
    std::unordered_map<name_id, std::string> extensions; // of sources, where it is extended
    bool receipts = true;                                // a carrier reports what arrived
    bool bounces = false;                                // or only what did not, if at all
    bool repeat_safe = false;
    bool takes_back = false;         // withdrawn texts it has are worth asking for
    encoding::text_rules texts = {}; // how they leave by it
    unsigned max_parts = 255;
    std::optional<day_hours> hours{}; // in which it may be used
    // What a part to a number costs, in millionths of the currency; empty: no price is known.
    std::function<std::optional<std::int64_t>(std::string_view recipient)> price{};
    std::string currency{};
};

class lane final : public sdk::host {
public:
    lane(desk& owner, lane_settings settings, boost::asio::any_io_executor executor);

    // The first adapter, or one in place of another whose run() has ended after stop(): sending
    // goes on. What the other one left without a verdict is uncertain.
    void use(std::unique_ptr<sdk::adapter> adapter);
    // What does not concern the adapter (rate, pool, delivery, allow) counts at once.
    void use(lane_settings settings);
    sdk::adapter& adapter() const { return *adapter_; }
    const lane_settings& settings() const { return settings_; }

    // There may be something to send: one turn follows.
    void wake();
    // Nothing more is sent; parts in hand wait for their verdicts.
    void stop();
    // The account leaves: nothing new is begun, what it has begun goes on to its end.
    void wind_up(bool yes);
    bool winding_up() const { return winding_up_; }
    // A message that must go through this account: the rest of a long text, or a resend.
    void take_back(outgoing_ptr o);
    void forget_rest_of(posthorn::id message);
    // Those that wait for this lane and may not leave now (desk::is_held) go to `held`.
    void give_up_held(std::vector<outgoing_ptr>& held);
    // Those that wait for this lane and may leave by another one as well.
    std::vector<outgoing_ptr> give_up_unbound();
    // Messages that wait for this lane longer than they may.
    void close_expired(instant now);

    // Others need not take its place: it has a link, or has lost it just now, and its carrier takes texts.
    // `patience`: how long a fault may last.
    bool can_carry(instant now, duration patience) const;
    // What keeps it from it, for a person; empty: nothing.
    std::string why_it_cannot(instant now, duration patience) const;
    // Its carrier refuses everything, as the account is.
    void refused(instant now);
    bool in_hours(instant now) const;

    bool link_up() const { return slots_ > 0; }
    unsigned slots() const { return slots_; }
    unsigned open() const { return open_; }
    const sdk::carriage& carries() const { return carries_; }
    // Its texts are not what they are by any account.
    bool makes_parts() const { return makes_parts_; }
    // Of a text, as this account wants them; or why it cannot carry it.
    boost::system::result<parts_of_account, std::string> parts_for(const message& m);
    const std::string& why() const { return why_; }
    std::uint64_t submitted() const { return submitted_; }
    // See sdk::adapter.
    bool one_link() const { return adapter_->one_link(); }
    // What was acknowledged before, the carrier surely knows to be; 0: nothing proves anything.
    instant proven() const { return one_link() ? answered_ : instant{}; }
    // When the carrier last said that we are too fast; 0: never.
    instant throttled_at() const { return throttled_at_; }
    bool sending_to(std::string_view recipient) const;

    // How its carrier does, and what its adapter wants to know again: kept by the store. Before use(adapter).
    void know(const store::keep_learned& before);
    // What is new of that since this was asked last.
    std::optional<store::keep_learned> news();
    track_record& record() { return record_; }
    const track_record& record() const { return record_; }
    // Parts per second that its carrier bears, where that is less than the contract; 0: it does not complain.
    unsigned slowed_to() const { return pace_.slowed() ? pace_.pace() : 0; }

    // sdk::host
    boost::asio::any_io_executor executor() override { return executor_; }
    sdk::instant now() const override;
    std::uint32_t random() override;
    void log(sdk::level l, std::string_view what) override;
    void verdicts(std::span<const sdk::verdict> batch) override;
    void arrived(std::vector<sdk::receipt> receipts, std::vector<sdk::inbound> texts,
                 std::function<void()> stored) override;
    void opted_out(sdk::opt_out word, std::function<void(bool heeded)> done) override;
    void slots(unsigned open, std::string_view why) override;
    void link_ended() override;
    std::string recalled() const override { return for_adapter_; }
    void remember(std::string what) override;

private:
    struct opening { // parts of one message whose intents are being committed
        outgoing_ptr out;
        std::vector<part_range> units; // each has a slot
        std::string whole;             // octets of the only unit, when it is all of a long text
        bool first = false;            // nothing of the message had begun before
        bool alone = false;            // nothing else of it is with a phone or a carrier
    };
    struct at_carrier {
        outgoing_ptr out;
        part_range parts;
        instant opened_at{};
    };
    void may_answer_late(std::uint64_t handle, const outgoing& o, part_range parts);
    struct turn_batch {
        std::vector<store::op> ops;
        std::vector<opening> openings; // one for each op
    };

    void turn();
    void gather(std::vector<outgoing_ptr>& todo, unsigned room);
    bool close_instead(const outgoing_ptr& o, instant now);
    bool open(const outgoing_ptr& o, unsigned& room, instant now);
    bool fit(const outgoing_ptr& o);
    bool fits(const outgoing& o) const;
    void heed_rules();
    std::string whole_text(const outgoing& o) const;
    std::string whole_by_rules(const message& m) const;
    std::vector<part_range> units_now(const outgoing& o, bool whole, unsigned room, instant now);
    void put_back(outgoing_ptr o);
    std::string sender_of(const message& m) const;
    store::op opening_op(outgoing& o, const std::vector<part_range>& units, instant now);
    void commit(turn_batch& batch, bool urgent);
    void committed(std::vector<opening>& openings, std::span<const store::outcome> outcomes);
    void submit(std::vector<opening*>& ready, instant now);
    void release(outgoing& o, std::span<const part_range> units);
    void wait_until(instant when);
    void leave_unanswered(std::string_view why);

    desk& desk_;
    lane_settings settings_;
    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    std::unique_ptr<sdk::adapter> adapter_;
    sdk::carriage carries_;      // its
    encoding::text_rules rules_; // the account's and its adapter's
    bool makes_parts_ = false;   // they are not empty
    bool only_alphabet_ = false; // they say no more than that it is a narrower one
    unsigned text_reference_ = 0;
    pacing pacing_;
    learned_pace pace_;
    track_record record_;
    std::string for_adapter_;
    bool remembered_ = false; // for_adapter_ is another than the store's
    std::deque<outgoing_ptr> pinned_;
    turn_batch urgent_, other_; // of the turn being made
    std::unordered_map<std::uint64_t, at_carrier> at_carrier_;
    std::map<std::uint64_t, sent_part> doubtful_; // by handle: no answer came in time
    std::uint64_t next_handle_ = 1;
    unsigned slots_ = 0;
    unsigned open_ = 0; // units with an intent and no verdict
    std::uint64_t submitted_ = 0;
    instant answered_{}; // when the unit was opened that the carrier has accepted last
    instant throttled_at_{}, paused_until_{};
    instant throttled_since_{}; // nothing was accepted since; 0: it is not
    instant down_since_;
    instant refusing_until_{};
    struct hours_seen {
        instant at{};
        bool open = true;
    };
    mutable hours_seen hours_seen_; // the clock on the wall is asked now and then
    bool woken_ = false;
    bool stopping_ = false;
    bool winding_up_ = false;
    std::string why_ = "not connected yet";
};

} // namespace posthorn::delivery
