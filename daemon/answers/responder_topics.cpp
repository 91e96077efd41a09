// Subscriptions by text.
//
//   subscribe ─► which topic? ─► which parameter? ─► may it? ─► the fee? ─► subscribed
//   others    ─► which of those it has? ─► changed
#include "answers/argument_text.hpp"
#include "answers/responder.hpp"

#include "commands/acts.hpp"
#include "commands/help.hpp"
#include "inbound/receiver.hpp"
#include "model/hours_text.hpp"
#include "model/number.hpp"
#include "model/time_text.hpp"
#include "subscriptions/entitlement.hpp"
#include "subscriptions/subscribing.hpp"

#include <algorithm>
#include <utility>

namespace posthorn::answers {

namespace {

namespace json = boost::json;
using commands::act;

constexpr std::size_t most_choices = 30; // of one list

// The argument that names the topic, or has it after the hours.
const std::string& topic_argument(act a) { return commands::shape_of(a).takes.front(); }

// A numbered list of what the choices name.
json::array listed(const std::vector<std::string>& choices, const topics::directory& topics,
                   const std::string& language) {
    json::array out;
    for (const auto& choice : choices) {
        const auto found = topics.find(choice);
        json::object row{{"n", static_cast<std::int64_t>(out.size()) + 1},
                         {"name", found ? found->which->description_in(language) : choice}};
        if (found && !found->parameter.empty())
            row["parameter"] = found->parameter;
        out.push_back(std::move(row));
    }
    return out;
}

std::string name_in(const topics::directory& topics, const std::string& topic,
                    const std::string& language) {
    const auto* t = topics.named(topic);
    return t != nullptr ? t->description_in(language) : topic;
}

// "SUB OUTAGES ...": how the topic is named with a parameter; in words of ours alone.
std::string form_of(const commands::command& c, const topics::topic& t,
                    const std::string& language) {
    const auto word_in = [&](const auto& words) {
        const auto found =
            std::ranges::find(words, language, [](const auto& w) { return w.language; });
        return (found != words.end() ? *found : words.front()).text;
    };
    return word_in(c.words) + " " + word_in(t.words) + " ...";
}

} // namespace

// Who names none means the topic whose number was texted: "SUB", "SUB 城东", "HOURS 8-20".
void responder::name_topic_of_number(const visit& v, request& r) {
    const auto topic = v.book->destinations.topic_of(v.text.head.recipient);
    const auto does = *r.asked->does;
    if (topic.empty() || does == act::subscriptions)
        return;
    auto& said = r.arguments[topic_argument(does)];
    const auto text = said.is_string() ? std::string(said.get_string()) : std::string();
    if (does == act::hours) {
        if (const auto hours = subscriptions::hours_in(text); hours && hours->rest.empty())
            said = text + " " + topic;
    } else if (!v.book->topics->find(text)) {
        said = text.empty() ? topic : topic + " " + text;
    }
}

// "STOP OUTAGES" of a phone that has subscribed to OUTAGES: outages stay, for nobody can opt out of
// them, and the topic is meant.
boost::asio::awaitable<bool> responder::means_a_topic(visit& v) {
    const auto found = v.book->matcher.match(v.text.head.text, v.book->zone.date_at(around_.now()));
    const auto* m = std::get_if<commands::matched>(&found);
    if (m == nullptr || (m->asked->does != act::unsubscribe && m->asked->does != act::resume))
        co_return false;
    const auto said = text_of(m->arguments, topic_argument(*m->asked->does));
    if (said.empty())
        co_return false;
    const auto known = co_await around_.subscriptions(v.number);
    co_return !subscriptions::named_in(said, known, *v.book->topics).empty();
}

responder::step responder::about_topics(visit& v, request r) {
    const auto does = *r.asked->does;
    name_topic_of_number(v, r);
    if (does == act::subscribe) {
        co_await subscribe(v, r);
        co_return;
    }
    auto known = co_await around_.subscriptions(v.number);
    known = subscriptions::in_force(std::move(known), around_.now());
    if (does == act::subscriptions || known.empty()) {
        tell_subscriptions(v, r, known);
        co_return;
    }
    auto asked = r;
    auto said = text_of(r.arguments, topic_argument(does));
    if (does == act::hours) {
        auto hours = subscriptions::hours_in(said);
        if (!hours) {
            say(v, r.language, phrase::misused,
                {{"help", commands::help_line_of(*r.asked, r.language)}}, r.asked->name);
            co_return;
        }
        asked.arguments["hours"] = shown(hours->hours);
        said = std::move(hours->rest);
    }
    auto named = known;
    if (!said.empty() || known.size() > 1)
        named = subscriptions::named_in(said, known, *v.book->topics);
    if (!named.empty()) {
        change_subscriptions(v, asked, std::move(named));
        co_return;
    }
    std::vector<std::string> choices;
    for (const auto& s : known)
        choices.push_back(subscriptions::naming(s));
    ask_topic(v, asked, std::move(choices));
}

void responder::change_subscriptions(visit& v, const request& r, std::vector<subscription> named) {
    const store::subscription_deed by{.inbound = v.text.head.id, .at = around_.now()};
    for (auto& s : named) {
        if (r.asked->does == act::unsubscribe) {
            v.along.emplace_back(store::drop_subscription{
                .topic = s.topic, .number = s.number, .parameter = s.parameter, .by = by});
            continue;
        }
        if (r.asked->does == act::hours)
            s.hours = hours_from(text_of(r.arguments, "hours")).value_or(s.hours);
        else
            s.paused = r.asked->does == act::pause;
        v.along.emplace_back(store::put_subscription{s, by});
    }
    tell_subscriptions(v, r, named);
}

void responder::tell_subscriptions(visit& v, const request& r,
                                   const std::vector<subscription>& which) {
    json::array rows;
    for (const auto& s : which) {
        json::object row{{"n", static_cast<std::int64_t>(rows.size()) + 1},
                         {"name", name_in(*v.book->topics, s.topic, r.language)},
                         {"paused", s.paused}};
        if (!s.parameter.empty())
            row["parameter"] = s.parameter;
        if (!s.hours.all_day())
            row["hours"] = shown(s.hours);
        if (s.expires_at != instant{})
            row["until"] = iso(v.book->zone.date_at(s.expires_at));
        rows.push_back(std::move(row));
    }
    tell(v, r, rows, !rows.empty(), true);
}

responder::step responder::subscribe(visit& v, const request& r) {
    const auto found = v.book->topics->find(text_of(r.arguments, "topic"));
    if (!found) {
        offer_topics(v, r);
        co_return;
    }
    const auto& topic = *found->which;
    const auto now = around_.now();
    auto known = co_await around_.subscriptions(v.number);
    known = subscriptions::in_force(std::move(known), now);
    const subscriptions::wish w{topic, found->parameter, r.language};
    auto d = subscriptions::subscribe(w, v.who, known, now);
    using kind = subscriptions::decision::kind;
    if (d.what == kind::refuse) {
        refuse_topic(v, r, topic);
        co_return;
    }
    if (d.what == kind::which_parameter) {
        for (auto& p : d.parameters)
            p = topic.name + " " + p;
        if (!d.parameters.empty())
            ask_topic(v, r, std::move(d.parameters));
        else
            say(v, r.language, phrase::which_parameter,
                {{"name", topic.description_in(r.language)},
                 {"form", form_of(*r.asked, topic, r.language)}},
                r.asked->name);
        co_return;
    }
    if (topic.stopped_by && around_.opted_out(v.number).has(*topic.stopped_by)) {
        say(v, r.language, phrase::topic_opted_out, {{"name", topic.description_in(r.language)}},
            r.asked->name);
        co_return;
    }
    const auto naming = subscriptions::naming(d.made);
    const bool has = !subscriptions::named_in(naming, known, *v.book->topics).empty();
    if (const auto fee = topic.fee_in(r.language); !fee.empty() && !has && !r.agreed) {
        auto asked = r;
        asked.arguments["topic"] = naming;
        ask_back(v, asked, dialogues::asked::agree, {}, phrase::agree_fee,
                 {{"name", topic.description_in(r.language)}, {"fee", fee}});
        co_return;
    }
    const std::vector<subscription> made{d.made};
    v.along.emplace_back(store::put_subscription{d.made, {.inbound = v.text.head.id, .at = now}});
    tell_subscriptions(v, r, made);
}

// What it may have, to choose from.
void responder::offer_topics(visit& v, const request& r) {
    std::vector<std::string> choices;
    for (const auto& t : v.book->topics->topics())
        if (subscriptions::may_have(t, v.who))
            choices.push_back(t.name);
    if (choices.empty())
        tell_subscriptions(v, r, {});
    else
        ask_topic(v, r, std::move(choices));
}

void responder::ask_topic(visit& v, const request& r, std::vector<std::string> choices) {
    choices.resize(std::min(choices.size(), most_choices));
    auto list = listed(choices, *v.book->topics, r.language);
    dialogues::exchange e;
    e.choices = std::move(choices);
    ask_back(v, r, dialogues::asked::topic, std::move(e), phrase::choose_topic,
             {{"topics", std::move(list)}});
}

void responder::refuse_topic(visit& v, const request& r, const topics::topic& t) {
    around_.log(level::info, masked(v.number) + " may not subscribe to " + t.name);
    if (t.refuse == topics::refusal::politely) {
        say(v, r.language, phrase::topic_refused, {{"name", t.description_in(r.language)}},
            r.asked->name);
        return;
    }
    for (auto& op : inbound::settling(v.text, inbound_outcome::ignored, r.asked->name))
        v.along.push_back(std::move(op));
    around_.submit(std::exchange(v.along, {}));
}

responder::step responder::choose_topic(visit& v, question q, dialogues::exchange e,
                                        std::string digits) {
    const auto n = std::stoul(digits);
    if (n < 1 || n > e.choices.size()) {
        json::object data{{"topics", listed(e.choices, *v.book->topics, e.language)}};
        if (q.tries + 1 < most_tries) {
            ask_again(v, std::move(q), e.language, phrase::choose_topic, data);
            co_return;
        }
        close_question(v, q);
        say(v, e.language, phrase::choose_topic, data);
        co_return;
    }
    const auto* asked = v.book->matcher.named(e.command);
    if (asked != nullptr && asked->does) {
        const auto& argument = topic_argument(*asked->does);
        const auto hours =
            asked->does == act::hours ? text_of(e.arguments, argument) + " " : std::string();
        e.arguments[argument] = hours + e.choices[n - 1];
    }
    co_await go_on(v, q, std::move(e), false);
}

responder::step responder::agree(visit& v, const question& q, const dialogues::exchange& e,
                                 bool yes) {
    close_question(v, q);
    request r{.asked = v.book->matcher.named(e.command),
              .language = e.language,
              .arguments = e.arguments,
              .agreed = true};
    if (r.asked == nullptr || r.asked->does != act::subscribe)
        throw std::runtime_error("command " + e.command + " is not configured any more");
    if (yes)
        co_await subscribe(v, r);
    else
        say(v, e.language, phrase::not_agreed, {}, e.command);
}

} // namespace posthorn::answers
