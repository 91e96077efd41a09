#include "aliyun/simulator/provider.hpp"

#include "aliyun/simulator/reports.hpp"
#include "sdk/http/json_text.hpp"
#include "sdk/numerals.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace posthorn::aliyun::simulator {

namespace json = boost::json;
using posthorn::simulator::fault;

namespace {

constexpr std::size_t most_phones = 1000, most_texts = 100;

posthorn::simulator::protocol spoken() {
    return {.faults = known_faults,
            .throttled = status_named("Throttling.User"),
            .queue_full = status_named("ServiceUnavailable"),
            .window_exceeded = status_named("Throttling.Api"),
            .alphabet = posthorn::simulator::letters::utf8,
            .binary_ids = false};
}

// They may stand in the query, or in the body as a form.
sdk::form_fields parameters_of(const message& asked) {
    auto all = sdk::read_form(asked.query()).value_or(sdk::form_fields());
    if (asked.header("content-type").starts_with(form_type))
        for (auto& field : sdk::read_form(asked.body).value_or(sdk::form_fields()))
            all.push_back(std::move(field));
    return all;
}

std::optional<json::array> list_in(const sdk::form_fields& form, std::string_view name) {
    auto list = sdk::read_json(sdk::field_of(form, name));
    if (!list || !list->is_array())
        return std::nullopt;
    return std::move(list->get_array());
}

// As phones are written at home, with the prefixes that Aliyun takes and drops.
std::string phone_of(std::string_view written) {
    for (const std::string_view prefix : {"+86", "0086", "86", "+"})
        if (written.starts_with(prefix) && written.size() - prefix.size() >= 11) {
            written.remove_prefix(prefix.size());
            break;
        }
    return std::string(written);
}

bool is_phone(std::string_view number) {
    return number.size() >= 7 && number.size() <= 15 && sdk::all_digits(number);
}

// Nothing when they are no object of texts.
std::optional<sdk::field_list> fields_of(const json::value& parameters) {
    if (!parameters.is_object())
        return std::nullopt;
    sdk::field_list fields;
    for (const auto& [name, value] : parameters.get_object()) {
        const auto text = sdk::scalar_text(value);
        if (!text)
            return std::nullopt;
        fields.emplace_back(std::string(name), *text);
    }
    return fields;
}

} // namespace

sms_service::sms_service(boost::asio::io_context& io, const options& chosen)
    : provider(io, chosen, spoken()), key_(chosen.key), approved_(chosen.approved) {}

std::optional<reply> sms_service::stranger(const message& asked) {
    const auto problem = problem_with_signature(asked, key_, now_us());
    if (!problem.empty())
        return say(problem);
    if (!nonces_.add(asked.header("x-acs-signature-nonce"), now_us()))
        return say("SignatureNonceUsed");
    return std::nullopt;
}

reply sms_service::no_request() { return say("InvalidParameter"); }

reply sms_service::say(std::string_view code) {
    const auto& its = codes[status_named(code) - 1];
    json::object body{{"Code", its.code}, {"Message", its.message}, {"RequestId", next_name()}};
    if (its.status != "200 OK")
        body["HostId"] = "dysmsapi.aliyuncs.com";
    return {.status = its.status, .body = json::serialize(body)};
}

heard sms_service::hear(const message& asked) {
    heard what;
    const auto action = asked.header("x-acs-action");
    const auto form = parameters_of(asked);
    std::string_view problem;
    if (asked.header("x-acs-version") != "2017-05-25")
        problem = "InvalidVersion";
    else if (action == "SendSms")
        problem = hear_one(form, what);
    else if (action == "SendBatchSms")
        problem = hear_several(form, what);
    else if (action == "QuerySendDetails")
        problem = hear_inquiry(form, what);
    else
        problem = "InvalidAction.NotFound";
    if (!problem.empty()) {
        what.texts.clear();
        what.answer = say(problem);
    }
    what.together = true;
    biz_id_ = new_biz_id(now_us(), next_number());
    return what;
}

// One template with the same in its gaps, to phones with commas between.
std::string_view sms_service::hear_one(const sdk::form_fields& form, heard& what) {
    const auto field = [&](std::string_view name) {
        return std::string(sdk::field_of(form, name));
    };
    wanted one{.sign_name = field("SignName"),
               .template_code = field("TemplateCode"),
               .out_id = field("OutId"),
               .parameters = json::object()};
    const auto phones = field("PhoneNumbers"), parameters = field("TemplateParam");
    if (phones.empty())
        return "MissingPhoneNumbers";
    if (one.sign_name.empty())
        return "MissingSignName";
    if (!parameters.empty()) {
        const auto read = sdk::read_json(parameters);
        if (!read)
            return "isv.INVALID_JSON_PARAM";
        one.parameters = *read;
    }
    for (std::size_t at = 0; at <= phones.size();) {
        const auto comma = std::min(phones.find(',', at), phones.size());
        one.phone = phones.substr(at, comma - at);
        if (what.texts.size() == most_phones)
            return "isv.MOBILE_COUNT_OVER_LIMIT";
        if (const auto problem = add(what, one); !problem.empty())
            return problem;
        at = comma + 1;
    }
    return {};
}

// Lists that belong together, one entry for each phone.
std::string_view sms_service::hear_several(const sdk::form_fields& form, heard& what) {
    if (sdk::field_of(form, "PhoneNumberJson").empty())
        return "MissingPhoneNumberJson";
    if (sdk::field_of(form, "SignNameJson").empty())
        return "MissingSignNameJson";
    const auto phones = list_in(form, "PhoneNumberJson"), names = list_in(form, "SignNameJson");
    const bool has_gaps = !sdk::field_of(form, "TemplateParamJson").empty();
    const auto parameters = has_gaps ? list_in(form, "TemplateParamJson") : json::array();
    if (!phones || !names || !parameters)
        return "isv.INVALID_JSON_PARAM";
    if (phones->empty() || names->size() != phones->size() ||
        (has_gaps && parameters->size() != phones->size()))
        return "isv.INVALID_PARAMETERS";
    if (phones->size() > most_texts)
        return "isv.MOBILE_COUNT_OVER_LIMIT";
    for (std::size_t i = 0; i < phones->size(); ++i) {
        const wanted one{.phone = sdk::scalar_text((*phones)[i]).value_or(""),
                         .sign_name = sdk::scalar_text((*names)[i]).value_or(""),
                         .template_code = std::string(sdk::field_of(form, "TemplateCode")),
                         .out_id = std::string(sdk::field_of(form, "OutId")),
                         .parameters = has_gaps ? (*parameters)[i] : json::object()};
        if (const auto problem = add(what, one); !problem.empty())
            return problem;
    }
    return {};
}

std::string_view sms_service::add(heard& what, const wanted& one) {
    if (one.template_code.empty())
        return "MissingTemplateCode";
    auto phone = phone_of(one.phone);
    if (!is_phone(phone))
        return "isv.MOBILE_NUMBER_ILLEGAL";
    if (one.sign_name.empty() || !approved_.signs(one.sign_name))
        return "isv.SMS_SIGNATURE_ILLEGAL";
    if (!approved_.has(one.template_code))
        return "isv.SMS_TEMPLATE_ILLEGAL";
    const auto fields = fields_of(one.parameters);
    if (!fields)
        return "isv.INVALID_JSON_PARAM";
    auto words = approved_.shown(one.sign_name, one.template_code, "${", *fields);
    if (!words)
        return "isv.TEMPLATE_MISSING_PARAMETERS";
    auto& added =
        what.texts.emplace_back(*this, std::move(phone), one.sign_name, std::move(*words));
    added.reference = one.out_id;
    return {};
}

std::string_view sms_service::hear_inquiry(const sdk::form_fields& form, heard& what) {
    const auto phone = phone_of(sdk::field_of(form, "PhoneNumber"));
    const auto day = sdk::field_of(form, "SendDate");
    const std::string biz_id(sdk::field_of(form, "BizId"));
    if (phone.empty())
        return "MissingPhoneNumber";
    if (day.empty())
        return "MissingSendDate";
    const auto of = state_of(client(), biz_id + "/" + phone);
    json::array found;
    if (of && day == day_of(biz_id))
        found.push_back(detail_of(phone, biz_id, *of));
    what.answer.body = json::serialize(
        json::object{{"TotalCount", found.size()},
                     {"Message", "OK"},
                     {"RequestId", next_name()},
                     {"SmsSendDetailDTOs", {{"SmsSendDetailDTO", std::move(found)}}},
                     {"Code", "OK"}});
    return {};
}

reply sms_service::answer(const heard&, std::span<const verdict> verdicts) {
    const auto status = verdicts.front().status;
    if (status != 0)
        return say(codes[status - 1].code);
    json::object body{
        {"Message", "OK"}, {"RequestId", next_name()}, {"Code", "OK"}, {"BizId", biz_id_}};
    if (faults().strikes(fault::unknown_tlv))
        body["Vendor"] = {{"sim", {1, nullptr}}};
    return {.body = json::serialize(body)};
}

std::string sms_service::new_id(const text& of) { return biz_id_ + "/" + of.recipient; }

delivery sms_service::write_receipt(const text& of, std::string_view id, const fate& to,
                                    std::int64_t done_us) {
    auto report = report_of(of, id, to.outcome, now_us(), done_us);
    if (faults().strikes(fault::unknown_tlv))
        report["vendor"] = {{"sim", {1, nullptr}}};
    return item_of(id, report);
}

delivery sms_service::write_inbound(std::string_view from, std::string_view to,
                                    std::string_view words) {
    return item_of({}, inbound_of(phone_of(from), to, words, now_us(), next_number()));
}

call sms_service::write_call(std::span<const std::string_view> items, const callback& where) {
    std::string list;
    for (const auto item : items)
        list.append(list.empty() ? "[" : ",").append(json_in(item));
    return {.target = where.path, .body = list + "]", .type = "application/json;charset=UTF-8"};
}

// Aliyun looks whether `code` is a number, and not which.
carrier::reception sms_service::reception_of(const message& answered) const {
    const auto body = sdk::read_json(answered.body);
    const auto* code = body ? sdk::find_at(*body, "/code") : nullptr;
    const bool heard = answered.status() == 200 && code != nullptr && code->is_number();
    return heard ? reception::taken : reception::later;
}

} // namespace posthorn::aliyun::simulator
