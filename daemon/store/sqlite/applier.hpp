// Carries out operations inside the writer's open transaction. Every change of a part's state goes
// through the table of model/state.hpp: the SQL guards are made from it.
#pragma once

#include "store/feedback.hpp"
#include "store/ops.hpp"
#include "store/sqlite/applier_audience.hpp"
#include "store/sqlite/applier_bindings.hpp"
#include "store/sqlite/applier_collapse.hpp"
#include "store/sqlite/applier_erasure.hpp"
#include "store/sqlite/applier_failover.hpp"
#include "store/sqlite/applier_policy.hpp"
#include "store/sqlite/applier_reports.hpp"
#include "store/sqlite/applier_timers.hpp"
#include "store/sqlite/applier_topics.hpp"
#include "store/sqlite/applier_withdrawal.hpp"
#include "store/sqlite/applier_wordings.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/keys.hpp"
#include "store/sqlite/tally.hpp"

#include <array>
#include <optional>

namespace posthorn::store {

class applier {
public:
    applier(SQLite::Database& db, key_index& keys, tally& tallies, id_source& ids);

    outcome apply(const op& operation);
    bool any_household() const { return collapse_.any(); } // of a message that may be claimed
    std::optional<tried_before> failed_over(posthorn::id message) {
        return failovers_.find(message);
    }

    // What the open transaction changed so far, packed for `feedback`.
    const std::string& changes() const { return changes_; }
    void keep() { // it was committed
        changes_.clear();
        collapse_.end_transaction();
        withdrawals_.end_transaction();
        failovers_.keep();
    }
    void undo() { // it was not
        changes_.clear();
        told_in_a_row_ = 0;
        collapse_.end_transaction();
        withdrawals_.end_transaction();
        failovers_.undo();
    }

private:
    struct told { // what tells a message of one part of one part_event: as usual, open, final
        std::optional<statement> usual, open, closed;
    };
    struct part_row {
        std::uint8_t n = 1;
        part_state state = part_state::queued;
        std::uint16_t attempts = 0;
    };
    struct failing_text { // as its row has it
        name_id account = 0, pool = 0, source = 0;
        posthorn::priority priority = posthorn::priority::normal;
        on_uncertain doubt = on_uncertain::hold;
        posthorn::coding coding = posthorn::coding::gsm7;
        instant expires_at{};
        bool single = true;
        std::vector<part_row> parts;
    };

    outcome apply_one(const add_event&);
    outcome apply_one(const release_event&);
    outcome apply_one(const open_parts&);
    outcome apply_one(const tell_part&);
    outcome apply_one(const fail_over&);
    outcome apply_one(const close_message&);
    outcome apply_one(const add_receipt&);
    outcome apply_one(const drop_receipt&);
    outcome apply_one(const add_inbound&);
    outcome apply_one(const forget&);
    outcome apply_one(const note_clock&);
    outcome apply_one(const keep_learned&);
    outcome apply_one(const add_name&);
    outcome apply_one(const operation&);
    outcome apply_one(const pause&);
    outcome apply_one(const resume&);
    outcome apply_one(const set_aside&);
    outcome apply_one(const put_back&);
    outcome apply_one(const send_again&);
    outcome apply_one(const settle_inbound&);
    outcome apply_one(const handle_inbound&);
    outcome apply_one(const put_question&);
    outcome apply_one(const drop_question&);
    outcome apply_one(const set_consent&);
    outcome apply_one(const pass_on&);
    outcome apply_one(const change_contact&);
    outcome apply_one(const add_recipient&);
    outcome apply_one(const advance_expansion&);
    outcome apply_one(const put_off&);
    outcome apply_one(const add_cost&);
    outcome apply_one(const go_by_email&);
    outcome apply_one(const make_step&);

    void carry_out_along(const add_event&, posthorn::id event);
    void add_needless(outcome&, message, name_id source, const std::string& why, instant at);
    std::optional<outcome> known_key(const add_event&, const key_entry&);
    void begin_without_message(posthorn::id event, bool for_many);
    void refuse_row(const add_event&, std::string_view what, std::string_view reason);
    std::int64_t next_without_row(); // a number for an event that has no row of an outbox
    posthorn::id add_message(const message&, posthorn::id event, name_id source,
                             std::string_view reason, instant at, booked how);
    bool make_parts(posthorn::id message, const made_parts& made); // false: some have left
    outcome open_single(const open_parts&);
    outcome open_several(const open_parts&);
    outcome tell_single(const tell_part&);
    outcome told_single(const tell_part&, name_id account, part_state was);
    outcome tell_several(const tell_part&);
    outcome tell_history(const tell_part&);
    outcome tell_either(const tell_part& o) { return o.single ? tell_single(o) : tell_several(o); }
    std::optional<failing_text> failing(posthorn::id message);
    bool may_fail_over(const failing_text& text, const fail_over& o);
    outcome tell_failed_over(const tell_part&);
    outcome tell_before(const tell_part&); // an account that had it before
    outcome end_as_left(const close_message&);
    bool take_from_before(const open_parts&); // false: it does not wait for that
    void book_taken_back(posthorn::id message, name_id account, const std::vector<part_row>& parts);
    void count_repeats(posthorn::id message);
    void note_attempt(const tell_part&);
    void waits_no_more(posthorn::id message);
    const std::vector<part_row>& parts_of(posthorn::id message);
    outcome refold(posthorn::id message, std::vector<part_state> before,
                   std::vector<part_state> now, std::string_view reason, instant at,
                   instant due_at);
    void changed(posthorn::id message, message_state now);
    void book_event(posthorn::id event, const message& its, bool for_many);
    void book_parts(posthorn::id message, const posthorn::message& its);
    void moved(posthorn::id message, message_state before, message_state now);
    void book_part(posthorn::id message, name_id account, part_state before, part_state now,
                   bool counts);
    void book_opened(const open_parts& o, name_id before, const std::vector<part_row>& parts);
    void book_late(const forget::taken& receipt);
    name_id account_of(posthorn::id message);
    void note_decision(posthorn::id about, instant at, std::string_view what,
                       std::string_view reason);
    void note_no_longer_parked(posthorn::id event);

    SQLite::Database& db_;
    key_index& keys_;
    tally& tallies_;
    id_source& ids_;
    bindings_applier bindings_;
    std::string changes_;
    topics_applier topics_;
    reports_applier reports_;
    audience_applier audience_;
    erasure_applier erasure_;
    policy_applier policy_;
    collapse_applier collapse_;
    failover_applier failovers_;
    timers_applier timers_;
    withdrawal_applier withdrawals_;
    wordings_applier wordings_;
    std::vector<part_row> part_rows_; // of the long message in hand
    name_id account_of_parts_ = 0;
    posthorn::id told_in_a_row_ = 0; // part_rows_ are this message's, as they are now

    statement add_event_, replace_event_, release_event_, parked_event_, park_event_;
    statement add_message_, add_part_, add_queue_, drop_queue_, drop_queue_of_, queue_again_;
    statement open_single_, open_part_, part_accepted_, part_told_, part_states_, message_folded_,
        message_opened_;
    statement become_letter_;
    statement remake_message_;
    statement cancel_queued_parts_, add_attempt_, add_refused_, add_receipt_, drop_receipt_,
        add_cost_, add_inbound_, settle_inbound_, handle_inbound_, put_question_, drop_question_;
    statement late_part_, drop_late_, add_late_receipt_, single_before_, close_single_;
    statement forget_feedback_, forget_refused_, forget_message_, forget_parts_, forget_attempts_;
    statement add_letter_, forget_letter_;
    statement forget_event_, forget_late_, late_single_, late_parts_, remember_id_, note_clock_,
        keep_learned_, add_name_, find_name_;
    statement add_operation_, forget_operations_, pause_, resume_, set_aside_, drop_aside_of_;
    statement next_version_, bring_back_event_, add_resent_, repeat_single_, repeat_parts_;
    statement put_off_;
    statement failing_, requeue_single_, requeue_message_, repeated_single_;
    statement next_without_row_;
    statement add_passed_, forget_passed_, forget_text_;
    statement account_of_, add_decision_, forget_decisions_, forget_old_decisions_, decided_parked_,
        forget_books_, note_dropped_;
    statement out_of_, add_consent_, out_now_, in_now_, forget_consents_;
    std::array<told, 12> told_;
};

} // namespace posthorn::store
