// The verb by which a person sends one text: send.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/printable.hpp"
#include "model/state.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <thread>

namespace posthorn::cli {

namespace {

constexpr auto between_looks = std::chrono::milliseconds(300);

struct send_options {
    std::string to, text, language, account, priority, reason;
    bool wait = false;
};

boost::json::object body_of(const send_options& o) {
    return given({{"to", o.to},
                  {"text", o.text},
                  {"language", o.language},
                  {"account", o.account},
                  {"priority", o.priority},
                  {"reason", o.reason}});
}

boost::json::value message_now(const socket_client& daemon, const std::string& id) {
    const auto answer = must(daemon.get("/v1/show?what=" + id));
    for (const auto& event : list_at(answer, "events"))
        for (const auto& m : list_at(event, "messages"))
            if (id_at(m, "id") == id)
                return m;
    throw failure("message " + id + " is not known any more");
}

// Tells each state it comes to, until there is no other.
boost::json::value followed(const socket_client& daemon, const std::string& id, bool tell,
                            console& to) {
    std::string before;
    for (;;) {
        auto m = message_now(daemon, id);
        const auto state = text_at(m, "state");
        const auto reason = text_at(m, "reason");
        const auto account = text_at(m, "account");
        if (tell && state != before)
            to.out << printable(state + (account.empty() ? "" : ", account " + account) +
                                (reason.empty() ? "" : ": " + reason) + "\n")
                   << std::flush;
        if (!text_at(m, "final_at").empty())
            return m;
        before = state;
        std::this_thread::sleep_for(between_looks);
    }
}

int send(const send_options& o, const shared_options& shared, console& to) {
    const auto daemon = daemon_of(shared);
    const auto answer = must(daemon.post("/v1/send", body_of(o)));
    const auto id = id_at(answer, "message");
    const auto parts = text_at(answer, "parts");
    if (!shared.json)
        to.out << "message " << id << ", " << parts << (parts == "1" ? " part" : " parts")
               << (o.wait ? "\n" : ": `posthorn show " + id + "` says what became of it\n")
               << std::flush;
    if (!o.wait) {
        if (shared.json)
            to.out << json_line(answer);
        return fine;
    }
    const auto end = followed(daemon, id, !shared.json, to);
    if (shared.json)
        to.out << json_line(end);
    return text_at(end, "state") == name_of(message_state::delivered) ? fine : refused;
}

} // namespace

void add_send(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<send_options>();
    auto* verb = app.add_subcommand("send", "Send one text by hand (type manual)");
    verb->add_option("NUMBER", o->to, "The phone, E.164 or national")->required();
    verb->add_option("TEXT", o->text, "What it says; the type's signature goes before it")
        ->required();
    verb->add_option("--reason", o->reason, "For the record")->required();
    verb->add_option("--account", o->account, "Through this account only");
    verb->add_option("--priority", o->priority, "urgent, normal or bulk [the type's]");
    verb->add_option("--language", o->language, "Of its signature [the type's]");
    verb->add_flag("--wait", o->wait, "Follow it to its end; exit 1 unless it was delivered");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return send(*o, shared, to); };
    });
}

} // namespace posthorn::cli
