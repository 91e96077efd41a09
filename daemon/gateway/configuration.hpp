// Everything that is configured, read and checked at once: posthorn.yaml, types, accounts, plugins.
#pragma once

#include "answers/handbook.hpp"
#include "intake/catalogue.hpp"
#include "lookups/handler_choice.hpp"
#include "policy/rules.hpp"
#include "routing/table.hpp"
#include "sdk/adapter.hpp"
#include "settings/daemon_settings.hpp"
#include "templates/zone.hpp"
#include "timers/timer.hpp"
#include "topics/directory.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace posthorn::gateway {

struct account {
    settings::account_settings settings;
    const sdk::adapter_plugin* plugin = nullptr;
    sdk::options options;
    routing::account routed; // what it carries

    bool gives_receipts() const;
    bool declares(std::string_view option) const;
    // Nothing that concerns the adapter differs: its link may stay as it is.
    bool same_link(const account& other) const;
};

// By name: another number, another content.
using file_contents = std::map<std::string, std::size_t>;

struct configuration {
    settings::daemon_settings settings;
    std::shared_ptr<const intake::catalogue> catalogue; // null: posthorn.yaml is unreadable
    std::shared_ptr<const answers::handbook> book;      // null: texts from phones are only kept
    std::shared_ptr<const topics::directory> topics;    // null as catalogue
    std::shared_ptr<const std::vector<timers::timer>> timers; // by name; null as catalogue
    std::shared_ptr<const policy::rules> policy;              // null: none
    std::shared_ptr<const routing::table> routes;             // of texts; null as catalogue
    std::vector<account> accounts;                            // enabled ones
    std::vector<account> disabled;                            // only to be tried by a person
    lookups::handler_choices handlers;                        // of the systems that are handlers
    std::map<std::string, std::string> written; // keys of posthorn.yaml, in one spelling
    file_contents type_files;
    file_contents command_files, lookup_files; // none without a book
    std::size_t phrases_file = 0;              // as well
    file_contents topic_files;
    file_contents timer_files;
    file_contents policy_files;                      // and that of holidays
    file_contents route_files;                       // and the table of numbers
    std::map<std::string, std::string> plugin_files; // by plugin: which file it was read from
    settings::problem_list problems;                 // of all files; usable only when there is none

    templates::zone zone() const; // of settings; UTC where it names none
    bool any_quota_per_day() const;
};

// Kind and name of all that has a number in the store.
std::vector<std::pair<std::string, std::string>> names_in(const configuration& c);
// The pool of this account alone, for texts that must go through it. No configured pool has such a
// name: it has a space.
std::string own_pool(std::string_view account);
bool is_own_pool(std::string_view pool);
bool carries_letters(const account& a);
const account* account_named(const configuration& c, std::string_view name);

// Loads plugins (they stay loaded), touches nothing else.
configuration read_configuration(const std::filesystem::path& file);

} // namespace posthorn::gateway
