#include "cli/run.hpp"

#include "cli/printable.hpp"
#include "cli/verbs.hpp"
#include "settings/problem.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <vector>

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

// "no command is called 'staus' (did you mean 'status'?)"; empty when something else is wrong.
// CLI11 says only that a subcommand is required.
std::string wrong_command(const CLI::App& app, int argc, const char* const* argv) {
    const CLI::App* at = &app;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--config" || word == "--socket")
            ++i; // and its value
        if (word.starts_with('-'))
            continue;
        const auto below = at->get_subcommands([](const CLI::App*) { return true; });
        if (below.empty())
            return {};
        std::vector<std::string> names;
        for (const auto* verb : below)
            names.push_back(verb->get_name());
        const auto found = std::ranges::find(names, word);
        if (found == names.end()) {
            const std::vector<std::string_view> known(names.begin(), names.end());
            const auto after = at == &app ? "" : " after '" + at->get_name() + "'";
            return "no command is called '" + word + "'" + after +
                   settings::did_you_mean(word, known);
        }
        at = below[static_cast<std::size_t>(found - names.begin())];
    }
    return {};
}

int refuse_usage(const CLI::App& app, const CLI::ParseError& e, int argc, const char* const* argv,
                 console& to) {
    const auto wrong = e.get_exit_code() == 0 ? std::string() : wrong_command(app, argc, argv);
    if (wrong.empty())
        return app.exit(e, to.out, to.err) == 0 ? fine : usage;
    to.err << "posthorn: " << printable(wrong) << "; `posthorn --help` lists them\n";
    return usage;
}

// What was asked for did not arrive when the disk is full or the reader is gone.
int delivered(int code, console& to) {
    if (to.out.flush())
        return code;
    to.err << "posthorn: cannot write the answer: is the disk full, or the pipe closed?\n";
    return code == fine ? refused : code;
}

} // namespace

int run(int argc, const char* const* argv, console& to) {
    shared_options shared;
    action chosen;
    CLI::App app(intro, "posthorn");
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", "posthorn " POSTHORN_VERSION);
    app.add_option("--config", shared.config,
                   "posthorn.yaml [$POSTHORN_CONFIG, /etc/posthorn/posthorn.yaml]");
    app.add_option("--socket", shared.socket, "The daemon's socket [`socket:` in posthorn.yaml]");
    app.add_flag("--json", shared.json, "Print JSON instead of pages for people");
    add_enqueue(app, shared, chosen);
    add_import(app, shared, chosen);
    add_types(app, shared, chosen);
    add_lint(app, shared, chosen);
    add_test(app, shared, chosen);
    add_status(app, shared, chosen);
    add_show(app, shared, chosen);
    add_explain(app, shared, chosen);
    add_uncertain(app, shared, chosen);
    add_retry(app, shared, chosen);
    add_pause(app, shared, chosen);
    add_cancel(app, shared, chosen);
    add_resend(app, shared, chosen);
    add_send(app, shared, chosen);
    add_search(app, shared, chosen);
    add_accounts(app, shared, chosen);
    add_reconcile(app, shared, chosen);
    add_cost(app, shared, chosen);
    add_log(app, shared, chosen);
    add_consent(app, shared, chosen);
    add_topics(app, shared, chosen);
    add_subscriptions(app, shared, chosen);
    add_nuisance(app, shared, chosen);
    add_reload(app, shared, chosen);
    add_backup(app, shared, chosen);
    add_erase(app, shared, chosen);
    add_accept_clock(app, shared, chosen);
    add_inbound(app, shared, chosen);
    add_people(app, shared, chosen);
    add_areas(app, shared, chosen);
    add_groups(app, shared, chosen);
    add_work(app, shared, chosen);
    add_timers(app, shared, chosen);
    add_token(app, shared, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return refuse_usage(app, e, argc, argv, to);
    }
    return delivered(perform(chosen, to), to);
}

} // namespace posthorn::cli
