// What a command asks, who may ask it, and what comes of it.
#include "answers/argument_text.hpp"
#include "answers/responder.hpp"

#include "commands/acts.hpp"
#include "commands/help.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>

namespace posthorn::answers {

namespace {

namespace json = boost::json;

std::string pin_in(const commands::command& c, const json::object& arguments) {
    for (const auto& a : c.takes)
        if (a.kind == commands::argument_kind::pin)
            return text_of(arguments, a.name);
    return {};
}

bool takes_account(const handbook& book, const commands::command& c) {
    if (c.does)
        return std::ranges::count(commands::shape_of(*c.does).takes, "account") > 0;
    const auto lookup = lookups::find(book.lookups, c.lookup);
    return lookup != nullptr && std::ranges::count(lookup->takes, "account") > 0;
}

} // namespace

responder::step responder::run(visit& v, request r) {
    if (!is_entitled(v, r))
        co_return;
    if (!is_sensible(v, r))
        co_return;
    if (commands::needs_binding(*r.asked) && !settle_account(v, r))
        co_return;
    if (commands::must_prove(r.asked->who) && !r.proven)
        co_await prove(v, std::move(r));
    else if (r.asked->does)
        co_await act(v, r);
    else
        co_await look_up(v, r);
}

bool responder::is_entitled(visit& v, const request& r) {
    if (!commands::is_for_staff(*r.asked))
        return true;
    const auto& roles = r.asked->roles;
    if (!v.who.role.empty() &&
        (roles.empty() || std::ranges::find(roles, v.who.role) != roles.end()))
        return true;
    around_.log(level::info, masked(v.number) + " is not entitled to " + r.asked->name);
    say(v, r.language, phrase::not_entitled, {}, r.asked->name);
    return false;
}

// The customer account that is asked for: named and bound, the only one, or chosen.
bool responder::settle_account(visit& v, request& r) {
    const auto& bound = v.who.accounts;
    if (bound.empty()) {
        std::string help;
        for (const auto& c : v.book->matcher.commands())
            if (c.does == commands::act::bind)
                help = commands::help_line_of(c, r.language);
        say(v, r.language, phrase::not_bound, {{"help", help}}, r.asked->name);
        return false;
    }
    if (const auto named = text_of(r.arguments, "account"); !named.empty()) {
        if (std::ranges::any_of(bound, [&](const auto& a) { return a.account == named; }))
            return true;
        around_.log(level::info, masked(v.number) + " asked for an account it is not bound to");
        say(v, r.language, phrase::not_yours, {{"account", named}}, r.asked->name);
        return false;
    }
    if (!takes_account(*v.book, *r.asked))
        return true;
    if (bound.size() == 1) {
        r.arguments["account"] = bound.front().account;
        return true;
    }
    dialogues::exchange e;
    for (const auto& a : bound)
        e.choices.push_back(a.account);
    ask_back(v, r, dialogues::asked::choose, std::move(e), phrase::choose,
             {{"accounts", numbered(bound)}});
    return false;
}

// It goes on when the phone has answered.
responder::step responder::prove(visit& v, request r) {
    dialogues::exchange e{.account = text_of(r.arguments, "account")};
    if (r.asked->who == commands::asker::pin) {
        auto given = pin_in(*r.asked, r.arguments);
        if (v.who.pin.empty())
            say(v, r.language, phrase::no_pin, {}, r.asked->name);
        else if (v.who.locked_until > around_.now())
            tell_locked(v, r.language);
        else if (given.empty())
            ask_back(v, r, dialogues::asked::pin, std::move(e), phrase::ask_pin, {});
        else
            co_await prove_by(v, std::move(r), std::move(given));
        co_return;
    }
    const auto code = around_.new_code();
    e.hash = co_await around_.hash_of(code);
    const auto minutes =
        std::chrono::duration_cast<std::chrono::minutes>(v.book->rules.question_for).count();
    ask_back(v, r, dialogues::asked::code, std::move(e), phrase::ask_code,
             {{"code", code}, {"minutes", minutes}});
}

// The PIN stood in the text itself.
responder::step responder::prove_by(visit& v, request r, std::string pin) {
    const auto found = co_await check(v, r.language, std::move(pin), v.who.pin, "PIN");
    if (found == proof::right) {
        r.proven = true;
        co_await run(v, std::move(r));
    } else if (found == proof::wrong) {
        if (const auto left = pin_tries_left(v); left > 0)
            say(v, r.language, phrase::wrong, {{"left", std::int64_t{left}}}, r.asked->name);
        else
            tell_locked(v, r.language);
    }
}

responder::step responder::act(visit& v, const request& r) {
    switch (*r.asked->does) {
    case commands::act::bind:
        co_await bind(v, r);
        break;
    case commands::act::unbind:
        unbind(v, r);
        break;
    case commands::act::accounts:
        tell(v, r, numbered(v.who.accounts), !v.who.accounts.empty());
        break;
    case commands::act::menu:
    case commands::act::help:
        help(v, r);
        break;
    case commands::act::change_contact:
        co_await change_contact(v, r);
        break;
    case commands::act::report_work:
        report_work(v, r);
        break;
    case commands::act::end_work:
        co_await end_work(v, r);
        break;
    default:
        co_await about_topics(v, r);
        break;
    }
}

// The try is counted before the code is looked at; what the right code changes is committed before
// the answer, so a crash in between finds the phone bound and says so.
responder::step responder::bind(visit& v, const request& r) {
    const auto account = text_of(r.arguments, "account");
    const auto is_it = [&](const auto& a) { return a.account == account; };
    if (std::ranges::any_of(v.who.accounts, is_it)) {
        tell(v, r, {}, true);
        co_return;
    }
    const auto now = around_.now();
    std::vector<store::op> count;
    count.emplace_back(store::count_try{v.number, account, v.book->guesses, now});
    const auto counted = co_await around_.commit(std::move(count));
    if (counted.front().what == store::outcome::code::stale) {
        if (v.who.locked_until > now)
            tell_locked(v, r.language);
        else
            tell(v, r, {}, false);
        co_return;
    }
    const auto known = co_await around_.code_of(account);
    bool right = false;
    if (known)
        right = co_await around_.fits(text_of(r.arguments, "code"), known->hash);
    if (right) {
        std::vector<store::op> use;
        use.emplace_back(
            store::use_binding_code{v.number, account, known->hash, "text with the code", now});
        const auto used = co_await around_.commit(std::move(use));
        right = used.front().what == store::outcome::code::applied;
    }
    if (!right)
        around_.log(level::warn, "wrong binding code from " + masked(v.number));
    tell(v, r, {}, right);
}

void responder::unbind(visit& v, const request& r) {
    v.along.emplace_back(store::unbind{.number = v.number,
                                       .account = text_of(r.arguments, "account"),
                                       .how = store::binding_way::text,
                                       .who = v.number,
                                       .reason = "text",
                                       .at = around_.now()});
    tell(v, r, {}, true, true);
}

// All of it, or the line of the command that is asked about.
void responder::help(visit& v, const request& r) {
    const auto& matcher = v.book->matcher;
    std::string lines;
    if (const auto word = text_of(r.arguments, "command"); !word.empty())
        if (const auto* c = matcher.named(word); c != nullptr && !commands::is_for_staff(*c))
            lines = commands::help_line_of(*c, r.language);
    if (lines.empty())
        lines = commands::help_text(matcher.commands(), r.language);
    say(v, r.language, phrase::menu, {{"menu", lines}}, r.asked->name);
}

responder::step responder::look_up(visit& v, const request& r) {
    auto parameters = r.arguments;
    parameters["number"] = v.number;
    // The customer hears at once that it takes longer, and the answer when it comes.
    const auto silent = std::make_shared<bool>(true);
    boost::asio::steady_timer patience(around_.loop(), v.book->rules.patience);
    patience.async_wait([this, silent, to = v.text.head, number = v.number, language = r.language,
                         book = v.book](boost::system::error_code stopped) {
        if (stopped || !*silent)
            return;
        send_interim(*book, to, number, language);
    });
    const auto rows = co_await around_.ask(r.asked->lookup, std::move(parameters));
    *silent = false;
    patience.cancel();
    if (stopping_)
        co_return;
    if (rows.has_value() && r.asked->with_work)
        co_await tell_with_work(v, r, rows.value());
    else if (rows.has_value())
        tell(v, r, rows.value(), !rows.value().empty());
    else
        tell_failure(v, r, "lookup " + r.asked->lookup + ": " + rows.error().why);
}

void responder::send_interim(const handbook& book, const inbound_text& to,
                             const std::string& number, const std::string& language) {
    std::string trouble;
    try {
        reply soon{.to = to,
                   .number = number,
                   .language = language,
                   .text = rendered(book.phrases.of(phrase::being_handled), language, {}),
                   .interim = true};
        trouble = around_.send(soon);
    } catch (const std::exception& e) {
        trouble = e.what();
    }
    if (!trouble.empty())
        around_.log(level::error,
                    "text " + std::to_string(to.id) + " is not told to be in hand: " + trouble);
}

void responder::tell(visit& v, const request& r, const json::array& rows, bool found,
                     bool at_once) {
    const auto& set = found ? r.asked->answer : r.asked->empty;
    if (set.texts.empty()) {
        say(v, r.language, phrase::nothing_found, {}, r.asked->name);
        return;
    }
    const auto said = commands::without_secrets(*r.asked, r.arguments);
    send(v, r.language, rendered(set, r.language, commands::answer_data(said, rows)), r.asked->name,
         inbound_outcome::answered, at_once);
}

void responder::tell_failure(visit& v, const request& r, const std::string& why) {
    around_.log(level::warn, "text " + std::to_string(v.text.head.id) + ": " + why);
    send(v, r.language, rendered(v.book->phrases.of(phrase::failed), r.language, {}), r.asked->name,
         inbound_outcome::failed);
}

} // namespace posthorn::answers
