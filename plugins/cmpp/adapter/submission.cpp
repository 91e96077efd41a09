#include "cmpp/adapter/submission.hpp"

#include "sdk/china_number.hpp"
#include "sdk/china_time.hpp"
#include "sdk/part_number.hpp"

namespace posthorn::cmpp {

std::string submission::append(std::string& out, dialect as, std::uint32_t sequence,
                               const sdk::unit& u, sdk::instant now) {
    const auto& bill = settings_.bills.of(u.type);
    auto& r = request_;
    r.registered_delivery = settings_.receipts ? 1 : 0;
    r.msg_level = settings_.msg_level.at(static_cast<std::size_t>(u.priority));
    r.service_id = bill.service_id;
    r.fee_user_type = static_cast<std::uint8_t>(bill.fee_user_type.front() - '0');
    r.fee_terminal_id = bill.fee_terminal_id;
    r.msg_src = settings_.msg_src;
    r.fee_type = bill.fee_type;
    r.fee_code = bill.fee_code;
    r.src_id = u.sender.empty() ? settings_.sender : u.sender;
    r.terminals.assign(1, settings_.national ? sdk::national_number(u.recipient) : u.recipient);
    const auto text = sdk::china_text_of(u, settings_.gbk);
    r.msg_fmt = text.format;
    r.content = text.octets;
    r.tp_udhi = u.udh && !sdk::recoded_header(u).empty() ? 1 : 0;
    const auto part = settings_.real_pk ? sdk::part_number_of(u) : sdk::part_number{};
    r.pk_total = part.total;
    r.pk_number = part.number;
    const sdk::china_time until(now + sdk::cut_validity(u.validity, settings_.longest_validity));
    r.valid_time = settings_.validity ? until.text() : std::string_view{};
    if (const auto field = oversized_field(as, r); !field.empty())
        return std::string(field) + " too long for CMPP";
    encode_submit(out, as, sequence, r);
    return {};
}

} // namespace posthorn::cmpp
