// What a phone is asked back, and its answers.
#include "answers/responder.hpp"

#include "inbound/receiver.hpp"

#include <algorithm>

namespace posthorn::answers {

namespace {

namespace json = boost::json;

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

// Where none is open at a question's own number, the text is one to the plain number.
std::optional<question> responder::open_question(visit& v) const {
    auto& recipient = v.text.head.recipient;
    const auto now = around_.now();
    auto open = questions_.open(v.number, recipient, now);
    if (open)
        return open;
    recipient = v.book->destinations.plain(recipient);
    return questions_.open(v.number, recipient, now);
}

// From which number the phone is asked, and what follows is said: one with no question open, so that
// each answer finds its own.
void responder::choose_asker(visit& v) const {
    const auto& ours = v.book->destinations;
    auto& recipient = v.text.head.recipient;
    for (const auto& from : ours.askers(ours.plain(recipient)))
        if (!questions_.open(v.number, from, around_.now())) {
            recipient = from;
            return;
        }
}

void responder::ask_back(visit& v, const request& r, dialogues::asked what, dialogues::exchange e,
                         phrase p, const json::object& data) {
    e.command = r.asked->name;
    e.language = r.language;
    e.arguments = commands::without_secrets(*r.asked, r.arguments);
    choose_asker(v);
    e.inbound = r.inbound;
    e.words = r.words;
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
    else if (q.kind == dialogues::name_of(dialogues::asked::topic))
        co_await choose_topic(v, std::move(q), std::move(e), std::move(digits));
    else
        co_await prove_by_answer(v, std::move(q), std::move(e), std::move(digits));
}

responder::step responder::choose(visit& v, question q, dialogues::exchange e, std::string digits) {
    const auto n = std::stoul(digits);
    if (n >= 1 && n <= e.choices.size()) {
        e.account = e.choices[n - 1];
        co_await go_on(v, q, std::move(e), false);
        co_return;
    }
    std::vector<store::customer_account> accounts;
    for (const auto& a : e.choices)
        accounts.push_back({.account = a});
    const json::object data{{"accounts", numbered(accounts)}};
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
    request r{v.book->matcher.named(e.command),
              e.language,
              std::move(e.arguments),
              proven,
              e.inbound,
              std::move(e.words)};
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

// Counts the try before it is looked at, so that many at once are no way around the lock. Who is locked
// has been told so.
boost::asio::awaitable<responder::proof> responder::check(visit& v, std::string language,
                                                          std::string secret, std::string hash,
                                                          const char* what) {
    const auto now = around_.now();
    std::vector<store::op> count;
    count.emplace_back(store::count_try{v.number, {}, v.book->guesses, now});
    const auto counted = co_await around_.commit(std::move(count));
    ++v.who.tries;
    v.who.locked_until =
        std::max(v.who.locked_until, locked_until(v.book->guesses, v.who.tries, now));
    if (counted.front().what == store::outcome::code::stale) {
        tell_locked(v, language);
        co_return proof::locked;
    }
    const bool right = co_await around_.fits(std::move(secret), std::move(hash));
    if (!right) {
        around_.log(level::warn, std::string("wrong ") + what + " from " + masked(v.number));
        co_return proof::wrong;
    }
    std::vector<store::op> forgive; // at once: it must not wait for a link
    forgive.emplace_back(store::clear_tries{v.number, around_.now()});
    around_.submit(std::move(forgive));
    co_return proof::right;
}

unsigned responder::pin_tries_left(const visit& v) {
    const auto most = v.book->guesses.tries;
    return most > v.who.tries ? most - v.who.tries : 0U;
}

// The PIN of the phone, or the code that it was sent.
responder::step responder::prove_by_answer(visit& v, question q, dialogues::exchange e,
                                           std::string digits) {
    const bool is_pin = q.kind == dialogues::name_of(dialogues::asked::pin);
    auto hash = is_pin ? v.who.pin : e.hash;
    const char* what = is_pin ? "PIN" : "code";
    const auto found = co_await check(v, e.language, std::move(digits), std::move(hash), what);
    if (found == proof::right) {
        co_await go_on(v, q, std::move(e), true);
    } else if (found == proof::wrong) {
        const auto code_left = most_tries > q.tries + 1 ? most_tries - q.tries - 1 : 0U;
        const auto left = is_pin ? pin_tries_left(v) : code_left;
        tell_wrong(v, std::move(q), e.language, left);
    }
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
