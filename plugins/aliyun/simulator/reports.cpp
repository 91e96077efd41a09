#include "aliyun/simulator/reports.hpp"

#include "sdk/china_time.hpp"
#include "sdk/http/readings.hpp"
#include "sdk/http/when.hpp"
#include "sdk/numerals.hpp"

#include <boost/json/serialize.hpp>

#include <optional>

namespace posthorn::aliyun::simulator {

namespace json = boost::json;
using posthorn::simulator::delivery;
using posthorn::simulator::outcome;

namespace {

constexpr std::size_t digits_of_time = 16;

sdk::instant in_china(std::int64_t utc_us) {
    return sdk::instant{std::chrono::microseconds(utc_us)} + sdk::china_is_ahead;
}

std::optional<sdk::instant> given_at(std::string_view biz_id) {
    const auto us = sdk::whole_number<std::int64_t>(biz_id.substr(0, digits_of_time));
    return us ? std::optional(in_china(*us)) : std::nullopt;
}

// 70 characters in one, else 67 in each.
std::size_t pieces(std::string_view words) {
    const auto size = sdk::characters_in(words);
    return size <= 70 ? 1 : (size + 66) / 67;
}

// Of all others the operator's own word.
std::string_view error_of(outcome of) {
    return of == outcome::delivered ? "DELIVERED" : posthorn::simulator::stat_of(of);
}

} // namespace

std::string new_biz_id(std::int64_t now_us, std::uint64_t number) {
    return std::to_string(now_us) + std::to_string(10 + number % 90) + "^0";
}

std::string day_of(std::string_view biz_id) {
    const auto at = given_at(biz_id);
    auto day = at ? sdk::iso_date(*at) : std::string();
    std::erase(day, '-');
    return day;
}

json::object report_of(const posthorn::simulator::http::text& of, std::string_view id,
                       outcome outcome, std::int64_t sent_us, std::int64_t done_us) {
    const bool well = outcome == outcome::delivered;
    return {{"phone_number", of.recipient},
            {"send_time", sdk::date_and_time(in_china(sent_us))},
            {"report_time", sdk::date_and_time(in_china(done_us))},
            {"success", well},
            {"err_code", error_of(outcome)},
            {"err_msg", well ? "用户接收成功" : "用户接收失败"},
            {"sms_size", std::to_string(pieces(of.words))},
            {"biz_id", id.substr(0, id.find('/'))},
            {"out_id", of.reference}};
}

json::object inbound_of(std::string_view phone, std::string_view dest_code,
                        std::string_view content, std::int64_t now_us, std::uint64_t sequence) {
    return {{"phone_number", phone},
            {"content", content},
            {"send_time", sdk::date_and_time(in_china(now_us))},
            {"dest_code", dest_code},
            {"sequence_id", sequence}};
}

json::object detail_of(std::string_view phone, std::string_view biz_id, outcome outcome) {
    const auto sent = given_at(biz_id);
    json::object detail{{"PhoneNum", phone},
                        {"SendDate", sent ? sdk::date_and_time(*sent) : std::string()}};
    const bool waits = !posthorn::simulator::is_final(outcome);
    detail["SendStatus"] = waits ? 1 : outcome == outcome::delivered ? 3 : 2;
    if (!waits)
        detail["ErrCode"] = error_of(outcome);
    return detail;
}

delivery item_of(std::string_view id, const json::object& object) {
    return posthorn::simulator::http::with_id({}, id, "\n" + json::serialize(object));
}

std::string_view json_in(std::string_view item) { return item.substr(item.find('\n') + 1); }

} // namespace posthorn::aliyun::simulator
