#include "smgp/adapter/configured_tlv.hpp"

#include "sdk/numerals.hpp"
#include "smgp/codec/tlv.hpp"

#include <algorithm>
#include <iterator>

namespace posthorn::smgp {

namespace {

// What numbers a long text's parts, and the ids of the gateway's own, are not for accounts to say.
struct kind {
    std::string_view name;
    tag which;
    std::size_t width; // 0: a number of one octet; of texts the most octets
    bool padded;
};

constexpr kind kinds[] = {
    {"TP_pid", tag::tp_pid, 0, false},
    {"LinkID", tag::link_id, 20, true},
    {"ChargeUserType", tag::charge_user_type, 0, false},
    {"ChargeTermType", tag::charge_term_type, 0, false},
    {"ChargeTermPseudo", tag::charge_term_pseudo, 255, false},
    {"DestTermType", tag::dest_term_type, 0, false},
    {"SubmitMsgType", tag::submit_msg_type, 0, false},
    {"SPDealResult", tag::sp_deal_result, 0, false},
    {"SrcTermType", tag::src_term_type, 0, false},
    {"SrcTermPseudo", tag::src_term_pseudo, 255, false},
    {"NodesCount", tag::nodes_count, 0, false},
    {"MsgSrc", tag::msg_src, 8, true},
    {"SrcType", tag::src_type, 0, false},
    {"MServiceID", tag::mservice_id, 21, true},
};

const kind* kind_of(std::string_view name) {
    const auto* found = std::find_if(std::begin(kinds), std::end(kinds),
                                     [&](const kind& k) { return k.name == name; });
    return found == std::end(kinds) ? nullptr : found;
}

} // namespace

std::string wrong_tlv(std::string_view name, std::string_view text) {
    const auto* k = kind_of(name);
    if (k == nullptr) {
        std::string all;
        for (const auto& known : kinds)
            all += (all.empty() ? "" : ", ") + std::string(known.name);
        return "is no TLV of a Submit; there are " + all;
    }
    if (k->width == 0)
        return sdk::whole_number<std::uint8_t>(text) ? "" : "must be a number from 0 to 255";
    return text.size() <= k->width ? "" : "has more than " + std::to_string(k->width) + " octets";
}

void append_configured_tlv(std::string& out, std::string_view name, std::string_view text) {
    const auto& k = *kind_of(name);
    if (k.width == 0)
        return append_tlv(out, k.which, sdk::whole_number<std::uint8_t>(text).value());
    std::string value(text);
    if (k.padded)
        value.resize(k.width, '\0');
    append_tlv(out, k.which, value);
}

void append_msg_src(std::string& out, std::string_view client_id) {
    append_configured_tlv(out, "MsgSrc", client_id);
}

} // namespace posthorn::smgp
