#include "expansion/expander.hpp"

#include "expansion/recipient_data.hpp"
#include "model/many.hpp"
#include "model/number.hpp"
#include "store/fault_point.hpp"
#include "templates/recipient_fields.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace posthorn::expansion {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::size_t open_at_once = 300;
constexpr std::size_t chunk_size = 300;   // messages in a commit
constexpr std::size_t most_ahead = 3'000; // messages that wait before a chunk

std::string name_of(const event& e) { return "source=" + e.source + " key=" + e.key; }

// What was never announced to somebody need not be corrected.
bool is_for_the_told(const event& e, const templates::event_type& type) {
    return type.only_told && !e.subject.empty();
}

} // namespace

struct expander::chunk {
    const store::open_expansion* open = nullptr;
    std::size_t* ahead = nullptr; // messages of its flow that wait
    std::shared_ptr<const templates::event_type> type;
    store::audience audience;
    json::object data;
    bool differs = false; // by recipient, and not by language alone
    std::map<std::pair<channel, std::string>, result<message>> texts; // by language, where not
};

struct expander::finished {
    std::vector<store::add_recipient> messages;
    std::vector<store::advance_expansion> so_far;
    std::vector<std::pair<level, std::string>> to_log;

    void note(const store::open_expansion& e, store::advance_expansion come) {
        // what was done at one go is plain from its messages
        if (come.done && (e.made > 0 || !come.reason.empty()))
            to_log.emplace_back(come.reason.empty() ? level::info : level::warn,
                                "expanded " + name_of(e.event) + " texts=" +
                                    std::to_string(e.made + come.made) + no_more(come.reason));
        so_far.push_back(std::move(come));
    }
    // `why`: before all were served; empty: all have been.
    void end(const store::open_expansion& e, std::string why, instant at) {
        note(e, {.event = e.event.id,
                 .through_number = e.through_number,
                 .through_account = e.through_account,
                 .done = true,
                 .reason = std::move(why),
                 .at = at});
    }
};

asio::awaitable<void> expander::round() {
    for (bool any = true; any && !around_.stands_still();)
        any = co_await each_open();
}

// A chunk of each event. False: nothing could be done.
asio::awaitable<bool> expander::each_open() {
    bool any = false;
    std::set<posthorn::id> seen;
    instant oldest{};
    figures_.waits_for_room = false;
    for (posthorn::id after = 0;;) {
        auto open = co_await around_.open_expansions(after, open_at_once);
        if (after == 0 && !open.empty())
            oldest = open.front().event.received_at;
        for (const auto& e : open)
            seen.insert(e.event.id);
        const bool made = co_await step(open);
        any = any || made;
        if (open.size() < open_at_once)
            break;
        after = open.back().event.id;
    }
    figures_.open = static_cast<std::int64_t>(seen.size());
    figures_.oldest = oldest;
    std::erase_if(figures_.stuck, [&](const auto& one) { return !seen.contains(one.first); });
    co_return any;
}

// One chunk of each. False: nothing could be done.
asio::awaitable<bool> expander::step(std::vector<store::open_expansion>& open) {
    finished out;
    std::vector<chunk> chunks;
    ahead waiting;
    for (const auto& e : open) {
        if (around_.stands_still())
            break;
        const auto hold = around_.held(e.event);
        if (is_over(e, hold, out))
            continue;
        chunk c;
        c.open = &e;
        const bool may = co_await may_make(hold, c, waiting);
        if (may)
            chunks.push_back(std::move(c));
    }
    const bool any = !chunks.empty() || !out.so_far.empty();
    co_await make(std::move(chunks), out);
    co_await commit(out);
    co_return any;
}

bool expander::is_over(const store::open_expansion& e, const surroundings::hold& hold,
                       finished& out) const {
    const auto now = around_.now();
    const auto& event = e.event;
    if (!e.withdrawn.empty())
        out.end(e, e.withdrawn, now);
    else if (to_micros(event.expires_at) != 0 && event.expires_at <= now)
        out.end(e, "its time was over before all were told", now);
    else if (hold.stopped)
        out.end(e, hold.why, now);
    else
        return false;
    return true;
}

asio::awaitable<bool> expander::may_make(const surroundings::hold& hold, chunk& c, ahead& waiting) {
    const auto& e = *c.open;
    const auto& event = e.event;
    c.type = around_.type_named(event.type);
    const auto kind = value_named<to_kind>(to_kind_names, event.to_kind);
    if (!hold.why.empty() || !c.type || !kind) {
        is_stuck(event, !hold.why.empty()
                            ? hold.why
                            : "its type '" + event.type + "' is not configured any more");
        co_return false;
    }
    figures_.stuck.erase(event.id);
    if (is_for_the_told(event, *c.type) && e.withdraws)
        co_return false; // who has been told is known in a moment
    const std::pair flow{event.source, event.type};
    if (!waiting.contains(flow)) {
        const auto before = co_await around_.waiting(event, most_ahead);
        waiting[flow] = before;
    }
    c.ahead = &waiting[flow];
    if (!has_room(c))
        co_return false;
    c.audience = {.kind = *kind,
                  .ref = event.to_ref,
                  .contacts = c.type->contacts,
                  .roles = c.type->roles,
                  .once = c.type->once};
    c.data = json::parse(event.data).as_object(); // which intake has read before
    c.differs = templates::differs_by_recipient(*c.type, c.data);
    co_return true;
}

bool expander::has_room(const chunk& c) {
    const bool any = *c.ahead < most_ahead;
    figures_.waits_for_room |= !any;
    return any;
}

// Some hundred messages in a commit.
asio::awaitable<void> expander::make(std::vector<chunk> chunks, finished& out) {
    std::vector<store::rest_of_audience> rests;
    while (!chunks.empty() && !around_.stands_still()) {
        std::erase_if(chunks, [&](const chunk& c) { return !has_room(c); });
        rests.clear();
        for (const auto& c : chunks)
            rests.push_back({.of = c.audience,
                             .after_number = c.open->through_number,
                             .after_account = c.open->through_account,
                             .first = !c.open->others,
                             .event = c.open->event.id});
        std::vector<store::some_recipients> found;
        if (!rests.empty())
            found = co_await around_.recipients(rests, chunk_size);
        for (std::size_t i = 0; i < found.size(); ++i) {
            *chunks[i].ahead += found[i].whom.size();
            co_await make(chunks[i], std::move(found[i]), out);
        }
        chunks.erase(chunks.begin(), chunks.begin() + std::ssize(found));
        store::fault_point("expansion chunk ready");
        co_await commit(out);
        store::fault_point("expansion chunk committed");
    }
}

asio::awaitable<void> expander::make(chunk& c, store::some_recipients found, finished& out) {
    const auto& e = *c.open;
    if (found.whom.empty()) {
        std::string why;
        if (e.made == 0) {
            const bool known = co_await around_.is_known(c.audience.kind, c.audience.ref);
            if (!known)
                why = "to_ref: no " + e.event.to_kind + " '" + e.event.to_ref + "' is known";
        }
        out.end(e, std::move(why), around_.now());
        co_return;
    }
    const auto through = found.whom.back();
    auto whom = std::move(found.whom);
    if (is_for_the_told(e.event, *c.type))
        whom = co_await around_.told(e.event, c.type->withdraws, std::move(whom));
    for (const auto& who : whom) {
        out.messages.push_back(message_for(e.event, c, who));
        out.messages.back().first = found.first;
    }
    out.note(e, {.event = e.event.id,
                 .through_number = through.number,
                 .through_account = through.account,
                 .made = std::ssize(whom),
                 .done = found.last,
                 .reason = {},
                 .at = around_.now(),
                 .others = !found.first});
}

asio::awaitable<void> expander::commit(finished& out) {
    auto done = std::exchange(out, {});
    if (done.so_far.empty())
        co_return;
    figures_.texts += std::ssize(done.messages);
    for (const auto& one : done.so_far)
        if (one.done)
            figures_.stuck.erase(one.event);
    co_await around_.add(std::move(done.messages), std::move(done.so_far));
    for (const auto& [l, text] : done.to_log)
        around_.log(l, text);
}

// The person's choice where the type leaves one; nothing: there is no way to tell this one.
std::optional<channel> expander::channel_for(const chunk& c, const store::recipient& who) {
    const bool may_write = c.type->goes_by(channel::email) && !who.email.empty();
    if (may_write && (who.channel == name_of(channel::email) || !c.type->goes_by(channel::sms)))
        return channel::email;
    return c.type->goes_by(channel::sms) ? std::optional(channel::sms) : std::nullopt;
}

// Where there can be no letter, for no account carries one, a text for the phone is better than nothing.
result<message> expander::text_for(const event& e, chunk& c, const store::recipient& who) {
    const auto data = data_for(*c.type, c.data, who);
    const auto text_by = [&](channel by) {
        const auto& to = by == channel::email ? who.email : who.number;
        if (c.differs)
            return around_.made(e, by, to, data);
        const std::pair kind{by, who.language};
        auto known = c.texts.find(kind);
        if (known == c.texts.end())
            known = c.texts.emplace(kind, around_.made(e, by, to, data)).first;
        auto text = known->second;
        if (text)
            text->recipient = to;
        return text;
    };
    const auto by = channel_for(c, who);
    if (!by)
        return refuse("goes by e-mail alone, and no address of " + masked(who.number) +
                      " is known");
    auto text = text_by(*by);
    if (!text && *by == channel::email && c.type->goes_by(channel::sms))
        return text_by(channel::sms);
    return text;
}

// Consent is the phone's as well. Who is out of it need not wait for the claim to be told so.
void expander::heed_consent(store::add_recipient& one, const store::recipient& who) {
    if (channel_of(one.message.coding) != channel::email)
        return;
    one.message.phone = who.number;
    one.reason = around_.forbidden(one.message);
    if (!one.reason.empty())
        one.message.parts.front().state = part_state::suppressed;
}

void expander::spare(const event& e, store::add_recipient& one, const store::recipient& who) {
    auto why = who.account.empty() ? std::string() : around_.spared(e, who.account);
    if (why.empty())
        return;
    one.reason = std::move(why);
    for (auto& p : one.message.parts)
        p.state = part_state::suppressed;
}

// Who cannot be told for what is known of him is a message all the same: rejected, with the reason.
store::add_recipient expander::message_for(const event& e, chunk& c, const store::recipient& who) {
    store::add_recipient out{.event = e.id, .message = {}, .reason = {}, .at = around_.now()};
    auto made = text_for(e, c, who);
    if (made) {
        out.message = std::move(*made);
        out.message.household = household_of(*c.type, who);
        heed_consent(out, who);
        spare(e, out, who);
    } else {
        // for its places, not its text
        const auto by = c.type->goes_by(channel::sms) ? channel::sms : channel::email;
        auto none = around_.made(e, by, who.number, c.type->sample);
        if (none)
            out.message = std::move(*none);
        out.message.text.clear();
        out.message.coding = coding::gsm7;
        out.message.parts = {part{.n = 1, .state = part_state::rejected}};
        out.message.recipient = who.number;
        out.reason = made.error().reason;
    }
    return out;
}

void expander::is_stuck(const event& e, const std::string& why) {
    auto& said = figures_.stuck[e.id];
    if (said == why)
        return;
    said = why;
    around_.log(level::warn, name_of(e) + " waits: " + why);
}

} // namespace posthorn::expansion
