// `posthorn topics` and `posthorn subscriptions`: what there is to subscribe to, and who has.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/printable.hpp"
#include "cli/when.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

using boost::json::value;

struct subscription_options {
    std::string number, topic, parameter, hours, language, reason, after;
};

std::string joined(const value& of, const char* name) {
    std::string out;
    for (const auto& one : list_at(of, name))
        out += (out.empty() ? "" : " ") + (one.is_string() ? std::string(one.as_string()) : "");
    return out;
}

bool is_true(const value& of, const char* name) {
    const auto* v = of.as_object().if_contains(name);
    return v != nullptr && *v == value(true);
}

table subscription_table(const value& of) {
    table rows({"NUMBER", "TOPIC", "PARAMETER", "HOURS", "LANGUAGE", "", "UNTIL"});
    for (const auto& s : list_at(of, "subscriptions"))
        rows.add({id_at(s, "number"), text_at(s, "topic"), text_at(s, "parameter"),
                  text_at(s, "hours"), text_at(s, "language"), is_true(s, "paused") ? "paused" : "",
                  shown_time(text_at(s, "expires_at"))});
    return rows;
}

int topics(const shared_options& shared, console& to) {
    return print(shared, must(daemon_of(shared).get("/v1/topics")), topics_page, to);
}

int list(const subscription_options& o, const shared_options& shared, console& to) {
    const auto path = o.number.empty()
                          ? "/v1/subscriptions?limit=1000&topic=" + url_encoded(o.topic) +
                                "&after_number=" + url_encoded(o.after)
                          : "/v1/subscriptions/" + url_encoded(o.number);
    return print(shared, must(daemon_of(shared).get(path)), subscriptions_page, to);
}

int change(const std::string& what, const subscription_options& o, const shared_options& shared,
           console& to) {
    const auto told = must(daemon_of(shared).post("/v1/subscriptions/" + url_encoded(o.number),
                                                  given({{"do", what},
                                                         {"topic", o.topic},
                                                         {"parameter", o.parameter},
                                                         {"hours", o.hours},
                                                         {"language", o.language},
                                                         {"reason", o.reason}})));
    if (shared.json) {
        to.out << json_line(told);
        return fine;
    }
    to.out << printable(what + " is done:\n" + subscription_table(told).text());
    if (const auto fee = text_at(told, "fee"); !fee.empty())
        to.out << printable("the fee, which the customer must know: " + fee + "\n");
    return fine;
}

} // namespace

std::string topics_page(const value& all) {
    table rows({"TOPIC", "TYPE", "WORDS", "PARAMETER", ">SUBSCRIBED", ">PAUSED", "NEXT", ""});
    for (const auto& t : list_at(all, "topics"))
        rows.add({text_at(t, "topic"), text_at(t, "type"), joined(t, "words"),
                  text_at(t, "parameter"), text_at(t, "subscriptions"), text_at(t, "paused"),
                  shown_time(text_at(t, "next_at")),
                  is_true(t, "configured") ? text_at(t, "failing") : "not configured any more"});
    return rows.empty() ? "no topic is configured: see topics_dir in posthorn.yaml\n"
                        : rows.text(0);
}

std::string subscriptions_page(const value& found) {
    const auto rows = subscription_table(found);
    std::string page = rows.empty() ? "no subscriptions\n" : rows.text(0);
    if (const auto* next = found.as_object().if_contains("next"))
        page += "more: --after " + text_at(*next, "after_number") + '\n';
    table log({"AT", "", "TOPIC", "PARAMETER", "BY", "WHO", "WHY"});
    for (const auto& c : list_at(found, "log"))
        log.add({shown_time(text_at(c, "at")), text_at(c, "what"), text_at(c, "topic"),
                 text_at(c, "parameter"), text_at(c, "how"), text_at(c, "who"),
                 text_at(c, "reason")});
    return log.empty() ? page : page + "\n" + log.text(0);
}

void add_topics(CLI::App& app, const shared_options& shared, action& chosen) {
    app.add_subcommand("topics", "What phones may subscribe to, and how many have")
        ->callback(
            [&shared, &chosen] { chosen = [&shared](console& to) { return topics(shared, to); }; });
}

void add_subscriptions(CLI::App& app, const shared_options& shared, action& chosen) {
    auto* verb = app.add_subcommand("subscriptions", "Who has subscribed to what");
    verb->require_subcommand(1);
    auto o = std::make_shared<subscription_options>();
    auto* lists = verb->add_subcommand("list", "Of a number, with how that came; or of a topic");
    auto* number = lists->add_option("NUMBER", o->number, "The phone, in any spelling");
    auto* topic = lists->add_option("--topic", o->topic, "Who has subscribed to this topic");
    lists->add_option("--after", o->after, "Go on after this number")->needs(topic);
    topic->excludes(number);
    lists->callback([o, &shared, &chosen] {
        if (o->number.empty() && o->topic.empty())
            throw CLI::RequiredError("NUMBER or --topic");
        chosen = [o, &shared](console& to) { return list(*o, shared, to); };
    });
    const auto add = [&](const std::string& name, const char* help) {
        auto* sub = verb->add_subcommand(name, help);
        sub->add_option("NUMBER", o->number, "The phone, in any spelling")->required();
        sub->add_option("TOPIC", o->topic, "A topic, by its name or a word of it")->required();
        sub->add_option("--parameter", o->parameter, "Which area, brand ..");
        sub->add_option("--reason", o->reason, "Who asked for it and how")->required();
        sub->callback([name, o, &shared, &chosen] {
            chosen = [name, o, &shared](console& to) { return change(name, *o, shared, to); };
        });
        return sub;
    };
    auto* adds = add("add", "Subscribes, as its owner told you");
    adds->add_option("--hours", o->hours, "08:00-21:00 [the topic's]");
    adds->add_option("--language", o->language, "zh-CN, en [the number's, else the topic's]");
    add("remove", "Ends a subscription; without --parameter all of the topic");
    add("pause", "Nothing comes until it is resumed");
    add("resume", "After a pause");
    add("hours", "At what time of the day its texts come")
        ->add_option("--hours", o->hours, "08:00-21:00; 0-24: all day")
        ->required();
}

} // namespace posthorn::cli
