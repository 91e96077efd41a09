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

constexpr std::size_t rows_at_once = 100; // letters in a commit
constexpr std::size_t most_alike = 50;    // recipients whose numbers begin alike
// What is due so soon may be on its way to the desk.
constexpr duration claimed_soon = 5s;

} // namespace

struct letter_desk::known {
    message waiting;
    std::string why; // it may go by e-mail
    store::whole_message whole = {};
    std::shared_ptr<const templates::event_type> type = {};
    store::recipient who = {};
};

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
        std::vector<message> free;
        for (const auto& m : found) {
            seen.insert(m.id);
            if (tried_.contains(m.id))
                continue;
            const bool in_hand = needs_.desk.has_in_hand(m.id);
            all = all && !in_hand;
            if (!in_hand)
                free.push_back(m);
        }
        std::vector<posthorn::id> tried;
        for (const auto& m : free)
            tried.push_back(m.id);
        co_await decide(std::move(free));
        tried_.insert(tried.begin(), tried.end());
        if (found.size() < rows_at_once)
            break;
        place = {found.back().due_at, found.back().id};
    }
    std::erase_if(tried_, [&](auto id) { return !seen.contains(id); });
    co_return all;
}

// Its hours end, or it is being looked at where they end.
bool letter_desk::is_over(const message& waiting) const {
    return waiting.due_at <= needs_.now() + claimed_soon || needs_.desk.has_in_hand(waiting.id);
}

// All of them in one commit, as texts are made.
asio::awaitable<void> letter_desk::decide(std::vector<message> waiting) {
    auto all = co_await look_up(std::move(waiting));
    std::vector<store::go_by_email> letters;
    std::vector<store::op> over;
    for (auto& one : all) {
        const auto& m = one.waiting;
        if (is_over(m))
            continue;
        auto letter = letter_of(one.whole, *one.type, one.who);
        if (letter) {
            letter->priority = m.priority;
            letter->source = m.source;
            letters.push_back({.message = m.id,
                               .letter = std::move(*letter),
                               .reason = std::move(one.why),
                               .at = needs_.now()});
        } else if (m.expires_at <= m.due_at) {
            over.emplace_back(store::close_message{
                m.id, part_event::expire,
                "its time is over before quiet hours end, and by e-mail: " + letter.error().reason,
                needs_.now()});
        }
    }
    if (!letters.empty()) {
        store::fault_point("letter ready");
        co_await runtime::answer_of<void>(
            [&](auto done) { needs_.desk.go_by_email(std::move(letters), done); });
        store::fault_point("letter committed");
    }
    if (!over.empty())
        co_await commit(std::move(over));
}

// Those that may go there, by the rules as they are now.
asio::awaitable<std::vector<letter_desk::known>>
letter_desk::look_up(std::vector<message> waiting) {
    std::vector<known> out;
    for (auto& m : waiting)
        if (auto why = needs_.desk.by_email(m); !why.empty())
            out.push_back({.waiting = std::move(m), .why = std::move(why)});
    co_await runtime::run_on(reads_, [&] {
        for (auto& one : out)
            if (auto whole = messages_.whole(one.waiting.id))
                one.whole = std::move(*whole);
        return true;
    });
    for (auto& one : out)
        one.type = needs_.type_named(one.whole.event.type);
    std::erase_if(out, [](const known& one) { return one.type == nullptr; });
    co_await runtime::run_on(reads_, [&] {
        for (auto& one : out)
            one.who = recipient_of(one.whole, *one.type);
        return true;
    });
    co_return out;
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
        const auto near =
            audiences_.recipients({{.of = whom, .after_number = before}}, most_alike).at(0).whom;
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

asio::awaitable<void> letter_desk::commit(std::vector<store::op> ops) {
    co_await runtime::answer_of<void>(
        [&](auto done) { needs_.desk.store().submit(std::move(ops), [done](auto) { done(); }); });
}

} // namespace posthorn::gateway
