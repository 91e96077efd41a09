// The verbs of `posthorn`. Each adds its subcommand with its options; the one that was typed leaves
// in `chosen` what is to be done.
#pragma once

#include "cli/console.hpp"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace posthorn::cli {

struct shared_options {
    std::string config; // --config
    std::string socket; // --socket
    bool json = false;  // --json
};

using action = std::function<int(console&)>;

void add_enqueue(CLI::App& app, const shared_options& shared, action& chosen);
void add_import(CLI::App& app, const shared_options& shared, action& chosen);
void add_types(CLI::App& app, const shared_options& shared, action& chosen);
void add_lint(CLI::App& app, const shared_options& shared, action& chosen);
void add_test(CLI::App& app, const shared_options& shared, action& chosen);
void add_status(CLI::App& app, const shared_options& shared, action& chosen);
void add_show(CLI::App& app, const shared_options& shared, action& chosen);
void add_explain(CLI::App& app, const shared_options& shared, action& chosen);
void add_uncertain(CLI::App& app, const shared_options& shared, action& chosen);
void add_retry(CLI::App& app, const shared_options& shared, action& chosen);
void add_pause(CLI::App& app, const shared_options& shared, action& chosen); // resume, stop
void add_cancel(CLI::App& app, const shared_options& shared, action& chosen);
void add_resend(CLI::App& app, const shared_options& shared, action& chosen);
void add_send(CLI::App& app, const shared_options& shared, action& chosen);
void add_search(CLI::App& app, const shared_options& shared, action& chosen);
void add_accounts(CLI::App& app, const shared_options& shared, action& chosen); // and sources
void add_reconcile(CLI::App& app, const shared_options& shared, action& chosen);
void add_log(CLI::App& app, const shared_options& shared, action& chosen);
void add_consent(CLI::App& app, const shared_options& shared, action& chosen);
void add_topics(CLI::App& app, const shared_options& shared, action& chosen);
void add_subscriptions(CLI::App& app, const shared_options& shared, action& chosen);
void add_cost(CLI::App& app, const shared_options& shared, action& chosen);
void add_nuisance(CLI::App& app, const shared_options& shared, action& chosen);
void add_reload(CLI::App& app, const shared_options& shared, action& chosen);
void add_backup(CLI::App& app, const shared_options& shared, action& chosen);
void add_erase(CLI::App& app, const shared_options& shared, action& chosen);
void add_accept_clock(CLI::App& app, const shared_options& shared, action& chosen);
void add_inbound(CLI::App& app, const shared_options& shared, action& chosen);
void add_people(CLI::App& app, const shared_options& shared, action& chosen);
void add_areas(CLI::App& app, const shared_options& shared, action& chosen);
void add_groups(CLI::App& app, const shared_options& shared, action& chosen);
void add_work(CLI::App& app, const shared_options& shared, action& chosen);
void add_timers(CLI::App& app, const shared_options& shared, action& chosen);
void add_token(CLI::App& app, const shared_options& shared, action& chosen);

} // namespace posthorn::cli
