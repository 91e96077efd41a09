#include "tencent/simulator/signature.hpp"

#include "sdk/http/digest.hpp"
#include "sdk/http/escape.hpp"
#include "sdk/http/when.hpp"
#include "sdk/numerals.hpp"
#include "sdk/simulator/http/claim.hpp"

namespace posthorn::tencent::simulator {

using posthorn::simulator::http::claim;
using posthorn::simulator::http::message;

namespace {

constexpr std::string_view scheme = "TC3-HMAC-SHA256";
constexpr std::int64_t second = 1'000'000, allowed = 300; // seconds either way

std::string hmac(std::string_view key, std::string_view text) {
    return sdk::hmac_of(sdk::digest::sha256, key, text);
}

// `scope`: "2026-11-22/sms/tc3_request", each of which makes a key of the one before.
std::string signature_of(const message& asked, const claim& its, std::string_view scope,
                         std::string_view secret) {
    const auto canonical = std::string(asked.first) + "\n" + std::string(asked.path()) + "\n" +
                           std::string(asked.query()) + "\n" +
                           sdk::lower_case(signed_lines(asked, its)) + "\n" +
                           std::string(its.signed_headers) + "\n" + sdk::hex_sha256(asked.body);
    const auto to_sign = std::string(scheme) + "\n" + std::string(asked.header("x-tc-timestamp")) +
                         "\n" + std::string(scope) + "\n" + sdk::hex_sha256(canonical);
    auto key = "TC3" + std::string(secret);
    for (auto rest = scope; !rest.empty();) {
        const auto slash = rest.find('/');
        key = hmac(key, rest.substr(0, slash));
        rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    }
    return sdk::hex_of(hmac(key, to_sign));
}

} // namespace

std::string_view problem_with_signature(const message& asked, std::string_view service,
                                        const api_key& key, std::int64_t now_us) {
    const auto its = posthorn::simulator::http::read_claim(asked.header("authorization"), scheme);
    const auto stamp = sdk::whole_number<std::int64_t>(asked.header("x-tc-timestamp"));
    if (!its || !its->signs("content-type") || !its->signs("host"))
        return "AuthFailure.InvalidAuthorization";
    if (!stamp)
        return "MissingParameter";
    if (*stamp < now_us / second - allowed || *stamp > now_us / second + allowed)
        return "AuthFailure.SignatureExpire";
    const auto slash = its->credential.find('/');
    if (slash == std::string_view::npos)
        return "AuthFailure.InvalidAuthorization";
    if (!key.id.empty() && its->credential.substr(0, slash) != key.id)
        return "AuthFailure.SecretIdNotFound";
    const auto scope = its->credential.substr(slash + 1);
    const auto day = sdk::iso_date(sdk::instant{std::chrono::seconds(*stamp)});
    if (scope != day + "/" + std::string(service) + "/tc3_request" ||
        (!key.secret.empty() && its->signature != signature_of(asked, *its, scope, key.secret)))
        return "AuthFailure.SignatureFailure";
    return {};
}

} // namespace posthorn::tencent::simulator
