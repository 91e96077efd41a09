#include "gateway/letter_desk.hpp"

#include "expansion/recipient_data.hpp"
#include "model/number.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"
#include "store/fault_point.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace posthorn::gateway {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t rows_at_once = 300;
constexpr std::size_t most_alike = 50; // recipients whose numbers begin alike
// What is due so soon may be on its way to the desk.
constexpr duration claimed_soon = 5s;

} // namespace

letter_desk::letter_desk(letter_needs needs)
    : needs_(std::move(needs)), messages_(needs_.live, needs_.history), people_(needs_.live),
      audiences_(needs_.live), tick_(needs_.loop),
      tasks_(needs_.loop.get_executor(), [this](auto task, auto what) {
          needs_.log(sdk::level::error, std::string(task) + ": " + std::string(what));
      }) {}

void letter_desk::start() { tasks_.spawn("letters", run()); }

asio::awaitable<void> letter_desk::stop() {
    stopping_ = true;
    tick_.cancel();
    co_await tasks_.wait();
}

void letter_desk::soon() {
    wanted_ = true;
    if (naps_)
        tick_.cancel();
}

void letter_desk::use() {
    tried_.clear();
    soon();
}

asio::awaitable<void> letter_desk::run() {
    while (!stopping_) {
        std::string wrong;
        try {
            if (std::exchange(wanted_, false)) {
                const bool all = co_await go_through();
                wanted_ = wanted_ || !all;
            }
        } catch (const store::read_failed& e) { // the next round reads again
            wrong = e.what();
        }
        if (!wrong.empty()) {
            wanted_ = true;
            needs_.log(sdk::level::warn, "letters wait: " + wrong);
        }
        if (stopping_)
            break;
        // Each look reads all that waits: not one for each that comes.
        naps_ = !wanted_;
        tick_.expires_after(wanted_ ? 1s : 1h);
        co_await tick_.async_wait(asio::as_tuple(asio::use_awaitable)); // soon() cuts an hour short
        naps_ = false;
    }
}

// Each that was put off is looked at once, and stays until its hours end where it cannot be a letter.
// False: some could not be looked at now.
asio::awaitable<bool> letter_desk::go_through() {
    bool all = true;
    std::set<posthorn::id> seen;
    store::put_off_place place{.until = needs_.now() + claimed_soon};
    while (!stopping_) {
        if (needs_.stands_still())
            co_return false;
        const auto found = co_await runtime::run_on(
            reads_, [&] { return messages_.put_off_after(place, rows_at_once); });
        for (const auto& m : found) {
            seen.insert(m.id);
            if (stopping_ || tried_.contains(m.id))
                continue;
            const bool in_hand = needs_.desk.has_in_hand(m.id);
            if (!in_hand) {
                co_await decide(m);
                tried_.insert(m.id);
            }
            all = all && !in_hand;
        }
        if (found.size() < rows_at_once)
            break;
        place = {found.back().due_at, found.back().id};
    }
    std::erase_if(tried_, [&](auto id) { return !seen.contains(id); });
    co_return all;
}

asio::awaitable<void> letter_desk::decide(const message& waiting) {
    auto why = needs_.desk.by_email(waiting);
    if (why.empty())
        co_return;
    const auto whole =
        co_await runtime::run_on(reads_, [&] { return messages_.whole(waiting.id); });
    const auto type = whole ? needs_.type_named(whole->event.type) : nullptr;
    if (!type)
        co_return;
    const auto who = co_await runtime::run_on(reads_, [&] { return recipient_of(*whole, *type); });
    if (waiting.due_at <= needs_.now() + claimed_soon || needs_.desk.has_in_hand(waiting.id))
        co_return; // its hours end
    auto letter = letter_of(*whole, *type, who);
    if (!letter) {
        if (waiting.expires_at <= waiting.due_at) {
            store::close_message over{waiting.id, part_event::expire,
                                      "its time is over before quiet hours end, and by e-mail: " +
                                          letter.error().reason,
                                      needs_.now()};
            co_await commit(std::move(over));
        }
        co_return;
    }
    const store::flow_name flow{letter->pool, waiting.priority, waiting.source};
    store::go_by_email op{.message = waiting.id,
                          .letter = std::move(*letter),
                          .reason = std::move(why),
                          .at = needs_.now()};
    store::fault_point("letter ready");
    co_await runtime::answer_of<void>(
        [&](auto done) { needs_.desk.go_by_email(std::move(op), flow, done); });
    store::fault_point("letter committed");
}

// As expansion saw it where the event is for many; read on the readers' thread.
store::recipient letter_desk::recipient_of(const store::whole_message& whole,
                                           const templates::event_type& type) {
    const auto& e = whole.event;
    const auto& number = whole.message.recipient;
    const auto person = people_.person_of(number);
    store::recipient out{
        .number = number, .name = person.name, .email = person.email, .channel = person.channel};
    const auto kind = value_named<to_kind>(to_kind_names, e.to_kind);
    if (kind && is_for_many(*kind)) {
        const store::audience whom{.kind = *kind,
                                   .ref = e.to_ref,
                                   .contacts = type.contacts,
                                   .roles = type.roles,
                                   .once = type.once};
        const auto before = number.substr(0, number.size() - 1);
        const auto near = audiences_.recipients({{whom, before, {}}}, most_alike).at(0).whom;
        const auto found = std::ranges::find(near, number, &store::recipient::number);
        if (found != near.end())
            out = *found;
        if (std::ranges::count(near, number, &store::recipient::number) > 1)
            out.email.clear(); // nobody knows for which of its accounts this one was
    }
    out.language = whole.message.language; // as its text was to be
    return out;
}

result<message> letter_desk::letter_of(const store::whole_message& whole,
                                       const templates::event_type& type,
                                       const store::recipient& who) const {
    const auto& e = whole.event;
    if (!type.goes_by(channel::email))
        return refuse("type " + type.name + " has no wording for e-mails");
    if (who.email.empty())
        return refuse("no address of " + masked(who.number) + " is known");
    if (auto why = needs_.desk.forbidden(whole.message); !why.empty()) // it is the phone's
        return refuse(std::move(why));
    const auto read = json::parse(e.data).as_object(); // which intake has read before
    auto letter = needs_.made(e, channel::email, who.email,
                              names_one(e.to_kind) ? read : expansion::data_for(type, read, who));
    if (letter)
        letter->phone = who.number; // its word counts until the letter leaves
    return letter;
}

asio::awaitable<void> letter_desk::commit(store::op what) {
    co_await runtime::answer_of<void>([&](auto done) {
        std::vector<store::op> ops;
        ops.push_back(std::move(what));
        needs_.desk.store().submit(std::move(ops), [done](auto) { done(); });
    });
}

} // namespace posthorn::gateway
