// Who is answered, in which order, and how an answer leaves. Questions are in
// responder_questions.cpp, what commands do in responder_commands.cpp.
#include "answers/responder.hpp"

#include "commands/help.hpp"
#include "inbound/receiver.hpp"
#include "model/number.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace posthorn::answers {

namespace json = boost::json;

namespace {

constexpr std::size_t most_held = 100'000; // texts; some 50 MiB

limits::rule limits_of(const settings::inbound_settings& rules) {
    return {rules.per_minute, rules.per_hour, rules.nuisance_after};
}

// What is held goes ten times a second at best: twice as much may, so that a late turn costs none.
unsigned burst_of(const settings::inbound_settings& rules) {
    return std::max(1U, rules.per_second / 5);
}

} // namespace

responder::responder(std::shared_ptr<const handbook> book, surroundings& around)
    : book_(std::move(book)), around_(around), limits_(limits_of(book_->rules)), nuisances_({}),
      pace_(book_->rules.per_second, burst_of(book_->rules)),
      tasks_(around.loop(), [this](auto task, auto what) {
          around_.log(level::error, std::string(task) + ": " + std::string(what));
      }) {}

void responder::use(std::shared_ptr<const handbook> book) {
    limits_.use(limits_of(book->rules));
    pace_.change(book->rules.per_second, burst_of(book->rules));
    book_ = std::move(book);
}

void responder::recover(std::vector<question> open, const std::vector<nuisance>& known) {
    questions_.recover(std::move(open));
    nuisances_ = nuisances(known);
}

void responder::handle(std::vector<inbound::whole_text> texts) {
    if (stopping_)
        return; // they wait in the store
    std::vector<waiting> now;
    for (auto& t : texts) {
        waiting w{.text = std::move(t), .number = {}, .wish = {}};
        const auto number = admit(w);
        if (!number)
            continue;
        w.number = *number;
        const bool opts_out = w.wish && !w.wish.after_hint;
        if (opts_out || (held_.empty() && pace_.take(1, around_.now()) == 1))
            now.push_back(std::move(w));
        else if (held_.size() < most_held)
            held_.push_back(std::move(w));
        else
            ignore(w.text, "too many from all phones");
    }
    take_in_hand(std::move(now));
}

void responder::take_in_hand(std::vector<waiting> texts) {
    std::vector<std::string> idle; // phones of which nothing is in hand yet
    for (auto& w : texts) {
        auto& queue = phones_[w.number];
        if (queue.empty())
            idle.push_back(w.number);
        queue.push_back(std::move(w));
    }
    if (!idle.empty())
        tasks_.spawn("texts", serve(std::move(idle)));
}

// Those whose turn has come.
void responder::let_go(instant now) {
    if (held_.empty() || stopping_)
        return;
    const auto wanted = static_cast<unsigned>(held_.size());
    std::vector<waiting> texts;
    for (auto n = pace_.take(wanted, now); n > 0; --n) {
        texts.push_back(std::move(held_.front()));
        held_.pop_front();
    }
    take_in_hand(std::move(texts));
}

// The phone that may be answered; nothing: it may not, and the text is settled.
std::optional<std::string> responder::admit(waiting& w) {
    const auto& head = w.text.head;
    const auto number = to_e164(head.sender, book_->countries);
    if (!number) { // a short number or a name: nobody can be reached there, and often a machine is
        ignore(w.text, "its sender is no phone");
        return std::nullopt;
    }
    w.wish = book_->opt_words.read(head.text);
    if (w.wish && !w.wish.after_hint)
        return *number; // to opt out is never too much
    if (book_->blocked.contains(*number) || nuisances_.hold(*number, head.at)) {
        ignore(w.text, "blocked");
        return std::nullopt;
    }
    const auto word = limits_.ask(*number, head.text, head.at);
    if (book_->destinations.owner_of(head.recipient) != nullptr) { // what is a source's it gets
        w.unanswered = word != limits::word::answer;
        return *number;
    }
    switch (word) {
    case limits::word::answer:
        return *number;
    case limits::word::say_so:
        w.say_so = true;
        return *number;
    case limits::word::is_nuisance:
        put_on_list(*number, head.at);
        break;
    case limits::word::be_silent:
        break;
    }
    ignore(w.text, "too many from " + masked(*number));
    return std::nullopt;
}

void responder::put_on_list(const std::string& number, instant now) {
    const auto until = now + book_->rules.nuisance_for;
    const nuisance n{.number = number,
                     .since = now,
                     .until = until,
                     .who = {},
                     .reason = "beyond its limits " + std::to_string(book_->rules.nuisance_after) +
                               " times within a day"};
    around_.log(level::warn, masked(number) + " is a nuisance (" + n.reason +
                                 ") and not answered for a time: `posthorn nuisance list`");
    nuisances_.put(n);
    std::vector<store::op> one;
    one.emplace_back(store::put_nuisance{n});
    around_.submit(std::move(one));
}

// Tries again while the store cannot be read.
boost::asio::awaitable<std::vector<store::person>>
responder::persons(std::vector<std::string> numbers) {
    while (true) {
        std::string trouble;
        try {
            auto again = numbers;
            co_return co_await around_.persons(std::move(again));
        } catch (const store::read_failed& e) {
            trouble = e.what();
        }
        around_.log(level::error, "texts wait: " + trouble);
        boost::asio::steady_timer pause(around_.loop(), std::chrono::seconds(1));
        co_await pause.async_wait(boost::asio::use_awaitable);
        if (stopping_) // they wait in the store
            throw boost::system::system_error(boost::asio::error::operation_aborted);
    }
}

responder::step responder::serve(std::vector<std::string> numbers) {
    auto who = co_await persons(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        tasks_.spawn("text", serve_one(std::move(numbers[i]), std::move(who[i])));
}

responder::step responder::serve_one(std::string number, store::person who) {
    bool known = true; // `who` is fresh
    while (true) {
        auto& queue = phones_.at(number);
        if (!known) {
            co_await around_.settled(); // what it said a moment ago counts
            std::vector<std::string> one{number};
            auto again = co_await persons(std::move(one));
            who = std::move(again.front());
        }
        auto& next = queue.front();
        const bool say_so = next.say_so;
        visit v{book_, std::move(next.text), number, who, std::move(next.wish), {}};
        v.unanswered = next.unanswered;
        co_await answer(v, say_so);
        queue.pop_front();
        known = false;
        if (queue.empty() || stopping_)
            break;
    }
    phones_.erase(number);
}

// Never throws: who cannot even be told that it failed waits in the store for the next start.
responder::step responder::answer(visit& v, bool say_so) {
    std::string trouble;
    try {
        if (say_so)
            say(v, language_of(v), phrase::too_many);
        else
            co_await answer_text(v);
    } catch (const std::exception& e) {
        trouble = e.what();
    }
    if (!trouble.empty() && !stopping_)
        apologise(v, trouble);
}

void responder::apologise(visit& v, const std::string& trouble) {
    const auto which = "text " + std::to_string(v.text.head.id) + ": ";
    around_.log(level::error, which + trouble);
    try {
        // What was done or asked stands; nothing else of the answer does.
        std::erase_if(v.along, [](const auto& op) {
            return !std::holds_alternative<store::drop_question>(op);
        });
        auto text = rendered(v.book->phrases.of(phrase::failed), language_of(v), {});
        send(v, language_of(v), std::move(text), {}, inbound_outcome::failed);
    } catch (const std::exception& e) {
        around_.log(level::error, which + e.what());
    }
}

responder::step responder::answer_text(visit& v) {
    const auto& text = v.text.head.text;
    const auto* owner = v.book->destinations.owner_of(v.text.head.recipient);
    std::optional<question> open;
    if (owner == nullptr)
        open = open_question(v);
    if (co_await heed_consent(v, open.has_value()))
        co_return;
    if (owner != nullptr) {
        pass_on(v, *owner);
        co_return;
    }
    if (open) {
        const auto what = value_named<dialogues::asked>(dialogues::asked_names, open->kind);
        auto asked = dialogues::read_exchange(open->data);
        if (what && asked) {
            if (const auto yes = dialogues::agreement_in(text);
                yes && *what == dialogues::asked::agree) {
                co_await agree(v, *open, *asked, *yes);
                co_return;
            }
            if (auto digits = dialogues::digits_in(*what, text)) {
                question q = std::move(*open);
                v.secret = *what == dialogues::asked::pin || *what == dialogues::asked::code;
                co_await answer_question(v, std::move(q), std::move(*asked), std::move(*digits));
                co_return;
            }
        }
    }
    const auto& matcher = v.book->matcher;
    const auto found = matcher.match(text, v.book->zone.date_at(around_.now()));
    if (const auto* m = std::get_if<commands::matched>(&found)) {
        request r{m->asked, m->language, m->arguments, false, v.text.head.id};
        v.secret = commands::without_secrets(*m->asked, m->arguments).size() < m->arguments.size();
        if (!v.secret)
            r.words = text;
        co_await run(v, std::move(r));
    } else if (const auto* wrong = std::get_if<commands::misused>(&found)) {
        if (!is_entitled(v, {wrong->asked, wrong->language, {}}))
            co_return;
        say(v, wrong->language, phrase::misused,
            {{"help", commands::help_line_of(*wrong->asked, wrong->language)}}, wrong->asked->name);
    } else if (const auto* near = std::get_if<commands::near_miss>(&found)) {
        std::string help;
        for (const auto* c : near->suggested)
            help += (help.empty() ? "" : "\n") + commands::help_line_of(*c, near->language);
        say(v, near->language, phrase::near, {{"help", help}});
    } else {
        const auto language = language_of(v);
        say(v, language, phrase::unknown,
            {{"menu", commands::help_text(matcher.commands(), language)}});
    }
}

std::string responder::language_of(const visit& v) const {
    if (!v.who.language.empty())
        return v.who.language;
    return v.book->phrases.of(phrase::unknown).default_language;
}

void responder::say(visit& v, const std::string& language, phrase p, const json::object& data,
                    const std::string& command) {
    send(v, language, rendered(v.book->phrases.of(p), language, data), command);
}

void responder::send(visit& v, const std::string& language, std::string text,
                     const std::string& command, inbound_outcome what, bool at_once) {
    for (auto& op : inbound::settling(v.text, what, command, v.secret))
        v.along.push_back(std::move(op));
    reply r{.to = v.text.head,
            .number = v.number,
            .language = language,
            .text = std::move(text),
            .along = std::move(v.along),
            .at_once = at_once};
    v.along.clear();
    if (const auto why = around_.send(r); !why.empty())
        send_failed(v, r, why);
}

// An answer that cannot be sent, as one of too many parts.
void responder::send_failed(const visit& v, reply& r, const std::string& why) {
    around_.log(level::error,
                "the answer to text " + std::to_string(v.text.head.id) + " cannot be sent: " + why);
    r.text = rendered(v.book->phrases.of(phrase::failed), r.language, {});
    for (auto& op : r.along)
        if (auto* settled = std::get_if<store::settle_inbound>(&op);
            settled != nullptr && settled->what == inbound_outcome::answered)
            settled->what = inbound_outcome::failed;
    if (const auto again = around_.send(r); !again.empty())
        throw std::runtime_error("not even that it failed can be said: " + again);
}

void responder::ignore(const inbound::whole_text& t, const std::string& why) {
    around_.log(level::debug, "text " + std::to_string(t.head.id) + " ignored: " + why);
    around_.submit(inbound::settling(t, inbound_outcome::ignored, {}));
}

std::string responder::rendered(const templates::wording_set& set, const std::string& language,
                                const json::object& data) {
    auto made = render_.render(set, language, data);
    if (!made)
        throw std::runtime_error(made.error().reason);
    return std::move(made->text);
}

void responder::pulse(instant now) {
    let_go(now);
    if (now < next_look_)
        return;
    next_look_ = now + std::chrono::seconds(10);
    limits_.forget_old(now);
    std::vector<store::op> gone;
    for (auto& q : questions_.take_old(now))
        gone.emplace_back(store::drop_question{std::move(q.number), std::move(q.recipient), q.id});
    for (auto& number : nuisances_.take_old(now))
        gone.emplace_back(store::put_nuisance{{.number = std::move(number)}});
    if (!gone.empty())
        around_.submit(std::move(gone));
}

} // namespace posthorn::answers
