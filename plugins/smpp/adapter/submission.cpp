#include "smpp/adapter/submission.hpp"

#include "smpp/codec/pdu.hpp"
#include "smpp/codec/time.hpp"

#include <algorithm>

namespace posthorn::smpp {

namespace {

constexpr std::uint8_t with_udh = 0x40;       // esm_class
constexpr std::uint8_t receipt_wanted = 0x01; // registered_delivery: on success and failure

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

address source_address(std::string_view sender) {
    if (sender.empty())
        return {0, 0, sender};
    if (sender.front() == '+' && sender.size() > 1 && all_digits(sender.substr(1)))
        return {1, 1, sender.substr(1)};
    if (!all_digits(sender))
        return {5, 0, sender};
    if (sender.size() <= 6)
        return {3, 0, sender};
    return {1, 1, sender};
}

std::string_view submission::append(std::string& out, std::uint32_t sequence, const sdk::unit& u,
                                    bool tlvs, sdk::instant now) {
    sm request;
    request.service_type = settings_.service_type;
    request.source = source_address(u.sender.empty() ? settings_.sender : u.sender);
    request.source.ton = settings_.source_ton.value_or(request.source.ton);
    request.source.npi = settings_.source_npi.value_or(request.source.npi);
    request.destination = {1, 1, u.recipient};
    request.esm_class = u.udh ? with_udh : std::uint8_t{0};
    request.priority_flag = settings_.priority_flag.at(static_cast<std::size_t>(u.priority));
    request.validity_period = validity(u.validity, now);
    request.registered_delivery = settings_.receipts ? receipt_wanted : std::uint8_t{0};
    request.data_coding = u.coding == sdk::coding::ucs2 ? 8 : 0;
    request.short_message = u.octets;
    if (tlvs) {
        tlvs_.clear();
        append_tlv_u16(tlvs_, tag::user_message_reference, u.reference);
        request.tlvs.octets = tlvs_;
    }
    const auto field = oversized_field(request);
    if (field.empty())
        encode_sm(out, command::submit_sm, sequence, request);
    return field;
}

std::string_view submission::validity(sdk::duration span, sdk::instant now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(span);
    const auto at = std::chrono::floor<std::chrono::seconds>(now);
    if (validity_.empty() || seconds != validity_span_ ||
        (!settings_.relative_validity && at != validity_now_)) {
        validity_ = settings_.relative_validity
                        ? format_relative(seconds)
                        : format_absolute(sdk::duration((at + seconds).time_since_epoch()).count());
        validity_span_ = seconds;
        validity_now_ = at;
    }
    return validity_;
}

} // namespace posthorn::smpp
