// What the words of a receipt mean, for those who do not know them:
//
//     UNDELIV err:005   it could not be delivered; err:005 is a number of the carrier's own
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::sdk {

/// A carrier's word, for those who do not know it.
struct plain_meaning {
    std::string_view word, means;
};

/// Empty: it is none of these.
inline std::string_view known_meaning(std::span<const plain_meaning> all, std::string_view word) {
    const auto found = std::ranges::find(all, word, &plain_meaning::word);
    return found == all.end() ? std::string_view{} : found->means;
}

/// Empty: nothing is known of it.
inline std::string meaning_of_receipt(std::string_view code) {
    static constexpr plain_meaning words[] = {
        {"DELIVRD", "the phone has it"},
        {"EXPIRED", "the phone was off, out of reach or full until the validity was over"},
        {"DELETED", "it was deleted at the carrier before the phone had it"},
        {"UNDELIV",
         "it could not be delivered: the number is not in use, barred, or takes no texts"},
        {"ACCEPTD", "somebody at the carrier has read it in the customer's place"},
        {"UNKNOWN", "the carrier does not know what became of it"},
        {"REJECTD",
         "the carrier or the phone's network refused it, by a rule of theirs: sender, signature, "
         "words or a black list"},
        {"ENROUTE", "it is on its way"},
        {"SCHEDULED", "the carrier keeps it until its time comes"},
        {"SKIPPED", "the carrier passed it over"},
    };
    const std::string out(known_meaning(words, code.substr(0, code.find(' '))));
    const auto error = code.find("err:");
    if (error == code.npos)
        return out;
    const auto number = code.substr(error, code.find(' ', error) - error);
    if (number.find_first_not_of('0', 4) == number.npos) // none
        return out;
    return out + (out.empty() ? "" : "; ") + std::string(number) +
           " is a number of the carrier's own: its documentation has it";
}

} // namespace posthorn::sdk
