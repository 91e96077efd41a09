#include "smpp/adapter/arrivals.hpp"

#include "sdk/link/printable.hpp"
#include "sdk/text.hpp"
#include "smpp/codec/octets.hpp"
#include "smpp/codec/receipt.hpp"
#include "smpp/codec/tlv.hpp"

namespace posthorn::smpp {

namespace {

constexpr std::size_t longest_word = 16, longest_address = 64;

std::string digits_of(const address& a) {
    const auto plus = a.ton != 5 && !a.digits.empty() && a.digits.front() == '+';
    return sdk::printable(a.digits.substr(plus ? 1 : 0), longest_address);
}

sdk::receipt_state state_of(const receipt& r) {
    if (!r.final)
        return sdk::receipt_state::enroute;
    switch (r.state) {
    case message_state::delivered:
        return sdk::receipt_state::delivered;
    case message_state::expired:
        return sdk::receipt_state::expired;
    default:
        return sdk::receipt_state::undelivered;
    }
}

std::string code_of(const receipt& r) {
    auto code = sdk::printable(r.stat, longest_word);
    if (code.empty() && r.state_from != receipt_source::none)
        code = stat_word(r.state);
    if (const auto error = error_word(r); !error.empty())
        code += (code.empty() ? "err:" : " err:") + sdk::printable(error, longest_word);
    return code;
}

// Carriers repeat the text in any encoding; what is not plain ASCII cannot be told apart.
std::string excerpt_of(std::string_view text) {
    for (const char c : text)
        if (const auto octet = static_cast<unsigned char>(c);
            octet > 0x7E || (octet < 0x20 && c != '\n' && c != '\r'))
            return {};
    return std::string(text);
}

template <class Body>
sdk::receipt receipt_of(const Body& request, std::string& scratch) {
    const auto r = read_receipt(request, scratch);
    sdk::receipt out;
    out.ref = sdk::printable_id(r.id);
    out.state = state_of(r);
    out.code = code_of(r);
    out.recipient = digits_of(request.source); // in a receipt the source is the phone
    out.sender = digits_of(request.destination);
    out.excerpt = excerpt_of(r.text);
    out.reference = request.tlvs.find_u16(tag::user_message_reference);
    return out;
}

// A part that is numbered by TLVs (sar_*) rather than by a UDH gets the UDH it stands for:
//
//     06 | 08 04 | reference u16 | total u8 | number u8
template <class Body>
void number_by_udh(sdk::inbound& text, const Body& request) {
    const auto reference = request.tlvs.find_u16(tag::sar_msg_ref_num);
    const auto total = request.tlvs.find_u8(tag::sar_total_segments);
    const auto number = request.tlvs.find_u8(tag::sar_segment_seqnum);
    if (text.udh || !reference || !total || !number || *number == 0 || *number > *total)
        return;
    std::string header{0x06, 0x08, 0x04};
    header += static_cast<char>(*reference >> 8);
    header += static_cast<char>(*reference & 0xFF);
    header += static_cast<char>(*total);
    header += static_cast<char>(*number);
    text.octets.insert(0, header);
    text.udh = true;
}

// As far as the daemon, which knows data_coding 0 as GSM, cannot read it. None of a broken header.
std::string read_default(const sdk::inbound& text) {
    std::string_view octets = text.octets;
    if (text.udh)
        octets.remove_prefix(udh_size(octets));
    return sdk::utf8_of_latin1(octets);
}

template <class Body>
sdk::inbound text_of(const Body& request, sdk::alphabet default_alphabet) {
    sdk::inbound out;
    const bool international = request.source.ton == 1;
    out.sender = (international ? "+" : "") + digits_of(request.source);
    out.recipient = digits_of(request.destination);
    out.octets = request.text();
    out.data_coding = request.data_coding;
    out.udh = (request.esm_class & udh_indicator) != 0;
    number_by_udh(out, request);
    if (request.data_coding == 0 && default_alphabet != sdk::alphabet::gsm7)
        out.text = read_default(out);
    return out;
}

// Not marked by esm_class. The TLVs that name a message and its state are a mark too.
template <class Body>
bool reads_like_receipt(const Body& request, bool by_text) {
    constexpr std::uint8_t type = 0x3C;
    if ((request.esm_class & type) != 0)
        return false;
    if (request.tlvs.find(tag::receipted_message_id) && request.tlvs.find_u8(tag::message_state))
        return true;
    if (!by_text)
        return false;
    const auto fields = parse_receipt_text(request.text());
    return fields && fields->id && fields->stat && (fields->done_date || fields->dlvrd);
}

template <class Body>
void take_either(sdk::arrivals& into, std::string& scratch, const header& head, const Body& request,
                 const configuration& settings) {
    const bool receipt =
        is_receipt(request.esm_class) || reads_like_receipt(request, settings.receipt_by_text);
    auto& answers = receipt ? into.add(receipt_of(request, scratch))
                            : into.add(text_of(request, settings.default_alphabet));
    encode_message_resp(answers, response_to(head.id), status::ok, head.sequence, {});
}

} // namespace

void arrival_reader::take(const header& head, const sm& request, const configuration& settings,
                          sdk::arrivals& into) {
    take_either(into, scratch_, head, request, settings);
}

void arrival_reader::take(const header& head, const data_sm& request, const configuration& settings,
                          sdk::arrivals& into) {
    take_either(into, scratch_, head, request, settings);
}

} // namespace posthorn::smpp
