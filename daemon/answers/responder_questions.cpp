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
    questions_.put(std::move(q));
    say(v, r.language, p, data, r.asked->name);
}

void responder::ask_again(visit& v, question q, const std::string& language, phrase p,
                          const json::object& data) {
    ++q.tries;
    v.along.emplace_back(store::put_question{q});
    questions_.put(std::move(q));
    say(v, language, p, data);
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
    const auto language = e.language;
    if (q.tries + 1 >= most_tries)
        close_question(v, q);
    else
        ++q.tries;
    json::array accounts;
    for (const auto& a : e.choices)
        accounts.push_back({{"n", static_cast<std::int64_t>(accounts.size()) + 1}, {"account", a}});
    const json::object data{{"accounts", std::move(accounts)}};
    say(v, language, phrase::choose_again, data);
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

responder::step responder::try_pin(visit& v, question q, dialogues::exchange e, std::string pin) {
    const auto now = around_.now();
    std::vector<store::op> count;
    count.emplace_back(store::count_try{v.number, {}, v.book->guesses, now});
    const auto counted = co_await around_.commit(std::move(count));
    const auto tries = v.who.tries + 1;
    v.who.locked_until = std::max(v.who.locked_until, locked_until(v.book->guesses, tries, now));
    if (counted.front().what == store::outcome::code::stale) {
        tell_locked(v, e.language);
        co_return;
    }
    if (co_await around_.fits(std::move(pin), v.who.pin)) {
        v.along.emplace_back(store::clear_tries{v.number, now});
        co_await go_on(v, q, std::move(e), true);
        co_return;
    }
    const auto left = v.book->guesses.tries > tries ? v.book->guesses.tries - tries : 0;
    around_.log(level::warn, "wrong PIN from " + masked(v.number));
    if (left == 0) {
        close_question(v, q);
        tell_locked(v, e.language);
    } else {
        ask_again(v, std::move(q), e.language, phrase::wrong, {{"left", std::int64_t{left}}});
    }
}

responder::step responder::try_code(visit& v, question q, dialogues::exchange e, std::string code) {
    if (co_await around_.fits(std::move(code), e.hash)) {
        co_await go_on(v, q, std::move(e), true);
        co_return;
    }
    around_.log(level::warn, "wrong code from " + masked(v.number));
    const auto left = most_tries - std::min(most_tries, q.tries + 1);
    if (left == 0) {
        close_question(v, q);
        say(v, e.language, phrase::wrong, {{"left", std::int64_t{left}}});
    } else {
        ask_again(v, std::move(q), e.language, phrase::wrong, {{"left", std::int64_t{left}}});
    }
}

} // namespace posthorn::answers
