// Verbs by which people decide about sending: pause, stop, resume.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "model/scope.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

constexpr auto patience_of_stop = std::chrono::minutes(30); // for a run of millions

struct scope_options {
    std::string account, source, type, run;
    bool everything = false;
    std::string reason;
};

CLI::App* add_scoped(CLI::App& app, const std::string& name, const std::string& help,
                     scope_options& o) {
    auto* verb = app.add_subcommand(name, help);
    auto* what = verb->add_option_group("what");
    auto* source = verb->add_option("--source", o.source,
                                    "All of one source; with --run or --type, of that one only");
    what->add_option("--run", o.run, "One batch");
    what->add_option("--type", o.type, "One type of event");
    what->add_option("--account", o.account, "One contract with a carrier")->excludes(source);
    what->add_flag("--everything", o.everything, "All sending")->excludes(source);
    what->require_option(0, 1);
    verb->add_option("--reason", o.reason, "For the record");
    return verb;
}

boost::json::object body_of(const scope_options& o) {
    return given({{"account", o.account},
                  {"source", o.source},
                  {"type", o.type},
                  {"run", o.run},
                  {"everything", o.everything ? "yes" : ""},
                  {"reason", o.reason}});
}

scope scope_of(const scope_options& o) {
    if (!o.run.empty())
        return {scope_kind::run, o.run, o.source};
    if (!o.type.empty())
        return {scope_kind::type, o.type, o.source};
    if (!o.source.empty())
        return {scope_kind::source, o.source};
    return o.account.empty() ? scope() : scope{scope_kind::account, o.account};
}

std::string line_of(const std::string& verb, const scope& which, const boost::json::value& answer) {
    const auto option = option_of(which);
    const auto what = option.empty() ? "sending" : "sending of " + shown(which);
    if (verb == "resume")
        return what + " goes on";
    if (verb == "pause")
        return what + " is paused; rows are still taken in: `posthorn resume" + option + "`";
    return what + " is stopped: " + text_at(answer, "cancelled") +
           " messages were cancelled, and what still comes will be, until `posthorn resume" +
           option + "`";
}

int steer(const std::string& verb, const scope_options& o, const shared_options& shared,
          console& to) {
    const auto answer = must(daemon_of(shared, patience_of_stop).post("/v1/" + verb, body_of(o)));
    if (shared.json)
        to.out << json_line(answer);
    else
        to.out << line_of(verb, scope_of(o), answer) << '\n';
    return fine;
}

} // namespace

void add_pause(CLI::App& app, const shared_options& shared, action& chosen) {
    for (const auto& [verb, help] :
         {std::pair{"pause", "Stop sending for a while; rows are still taken in"},
          std::pair{"stop", "The red button: pause, and cancel what has not left"},
          std::pair{"resume", "Go on sending"}}) {
        const std::string name = verb;
        auto o = std::make_shared<scope_options>();
        auto* sub = add_scoped(app, name, help, *o);
        if (name == "stop")
            sub->get_option("--reason")->required();
        sub->callback([name, o, &shared, &chosen] {
            if (name == "stop" && o->account.empty() && o->source.empty() && o->type.empty() &&
                o->run.empty() && !o->everything)
                throw CLI::RequiredError("--run, --type, --source, --account or --everything");
            chosen = [name, o, &shared](console& to) { return steer(name, *o, shared, to); };
        });
    }
}

} // namespace posthorn::cli
