#include "delivery/lane.hpp"

#include "delivery/desk.hpp"
#include "model/letter.hpp"
#include "model/own_sender.hpp"
#include "store/fault_point.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace posthorn::delivery {

namespace {

constexpr auto until_tried_again = std::chrono::seconds(60); // of an account that refuses

void swap_parts(outgoing& o, parts_of_account& with) {
    std::swap(o.message.coding, with.made.coding);
    std::swap(o.message.parts, with.made.parts);
    std::swap(o.udh, with.udh);
    std::swap(o.made_for, with.account);
}

// What the store must hear of; of a text of one part it keeps no octets.
std::shared_ptr<const store::made_parts> new_parts(const message& m,
                                                   const store::made_parts& before) {
    if (m.parts.size() == 1 && before.parts.size() == 1 && m.coding == before.coding)
        return nullptr;
    return std::make_shared<store::made_parts>(store::made_parts{m.coding, m.parts});
}

} // namespace

lane::lane(desk& owner, lane_settings settings, boost::asio::any_io_executor executor)
    : desk_(owner), settings_(std::move(settings)), executor_(executor), timer_(executor),
      text_reference_(owner.random()), pacing_(settings_.rate), pace_(settings_.rate),
      down_since_(owner.now()) {}

void lane::use(std::unique_ptr<sdk::adapter> adapter) {
    adapter_ = std::move(adapter); // the one before has gone, and can answer no more
    carries_ = adapter_->carries();
    heed_rules();
    doubtful_.clear();
    slots_ = 0;
    down_since_ = desk_.now();
    why_ = "not connected yet";
    stopping_ = false;
    paused_until_ = throttled_since_ = refusing_until_ = {};
    leave_unanswered("the account was changed before an answer came");
}

void lane::use(lane_settings settings) {
    if (settings.rate != settings_.rate) {
        pace_.change(settings.rate);
        pacing_.change(pace_.pace());
    }
    settings_ = std::move(settings);
    heed_rules();
    hours_seen_ = {};
    wake();
}

// What is recoded for the carrier, or goes whole, can announce no tables.
void lane::heed_rules() {
    rules_ = settings_.texts;
    if (carries_.alphabet != sdk::alphabet::gsm7)
        rules_.gsm7_up_to = carries_.alphabet == sdk::alphabet::ascii ? 0x7F : 0xFF;
    if (carries_.alphabet != sdk::alphabet::gsm7 || carries_.whole > 0)
        rules_.national.clear();
    makes_parts_ = rules_ != encoding::text_rules();
    encoding::text_rules narrower;
    narrower.gsm7_up_to = rules_.gsm7_up_to;
    only_alphabet_ = makes_parts_ && rules_ == narrower;
}

void lane::wind_up(bool yes) {
    winding_up_ = yes;
    wake();
}

void lane::wake() {
    if (woken_ || stopping_)
        return;
    woken_ = true;
    boost::asio::post(executor_, [this] {
        woken_ = false;
        turn();
    });
}

void lane::stop() {
    stopping_ = true;
    timer_.cancel();
}

void lane::turn() {
    const auto now = desk_.now();
    if (stopping_ || !desk_.may_send(settings_.account_number) || open_ >= slots_ ||
        !in_hours(now) || now < refusing_until_)
        return;
    if (now < paused_until_) {
        wait_until(paused_until_);
        return;
    }
    unsigned room = slots_ - open_;
    std::vector<outgoing_ptr> todo;
    gather(todo, room);
    std::size_t next = 0;
    bool closed = false;
    for (; next < todo.size() && room > 0; ++next) {
        const bool instead = close_instead(todo[next], now);
        closed |= instead;
        if (!instead && !open(todo[next], room, now))
            break;
    }
    if (closed)
        wake(); // what was closed left room, and no answer will come of it
    for (std::size_t i = todo.size(); i > next; --i) // took more than there is room or tokens for
        put_back(std::move(todo[i - 1]));
    commit(urgent_, true);
    commit(other_, false);
    desk_.flows_may_need_refill();
}

void lane::gather(std::vector<outgoing_ptr>& todo, unsigned room) {
    unsigned taken = 0;
    while (!pinned_.empty() && taken < room) {
        taken += std::max(1U, pinned_.front()->queued_parts());
        todo.push_back(std::move(pinned_.front()));
        pinned_.pop_front();
    }
    if (taken >= room || winding_up_)
        return;
    const auto take = [&](std::vector<allowance> pools) {
        for (auto& o : desk_.flows().take(std::move(pools), room - taken)) {
            taken += std::max(1U, o->queued_parts());
            todo.push_back(std::move(o));
        }
    };
    take({{settings_.own_pool, room}});
    if (taken < room)
        take(desk_.allowed(*this, room));
    // What did not fit goes back in its order.
    unsigned sum = 0;
    std::size_t keep = 0;
    while (keep < todo.size() && sum < room)
        sum += std::max(1U, todo[keep++]->queued_parts());
    for (std::size_t i = todo.size(); i > keep; --i)
        desk_.flows().push_front(std::move(todo[i - 1]));
    todo.resize(keep);
}

// Not wanted any more or now, opted out of, kept back by policy, expired, or not allowed here: closed,
// set aside or put off without an attempt.
bool lane::close_instead(const outgoing_ptr& o, instant now) {
    if (desk_.turn_away(o) || desk_.is_for_another(*this, o))
        return true;
    if (o->message.expires_at <= now) {
        desk_.close(o, part_event::expire, "its time was over before it could be sent");
        return true;
    }
    if (settings_.test && !settings_.allow.contains(o->message.recipient)) {
        desk_.close(o, part_event::suppress,
                    "test mode: account " + settings_.account +
                        " sends only to numbers in its allow list");
        return true;
    }
    return false;
}

// Where it came from, before what waits there.
void lane::put_back(outgoing_ptr o) {
    if (const auto before = std::exchange(o->before, nullptr))
        swap_parts(*o, *before);
    if (desk_.is_bound(*o))
        pinned_.push_front(std::move(o));
    else
        desk_.flows().push_front(std::move(o));
}

void lane::take_back(outgoing_ptr o) {
    forget_rest_of(o->message.id); // several of its parts may come back
    pinned_.push_back(std::move(o));
}

void lane::give_up_held(std::vector<outgoing_ptr>& held) {
    std::erase_if(pinned_, [&](outgoing_ptr& o) {
        if (!desk_.is_held(*o))
            return false;
        held.push_back(std::move(o));
        return true;
    });
}

std::vector<outgoing_ptr> lane::give_up_unbound() {
    std::vector<outgoing_ptr> out;
    std::erase_if(pinned_, [&](outgoing_ptr& o) {
        if (desk_.is_bound(*o))
            return false;
        out.push_back(std::move(o));
        return true;
    });
    return out;
}

void lane::close_expired(instant now) {
    std::vector<outgoing_ptr> over;
    std::erase_if(pinned_, [&](outgoing_ptr& o) {
        if (o->message.expires_at > now)
            return false;
        over.push_back(std::move(o));
        return true;
    });
    for (const auto& o : over)
        close_instead(o, now);
}

// Reserves slots and tokens for as many of its queued parts as there are, and writes down the
// intent. False when there is no token.
bool lane::open(const outgoing_ptr& o, unsigned& room, instant now) {
    if (o->queued_parts() == 0)
        return true; // all of it has left or was closed meanwhile
    const bool begins = o->message.account == 0;
    if (begins) {
        const auto may = desk_.may_begin(o);
        if (may != brake::word::go)
            return may == brake::word::stop;
    }
    if (!fit(o)) {
        wake(); // it left room, and no answer will come of it
        return true;
    }
    auto whole = whole_text(*o);
    auto units = units_now(*o, !whole.empty(), room, now);
    if (units.empty()) {
        wait_until(pacing_.next(now));
        return false;
    }
    const bool alone = !desk_.goes_on(*o);
    for (const auto& u : units)
        for (auto& p : parts_in(o->message, u))
            p.state = part_state::sending;
    if (alone)
        desk_.count(*o);
    if (begins)
        desk_.begins(*o);
    room -= static_cast<unsigned>(units.size());
    open_ += static_cast<unsigned>(units.size());
    auto& batch = o->message.priority == priority::urgent ? urgent_ : other_;
    const bool first = !o->begun();
    desk_.took(*o, settings_.account_number, static_cast<unsigned>(units.size()));
    desk_.reserve(*o, settings_, units);
    batch.ops.push_back(opening_op(*o, units, now));
    batch.openings.push_back({o, std::move(units), std::move(whole), first, alone});
    return true;
}

// None when its parts were made by other rules.
std::string lane::whole_by_rules(const message& m) const {
    const auto made = encoding::text_by(rules_, m.text);
    if (!made || (m.coding == coding::gsm7 && !encoding::encode_gsm7(made->text)))
        return {};
    return desk_.encoded(m.coding, made->text);
}

boost::system::result<parts_of_account, std::string> lane::parts_for(const message& m) {
    auto cut = encoding::split_by(rules_, m.text,
                                  {.reference = text_reference_, .max_parts = settings_.max_parts});
    if (!cut)
        return cut.error();
    text_reference_ += cut->parts.size() > 1 ? 1U : 0U;
    parts_of_account out{
        .made = {cut->code, {}}, .udh = cut->udh, .account = settings_.account_number};
    for (auto& octets : cut->parts)
        out.made.parts.push_back({.n = static_cast<std::uint8_t>(out.made.parts.size() + 1),
                                  .octets = std::move(octets)});
    return out;
}

// Its parts are what this account wants, for all that can be seen at a glance.
bool lane::fits(const outgoing& o) const {
    if (o.again && o.message.parts.size() > 1)
        return false; // a phone must not join parts of both
    if (o.made_for != 0 || !makes_parts_)
        return o.made_for == (makes_parts_ ? settings_.account_number : 0);
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    return only_alphabet_ &&
           (o.message.coding == coding::ucs2 || std::ranges::all_of(o.message.text, is_ascii));
}

// Its parts become those that this account wants, unless some have left. False: it does not carry
// the text.
bool lane::fit(const outgoing_ptr& o) {
    if (fits(*o) || o->message.coding == coding::email || desk_.goes_on(*o))
        return true;
    auto made = parts_for(o->message);
    if (!made) {
        desk_.cannot_carry(*this, o, made.error());
        return false;
    }
    std::uint16_t attempts = 0;
    for (const auto& p : o->message.parts)
        attempts = std::max(attempts, p.attempts);
    for (auto& p : made->made.parts)
        p.attempts = attempts;
    if (!makes_parts_)
        made->account = 0;
    swap_parts(*o, *made);
    o->before = std::make_unique<parts_of_account>(std::move(*made));
    return true;
}

// The octets of a long text that is to go as one unit; none when it is to go in parts, as one does
// that has begun so.
std::string lane::whole_text(const outgoing& o) const {
    const auto& m = o.message;
    if (carries_.whole == 0 || m.parts.size() == 1 || o.queued_parts() < m.parts.size())
        return {};
    const auto again = std::ranges::count_if(
        m.parts, [&](const part& p) { return desk_.was_uncertain(m.id, p.n); });
    if (again != 0 && static_cast<std::size_t>(again) != m.parts.size())
        return {};
    auto octets = makes_parts_ ? whole_by_rules(m) : desk_.encoded(m.coding, m.text);
    return octets.size() <= carries_.whole ? octets : std::string();
}

// What of it may go now; none without a token. The carrier counts parts, however they come.
std::vector<part_range> lane::units_now(const outgoing& o, bool whole, unsigned room, instant now) {
    const auto& parts = o.message.parts;
    const auto wanted = o.queued_parts();
    if (whole && pacing_.take_together(wanted, now))
        return {{parts.front().n, parts.back().n}};
    const unsigned granted = whole ? 0 : pacing_.take(std::min(wanted, room), now);
    std::vector<part_range> units;
    for (const auto& p : parts)
        if (p.state == part_state::queued && units.size() < granted)
            units.push_back({p.n, p.n});
    return units;
}

std::string lane::sender_of(const message& m) const {
    if (const auto digits = digits_after_own(m.sender))
        return settings_.extended ? settings_.sender + std::string(*digits) : settings_.sender;
    const bool of_another = m.account != 0 && m.account != settings_.account_number;
    if (!m.sender.empty() && !of_another)
        return m.sender;
    const auto own = settings_.extensions.find(m.source);
    return own == settings_.extensions.end() ? settings_.sender : settings_.sender + own->second;
}

store::op lane::opening_op(outgoing& o, const std::vector<part_range>& units, instant now) {
    auto& m = o.message;
    m.sender = sender_of(m);
    const auto counts = o.counts ? std::optional(*o.counts) : std::nullopt;
    const auto covering = o.covers ? std::optional(*o.covers) : std::nullopt;
    const auto before = std::exchange(o.before, nullptr);
    if (o.fresh) {
        for (const auto& u : units)
            for (auto& p : parts_in(m, u))
                ++p.attempts;
        m.account = settings_.account_number;
        auto op = desk_.adding(o, now);
        op.counts = counts;
        op.covers = covering;
        return op;
    }
    store::open_parts op{.message = m.id,
                         .single = m.parts.size() == 1,
                         .account = settings_.account_number,
                         .sender = m.sender,
                         .first = !o.came_back,
                         .more_queued = o.queued_parts() > 0,
                         .again = std::exchange(o.again, false),
                         .made = before ? new_parts(m, before->made) : nullptr,
                         .counts = counts,
                         .covers = covering,
                         .pool = m.pool,
                         .priority = m.priority,
                         .source = m.source,
                         .due_at = m.due_at,
                         .at = now};
    m.account = settings_.account_number;
    for (const auto& u : units)
        for (auto& p : parts_in(m, u)) {
            op.parts.push_back({p.n, p.attempts, desk_.was_uncertain(m.id, p.n)});
            op.first &= p.attempts == 0;
            ++p.attempts;
        }
    return op;
}

void lane::commit(turn_batch& batch, bool urgent) {
    if (batch.ops.empty())
        return;
    auto openings = std::make_shared<std::vector<opening>>(std::move(batch.openings));
    desk_.store().submit(
        std::move(batch.ops),
        [this, openings](std::span<const store::outcome> outcomes) {
            committed(*openings, outcomes);
        },
        urgent);
    batch = {};
}

// The intents are durable. Once more: is it still wanted? Then the bytes go.
void lane::committed(std::vector<opening>& openings, std::span<const store::outcome> outcomes) {
    store::fault_point("intent committed");
    const auto now = desk_.now();
    std::vector<opening*> ready;
    std::size_t leaving = at_carrier_.size();
    for (std::size_t i = 0; i < openings.size(); ++i) {
        auto& o = openings[i];
        if (o.out->fresh)
            desk_.added(*o.out, outcomes[i]);
        const bool opened = outcomes[i].what == store::outcome::code::applied &&
                            !is_final(outcomes[i].state); // withdrawn before it came
        desk_.began(*o.out, opened);
        if (!opened) {
            release(*o.out, o.units);
            if (o.alone)
                desk_.uncount(*o.out, false);
            desk_.not_opened(*this, o.out, o.units);
            continue;
        }
        if (o.out->queued_parts() > 0 && o.out->message.due_at <= now) {
            forget_rest_of(o.out->message.id);
            pinned_.push_front(o.out); // the rest, as soon as there is room
        }
        const bool fits = leaving + o.units.size() <= slots_; // a link may have died meanwhile
        const bool may = desk_.may_send(settings_.account_number) &&
                         !desk_.is_held(*o.out, o.first) &&
                         !(o.alone && desk_.is_quiet(o.out->message));
        if (!may || stopping_ || !fits || o.out->message.expires_at <= now) {
            release(*o.out, o.units);
            if (o.alone)
                desk_.uncount(*o.out, true);
            desk_.take_back_unsent(*this, o.out, o.units);
            continue;
        }
        leaving += o.units.size();
        ready.push_back(&o);
    }
    submit(ready, now);
    wake();
}

void lane::submit(std::vector<opening*>& ready, instant now) {
    std::vector<sdk::unit> units;
    units.reserve(ready.size() * 2);
    for (auto* o : ready) {
        const auto& m = o->out->message;
        const auto deliver_by = desk_.deliver_by(m);
        const auto* rules = desk_.rules_of(m);
        for (const auto& u : o->units) {
            const auto* p = part_numbered(o->out->message, u.first);
            const std::string_view octets = o->whole.empty() ? p->octets : o->whole;
            const auto handle = next_handle_++;
            at_carrier_.emplace(handle, at_carrier{o->out, u, now});
            const bool is_letter = m.coding == coding::email;
            const auto l = is_letter ? read_letter(octets) : letter_view{{}, octets, {}};
            units.push_back({.handle = handle,
                             .message = static_cast<std::uint64_t>(m.id),
                             .recipient = m.recipient,
                             .sender = m.sender,
                             .type = rules != nullptr ? rules->name : std::string_view(),
                             .octets = l.plain,
                             .subject = l.subject,
                             .html = l.html,
                             .may_opt_out = is_letter && desk_.asks_consent(m),
                             .coding = static_cast<sdk::coding>(m.coding),
                             .udh = o->whole.empty() && (m.parts.size() > 1 || o->out->udh),
                             .priority = static_cast<sdk::priority>(m.priority),
                             .reference = reference_of(m.id, u.first),
                             .validity = deliver_by - now,
                             .attempt = p->attempts});
        }
    }
    if (units.empty())
        return;
    submitted_ += units.size();
    try {
        adapter_->submit(units);
    } catch (const std::exception& e) { // what had left by then is not known
        log(sdk::level::error, std::string("submit failed: ") + e.what());
        std::vector<sdk::verdict> unknown;
        for (const auto& u : units)
            if (at_carrier_.contains(u.handle))
                unknown.push_back({.handle = u.handle, .code = e.what()});
        verdicts(unknown);
    }
    store::fault_point("bytes left");
}

bool lane::can_carry(instant now, duration patience) const {
    if (winding_up_ || !desk_.may_send(settings_.account_number) || now < refusing_until_ ||
        !in_hours(now))
        return false;
    if (slots_ == 0)
        return now - down_since_ < patience;
    return now >= paused_until_ ||
           (now - throttled_since_ < patience && paused_until_ - now < patience);
}

std::string lane::why_it_cannot(instant now, duration patience) const {
    if (can_carry(now, patience))
        return {};
    if (winding_up_)
        return "it is configured no more";
    if (!desk_.may_send(settings_.account_number))
        return "it is paused";
    if (!in_hours(now))
        return "it is outside its hours";
    if (slots_ == 0)
        return "it has no link: " + why_;
    return now < refusing_until_ ? "its carrier has just refused what it was given"
                                 : "its carrier says that we are too fast";
}

// One that has taken another text lately is not at fault as a whole.
void lane::refused(instant now) {
    if (answered_ + until_tried_again <= now)
        refusing_until_ = now + until_tried_again;
}

bool lane::in_hours(instant now) const {
    if (!settings_.hours || settings_.hours->all_day())
        return true;
    if (now < hours_seen_.at || now - hours_seen_.at >= std::chrono::seconds(1))
        hours_seen_ = {now, desk_.is_within(*settings_.hours, now)};
    return hours_seen_.open;
}

// Their slots are free.
void lane::release(outgoing& o, std::span<const part_range> units) {
    open_ -= std::min(open_, static_cast<unsigned>(units.size()));
    desk_.came_back(o, units);
}

void lane::forget_rest_of(posthorn::id message) {
    std::erase_if(pinned_, [message](const outgoing_ptr& o) { return o->message.id == message; });
}

bool lane::sending_to(std::string_view recipient) const {
    return std::ranges::any_of(
        at_carrier_, [&](const auto& e) { return e.second.out->message.recipient == recipient; });
}

void lane::verdicts(std::span<const sdk::verdict> batch) {
    const auto now = desk_.now();
    for (const auto& v : batch) {
        if (v.throttled) {
            throttled_at_ = now;
            if (throttled_since_ == instant{})
                throttled_since_ = throttled_at_;
            paused_until_ = std::max(paused_until_, throttled_at_ + v.after);
            if (pace_.throttled(throttled_at_))
                pacing_.change(pace_.pace());
        }
        if (v.late) {
            if (const auto doubtful = doubtful_.extract(v.handle))
                desk_.late_verdict(*this, doubtful.mapped(), v);
            continue;
        }
        const auto found = at_carrier_.find(v.handle);
        if (found == at_carrier_.end()) {
            log(sdk::level::error,
                "verdict for a unit it does not have: the adapter answered twice");
            continue;
        }
        auto [out, parts, opened_at] = std::move(found->second);
        at_carrier_.erase(found);
        release(*out, std::span(&parts, 1));
        if (v.what == sdk::verdict::kind::accepted) {
            answered_ = std::max(answered_, opened_at);
            if (settings_.receipts)
                record_.accepted(out->message.id, out->message.recipient, now);
            if (pace_.accepted(now))
                pacing_.change(pace_.pace());
            if (opened_at > throttled_at_)
                throttled_since_ = {};
        }
        if (v.what == sdk::verdict::kind::uncertain)
            may_answer_late(v.handle, *out, parts);
        desk_.verdict(*this, out, parts, opened_at, v);
    }
    desk_.flush();
    wake();
}

void lane::know(const store::keep_learned& before) {
    record_ = track_record::read(before.record);
    for_adapter_ = before.adapter;
}

std::optional<store::keep_learned> lane::news() {
    const bool any = record_.changed();
    if (!std::exchange(remembered_, false) && !any)
        return std::nullopt;
    return store::keep_learned{.account = settings_.account_number,
                               .record = record_.written(),
                               .adapter = for_adapter_,
                               .at = desk_.now()};
}

void lane::remember(std::string what) {
    remembered_ |= what != for_adapter_;
    for_adapter_ = std::move(what);
}

void lane::leave_unanswered(std::string_view why) {
    std::vector<sdk::verdict> unknown;
    for (const auto& [handle, sent] : at_carrier_)
        unknown.push_back({.handle = handle, .code = std::string(why)});
    if (!unknown.empty())
        verdicts(unknown);
}

void lane::may_answer_late(std::uint64_t handle, const outgoing& o, part_range parts) {
    constexpr std::size_t most = 10'000;
    doubtful_.emplace(handle, sent_part{o.message.id, parts, o.message.parts.size() == 1});
    if (doubtful_.size() > most)
        doubtful_.erase(doubtful_.begin()); // the oldest: handles rise
}

void lane::arrived(std::vector<sdk::receipt> receipts, std::vector<sdk::inbound> texts,
                   std::function<void()> stored) {
    desk_.arrived(*this, std::move(receipts), std::move(texts), std::move(stored));
}

void lane::opted_out(sdk::opt_out word, std::function<void(bool heeded)> done) {
    desk_.opted_out(std::move(word), std::move(done));
}

void lane::slots(unsigned open, std::string_view why) {
    const bool was_up = slots_ > 0;
    slots_ = open;
    why_ = why;
    if (was_up && slots_ == 0)
        down_since_ = desk_.now();
    if (!was_up && slots_ > 0)
        desk_.link_is_up(*this);
    wake();
}

void lane::link_ended() { desk_.link_is_lost(*this); }

void lane::wait_until(instant when) {
    timer_.expires_after(std::max<duration>(when - desk_.now(), std::chrono::milliseconds(1)));
    timer_.async_wait([this](boost::system::error_code stopped) {
        if (!stopped)
            wake();
    });
}

sdk::instant lane::now() const { return desk_.now(); }
std::uint32_t lane::random() { return desk_.random(); }
void lane::log(sdk::level l, std::string_view what) { desk_.log(l, settings_.account, what); }

} // namespace posthorn::delivery
