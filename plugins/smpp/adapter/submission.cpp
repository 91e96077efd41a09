#include "smpp/adapter/submission.hpp"

#include "sdk/numerals.hpp"
#include "sdk/text.hpp"
#include "smpp/codec/octets.hpp"
#include "smpp/codec/pdu.hpp"
#include "smpp/codec/time.hpp"

#include <utility>

namespace posthorn::smpp {

namespace {

constexpr std::uint8_t receipt_wanted = 0x01; // registered_delivery: on success and failure
constexpr std::uint8_t ucs2 = 8;              // data_coding
constexpr std::size_t longest_value = 65535;  // of a TLV

// Where the header's element that numbers the parts (00 or 08) begins; 0: it has none.
std::size_t numbering_at(std::string_view octets) {
    const std::size_t end = octets.empty() ? 0 : octet_at(octets, 0) + std::size_t{1};
    for (std::size_t at = 1; at + 1 < end && end <= octets.size();) {
        const auto element = octet_at(octets, at), size = octet_at(octets, at + 1);
        if (at + 2 + size > end)
            break;
        if ((element == 0x00 && size == 3) || (element == 0x08 && size == 4))
            return at;
        at += std::size_t{2} + size;
    }
    return 0;
}

} // namespace

address source_address(std::string_view sender) {
    if (sender.empty())
        return {0, 0, sender};
    if (sender.front() == '+' && sender.size() > 1 && sdk::all_digits(sender.substr(1)))
        return {1, 1, sender.substr(1)};
    if (!sdk::all_digits(sender))
        return {5, 0, sender};
    if (sender.size() <= 6)
        return {3, 0, sender};
    return {1, 1, sender};
}

std::string submission::append(std::string& out, std::uint32_t sequence, const sdk::unit& u,
                               bool reference, sdk::instant now) {
    sm request;
    request.service_type = settings_.service_type;
    request.source = source(u.sender);
    request.destination = {1, 1, u.recipient};
    request.esm_class = u.udh ? udh_indicator : std::uint8_t{0};
    request.priority_flag = settings_.priority_flag.at(static_cast<std::size_t>(u.priority));
    request.validity_period = validity(u.validity, now);
    request.registered_delivery = settings_.receipts ? receipt_wanted : std::uint8_t{0};
    if (!write_text(request, u))
        return "a character that default_alphabet lacks, in a text too long for one part of UCS-2; "
               "text_in: message_payload takes it";
    tlvs_ = settings_.tlvs;
    if (reference)
        append_tlv_u16(tlvs_, tag::user_message_reference, u.reference);
    if (settings_.sar && u.udh)
        number_by_tlvs(request);
    if (settings_.in_payload && request.short_message.size() > longest_value)
        return "message_payload too long for SMPP";
    if (settings_.in_payload)
        append_tlv(tlvs_, tag::message_payload, std::exchange(request.short_message, {}));
    request.tlvs.octets = tlvs_;
    if (const auto field = oversized_field(request); !field.empty())
        return std::string(field) + " too long for SMPP";
    encode_sm(out, command::submit_sm, sequence, request);
    return {};
}

// In the carrier's alphabet; as UCS-2 where that lacks a character, if it still fits.
bool submission::write_text(sm& request, const sdk::unit& u) {
    request.short_message = u.octets;
    request.data_coding = u.coding == sdk::coding::ucs2 ? ucs2 : settings_.data_coding;
    if (u.coding == sdk::coding::ucs2 || settings_.default_alphabet == sdk::alphabet::gsm7)
        return true;
    text_ = sdk::recoded_header(u);
    if (text_.empty())
        request.esm_class = 0;
    const bool ascii = settings_.default_alphabet == sdk::alphabet::ascii;
    if (const auto same = ascii ? sdk::ascii_of(u) : sdk::latin1_of(u)) {
        text_ += *same;
    } else {
        text_ += sdk::ucs2_of(u);
        request.data_coding = ucs2;
    }
    request.short_message = text_;
    const bool whole = settings_.in_payload && !u.udh;
    return request.data_coding != ucs2 || whole || text_.size() <= sdk::air_octets;
}

address submission::source(std::string_view sender) const {
    auto from = source_address(sender.empty() ? settings_.sender : sender);
    from.ton = settings_.source_ton.value_or(from.ton);
    from.npi = settings_.source_npi.value_or(from.npi);
    return from;
}

// The parts are numbered by TLVs instead of by the header, which stays only if it says more.
void submission::number_by_tlvs(sm& request) {
    const auto octets = request.short_message;
    const auto at = numbering_at(octets);
    if (at == 0)
        return;
    const bool wide = octet_at(octets, at) == 0x08;
    const auto value = at + 2;
    append_tlv_u16(tlvs_, tag::sar_msg_ref_num,
                   wide ? u16_at(octets, value) : octet_at(octets, value));
    append_tlv_u8(tlvs_, tag::sar_total_segments, octet_at(octets, value + (wide ? 2 : 1)));
    append_tlv_u8(tlvs_, tag::sar_segment_seqnum, octet_at(octets, value + (wide ? 3 : 2)));
    const std::size_t element = wide ? 6 : 5;
    unnumbered_ = octets;
    unnumbered_.erase(at, element);
    const auto rest = octet_at(octets, 0) - element;
    if (rest > 0) {
        unnumbered_[0] = static_cast<char>(rest);
    } else {
        unnumbered_.erase(0, 1);
        request.esm_class = 0;
    }
    request.short_message = unnumbered_;
}

std::string_view submission::validity(sdk::duration span, sdk::instant now) {
    if (settings_.validity == validity_style::none)
        return {};
    span = sdk::cut_validity(span, settings_.longest_validity);
    const bool relative = settings_.validity == validity_style::relative;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(span);
    const auto at = std::chrono::floor<std::chrono::seconds>(now);
    if (validity_.empty() || seconds != validity_span_ || (!relative && at != validity_now_)) {
        validity_ = relative
                        ? format_relative(seconds)
                        : format_absolute(sdk::duration((at + seconds).time_since_epoch()).count());
        validity_span_ = seconds;
        validity_now_ = at;
    }
    return validity_;
}

} // namespace posthorn::smpp
