// From the text a phone sent to what is asked. It forgives what a hurried thumb does: any width and
// case, spaces and punctuation anywhere or nowhere, arguments in any order; but it never guesses.
//
//     "ｙｅ。"   "查电费2026年10月"   "BILL 202610"   "bd#3100000001 123456"
//
// The word that begins the text decides; of several the longest.
#pragma once

#include "commands/arguments.hpp"
#include "commands/command.hpp"
#include "commands/word_key.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace posthorn::commands {

// The commands live in the matcher.
struct matched {
    const command* asked;
    std::string language; // of the word
    boost::json::object arguments;
};

struct misused {
    const command* asked;
    std::string language;
    misuse wrong;
    std::string argument; // empty for too_many
};

// No word, but something like one: a slip of the thumb, or a sentence with a word in it. Commands
// for the staff are not given away.
struct near_miss {
    std::vector<const command*> suggested; // one to three
    std::string language;
};

struct unknown {};

using match_result = std::variant<matched, misused, near_miss, unknown>;

// For logs and people: "bill (zh-CN) month=2026-10-01", secrets as ****.
std::string shown(const match_result& result);

// Immutable; safe to use from several threads. May be moved, not copied: results point into it.
class matcher {
public:
    explicit matcher(std::vector<command> commands);
    matcher(matcher&&) noexcept = default;
    matcher& operator=(matcher&&) noexcept = default;

    // Takes any octets and never throws for them; the time is bounded, see longest_question.
    match_result match(std::string_view text, std::chrono::year_month_day today) const;
    // The command that has this word, or this name; null if there is none.
    const command* named(std::string_view word) const;
    const std::vector<command>& commands() const { return commands_; }

private:
    struct known_word {
        std::size_t command;
        std::size_t word;
        word_key key;
    };

    const command& command_of(const known_word& w) const { return commands_[w.command]; }
    const std::string& language_of(const known_word& w) const;
    std::optional<match_result> match_signs(const plain_text& text) const;
    std::optional<match_result> match_word(const plain_text& text, gaps allowed,
                                           std::chrono::year_month_day today) const;
    match_result nearest_to(const plain_text& text) const;

    std::vector<command> commands_;
    std::vector<known_word> words_; // the longest first
};

} // namespace posthorn::commands
