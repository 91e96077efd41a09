#include "smgp/adapter/submission.hpp"

#include "sdk/china_number.hpp"
#include "sdk/china_text.hpp"
#include "sdk/china_time.hpp"
#include "sdk/part_number.hpp"

namespace posthorn::smgp {

namespace {

// A header in the content is announced here alone: without them the phone shows it.
void append_part(std::string& tlvs, const sdk::unit& u) {
    const auto part = sdk::part_number_of(u);
    append_tlv(tlvs, tag::tp_pid, std::uint8_t{0});
    append_tlv(tlvs, tag::tp_udhi, std::uint8_t{1});
    append_tlv(tlvs, tag::pk_total, part.total);
    append_tlv(tlvs, tag::pk_number, part.number);
}

} // namespace

std::string submission::append(std::string& out, std::uint32_t sequence, const sdk::unit& u,
                               sdk::instant now) {
    const auto& charges = settings_.charges.of(u.type);
    const auto text = sdk::china_text_of(u, settings_.gbk);
    const sdk::china_time until(now + sdk::cut_validity(u.validity, settings_.longest_validity));
    std::string tlvs;
    if (u.udh && !sdk::recoded_header(u).empty())
        append_part(tlvs, u);
    tlvs += settings_.tlvs;

    auto& r = request_;
    r.msg_type = settings_.msg_type;
    r.need_report = settings_.receipts ? 1 : 0;
    r.priority = settings_.priority.at(static_cast<std::size_t>(u.priority));
    r.service_id = charges.service_id;
    r.fee_type = charges.fee_type;
    r.fee_code = charges.fee_code;
    r.fixed_fee = charges.fixed_fee;
    r.charge_term_id = charges.charge_term_id;
    r.msg_format = text.format;
    r.valid_time = settings_.valid_time ? until.text() : std::string_view{};
    r.src_term_id = u.sender.empty() ? settings_.sender : u.sender;
    r.terminals.assign(1, settings_.national ? sdk::national_number(u.recipient) : u.recipient);
    r.content = text.octets;
    r.tlvs = tlvs;
    if (const auto field = oversized_field(r); !field.empty())
        return std::string(field) + " too long for SMGP";
    encode_submit(out, sequence, r);
    return {};
}

} // namespace posthorn::smgp
