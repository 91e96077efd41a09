#include "smpp/codec/plain_words.hpp"

#include "sdk/receipt_meanings.hpp"
#include "smpp/codec/status.hpp"

namespace posthorn::smpp {

namespace {

constexpr sdk::plain_meaning of_statuses[] = {
    {"ESME_RINVMSGLEN", "the carrier finds the text too long"},
    {"ESME_RINVBNDSTS", "the link was not bound for what we asked"},
    {"ESME_RALYBND", "the carrier thinks that we are bound already"},
    {"ESME_RSYSERR", "the carrier has trouble of its own: tried again"},
    {"ESME_RINVSRCADR", "the carrier does not take our sender: compare `sender` with the contract"},
    {"ESME_RINVDSTADR", "the carrier does not take this number: wrong, or not of its network"},
    {"ESME_RBINDFAIL", "the carrier refused the link: tried again"},
    {"ESME_RINVPASWD", "the password is wrong"},
    {"ESME_RINVSYSID", "the carrier does not know our system_id"},
    {"ESME_RMSGQFUL", "the carrier's queue for us is full: we slow down and try again"},
    {"ESME_RINVSERTYP", "the contract has no such service_type"},
    {"ESME_RSUBMITFAIL", "the carrier could not take it, and does not say why"},
    {"ESME_RINVSRCTON", "the carrier wants another source_ton"},
    {"ESME_RINVSRCNPI", "the carrier wants another source_npi"},
    {"ESME_RINVDSTTON", "the carrier wants another destination_ton"},
    {"ESME_RINVDSTNPI", "the carrier wants another destination_npi"},
    {"ESME_RINVSYSTYP", "the contract has another system_type"},
    {"ESME_RTHROTTLED", "we are too fast for this contract: we slow down and try again"},
    {"ESME_RINVEXPIRY", "the carrier does not take our validity: see `validity` and "
                        "`longest_validity`"},
    {"ESME_RX_T_APPN", "the receiving side has trouble now: tried again"},
    {"ESME_RX_P_APPN", "the receiving side will never take it"},
    {"ESME_RX_R_APPN", "the receiving side refused it"},
    {"ESME_RUNKNOWNERR", "the carrier does not say what is wrong"},
    {"ESME_RPROHIBITED", "the contract does not allow it"},
};

std::string of_status(std::string_view word) {
    const auto code = status_of(word);
    if (!code || !(word.starts_with("ESME_") || word.starts_with("0x")))
        return {}; // states of receipts may be bare digits
    std::string means(sdk::known_meaning(of_statuses, name(*code)));
    if (means.empty())
        means = meaning(*code);
    return !means.empty()     ? means
           : is_vendor(*code) ? "a code of the carrier's own: its documentation has it"
                              : std::string();
}

} // namespace

std::string plain_words(std::string_view code) {
    const auto word = code.substr(0, code.find(' '));
    if (auto status = of_status(word); !status.empty())
        return status;
    return sdk::meaning_of_receipt(code);
}

} // namespace posthorn::smpp
