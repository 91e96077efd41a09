#include "smgp/codec/plain_words.hpp"

#include "sdk/receipt_meanings.hpp"

namespace posthorn::smgp {

namespace {

constexpr sdk::plain_meaning of_statuses[] = {
    {"1", "the gateway is too busy for us now: we slow down and try again"},
    {"2", "the gateway has as many connections of ours as it allows: compare `links`"},
    {"10", "the gateway finds our packet ill-formed"},
    {"11", "the gateway does not know what we asked"},
    {"12", "the gateway has seen this number before: tried again with another"},
    {"20", "the gateway does not know the address that we call from"},
    {"21", "client_id or secret is wrong"},
    {"22", "the gateway does not speak SMGP 3.0"},
    {"30", "the contract has another `msg_type`"},
    {"31", "the gateway does not take the priority"},
    {"32", "the contract has another `fee_type`"},
    {"33", "the contract has another `fee_code`"},
    {"34", "the gateway does not take the format: compare `chinese`"},
    {"36", "the gateway finds the text too long"},
    {"37", "the text came after its validity"},
    {"39", "the gateway knows no way to this number"},
    {"40", "the contract has another `fixed_fee`"},
    {"43", "the contract has no such `service_id`"},
    {"44", "the gateway does not take our validity: see `validity` and `longest_validity`"},
    {"46", "the contract has no such access number: compare `sender`"},
    {"47", "the gateway does not take this number: wrong, or not of its network"},
    {"48", "the gateway does not take the number that is to pay"},
    {"49", "the contract is of another SP: compare `client_id`"},
    {"58", "the gateway knows no way to this number"},
    {"69", "the contract is of another SP: compare MsgSrc in `tlvs`"},
    {"73", "the contract has no such MServiceID: compare `tlvs`"},
    {"74", "the contract does not allow texts at this time of day: we wait"},
    {"75", "the contract's texts of this day are used up: we wait until midnight in China"},
    {"76", "the contract has ended"},
};

} // namespace

std::string plain_words(std::string_view code) {
    const auto known = sdk::known_meaning(of_statuses, code.substr(0, code.find(' ')));
    return known.empty() ? sdk::meaning_of_receipt(code) : std::string(known);
}

} // namespace posthorn::smgp
