// Verbs by which people decide about messages that were made: cancel, resend.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

struct message_options {
    std::string what, source, reason;
    bool force = false;
};

boost::json::object body_of(const message_options& o) {
    return given({{"what", o.what},
                  {"reason", o.reason},
                  {"source", o.source},
                  {"force", o.force ? "yes" : ""}});
}

// Of an event for many: ": 690 cancelled, 10 delivered"
std::string states_of(const boost::json::value& answer) {
    std::string out;
    if (const auto* messages = answer.as_object().if_contains("messages"))
        for (const auto& [state, n] : messages->as_object())
            out += (out.empty() ? ": " : ", ") + std::to_string(n.to_number<std::int64_t>()) + " " +
                   std::string(state);
    return out;
}

int cancel(const message_options& o, const shared_options& shared, console& to) {
    const auto answer = must(daemon_of(shared).post("/v1/cancel", body_of(o)));
    const auto result = text_at(answer, "result");
    if (shared.json) {
        to.out << json_line(answer);
    } else {
        const auto why = text_at(answer, "why");
        const auto state = text_at(answer, "state");
        to.out << result << (state.empty() || state == result ? "" : ": it is " + state)
               << states_of(answer) << (why.empty() ? "" : " (" + why + ")") << '\n';
    }
    return result == "cancelled" ? fine : refused;
}

int resend(const message_options& o, const shared_options& shared, console& to) {
    const auto answer = must(daemon_of(shared).post("/v1/resend", body_of(o)));
    if (shared.json)
        to.out << json_line(answer);
    else
        to.out << "will be sent again as message " << id_at(answer, "message")
               << (text_at(answer, "repeat") == "yes" ? ", counted as a repeat" : "") << '\n';
    return fine;
}

CLI::App* add_verb(CLI::App& app, const std::string& name, const std::string& help,
                   message_options& o) {
    auto* verb = app.add_subcommand(name, help);
    verb->add_option("ID|KEY", o.what, "Id of an event or message, or a key")->required();
    verb->add_option("--source", o.source, "Where several sources use the same key");
    verb->add_option("--reason", o.reason, "For the record")->required();
    return verb;
}

} // namespace

void add_cancel(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<message_options>();
    add_verb(app, "cancel",
             "Take a message back, or all of an event for many, until phones have it", *o)
        ->callback([o, &shared, &chosen] {
            chosen = [o, &shared](console& to) { return cancel(*o, shared, to); };
        });
}

void add_resend(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<message_options>();
    auto* verb = add_verb(app, "resend", "Send a message that has failed once more", *o);
    verb->add_flag("--force", o->force, "Also when it may have arrived, or its time is over");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return resend(*o, shared, to); };
    });
}

} // namespace posthorn::cli
