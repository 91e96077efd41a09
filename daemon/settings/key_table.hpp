// Every key of posthorn.yaml and of accounts.d/ACCOUNT.yaml, as data: for `posthornd --describe`,
// for what a reload may change, and for the test that holds this table, the code that reads the
// files and config/ together.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::settings {

// When a new value counts.
enum class takes_effect : std::uint8_t { on_reload, on_restart };

struct known_key {
    std::string_view path; // "retry.first"; NAME stands for any name, [] for each item of a list
    std::string_view kind; // "duration 1s..1h"
    std::string_view fallback; // as one would write it; empty: it must be there
    std::string_view help;     // one sentence
    takes_effect when = takes_effect::on_reload;
};

std::span<const known_key> daemon_keys();
std::span<const known_key> account_keys();

// The key of posthorn.yaml with this path; null when the table has none.
const known_key* daemon_key(std::string_view path);

// Both tables for people.
std::string describe_keys();

} // namespace posthorn::settings
