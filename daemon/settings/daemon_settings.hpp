// posthorn.yaml and accounts.d/*.yaml as the daemon uses them. config/posthorn.yaml documents each
// key. Paths are absolute here: relative ones begin at the folder of posthorn.yaml.
#pragma once

#include "model/number.hpp"
#include "model/retry.hpp"
#include "model/time.hpp"
#include "settings/account_texts.hpp"
#include "settings/brake_settings.hpp"
#include "settings/consent_settings.hpp"
#include "settings/http_settings.hpp"
#include "settings/inbound_settings.hpp"
#include "settings/people_settings.hpp"
#include "settings/problem.hpp"
#include "settings/reader.hpp"
#include "settings/retention_settings.hpp"
#include "settings/system_settings.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace posthorn::settings {

// Where a source is told what became of its events.
struct callback_settings {
    std::string url;    // empty: nowhere
    std::string secret; // the octets it is signed with
    duration retry_for = std::chrono::hours(72);

    bool operator==(const callback_settings&) const = default;
};

// How many events a source may hand in, by all ways together; 0: no limit.
struct quota_settings {
    std::int64_t per_minute = 0;
    std::int64_t per_day = 0;

    bool operator==(const quota_settings&) const = default;
};

// A business system that may send, and the types it may use.
struct source_settings {
    std::string name; // of its outbox file, without .db
    bool every_type = false;
    std::vector<std::string> types; // sorted
    callback_settings callback;
    quota_settings quota{};
    std::string extension;        // its texts leave from an account's sender and these digits
    text_by_language acknowledge; // of texts that come there

    bool operator==(const source_settings&) const = default;
};

struct daemon_settings {
    std::filesystem::path file; // where all this was read from
    std::filesystem::path state_dir;
    std::filesystem::path outbox_dir;
    std::filesystem::path result_dir;
    std::filesystem::path plugin_dir;
    std::filesystem::path types_dir;
    std::filesystem::path accounts_dir;
    std::filesystem::path socket;
    http_settings http;
    std::string zone; // IANA name; not checked here
    std::vector<country> countries;
    std::vector<source_settings> sources; // sorted by name
    retry_schedule retry;
    duration receipt_wait{}; // after a message's validity, until it counts as unconfirmed
    duration keep_results{}; // rows of result/SOURCE.db
    retention_settings keep_history;
    duration stop_within{};  // after SIGTERM; then the process ends with what it has in hand
    unsigned max_parts = 10; // a text that needs more is refused
    brake_settings brake;
    people_settings people;
    consent_settings consent;
    std::filesystem::path lookups_dir;
    std::filesystem::path commands_dir;
    std::filesystem::path phrases; // the file of them
    inbound_settings inbound;
    std::vector<system_settings> systems; // sorted by name
    std::filesystem::path topics_dir;
    std::filesystem::path timers_dir;
    std::filesystem::path forbidden_words; // the file of them, for `posthorn lint`; may be empty
    std::filesystem::path policy;          // the file of it; it may be missing
    std::filesystem::path routes;          // likewise

    std::filesystem::path live_db() const { return state_dir / "live.db"; }
    std::filesystem::path history_dir() const { return state_dir / "history"; }
    std::filesystem::path erasure_key() const { return state_dir / "erasure.key"; }
    std::filesystem::path tokens_file() const { return state_dir / "tokens"; }
};

struct loaded_daemon_settings {
    daemon_settings settings; // complete only without problems
    problem_list problems;
    document source; // for what others find wrong in it, with its line; void when it is unreadable
};

loaded_daemon_settings load_daemon_settings(const std::filesystem::path& file);

enum class delivery : std::uint8_t { test, live };

inline constexpr std::array<std::string_view, 2> delivery_names{"test", "live"};

// One configured contract with a carrier. What stands under `options:` belongs to the adapter: it
// is read by whoever knows the adapter's declaration, with `options`, before finish().
struct account_settings {
    std::filesystem::path file;
    std::string name;    // of the file, without .yaml
    std::string adapter; // the plugin
    bool enabled = true;
    settings::delivery delivery = delivery::test;
    std::vector<std::string>
        allow; // E.164 without '+', addresses: who gets messages when delivery is test
    std::string pool = "sms";
    unsigned rate = 0;       // parts per second; 0: no limit
    bool extensions = false; // its sender may be followed by digits of our own
    bool takes_back = false; // its carrier is known to take back texts that are asked for in time
    account_texts texts;     // how they leave by it
    unsigned weight = 0;     // its share beside its equals; 0: none is given
    reader carries, prices;  // of these maps, for routing; void when there are none
    reader options;          // of the map `options:`; likewise
    document source;         // finish() gives all problems of this file

    // All problems of this file, with keys nobody asked for. Call it once, after `options` is read.
    problem_list finish() { return source.finish(); }
    // The same where nobody knows the adapter, so that its options are neither right nor wrong.
    problem_list finish_without_options();
};

struct loaded_accounts {
    std::vector<account_settings> accounts; // sorted by name
    problem_list problems;                  // of the folder itself; each account has its own
};

// `countries`: for the numbers of `allow`.
loaded_accounts load_accounts(const std::filesystem::path& directory,
                              const std::vector<country>& countries);

} // namespace posthorn::settings
