#include "cli/run.hpp"

#include "cli/printable.hpp"
#include "cli/verbs.hpp"

#include <CLI/CLI.hpp>

namespace posthorn::cli {

namespace {

constexpr const char* intro =
    "posthorn: queue events for posthornd, and see what became of them.\n"
    "Exit codes: 0 fine, 1 refused or failed (also: an import rejected rows), 2 wrong usage.";

int perform(const action& chosen, console& to) {
    try {
        return chosen(to);
    } catch (const failure& stopped) {
        to.err << "posthorn: " << printable(stopped.what()) << '\n';
        return stopped.code();
    } catch (const std::exception& error) {
        to.err << "posthorn: " << printable(error.what()) << '\n';
        return refused;
    }
}

} // namespace

int run(int argc, const char* const* argv, console& to) {
    shared_options shared;
    action chosen;
    CLI::App app(intro, "posthorn");
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--config", shared.config,
                   "posthorn.yaml [$POSTHORN_CONFIG, /etc/posthorn/posthorn.yaml]");
    app.add_option("--socket", shared.socket, "The daemon's socket [`socket:` in posthorn.yaml]");
    app.add_flag("--json", shared.json, "Print JSON instead of pages for people");
    add_enqueue(app, shared, chosen);
    add_import(app, shared, chosen);
    add_types(app, shared, chosen);
    add_test(app, shared, chosen);
    add_status(app, shared, chosen);
    add_show(app, shared, chosen);
    add_uncertain(app, shared, chosen);
    add_retry(app, shared, chosen);
    add_pause(app, shared, chosen);
    add_accept_clock(app, shared, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e, to.out, to.err) == 0 ? fine : usage;
    }
    return perform(chosen, to);
}

} // namespace posthorn::cli
