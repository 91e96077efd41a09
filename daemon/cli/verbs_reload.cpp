// posthorn reload: the daemon reads its configuration again.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/site.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

struct reload_options {
    bool dry_run = false;
    bool drain = false;
};

std::string reload_page(const boost::json::value& answer) {
    std::string page;
    for (const auto& line : list_at(answer, "differences"))
        page += std::string(line.as_string()) + "\n";
    return page + text_at(answer, "verdict") + "\n";
}

int reload(const reload_options& o, const shared_options& shared, console& to) {
    constexpr std::chrono::seconds patience{60}; // many types are checked
    std::string hint = "--socket";
    std::filesystem::path socket = shared.socket;
    if (shared.socket.empty()) {
        // What is in the file may be what is wrong: only where the daemon listens is read of it.
        const auto file = config_path(shared.config);
        socket = settings::load_daemon_settings(file).settings.socket;
        hint = "`socket:` in " + file.string();
    }
    const socket_client daemon(socket, hint, patience);
    boost::json::object body{{"dry_run", o.dry_run}, {"drain", o.drain}};
    return print(shared, must(daemon.post("/v1/reload", body)), reload_page, to);
}

} // namespace

void add_reload(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<reload_options>();
    auto* verb = app.add_subcommand(
        "reload", "Put the changed configuration in force, all of it or (with a mistake) nothing");
    verb->add_flag("--dry-run", o->dry_run, "Only say what it would change, and whether it may");
    verb->add_flag("--drain", o->drain,
                   "Types and accounts that are gone may still have live messages: let those end");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return reload(*o, shared, to); };
    });
}

} // namespace posthorn::cli
