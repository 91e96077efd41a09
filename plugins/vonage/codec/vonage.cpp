#include "vonage/codec/vonage.hpp"

#include "sdk/http/codes.hpp"
#include "sdk/http/digest.hpp"
#include "sdk/http/json_text.hpp"
#include "sdk/http/when.hpp"
#include "sdk/numerals.hpp"
#include "sdk/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace posthorn::vonage {

namespace {

using sdk::code_row;
using sdk::http_meaning;

constexpr std::int64_t shortest_ttl = 20'000, longest_ttl = 604'800'000; // milliseconds
constexpr auto clocks_differ = std::chrono::minutes(5);

constexpr std::array statuses{
    code_row{"1", http_meaning::throttle, "too many texts a second"},
    code_row{"2", http_meaning::permanent, "a parameter is missing"},
    code_row{"3", http_meaning::permanent, "a parameter is not valid"},
    code_row{"4", http_meaning::config, "login refused: see api_key and api_secret"},
    code_row{"5", http_meaning::transient, "an error of Vonage's own"},
    code_row{"6", http_meaning::permanent, "Vonage cannot make sense of the text"},
    code_row{"7", http_meaning::permanent, "the number is barred"},
    code_row{"8", http_meaning::config, "the account is barred"},
    code_row{"9", http_meaning::config, "no credit left"},
    code_row{"10", http_meaning::transient, "too many connections"},
    code_row{"11", http_meaning::config, "the account may not use HTTP"},
    code_row{"12", http_meaning::permanent, "the text is too long"},
    code_row{"14", http_meaning::config, "the signature is wrong: see signature_secret"},
    code_row{"15", http_meaning::config, "the sender is not allowed"},
    code_row{"22", http_meaning::permanent, "the network code is wrong"},
    code_row{"23", http_meaning::config, "the callback URL is not valid"},
    code_row{"29", http_meaning::elsewhere, "a demo account: the number is not on its list"},
    code_row{"32", http_meaning::config, "signed, and with the secret"},
    code_row{"33", http_meaning::permanent, "the number is no longer in use"},
};

struct error_row {
    std::string_view code, words;
};

constexpr std::array errors{
    error_row{"1", "unknown"},
    error_row{"2", "absent for now"},
    error_row{"3", "absent for good"},
    error_row{"4", "the subscriber bars calls"},
    error_row{"5", "number portability"},
    error_row{"6", "filtered as spam"},
    error_row{"7", "the handset is busy"},
    error_row{"8", "network error"},
    error_row{"9", "no such number"},
    error_row{"10", "the message is not allowed"},
    error_row{"11", "no way there"},
    error_row{"12", "the destination cannot be reached"},
    error_row{"13", "age restriction"},
    error_row{"14", "blocked by the carrier"},
    error_row{"15", "a prepaid card without credit"},
    error_row{"16", "quota of the gateway"},
    error_row{"50", "DLT: entity id"},
    error_row{"51", "DLT: header"},
    error_row{"52", "DLT: content"},
    error_row{"53", "DLT: consent"},
    error_row{"54", "DLT: regulation"},
    error_row{"99", "general error"},
};

// A query, a form, or a flat JSON object: whatever the account's settings say.
std::optional<sdk::form_fields> fields_of(const sdk::call& c) {
    auto fields = sdk::read_form(c.query);
    const auto first = c.body.find_first_not_of(" \t\r\n");
    if (!fields || first == std::string::npos)
        return fields;
    if (c.body[first] != '{') {
        const auto form = sdk::read_form(c.body);
        if (!form)
            return std::nullopt;
        fields->insert(fields->end(), form->begin(), form->end());
        return fields;
    }
    const auto json = sdk::read_json(c.body);
    if (!json || !json->is_object())
        return std::nullopt;
    for (const auto& entry : json->get_object())
        fields->emplace_back(std::string(entry.key().data(), entry.key().size()),
                             sdk::scalar_text(entry.value()).value_or(std::string()));
    return fields;
}

bool is_carrier(const account_data& a, const sdk::call& c, const sdk::form_fields& fields,
                const sdk::moment& at) {
    if (a.signature_secret.empty())
        return sdk::http_callback::at_secret_path(c, a.callback_secret);
    const auto stamp = sdk::field_of(fields, "timestamp");
    std::int64_t seconds = 0;
    const auto read = std::from_chars(stamp.data(), stamp.data() + stamp.size(), seconds);
    if (read.ec != std::errc() || seconds < 0 || seconds > 100'000'000'000)
        return false;
    const auto off = at.now - sdk::instant{std::chrono::seconds(seconds)};
    return off < clocks_differ && off > -clocks_differ &&
           sdk::same_secret(sdk::lower_case(sdk::field_of(fields, "sig")),
                            signature_of(a.method, a.signature_secret, fields));
}

sdk::receipt_state state_of(std::string_view status) {
    if (status == "delivered")
        return sdk::receipt_state::delivered;
    if (status == "expired")
        return sdk::receipt_state::expired;
    if (status == "failed" || status == "rejected" || status == "deleted")
        return sdk::receipt_state::undelivered;
    return sdk::receipt_state::enroute; // accepted, buffered, unknown
}

// Which receipts repeat: the message, and what finds a text that has no id yet.
std::string client_ref(const sdk::http_text& t) {
    return std::to_string(t.message) + "-" + std::to_string(t.reference);
}

std::optional<std::uint16_t> reference_in(std::string_view client_ref) {
    const auto dash = client_ref.rfind('-');
    if (dash == std::string_view::npos)
        return std::nullopt;
    return sdk::whole_number<std::uint16_t>(client_ref.substr(dash + 1));
}

sdk::receipt receipt_in(const sdk::form_fields& f) {
    sdk::receipt r;
    r.ref = sdk::field_of(f, "messageId");
    r.state = state_of(sdk::field_of(f, "status"));
    r.code = sdk::field_of(f, "status");
    if (const auto error = sdk::field_of(f, "err-code"); !error.empty() && error != "0")
        r.code += " err:" + std::string(error);
    r.recipient = sdk::field_of(f, "msisdn");
    r.sender = sdk::field_of(f, "to");
    r.reference = reference_in(sdk::field_of(f, "client-ref"));
    return r;
}

// 0 where it has none.
unsigned small_number(const sdk::form_fields& f, std::string_view name) {
    const auto text = sdk::field_of(f, name);
    unsigned n = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), n);
    return read.ec == std::errc() && n <= 0xFFFF ? n : 0;
}

// A part of a longer one becomes what it was on the air: the joiner is the daemon's.
sdk::inbound text_in(const sdk::form_fields& f) {
    sdk::inbound t;
    t.sender = "+" + std::string(sdk::field_of(f, "msisdn"));
    t.recipient = sdk::field_of(f, "to");
    const auto text = sdk::field_of(f, "text");
    const auto total = small_number(f, "concat-total"), part = small_number(f, "concat-part");
    const auto reference = small_number(f, "concat-ref");
    if (sdk::field_of(f, "concat") != "true" || total < 2 || total > 255 || part == 0 ||
        part > total) {
        t.text = text;
        return t;
    }
    constexpr std::uint8_t ucs2 = 8;
    t.udh = true;
    t.data_coding = ucs2;
    for (const auto octet : {6U, 8U, 4U, reference >> 8, reference & 0xFF, total, part})
        t.octets += static_cast<char>(octet);
    static thread_local const sdk::text::converter to_utf16("UTF-16BE", "UTF-8");
    t.octets += to_utf16.converted(text).value_or(std::string());
    return t;
}

} // namespace

std::string signature_of(signing method, const std::string& secret, sdk::form_fields fields) {
    std::erase_if(fields, [](const auto& f) { return f.first == "sig"; });
    std::ranges::sort(fields);
    std::string all;
    for (auto& [name, value] : fields) {
        std::ranges::replace_if(
            value, [](char c) { return c == '&' || c == '='; }, '_');
        all += "&" + name + "=" + value;
    }
    switch (method) {
    case signing::md5hash:
        return sdk::hex_of(sdk::hash_of(sdk::digest::md5, all + secret));
    case signing::md5:
        return sdk::hex_of(sdk::hmac_of(sdk::digest::md5, secret, all));
    case signing::sha1:
        return sdk::hex_of(sdk::hmac_of(sdk::digest::sha1, secret, all));
    case signing::sha256:
        return sdk::hex_of(sdk::hmac_of(sdk::digest::sha256, secret, all));
    case signing::sha512:
        break;
    }
    return sdk::hex_of(sdk::hmac_of(sdk::digest::sha512, secret, all));
}

sdk::http_request request_for(const account_data& a, const sdk::http_text& t,
                              const sdk::moment& at) {
    const auto ttl = std::chrono::duration_cast<std::chrono::milliseconds>(t.validity).count();
    sdk::form_fields fields{
        {"api_key", a.api_key},
        {"from", t.sender},
        {"to", t.recipient},
        {"text", t.text},
        {"type", t.unicode ? "unicode" : "text"},
        {"ttl", std::to_string(std::clamp<std::int64_t>(ttl, shortest_ttl, longest_ttl))},
        {"client-ref", client_ref(t)}};
    if (!a.callback_url.empty()) {
        fields.emplace_back("status-report-req", "1");
        fields.emplace_back("callback", a.callback_url);
    }
    if (!a.entity_id.empty())
        fields.emplace_back("entity-id", a.entity_id);
    if (!a.content_id.empty())
        fields.emplace_back("content-id", a.content_id);
    if (a.signature_secret.empty()) {
        fields.emplace_back("api_secret", a.api_secret);
    } else { // never both
        fields.emplace_back("timestamp", sdk::unix_seconds(at.now));
        fields.emplace_back("sig", signature_of(a.method, a.signature_secret, fields));
    }
    return {"POST",
            a.url + "/sms/json",
            {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
            sdk::form_of(fields)};
}

// The text is accepted when any part of it is: sending it again would repeat that part.
sdk::http_reading read_response(const sdk::http_response& r) {
    const auto body = sdk::read_json(r.body);
    const auto* parts = body ? sdk::find_at(*body, "/messages") : nullptr;
    if (r.status != 200)
        return sdk::by_status(r);
    if (parts == nullptr || !parts->is_array() || parts->get_array().empty())
        return {.what = http_meaning::uncertain, .code = "an answer that says nothing known"};
    std::string ref, refusal;
    for (const auto& p : parts->get_array()) {
        const auto status = sdk::text_at(p, "/status");
        if (status == "0" && ref.empty())
            ref = sdk::text_at(p, "/message-id");
        else if (status != "0" && refusal.empty())
            refusal = status;
    }
    if (refusal.empty())
        return sdk::accepted_as(std::move(ref));
    if (!ref.empty())
        return {.what = http_meaning::accepted, .ref = std::move(ref), .code = std::move(refusal)};
    return sdk::reading_of(statuses, std::move(refusal));
}

sdk::http_callback read_call(const account_data& a, const sdk::call& c, const sdk::moment& at) {
    const auto fields = fields_of(c);
    if (!fields || !is_carrier(a, c, *fields, at))
        return sdk::http_callback::stranger();
    sdk::http_callback out;
    if (sdk::field_of(*fields, "messageId").empty())
        return out;
    if (!sdk::field_of(*fields, "status").empty())
        out.receipts.push_back(receipt_in(*fields));
    else if (!sdk::field_of(*fields, "msisdn").empty() && !sdk::field_of(*fields, "text").empty())
        out.texts.push_back(text_in(*fields));
    return out;
}

std::string plain_words(std::string_view code) {
    if (const auto at = code.find("err:"); at != std::string_view::npos) {
        const auto found = std::ranges::find(errors, code.substr(at + 4), &error_row::code);
        return found == errors.end() ? std::string() : std::string(found->words);
    }
    return sdk::words_of(statuses, code);
}

} // namespace posthorn::vonage
