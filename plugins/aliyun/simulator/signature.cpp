#include "aliyun/simulator/signature.hpp"

#include "sdk/http/digest.hpp"
#include "sdk/http/escape.hpp"
#include "sdk/numerals.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace posthorn::aliyun::simulator {

using posthorn::simulator::http::claim;
using posthorn::simulator::http::message;

namespace {

constexpr std::string_view scheme = "ACS3-HMAC-SHA256";
constexpr std::int64_t quarter_hour = 15LL * 60 * 1'000'000;

// Of 2026-11-22T01:30:45Z.
std::optional<std::int64_t> microseconds_at(std::string_view text) {
    if (text.size() != 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':' || text[19] != 'Z')
        return std::nullopt;
    const auto number = [text](std::size_t at, std::size_t size) {
        return sdk::whole_number<unsigned>(text.substr(at, size)).value_or(99'999);
    };
    using namespace std::chrono;
    const year_month_day date(year(static_cast<int>(number(0, 4))), month(number(5, 2)),
                              day(number(8, 2)));
    const auto hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    if (!date.ok() || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    const auto time = hours(hour) + minutes(minute) + seconds(second);
    return duration_cast<microseconds>(sys_days(date).time_since_epoch() + time).count();
}

// "a=1&b=2", by name, whatever the order and the escapes were.
std::string canonical_query(std::string_view query) {
    auto fields = sdk::read_form(query).value_or(sdk::form_fields());
    std::ranges::sort(fields);
    return sdk::form_of(fields);
}

std::string signature_of(const message& asked, const claim& its, std::string_view secret) {
    const auto canonical = std::string(asked.first) + "\n" + std::string(asked.path()) + "\n" +
                           canonical_query(asked.query()) + "\n" + signed_lines(asked, its) + "\n" +
                           std::string(its.signed_headers) + "\n" + sdk::hex_sha256(asked.body);
    const auto to_sign = std::string(scheme) + "\n" + sdk::hex_sha256(canonical);
    return sdk::hex_of(sdk::hmac_of(sdk::digest::sha256, secret, to_sign));
}

// Every header of the scheme that there is must be signed, and these must be there.
bool signs_all(const message& asked, const claim& its) {
    for (const auto& [name, value] : asked.headers)
        if ((name.starts_with("x-acs-") || name == "host") && !its.signs(name))
            return false;
    return std::ranges::all_of(
        std::initializer_list<std::string_view>{"host", "x-acs-action", "x-acs-version",
                                                "x-acs-date", "x-acs-signature-nonce",
                                                "x-acs-content-sha256"},
        [&](auto name) { return !asked.header(name).empty(); });
}

} // namespace

std::string_view problem_with_signature(const message& asked, const access_key& key,
                                        std::int64_t now_us) {
    const auto its = posthorn::simulator::http::read_claim(asked.header("authorization"), scheme);
    if (!its || !signs_all(asked, *its))
        return "IncompleteSignature";
    const auto date = microseconds_at(asked.header("x-acs-date"));
    if (!date)
        return "InvalidTimeStamp.Format";
    if (*date < now_us - quarter_hour || *date > now_us + quarter_hour)
        return "InvalidTimeStamp.Expired";
    if (!key.id.empty() && its->credential != key.id)
        return "InvalidAccessKeyId.NotFound";
    if (asked.header("x-acs-content-sha256") != sdk::hex_sha256(asked.body) ||
        (!key.secret.empty() && its->signature != signature_of(asked, *its, key.secret)))
        return "SignatureDoesNotMatch";
    return {};
}

bool nonces::add(std::string_view nonce, std::int64_t now_us) {
    if (now_us - since_us_ > 2 * quarter_hour) { // either side of now is allowed
        old_ = std::exchange(new_, {});
        since_us_ = now_us;
    }
    const std::string its(nonce);
    return !old_.contains(its) && new_.insert(its).second;
}

} // namespace posthorn::aliyun::simulator
