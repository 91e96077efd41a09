#include "sgip/adapter/submission.hpp"

#include "sdk/china_text.hpp"
#include "sdk/china_time.hpp"

namespace posthorn::sgip {

namespace {

constexpr std::uint8_t always = 1, never = 2; // ReportFlag

} // namespace

std::string submission::append(std::string& out, const sequence& number, const sdk::unit& u,
                               sdk::instant now) {
    const sdk::china_time until(now + sdk::cut_validity(u.validity, settings_.longest_validity));
    const auto& charge = settings_.charges.of(u.type);
    auto& b = request_;
    b.sp_number = u.sender.empty() ? std::string_view(settings_.sender) : u.sender;
    b.charge_number = charge.payer(u.recipient);
    b.users.assign(1, u.recipient);
    b.corp_id = settings_.corp_id;
    b.service_type = charge.service_type;
    b.fee_type = octet_of(charge.fee_type);
    b.fee_value = charge.fee_value;
    b.given_value = charge.given_value;
    b.agent_flag = octet_of(charge.agent_flag);
    b.more_late_to_mt_flag = octet_of(charge.morelate_to_mt);
    b.priority = settings_.priority.at(static_cast<std::size_t>(u.priority));
    b.expire_time = settings_.tells_validity ? until.text() : std::string_view{};
    b.report_flag = settings_.receipts ? always : never;
    const auto text = sdk::china_text_of(u, settings_.gbk);
    b.tp_udhi = u.udh && !sdk::recoded_header(u).empty() ? 1 : 0;
    b.message_coding = text.format;
    b.content = text.octets;
    if (const auto field = oversized_field(b); !field.empty())
        return std::string(field) + " too long for SGIP";
    encode_submit(out, number, b);
    return {};
}

} // namespace posthorn::sgip
