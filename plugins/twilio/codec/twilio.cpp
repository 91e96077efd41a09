#include "twilio/codec/twilio.hpp"

#include "sdk/http/codes.hpp"
#include "sdk/http/digest.hpp"
#include "sdk/http/json_text.hpp"

#include <algorithm>
#include <array>

namespace posthorn::twilio {

namespace {

using sdk::code_row;
using sdk::http_meaning;

constexpr std::int64_t longest_validity = 36000, shortest_validity = 1; // seconds

constexpr std::string_view validity_over = "30036";

// What concerns one recipient or country is no reason to close the account.
constexpr std::array codes{
    code_row{"20003", http_meaning::config, "login refused: see account_sid and auth_token"},
    code_row{"20404", http_meaning::config, "there is no such account: see account_sid"},
    code_row{"20429", http_meaning::throttle, "too many requests at once"},
    code_row{"21211", http_meaning::permanent, "no valid phone number"},
    code_row{"21214", http_meaning::permanent, "a number that cannot be reached"},
    code_row{"21217", http_meaning::permanent, "no valid phone number"},
    code_row{"21408", http_meaning::elsewhere, "texts to this country are not switched on"},
    code_row{"21606", http_meaning::config, "the sender is not a number of the account"},
    code_row{"21608", http_meaning::elsewhere, "a trial account: the number is not verified"},
    code_row{"21610", http_meaning::opted_out, "the recipient has opted out"},
    code_row{"21611", http_meaning::throttle, "the sender's queue is full"},
    code_row{"21612", http_meaning::elsewhere, "no way from this sender to this number"},
    code_row{"21614", http_meaning::permanent, "no mobile number"},
    code_row{"21617", http_meaning::permanent, "the text is too long"},
    code_row{"21659", http_meaning::config, "the sender is not a number of the account"},
    code_row{"30001", http_meaning::permanent, "the queue overflowed"},
    code_row{"30002", http_meaning::permanent, "the account is suspended"},
    code_row{"30003", http_meaning::permanent, "the phone cannot be reached"},
    code_row{"30004", http_meaning::permanent, "the message was blocked"},
    code_row{"30005", http_meaning::permanent, "an unknown number"},
    code_row{"30006", http_meaning::permanent, "a landline, or a carrier that cannot be reached"},
    code_row{"30007", http_meaning::permanent, "filtered by the carrier"},
    code_row{"30008", http_meaning::permanent, "an unknown error"},
    code_row{validity_over, http_meaning::permanent, "it waited at Twilio until it was too late"},
    code_row{"30034", http_meaning::elsewhere, "the sender is not registered"},
};

std::string authorization(const account_data& a) {
    const bool key = !a.key_sid.empty();
    return "Basic " + sdk::base64_of(key ? a.key_sid + ":" + a.key_secret
                                         : a.account_sid + ":" + a.auth_token);
}

std::string messages_url(const account_data& a) {
    return a.url + "/2010-04-01/Accounts/" + sdk::percent_encoded(a.account_sid) + "/Messages";
}

sdk::receipt_state state_of(std::string_view status, std::string_view error) {
    if (status == "delivered" || status == "read")
        return sdk::receipt_state::delivered;
    if (error == validity_over)
        return sdk::receipt_state::expired;
    if (status == "undelivered" || status == "failed" || status == "canceled")
        return sdk::receipt_state::undelivered;
    return sdk::receipt_state::enroute; // many carriers say no more than "sent"
}

std::string code_of(std::string_view status, std::string_view error) {
    std::string out(status);
    if (!error.empty() && error != "0" && error != "null")
        out += " " + std::string(error);
    return out;
}

bool means_opted_out(std::string_view error) {
    const auto* known = sdk::row_of(codes, error);
    return known != nullptr && known->what == http_meaning::opted_out;
}

// The URL with the port written out, or left out: Twilio signs now this, now that.
std::string with_other_port(const std::string& url) {
    const auto scheme = url.find("://");
    if (scheme == std::string::npos)
        return url;
    const auto end = std::min(url.size(), url.find_first_of("/?", scheme + 3));
    const auto colon = url.find(':', scheme + 3);
    if (colon < end)
        return url.substr(0, colon) + url.substr(end);
    return url.substr(0, end) + (url.starts_with("https:") ? ":443" : ":80") + url.substr(end);
}

bool is_signed(const account_data& a, const sdk::call& c, const sdk::form_fields& fields) {
    const auto shown = sdk::field_of(c.headers, "x-twilio-signature");
    // without what only tells Twilio how to call: #rc=5&rp=all
    auto url = a.callback_url.substr(0, a.callback_url.find_first_of("?#"));
    if (!url.ends_with(c.path)) // the console may have another one
        url += c.path;
    if (!c.query.empty())
        url += "?" + c.query;
    for (const auto& one : {url, with_other_port(url)})
        if (!shown.empty() && sdk::same_secret(shown, signature_of(a.auth_token, one, fields)))
            return true;
    return false;
}

// A body that is no form is signed by its digest in the query.
bool is_body_signed(const sdk::call& c) {
    const auto query = sdk::read_form(c.query);
    return query && sdk::same_secret(sdk::field_of(*query, "bodySHA256"),
                                     sdk::hex_of(sdk::hash_of(sdk::digest::sha256, c.body)));
}

} // namespace

std::string signature_of(const std::string& token, std::string url, sdk::form_fields fields) {
    std::ranges::sort(fields);
    const auto twice = std::ranges::unique(fields);
    fields.erase(twice.begin(), twice.end());
    for (const auto& [name, value] : fields)
        url += name + value;
    return sdk::base64_of(sdk::hmac_of(sdk::digest::sha1, token, url));
}

sdk::http_request request_for(const account_data& a, const sdk::http_text& t) {
    sdk::form_fields fields{{"To", "+" + t.recipient}, {"Body", t.text}};
    if (!a.messaging_service.empty())
        fields.emplace_back("MessagingServiceSid", a.messaging_service);
    else
        fields.emplace_back("From", t.sender);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(t.validity).count();
    fields.emplace_back("ValidityPeriod", std::to_string(std::clamp<std::int64_t>(
                                              seconds, shortest_validity, longest_validity)));
    if (!a.callback_url.empty())
        fields.emplace_back("StatusCallback", a.callback_url);
    return {"POST",
            messages_url(a) + ".json",
            {{"Authorization", authorization(a)},
             {"Content-Type", "application/x-www-form-urlencoded"},
             {"Accept", "application/json"}},
            sdk::form_of(fields)};
}

sdk::http_request inquiry_for(const account_data& a, const std::string& sid) {
    return {"GET",
            messages_url(a) + "/" + sdk::percent_encoded(sid) + ".json",
            {{"Authorization", authorization(a)}, {"Accept", "application/json"}},
            {}};
}

sdk::http_reading read_response(const sdk::http_response& r) {
    const auto body = sdk::read_json(r.body);
    if (r.status == 201 || r.status == 200)
        return sdk::accepted_as(body ? sdk::text_at(*body, "/sid") : std::string());
    auto said = sdk::by_status(r);
    const auto code = body ? sdk::text_at(*body, "/code") : std::string();
    if (!code.empty())
        said.code = code;
    const auto* known = sdk::row_of(codes, code);
    if (known != nullptr && r.status < 500) {
        said.what = known->what;
        said.after = sdk::retry_after(r, std::chrono::seconds(1));
    }
    return said;
}

sdk::inquiry read_inquiry(const sdk::http_response& r) {
    const auto body = sdk::read_json(r.body);
    const auto status = body ? sdk::text_at(*body, "/status") : std::string();
    if (r.status != 200 || status.empty())
        return {sdk::inquiry::kind::unknown, {}, "HTTP " + std::to_string(r.status)};
    const auto error = sdk::text_at(*body, "/error_code");
    return {sdk::inquiry::kind::known, state_of(status, error), code_of(status, error)};
}

sdk::http_callback read_call(const account_data& a, const sdk::call& c) {
    const bool is_form = !sdk::field_of(c.headers, "content-type").starts_with("application/json");
    auto fields = sdk::form_fields();
    if (is_form)
        fields = sdk::read_form(c.body).value_or(fields);
    if (a.auth_token.empty() || !is_signed(a, c, fields) || (!is_form && !is_body_signed(c)))
        return sdk::http_callback::stranger();
    sdk::http_callback out;
    out.answer = {200, "text/xml", "<Response/>"};
    const auto at = [&](std::string_view name) { return sdk::field_of(fields, name); };
    const auto sid = at("MessageSid");
    const auto status = at("MessageStatus").empty() ? at("SmsStatus") : at("MessageStatus");
    if (!sid.empty() && !status.empty() && status != "received") {
        sdk::receipt r;
        r.ref = sid;
        r.state = state_of(status, at("ErrorCode"));
        r.code = code_of(status, at("ErrorCode"));
        r.recipient = sdk::digits_of(at("To"));
        r.opted_out = means_opted_out(at("ErrorCode"));
        r.sender = at("From");
        out.receipts.push_back(std::move(r));
    } else if (!at("From").empty() && !at("Body").empty()) {
        sdk::inbound t;
        t.sender = at("From");
        t.recipient = sdk::digits_of(at("To"));
        t.text = at("Body");
        out.texts.push_back(std::move(t));
    }
    return out;
}

std::string plain_words(std::string_view code) {
    return sdk::words_of(codes, code.substr(code.find_last_of(' ') + 1));
}

} // namespace posthorn::twilio
