// What the daemon itself says to phones, in each language: config/phrases.yaml, one text for each
// name below. What a command answers stands in the command's own file.
#pragma once

#include "settings/problem.hpp"
#include "templates/wording_set.hpp"

#include <boost/json/object.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace posthorn::answers {

enum class phrase : std::uint8_t {
    unknown,         // nothing here understands the text
    near,            // one of these may have been meant
    misused,         // a command, but not so
    menu,            // all that may be asked
    not_bound,       // the phone is bound to no customer account
    not_yours,       // not to the one it named
    not_entitled,    // it is not of the staff, or of another role
    choose,          // which of its customer accounts?
    choose_again,    // that was none of the numbers
    ask_pin,         // what is your PIN?
    no_pin,          // there is none yet
    ask_code,        // send this code back
    wrong,           // that PIN or code is wrong
    locked,          // too many wrong ones
    being_handled,   // the answer takes longer, and will come
    failed,          // there will be none; somebody looks at it
    nothing_found,   // where a command has no words of its own for it
    too_many,        // texts in a short time: the last answer for a while
    choose_topic,    // which of these?
    which_parameter, // which area, which brand? There is none to be taken from the person
    topic_refused,   // it may not have that
    topic_opted_out, // it would hear nothing: it has opted out of such texts
    agree_fee,       // it costs so much: yes?
    not_agreed,      // nothing is subscribed
    bad_number,      // no phone can have that new number
    new_contact      // to a number that has become an account's contact
};

inline constexpr std::array<std::string_view, 26> phrase_names{"unknown",       "near",
                                                               "misused",       "menu",
                                                               "not_bound",     "not_yours",
                                                               "not_entitled",  "choose",
                                                               "choose_again",  "ask_pin",
                                                               "no_pin",        "ask_code",
                                                               "wrong",         "locked",
                                                               "being_handled", "failed",
                                                               "nothing_found", "too_many",
                                                               "choose_topic",  "which_parameter",
                                                               "topic_refused", "topic_opted_out",
                                                               "agree_fee",     "not_agreed",
                                                               "bad_number",    "new_contact"};

constexpr std::string_view name_of(phrase p) { return phrase_names[static_cast<std::size_t>(p)]; }

struct phrases {
    std::array<templates::wording_set, phrase_names.size()> texts; // by phrase

    const templates::wording_set& of(phrase p) const { return texts[static_cast<std::size_t>(p)]; }
};

struct loaded_phrases {
    phrases said;
    settings::problem_list problems;
};

// Every phrase must be there, in every language that one of them is in.
loaded_phrases load_phrases(const std::filesystem::path& file);

} // namespace posthorn::answers
