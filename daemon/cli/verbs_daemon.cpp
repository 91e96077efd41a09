// Verbs that ask the running daemon: status, show, uncertain, retry, accept-clock.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/verbs.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace posthorn::cli {

namespace {

using boost::json::value;

int show(const std::string& what, const std::string& source, const shared_options& shared,
         console& to) {
    const auto target = "/v1/show?what=" + url_encoded(what) +
                        (source.empty() ? "" : "&source=" + url_encoded(source));
    const auto answer = must(daemon_of(shared).get(target));
    if (list_at(answer, "events").empty())
        throw failure("nothing is known of '" + what +
                      "': it is neither an id nor a key of an event that was taken in (a row may "
                      "still wait in its outbox: `posthorn status`), or what it names is kept no "
                      "longer (keep_history)");
    return print(shared, answer, story_page, to);
}

struct part_name {
    std::string message;
    std::string part;
};

// MESSAGE/PART, or all uncertain parts of MESSAGE.
std::vector<part_name> parts_named(const std::string& text, const socket_client& daemon) {
    const auto slash = text.find('/');
    if (slash != std::string::npos)
        return {{text.substr(0, slash), text.substr(slash + 1)}};
    std::vector<part_name> found;
    const auto answer = must(daemon.get("/v1/uncertain"));
    for (const auto& part : list_at(answer, "uncertain"))
        if (id_at(part, "message") == text)
            found.push_back({text, id_at(part, "part")});
    if (found.empty())
        throw failure("message " + text + " has no uncertain part: see `posthorn uncertain list`");
    return found;
}

int settle(const std::string& which, const std::string& verb, const std::string& reason,
           const shared_options& shared, console& to) {
    const auto daemon = daemon_of(shared);
    boost::json::array answers;
    for (const auto& part : parts_named(which, daemon)) {
        answers.push_back(must(daemon.post("/v1/uncertain/" + url_encoded(part.message) + "/" +
                                               url_encoded(part.part) + "/" + verb,
                                           given({{"reason", reason}}))));
        if (!shared.json)
            to.out << part.message << "/" << part.part << ": "
                   << (verb == "resend" ? "will be sent again" : "accepted as it is") << '\n';
    }
    if (shared.json)
        to.out << json_line(answers);
    return fine;
}

struct retry_options {
    std::string key;
    std::string source;
    std::string type;
    std::string reason_like;
};

std::string retry_line(const std::string& retried, const std::string& still_parked) {
    const bool none = retried.empty() || retried == "0";
    const bool parked = !still_parked.empty() && still_parked != "0";
    if (none && !parked)
        return "no parked event matches";
    std::string line = (none ? "0" : retried) + " parked events became messages";
    if (parked)
        line += ", " + still_parked + " are parked again: `posthorn status` says why";
    return line;
}

int retry(const retry_options& o, const shared_options& shared, console& to) {
    const auto answer =
        must(daemon_of(shared).post("/v1/retry", given({{"key", o.key},
                                                        {"source", o.source},
                                                        {"type", o.type},
                                                        {"reason_like", o.reason_like}})));
    if (shared.json) {
        to.out << json_line(answer);
        return fine;
    }
    to.out << retry_line(text_at(answer, "retried"), text_at(answer, "still_parked")) << '\n';
    return fine;
}

} // namespace

void add_status(CLI::App& app, const shared_options& shared, action& chosen) {
    auto* verb = app.add_subcommand("status", "What is wrong now, and what waits");
    verb->callback([&shared, &chosen] {
        chosen = [&shared](console& to) {
            return print(shared, must(daemon_of(shared).get("/v1/status")), status_page, to);
        };
    });
}

void add_show(CLI::App& app, const shared_options& shared, action& chosen) {
    auto what = std::make_shared<std::string>();
    auto source = std::make_shared<std::string>();
    auto* verb = app.add_subcommand("show", "The life of one event");
    verb->add_option("--source", *source, "Where several sources use the same key");
    verb->add_option("ID|KEY", *what, "Id of an event or message, or a key")->required();
    verb->callback([=, &shared, &chosen] {
        chosen = [=, &shared](console& to) { return show(*what, *source, shared, to); };
    });
}

void add_uncertain(CLI::App& app, const shared_options& shared, action& chosen) {
    auto* verb =
        app.add_subcommand("uncertain", "Parts of which nobody knows whether the carrier has them");
    verb->require_subcommand(1);
    auto which = std::make_shared<std::string>();
    auto reason = std::make_shared<std::string>();
    auto* list = verb->add_subcommand("list", "List them");
    list->callback([&shared, &chosen] {
        chosen = [&shared](console& to) {
            return print(shared, must(daemon_of(shared).get("/v1/uncertain")), uncertain_page, to);
        };
    });
    auto* resend = verb->add_subcommand("resend", "Send again; the phone may get it twice");
    resend->add_option("MESSAGE[/PART]", *which, "As `uncertain list` shows it")->required();
    resend->add_option("--reason", *reason, "For the record")->required();
    resend->callback([=, &shared, &chosen] {
        chosen = [=, &shared](console& to) {
            return settle(*which, "resend", *reason, shared, to);
        };
    });
    auto* accept =
        verb->add_subcommand("accept", "Take it as sent: it waits for a receipt like any other");
    accept->add_option("MESSAGE[/PART]", *which, "As `uncertain list` shows it")->required();
    accept->add_option("--reason", *reason, "For the record")->required();
    accept->callback([=, &shared, &chosen] {
        chosen = [=, &shared](console& to) {
            return settle(*which, "accept", *reason, shared, to);
        };
    });
}

void add_retry(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<retry_options>();
    auto* verb = app.add_subcommand(
        "retry", "Try parked events again, after their type or the settings were mended");
    verb->add_option("--key", o->key, "Only this key");
    verb->add_option("--source", o->source, "Only of this source");
    verb->add_option("--type", o->type, "Only of this type");
    verb->add_option("--reason-like", o->reason_like, "Only where the reason has this text");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return retry(*o, shared, to); };
    });
}

void add_accept_clock(CLI::App& app, const shared_options& shared, action& chosen) {
    auto* verb = app.add_subcommand(
        "accept-clock", "The machine's clock is right although it jumped: sending goes on");
    verb->callback([&shared, &chosen] {
        chosen = [&shared](console& to) {
            const auto answer = must(daemon_of(shared).post("/v1/accept-clock", {}));
            if (shared.json)
                to.out << json_line(answer);
            else
                to.out << "it is " << text_at(answer, "now") << ": sending goes on\n";
            return fine;
        };
    });
}

} // namespace posthorn::cli
