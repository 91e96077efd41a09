// Receipts and texts from phones: stored, then acknowledged.
#include "delivery/desk.hpp"
#include "store/fault_point.hpp"

namespace posthorn::delivery {

namespace {

std::optional<part_event> event_of(sdk::receipt_state s) {
    switch (s) {
    case sdk::receipt_state::delivered:
        return part_event::deliver;
    case sdk::receipt_state::undelivered:
        return part_event::fail;
    case sdk::receipt_state::expired:
        return part_event::expire;
    case sdk::receipt_state::enroute:
        return std::nullopt;
    }
    return std::nullopt;
}

std::string reason_for(part_event what, const std::string& code) {
    return what == part_event::deliver ? std::string() : "the carrier reports: " + code;
}

} // namespace

void desk::arrived(lane& from, std::vector<sdk::receipt> receipts, std::vector<sdk::inbound> texts,
                   std::function<void()> stored) {
    if (!texts.empty())
        store::fault_point("texts arrived");
    std::vector<store::op> ops;
    std::vector<strange_ptr> strangers;
    for (const auto& r : receipts)
        receipt(from, r, ops, strangers);
    std::vector<fresh_text> came;
    for (auto& t : texts) {
        auto op = admitted(from, std::move(t));
        if (!op.settled)
            came.push_back({ops.size(), op.text});
        ops.emplace_back(std::move(op));
    }
    flush();                              // verdicts that were read before these
    const bool urgent = receipts.empty(); // texts alone: somebody waits for an answer
    // Unmatched receipts go last, so that their rows are the last outcomes.
    for (const auto& r : strangers)
        ops.emplace_back(r->receipt);
    store().submit(
        std::move(ops),
        [this, strangers = std::move(strangers), came = std::move(came),
         stored = std::move(stored)](std::span<const store::outcome> outcomes) mutable {
            const auto rows = outcomes.last(strangers.size());
            std::vector<store::op> gone;
            for (std::size_t i = 0; i < strangers.size(); ++i) {
                strangers[i]->row = rows[i].event;
                if (strangers[i]->matched)
                    drop(strangers[i], gone);
            }
            if (!gone.empty())
                store().submit(std::move(gone));
            store::fault_point("receipts committed");
            if (!came.empty())
                store::fault_point("texts committed");
            stored();
            hand_on(std::move(came), outcomes);
        },
        urgent);
}

store::add_inbound desk::admitted(const lane& from, sdk::inbound t) const {
    auto text = t.text.empty() ? around_.decode(t) : std::move(t.text);
    inbound_text in{.account = from.settings().account_number,
                    .sender = std::move(t.sender),
                    .recipient = std::move(t.recipient),
                    .octets = std::move(t.octets),
                    .text = std::move(text),
                    .data_coding = t.data_coding,
                    .udh = t.udh,
                    .at = around_.now()};
    if (around_.admit)
        return around_.admit(std::move(in));
    return {.text = std::move(in), .settled = inbound_outcome::kept};
}

void desk::hand_on(std::vector<fresh_text> came, std::span<const store::outcome> outcomes) {
    std::vector<inbound_text> texts;
    for (auto& f : came) {
        f.text.id = outcomes[f.op].event;
        texts.push_back(std::move(f.text));
    }
    if (!texts.empty())
        around_.texts_came(std::move(texts));
}

void desk::receipt(lane& from, const sdk::receipt& r, std::vector<store::op>& ops,
                   std::vector<strange_ptr>& strangers) {
    const auto what = event_of(r.state);
    if (!what) {
        ++seen_["receipts not final"];
        return;
    }
    if (r.opted_out)
        opted_out_at(from, r.recipient, r.code);
    const auto account = from.settings().account_number;
    const auto key = receipt_key(&from, r.ref);
    if (auto* known = references_.find(account, key)) {
        if (known->done) {
            ++seen_["receipts repeated"];
            return;
        }
        if (r.reference && *r.reference == reference_of(known->message, known->parts.first)) {
            echoing_.insert(account);
            from.record().reference_came_back();
        }
        from.record().ended(known->message, *what == part_event::deliver, now());
        settle_by_receipt(account, key, *what, r.code, ops);
        ++seen_["receipts"];
        return;
    }
    auto fresh = std::make_shared<strange_receipt>();
    fresh->receipt = {.account = account,
                      .ref = r.ref,
                      .what = *what,
                      .code = r.code,
                      .recipient = r.recipient,
                      .sender = r.sender,
                      .excerpt = r.excerpt,
                      .at = now()};
    if (strangers_.contains(account, key)) {
        ++seen_["receipts repeated"];
        return;
    }
    if (recognise(from, r, fresh->receipt, key, ops)) {
        ++seen_["receipts"];
        return;
    }
    strangers_.add(fresh, key);
    strangers.push_back(std::move(fresh));
    ++seen_["receipts unmatched"];
}

// Those it is for are told; of them one may be uncertain still, when the receipt is for all.
void desk::settle_by_receipt(name_id account, const std::string& key, part_event what,
                             const std::string& code, std::vector<store::op>& ops) {
    const auto known = *references_.find(account, key);
    const bool fails_over = known.failovers > 0 && what != part_event::deliver;
    for (const auto n : known.settled().numbers()) {
        store::tell_part told{.message = known.message,
                              .account = account,
                              .n = n,
                              .single = known.single,
                              .what = what,
                              .code = code,
                              .reason = reason_for(what, code),
                              .at = now()};
        if (fails_over)
            fail_over(std::move(told), known.failovers);
        else
            ops.emplace_back(std::move(told));
        if (doubt d; known.joint && doubts_.take(known.message, n, d))
            rest_goes_on(d, what);
    }
    references_.done(account, key);
    if (known.joint)
        await_no_answers(known.message, what);
    judge_receipt(known.message, what);
}

// Its parts that are still at the carrier have ended.
void desk::await_no_answers(posthorn::id message, part_event what) {
    const auto found = in_hand_.find(message);
    if (found == in_hand_.end())
        return;
    for (auto& p : found->second->message.parts)
        if (p.state == part_state::sending)
            p.state = next(p.state, what);
}

// Receipts without an id have nothing in common: each is a stranger of its own.
std::string desk::receipt_key(const lane* from, const std::string& ref) {
    if (ref.empty())
        return std::string(1, '\0') + std::to_string(++nameless_);
    return from ? from->adapter().match_key(ref, true) : ref;
}

// A receipt we have no id for may be that of an uncertain part: it repeats our reference, or there
// is but one it can be about. An early receipt of a part still at the carrier looks the same.
bool desk::recognise(lane& from, const sdk::receipt& r, const store::add_receipt& stored,
                     const std::string& key, std::vector<store::op>& ops) {
    doubt d;
    if (r.reference && echoing_.contains(stored.account)) {
        if (!doubts_.take_referenced(stored, *r.reference, d))
            return false;
        settled_by(stored, key, d, "recognised: the receipt repeats its reference", ops);
        return true;
    }
    return !from.sending_to(r.recipient) && infer(stored, key, ops);
}

bool desk::infer(const store::add_receipt& r, const std::string& key, std::vector<store::op>& ops) {
    doubt d;
    if (!doubts_.take_fitting(r, d))
        return false;
    settled_by(r, key, d, "inferred: the only uncertain text to this number", ops);
    return true;
}

void desk::settled_by(const store::add_receipt& r, const std::string& key, const doubt& d,
                      const std::string& mark, std::vector<store::op>& ops) {
    for (const auto n : d.parts.numbers()) {
        auto op = telling(d.out->message, n, r.what);
        op.single = d.single;
        op.attempts = 0;
        op.code = r.code;
        op.mark = mark;
        op.reason = reason_for(r.what, r.code);
        ops.emplace_back(std::move(op));
    }
    const auto message = d.out->message.id;
    references_.add(d.account, key, {.message = message, .parts = d.parts, .single = d.single});
    references_.done(d.account, key); // it may be repeated
    rest_goes_on(d, r.what);
    judge_receipt(d.out->message.id, r.what);
    ++seen_["receipts inferred"];
}

// A part has become uncertain: its receipt may be here already.
void desk::infer_from_strangers(name_id account, const std::string& recipient) {
    if (const auto* l = lane_of(account); l && l->sending_to(recipient))
        return; // it may be that of the other text: then nothing is inferred
    const auto found =
        strangers_.take_of(account, recipient, [this](const auto& receipt, const auto& key) {
            return infer(receipt, key, ops_);
        });
    if (found)
        drop(found, ops_);
}

void desk::drop(const strange_ptr& r, std::vector<store::op>& ops) {
    if (r->row == 0)
        r->matched = true; // its row is not committed yet
    else
        ops.emplace_back(store::drop_receipt{r->row});
}

void desk::drop_old_receipts(instant now) {
    for (const auto& r : strangers_.drop_old(now)) {
        drop(r, ops_);
        ++seen_["receipts given up"];
    }
}

} // namespace posthorn::delivery
