// An event type: one YAML file that says what an event of this kind carries and what the recipient
// reads. Loaded and checked once; immutable afterwards and safe to share between threads.
#pragma once

#include "model/cover.hpp"
#include "model/failover.hpp"
#include "model/time.hpp"
#include "model/words.hpp"
#include "settings/problem.hpp"
#include "templates/letter_wording.hpp"
#include "templates/wording_set.hpp"

#include <boost/json/object.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::templates {

// When texts of a type, and what they were made of, are forgotten before its retention ends.
enum class redaction : std::uint8_t { never, sent };

inline constexpr std::array<std::string_view, 2> redaction_names{"never", "sent"};

// Whether texts of a type are sent for vulnerable accounts as for all others.
enum class to_vulnerable : std::uint8_t { always, never };

inline constexpr std::array<std::string_view, 2> to_vulnerable_names{"always", "never"};

// The fields of its events, and the texts made of them.
struct event_type : wording_set {
    std::string name; // "bill.issued"; also the name of its file
    posthorn::category category = posthorn::category::service;
    posthorn::priority priority = posthorn::priority::normal;
    std::vector<to_kind> whom; // the kinds of audience it accepts
    std::vector<channel> channels;
    std::vector<letter_wording> emails; // sorted by language; of types of channel email
    std::vector<std::string> contacts; // for many: of accounts these, and those for all; empty: all
    std::vector<std::string> roles;    // for an area: also people with one of these who stand in it
    one_per once = one_per::number;    // for many: how many texts
    std::optional<posthorn::collapse> collapse; // of several events: how many
    duration validity{};                        // a message is worth sending for so long
    on_uncertain doubt = on_uncertain::hold;    // what becomes of an uncertain part
    bool needs_consent = true;                  // who has opted out of its category does not get it
    bool opt_out_hint = false;                  // its texts say by which everyday word one opts out
    to_vulnerable vulnerable = to_vulnerable::always;
    std::optional<failover_rule> failover; // when its texts go once more, by another account
    duration uncertain_wait{};             // before a resend
    duration hold_for{};                   // how long `hold` waits for a person
    redaction redact = redaction::never;
    // Types of earlier events of its subject that are not to be sent any more: model/type_pattern.hpp
    std::vector<std::string> withdraws;
    bool only_told = false;     // for many: only for those who were told of one of these
    boost::json::object sample; // data that is valid and renders in every language
    std::int64_t version = 0;   // of its wording, as the store counts them; 0: nobody keeps them

    bool accepts(to_kind kind) const;
    bool goes_by(channel c) const;
};

struct loaded_types {
    std::vector<event_type> types;   // sorted by name; only those without a problem
    settings::problem_list problems; // of every file
};

// Reads every *.yaml of the directory. `default_zone`: for types that name none.
loaded_types load_types(const std::filesystem::path& directory, const zone& default_zone);

// Reads one type from the text of its file; nothing if there are problems, which are appended.
std::optional<event_type> read_type(std::string text, const std::filesystem::path& file,
                                    const zone& default_zone, settings::problem_list& problems);

} // namespace posthorn::templates
