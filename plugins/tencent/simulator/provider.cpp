#include "tencent/simulator/provider.hpp"

#include "sdk/china_time.hpp"
#include "sdk/http/escape.hpp"
#include "sdk/http/json_text.hpp"
#include "sdk/http/when.hpp"
#include "sdk/numerals.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace posthorn::tencent::simulator {

namespace json = boost::json;
using posthorn::simulator::fault;

namespace {

constexpr std::size_t most_phones = 200;

posthorn::simulator::protocol spoken() {
    return {.faults = known_faults,
            .throttled = status_named("RequestLimitExceeded"),
            .queue_full = status_named("InternalError.OtherError"),
            .window_exceeded = status_named("RequestLimitExceeded"),
            .alphabet = posthorn::simulator::letters::utf8,
            .binary_ids = false,
            .paces_packets = true};
}

json::object vendor_fields() { return {{"sim", {1, nullptr}}}; }

// "8613800138000" of +8613800138000, 008613800138000, 8613800138000, 13800138000. Empty: it is none.
std::string whole_number_of(std::string_view written) {
    const bool international = written.starts_with("+") || written.starts_with("00");
    auto digits = written.substr(written.starts_with("+") ? 1 : international ? 2 : 0);
    if (digits.size() < 7 || digits.size() > 15 || !sdk::all_digits(digits))
        return {};
    const bool at_home = digits.size() == 11 && digits.starts_with('1') && !international;
    if (!at_home && !international && !digits.starts_with("86"))
        return {};
    return (at_home ? "86" : "") + std::string(digits);
}

bool is_domestic(std::string_view number) { return number.starts_with("86"); }

// Country and the rest, as far as tests need countries.
std::pair<std::string_view, std::string_view> split(std::string_view number) {
    const std::size_t country = number.starts_with('1') || number.starts_with('7') ? 1 : 2;
    return {number.substr(0, country), number.substr(std::min(country, number.size()))};
}

// {1}, {2}, … as Tencent counts them.
sdk::field_list gaps_in(const json::value& json) {
    sdk::field_list gaps;
    const auto* set = sdk::find_at(json, "/TemplateParamSet");
    if (set != nullptr && set->is_array())
        for (const auto& one : set->get_array())
            gaps.emplace_back(std::to_string(gaps.size() + 1), sdk::scalar_text(one).value_or(""));
    return gaps;
}

std::vector<std::string> phones_in(const json::value& json) {
    std::vector<std::string> phones;
    const auto* set = sdk::find_at(json, "/PhoneNumberSet");
    if (set != nullptr && set->is_array())
        for (const auto& one : set->get_array())
            phones.push_back(sdk::scalar_text(one).value_or(""));
    return phones;
}

delivery item_of(std::string_view id, const json::object& object) {
    delivery item;
    item.octets = json::serialize(object);
    item.id_at = static_cast<std::uint32_t>(item.octets.find(id));
    item.id_size = static_cast<std::uint32_t>(id.size());
    return item;
}

} // namespace

sms_service::sms_service(boost::asio::io_context& io, const options& chosen)
    : provider(io, chosen, spoken()), key_(chosen.key), app_id_(chosen.app_id),
      approved_(chosen.approved) {}

std::optional<reply> sms_service::stranger(const message& asked) {
    const auto problem = problem_with_signature(asked, "sms", key_, now_us());
    if (problem.empty())
        return std::nullopt;
    return say(problem);
}

reply sms_service::no_request() { return say("InvalidParameter"); }

reply sms_service::say(std::string_view code) {
    const auto& its = codes[status_named(code) - 1];
    return say(json::object{{"Error", {{"Code", its.code}, {"Message", its.message}}}});
}

reply sms_service::say(json::object response) {
    response["RequestId"] = next_name();
    return {.body = json::serialize(json::object{{"Response", std::move(response)}})};
}

heard sms_service::hear(const message& asked) {
    heard what;
    const auto json = sdk::read_json(asked.body);
    std::string_view problem;
    if (asked.header("x-tc-version") != "2021-01-11")
        problem = "NoSuchVersion";
    else if (asked.header("x-tc-action") != "SendSms")
        problem = "InvalidAction";
    else if (asked.header("x-tc-region").empty())
        problem = "MissingParameter";
    else if (!json || !json->is_object())
        problem = "InvalidParameter";
    else
        problem = hear_texts(*json, what);
    if (!problem.empty())
        what.answer = say(problem);
    else if (what.texts.empty())
        what.answer = answer(what, {});
    return what;
}

// What is wrong with the request as a whole.
std::string_view sms_service::hear_texts(const json::value& json, heard& what) {
    const auto at = [&](std::string_view pointer) { return sdk::text_at(json, pointer); };
    const auto phones = phones_in(json);
    if (at("/SmsSdkAppId").empty() || at("/TemplateId").empty())
        return "MissingParameter";
    if (!app_id_.empty() && at("/SmsSdkAppId") != app_id_)
        return "UnauthorizedOperation.SmsSdkAppIdVerifyFail";
    if (phones.empty())
        return "MissingParameter.EmptyPhoneNumberSet";
    if (phones.size() > most_phones)
        return "LimitExceeded.PhoneNumberCountLimit";
    const auto abroad = [](const std::string& p) { return !is_domestic(whole_number_of(p)); };
    const auto foreign = static_cast<std::size_t>(std::ranges::count_if(phones, abroad));
    if (foreign != 0 && foreign != phones.size() &&
        std::ranges::none_of(phones, [](const auto& p) { return whole_number_of(p).empty(); }))
        return "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber";

    const auto words = approved_.shown(at("/SignName"), at("/TemplateId"), "{", gaps_in(json));
    const auto problem = problem_with(at("/SignName"), at("/TemplateId"), words.has_value());
    phones_.clear();
    session_ = at("/SessionContext");
    for (const auto& written : phones) {
        const auto number = whole_number_of(written);
        const auto its = number.empty() ? "InvalidParameterValue.IncorrectPhoneNumber" : problem;
        if (its.empty())
            what.texts.emplace_back(*this, number, at("/SignName"), *words);
        phones_.push_back({written, its});
    }
    return {};
}

// What is wrong with what is to be sent, and so with every phone of the request.
std::string_view sms_service::problem_with(std::string_view sign_name, std::string_view template_id,
                                           bool is_filled) const {
    if (sign_name.empty())
        return "FailedOperation.MissingSignature";
    if (!approved_.signs(sign_name))
        return "FailedOperation.SignatureIncorrectOrUnapproved";
    if (!approved_.has(template_id))
        return "FailedOperation.TemplateUnapprovedOrNotExist";
    if (!is_filled)
        return "FailedOperation.TemplateParamSetNotMatchApprovedTemplate";
    return {};
}

json::object sms_service::status_of(const asked_phone& one, std::string_view code,
                                    std::string_view serial) const {
    const bool well = code == "Ok";
    const auto number = whole_number_of(one.number);
    return {{"SerialNo", serial},
            {"PhoneNumber", number.empty() ? one.number : "+" + number},
            {"Fee", well ? 1 : 0},
            {"SessionContext", session_},
            {"Code", code},
            {"Message", well ? "send success" : codes[status_named(code) - 1].message},
            {"IsoCode", is_domestic(number) ? "CN" : ""}};
}

reply sms_service::answer(const heard&, std::span<const verdict> verdicts) {
    const auto is_whole = [](const verdict& v) { return is_of_request(v.status); };
    if (!verdicts.empty() && std::ranges::all_of(verdicts, is_whole))
        return say(codes[verdicts.front().status - 1].code);
    json::array set;
    auto next = verdicts.begin();
    for (const auto& one : phones_) {
        auto code = one.problem;
        std::string_view serial;
        if (code.empty()) {
            code = next->status == 0 ? "Ok" : codes[next->status - 1].code;
            serial = next->id;
            ++next;
        }
        set.push_back(status_of(one, code, serial));
    }
    json::object response{{"SendStatusSet", std::move(set)}};
    if (faults().strikes(fault::unknown_tlv))
        response["Vendor"] = vendor_fields();
    return say(std::move(response));
}

std::string sms_service::new_id(const text&) {
    return "5000:" + std::to_string(now_us()) + std::to_string(100'000 + next_number() % 900'000);
}

delivery sms_service::write_receipt(const text& of, std::string_view id, const fate& to,
                                    std::int64_t done_us) {
    const bool well = to.outcome == outcome::delivered;
    const auto [country, rest] = split(of.recipient);
    const auto then = sdk::instant{std::chrono::microseconds(done_us)} + sdk::china_is_ahead;
    json::object report{{"user_receive_time", sdk::date_and_time(then)},
                        {"nationcode", country},
                        {"mobile", rest},
                        {"report_status", well ? "SUCCESS" : "FAIL"},
                        {"errmsg", posthorn::simulator::stat_of(to.outcome)},
                        {"description", well ? "用户短信送达成功" : "用户短信送达失败"},
                        {"sid", id}};
    if (faults().strikes(fault::unknown_tlv))
        report["vendor"] = vendor_fields();
    return item_of(id, report);
}

delivery sms_service::write_inbound(std::string_view from, std::string_view to,
                                    std::string_view words) {
    const auto [country, rest] = split(from);
    return item_of({}, {{"extend", to},
                        {"mobile", rest},
                        {"nationcode", country},
                        {"sign", approved_.sign_name},
                        {"text", words},
                        {"time", now_us() / 1'000'000}});
}

// Receipts come in a list, a text alone.
call sms_service::write_call(std::span<const std::string_view> items, const callback& where) {
    const auto first = sdk::read_json(items.front());
    if (first && sdk::text_at(*first, "/sid").empty())
        return {.target = where.path, .body = std::string(items.front())};
    std::string list;
    for (const auto item : items)
        list.append(list.empty() ? "[" : ",").append(item);
    return {.target = where.path, .body = list + "]"};
}

carrier::reception sms_service::reception_of(const message& answered) const {
    const auto body = sdk::read_json(answered.body);
    const bool heard = answered.status() == 200 && body && sdk::text_at(*body, "/result") == "0";
    return heard ? reception::taken : reception::later;
}

} // namespace posthorn::tencent::simulator
