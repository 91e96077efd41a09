#include "cmpp/codec/plain_words.hpp"

#include "sdk/receipt_meanings.hpp"

namespace posthorn::cmpp {

namespace {

using sdk::known_meaning;
using sdk::plain_meaning;

constexpr plain_meaning of_results[] = {
    {"1", "the gateway finds our packet ill-formed: compare `version` with the contract"},
    {"2", "the gateway does not know what we asked"},
    {"3", "the gateway has seen this number before: tried again with another"},
    {"4", "the gateway finds our packet's length wrong: compare `version` with the contract"},
    {"5", "the contract has another price: compare `fee_type` and `fee_code`"},
    {"6", "the gateway finds the text too long"},
    {"7", "the contract has no such business code: compare `service_id`"},
    {"8", "we are too fast for this contract: we slow down and try again"},
    {"9", "this gateway does not serve the number, or a meaning of its own"},
    {"10", "the contract has no such access number: compare `sender`"},
    {"11", "the contract is of another SP: compare `msg_src` and `source_addr`"},
    {"12", "the gateway does not take the number that is to pay"},
    {"13", "the gateway does not take this number: wrong, or not of its network"},
};

// The element of the network that a word of the shape XX:nnnn is of.
constexpr plain_meaning of_elements[] = {
    {"MA", "the short message centre did not answer"},
    {"MB", "the short message centre refused it"},
    {"MC", "the short message centre never said what became of it"},
    {"CA", "the prepaid system did not answer"},
    {"CB", "the prepaid system refused it"},
    {"DA", "the charging platform did not answer"},
    {"DB",
     "the charging platform refused it: black list, or a service the customer has not ordered"},
    {"SA", "our own side did not answer"},
    {"SB", "our own side refused it"},
    {"IA", "the next gateway did not answer"},
    {"IB", "the next gateway refused it"},
    {"IC", "the next gateway never said what became of it"},
};

} // namespace

std::string plain_words(std::string_view code) {
    const auto word = code.substr(0, code.find(' '));
    if (word == "ACCEPTD")
        return "it is on its way";
    if (auto means = sdk::meaning_of_receipt(word); !means.empty())
        return means;
    if (const auto means = known_meaning(of_results, word); !means.empty())
        return std::string(means);
    const auto means = word.size() > 2 && word[2] == ':'
                           ? known_meaning(of_elements, word.substr(0, 2))
                           : std::string_view{};
    if (means.empty())
        return {};
    return std::string(means) + "; " + std::string(word) +
           " is a code of the carrier's own, which may mean something else there";
}

} // namespace posthorn::cmpp
