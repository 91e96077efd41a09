// What a phone is asked back, and its answers.
#include "answers/responder.hpp"

#include "inbound/receiver.hpp"

#include <algorithm>

namespace posthorn::answers {

namespace {

namespace json = boost::json;

constexpr unsigned most_tries = 3; // of a number or a one-time code

std::int64_t minutes_until(instant then, instant now) {
    return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::minutes>(then - now).count());
}

} // namespace

json::array numbered(const std::vector<store::customer_account>& accounts) {
    json::array out;
    for (const auto& a : accounts) {
        json::object row{{"n", static_cast<std::int64_t>(out.size()) + 1}, {"account", a.account}};
        if (!a.name.empty())
            row["name"] = a.name;
        out.push_back(std::move(row));
    }
    return out;
}

void responder::ask_back(visit& v, const request& r, dialogues::asked what, dialogues::exchange e,
                         phrase p, const json::object& data) {
    e.command = r.asked->name;
    e.language = r.language;
    e.arguments = r.arguments;
    for (const auto& a : r.asked->takes)
        if (commands::is_secret(a.kind))
            e.arguments.erase(a.name);
    const auto now = around_.now();
    question q{.number = v.number,
               .recipient = v.text.head.recipient,
               .id = v.text.head.id,
               .kind = std::string(dialogues::name_of(what)),
               .data = dialogues::to_json(e),
               .asked_at = now,
               .expires_at = now + v.book->rules.question_for};
    v.along.emplace_back(store::put_question{q});
    say(v, r.language, p, data, r.asked->name);
    questions_.put(std::move(q));
}

void responder::ask_again(visit& v, question q, const std::string& language, phrase p,
                          const json::object& data) {
    ++q.tries;
    v.along.emplace_back(store::put_question{q});
    say(v, language, p, data);
    questions_.put(std::move(q));
}

void responder::close_question(visit& v, const question& q) {
    v.along.emplace_back(store::drop_question{q.number, q.recipient, q.id});
    questions_.drop(q.number, q.recipient);
}

responder::step responder::answer_question(visit& v, question q, dialogues::exchange e,
                                           std::string digits) {
    if (q.kind == dialogues::name_of(dialogues::asked::choose))
        co_await choose(v, std::move(q), std::move(e), std::move(digits));
    else if (q.kind == dialogues::name_of(dialogues::asked::pin))
        co_await try_pin(v, std::move(q), std::move(e), std::move(digits));
    else
        co_await try_code(v, std::move(q), std::move(e), std::move(digits));
}

responder::step responder::choose(visit& v, question q, dialogues::exchange e, std::string digits) {
    const auto n = std::stoul(digits);
    if (n >= 1 && n <= e.choices.size()) {
        e.account = e.choices[n - 1];
        co_await go_on(v, q, std::move(e), false);
        co_return;
    }
    json::array accounts;
    for (const auto& a : e.choices)
        accounts.push_back({{"n", static_cast<std::int64_t>(accounts.size()) + 1}, {"account", a}});
    const json::object data{{"accounts", std::move(accounts)}};
    if (q.tries + 1 < most_tries) {
        ask_again(v, std::move(q), e.language, phrase::choose_again, data);
        co_return;
    }
    close_question(v, q);
    say(v, e.language, phrase::choose_again, data);
}

// With the answer the command goes on as it was understood.
responder::step responder::go_on(visit& v, const question& q, dialogues::exchange e, bool proven) {
    close_question(v, q);
    request r{v.book->matcher.named(e.command), e.language, std::move(e.arguments), proven};
    if (r.asked == nullptr) // a reload took it away
        throw std::runtime_error("command " + e.command + " is not configured any more");
    if (!e.account.empty())
        r.arguments["account"] = e.account;
    co_await run(v, std::move(r));
}

void responder::tell_locked(visit& v, const std::string& language) {
    say(v, language, phrase::locked,
        {{"minutes", minutes_until(v.who.locked_until, around_.now())}});
}

// Counts the try before it is looked at, so that many at once are no way around the lock.
boost::asio::awaitable<bool> responder::may_try(visit& v, const std::string& language) {
    const auto now = around_.now();
    std::vector<store::op> count;
    count.emplace_back(store::count_try{v.number, {}, v.book->guesses, now});
    const auto counted = co_await around_.commit(std::move(count));
    ++v.who.tries;
    v.who.locked_until =
        std::max(v.who.locked_until, locked_until(v.book->guesses, v.who.tries, now));
    if (counted.front().what != store::outcome::code::stale)
        co_return true;
    tell_locked(v, language);
    co_return false;
}

responder::step responder::try_pin(visit& v, question q, dialogues::exchange e, std::string pin) {
    const bool may = co_await may_try(v, e.language);
    if (!may)
        co_return;
    const bool right = co_await around_.fits(std::move(pin), v.who.pin);
    if (right) {
        forgive(v);
        co_await go_on(v, q, std::move(e), true);
        co_return;
    }
    around_.log(level::warn, "wrong PIN from " + masked(v.number));
    const auto most = v.book->guesses.tries;
    const auto left = most > v.who.tries ? most - v.who.tries : 0U;
    tell_wrong(v, std::move(q), e.language, left);
}

responder::step responder::try_code(visit& v, question q, dialogues::exchange e, std::string code) {
    const bool may = co_await may_try(v, e.language);
    if (!may)
        co_return;
    const bool right = co_await around_.fits(std::move(code), e.hash);
    if (right) {
        forgive(v);
        co_await go_on(v, q, std::move(e), true);
        co_return;
    }
    around_.log(level::warn, "wrong code from " + masked(v.number));
    const auto left = most_tries > q.tries + 1 ? most_tries - q.tries - 1 : 0U;
    tell_wrong(v, std::move(q), e.language, left);
}

// At once: it must not wait for a link.
void responder::forgive(const visit& v) {
    std::vector<store::op> ops;
    ops.emplace_back(store::clear_tries{v.number, around_.now()});
    around_.submit(std::move(ops));
}

void responder::tell_wrong(visit& v, question q, const std::string& language, unsigned left) {
    if (left > 0) {
        ask_again(v, std::move(q), language, phrase::wrong, {{"left", std::int64_t{left}}});
        return;
    }
    close_question(v, q);
    if (v.who.locked_until > around_.now())
        tell_locked(v, language);
    else
        say(v, language, phrase::wrong, {{"left", 0}});
}

} // namespace posthorn::answers
