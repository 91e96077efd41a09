// posthorn backup: the running daemon copies all that must not be lost.
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/printable.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

constexpr auto patience_of_backup = std::chrono::hours(24); // years of history

struct backup_options {
    std::string folder;
    std::string reason;
};

int back_up(const backup_options& o, const shared_options& shared, console& to) {
    auto folder = std::filesystem::absolute(o.folder).lexically_normal();
    if (!folder.has_filename()) // it was typed with a slash at its end
        folder = folder.parent_path();
    const auto answer =
        must(daemon_of(shared, patience_of_backup)
                 .post("/v1/backup", given({{"dir", folder.string()}, {"reason", o.reason}})));
    if (shared.json) {
        to.out << json_line(answer);
        return fine;
    }
    to.out << printable("backed up as of " + text_at(answer, "at") + " to " +
                        text_at(answer, "dir") + ": " + text_at(answer, "files") + " files, " +
                        text_at(answer, "octets") +
                        " octets\nThe configuration is not in it: keep a copy of " +
                        text_at(answer, "not_in_it") + " as well.\n");
    return fine;
}

} // namespace

void add_backup(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<backup_options>();
    auto* verb = app.add_subcommand(
        "backup", "Copy the queue, the record and the results to a new folder, while sending");
    verb->add_option("DIR", o->folder, "Must not exist; posthornd writes it")->required();
    verb->add_option("--reason", o->reason, "For the record");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return back_up(*o, shared, to); };
    });
}

} // namespace posthorn::cli
