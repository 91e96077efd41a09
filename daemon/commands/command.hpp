// A query code: what a customer may text to us, what is looked up or done, and the answer. One YAML
// file each; immutable once loaded, and safe to share between threads.
#pragma once

#include "templates/wording_set.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::commands {

enum class argument_kind : std::uint8_t {
    account,  // a customer account: 6 to 20 digits
    month,    // 202610, 2026-10, 2026年10月, 10月, 上月, this: its first day, 2026-10-01
    date,     // 20261123, 2026-11-23, 11月23日, 今天, yesterday: 2026-11-23
    amount,   // 12.50
    integer,  // at most 15 digits
    document, // letters, digits and dashes with a digit among them, 4 to 32; in capitals
    area,     // the rest of the text, at most 100 characters
    text,     // as area
    pin,      // 4 to 8 digits
    code,     // 6 digits
    number,   // a phone number, its digits as they were written, with a leading '+' if there is one
    piece,    // up to the next ',', ';' or '|', at most 100 characters
    time      // 0930, 9:30, 明天14点, 2026-11-26 9:30: 2026-11-26T09:30; without a day: today
};

inline constexpr std::array<std::string_view, 13> argument_kind_names{
    "account", "month", "date", "amount", "integer", "document", "area",
    "text",    "pin",   "code", "number", "piece",   "time"};

constexpr std::string_view name_of(argument_kind k) {
    return argument_kind_names[static_cast<std::size_t>(k)];
}

// Never part of an answer or a log.
constexpr bool is_secret(argument_kind k) {
    return k == argument_kind::pin || k == argument_kind::code;
}

// Takes what is left of the text, so nothing can follow it.
constexpr bool takes_the_rest(argument_kind k) {
    return k == argument_kind::area || k == argument_kind::text;
}

constexpr bool is_free_text(argument_kind k) {
    return takes_the_rest(k) || k == argument_kind::piece;
}

struct argument {
    std::string name;
    argument_kind kind = argument_kind::text;
    bool required = true;
};

// Who may ask.
enum class asker : std::uint8_t {
    anyone,  // `public`
    bound,   // a phone bound to the customer account asked for
    pin,     // bound, or with `roles` of the staff, and the phone's PIN is right
    step_up, // likewise, and a code sent to the phone was answered
    staff    // a phone of the staff, with one of the roles where some are named
};

inline constexpr std::array<std::string_view, 5> asker_names{"public", "bound", "pin", "step_up",
                                                             "staff"};

constexpr std::string_view name_of(asker who) { return asker_names[static_cast<std::size_t>(who)]; }

constexpr bool must_prove(asker who) { return who == asker::pin || who == asker::step_up; }

// What the daemon does itself instead of looking something up.
enum class act : std::uint8_t {
    bind,
    unbind,
    accounts,
    menu,
    help,
    subscribe,
    unsubscribe,
    subscriptions,
    pause,
    resume,
    hours,
    change_contact,
    report_work,
    end_work
};

inline constexpr std::array<std::string_view, 14> act_names{
    "bind",          "unbind", "accounts", "menu",  "help",           "subscribe",   "unsubscribe",
    "subscriptions", "pause",  "resume",   "hours", "change_contact", "report_work", "end_work"};

constexpr std::string_view name_of(act a) { return act_names[static_cast<std::size_t>(a)]; }

// What is asked of a lookup and what comes back: all that this room must know of it. An act has one
// too, see acts.hpp.
struct lookup_shape {
    std::string name;
    std::vector<std::string> takes; // names of its parameters
    std::vector<templates::field> fields;
    boost::json::object sample; // one good row
};

struct word {
    std::string text;
    std::string language; // of the word, and of the answer
};

struct help_line {
    std::string language;
    std::string text;
};

struct command {
    std::string name;        // of its file
    std::vector<word> words; // all equal
    std::vector<argument> takes;
    asker who = asker::bound;
    std::vector<std::string> roles; // none, with `staff`: all of the staff
    std::string lookup;             // its name; empty where `does` says what is done
    std::optional<act> does;
    std::string passes_to;         // the source that is told what was done; empty: none
    bool with_work = false;        // answers also what crews work on where the account is
    templates::wording_set answer; // no texts for a menu and for help: these are the help lines
    templates::wording_set empty;  // when there is nothing, or nothing to be done
    std::vector<help_line> help;   // sorted by language
    std::string default_language;
    std::int64_t order = 100; // its place in the menu
};

// Whether it is for phones with a role, and nobody else is told of it.
inline bool is_for_staff(const command& c) { return c.who == asker::staff || !c.roles.empty(); }

// Whether the customer account asked for is one the phone is bound to.
inline bool needs_binding(const command& c) {
    return c.who == asker::bound || (must_prove(c.who) && c.roles.empty());
}

// What `answer` is rendered with: the columns of the first row by name, all rows as `rows`, and the
// arguments (with `account`, the one that was chosen, where the phone must be bound) whose names no
// column has. For `empty` there are no rows. With work, what crews report is there as `work`.
boost::json::object answer_data(const boost::json::object& arguments,
                                const boost::json::array& rows);

// The arguments that may be kept and said: without PINs and codes.
boost::json::object without_secrets(const command& c, boost::json::object arguments);

} // namespace posthorn::commands
