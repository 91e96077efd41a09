// Requests, and what is wrong with a description.
#include "http/codec/carrier.hpp"

#include "sdk/http/digest.hpp"
#include "sdk/http/when.hpp"

#include <algorithm>
#include <array>

namespace posthorn::http {

namespace {

constexpr std::array of_text{"recipient", "national", "sender",           "text",
                             "reference", "message",  "validity_seconds", "type"};
constexpr std::array of_inquiry{"ref", "recipient", "national", "sender"};
constexpr std::array of_all{"user", "secret", "timestamp", "nonce"};

std::string national(const carrier& c, const std::string& recipient) {
    const bool ours = !c.country.empty() && recipient.starts_with(c.country);
    return ours ? recipient.substr(c.country.size()) : recipient;
}

std::string common_value(const carrier& c, std::string_view name, const sdk::moment& at) {
    if (name == "user")
        return c.user;
    if (name == "secret")
        return c.secret;
    if (name == "timestamp")
        return sdk::unix_seconds(at.now);
    if (name == "nonce")
        return at.nonce;
    const auto found = c.values.find(name);
    return found == c.values.end() ? std::string() : found->second;
}

filling::value_of values_of(const carrier& c, const sdk::http_text& t, const sdk::moment& at) {
    return [&](std::string_view name) {
        if (name == "recipient")
            return t.recipient;
        if (name == "national")
            return national(c, t.recipient);
        if (name == "sender")
            return t.sender;
        if (name == "text")
            return t.text;
        if (name == "reference")
            return std::to_string(t.reference);
        if (name == "message")
            return std::to_string(t.message);
        if (name == "type")
            return t.type;
        if (name == "validity_seconds")
            return std::to_string(
                std::chrono::duration_cast<std::chrono::seconds>(t.validity).count());
        return common_value(c, name, at);
    };
}

void set_default(sdk::http_headers& headers, std::string_view name, std::string value) {
    const auto lower = sdk::lower_case(name);
    if (std::ranges::none_of(headers,
                             [&](const auto& h) { return sdk::lower_case(h.first) == lower; }))
        headers.emplace_back(name, std::move(value));
}

void add_headers(const carrier& c, const filling::value_of& value, sdk::http_request& to) {
    for (const auto& [name, text] : c.headers)
        to.headers.emplace_back(name, text.filled(value, sdk::header_escaped));
    if (c.auth == login::basic)
        set_default(to.headers, "Authorization",
                    "Basic " + sdk::base64_of(c.user + ":" + c.secret));
    if (c.auth == login::bearer)
        set_default(to.headers, "Authorization", "Bearer " + sdk::header_escaped(c.secret));
}

void add_body(const carrier& c, const filling::value_of& value, sdk::http_request& to) {
    std::string type;
    if (!c.form.empty()) {
        sdk::form_fields fields;
        for (const auto& [name, text] : c.form)
            fields.emplace_back(name, text.filled(value, unescaped));
        to.body = sdk::form_of(fields);
        type = "application/x-www-form-urlencoded";
    } else if (!c.json.empty()) {
        to.body = c.json.filled(value, sdk::json_escaped);
        type = "application/json";
    } else if (!c.xml.empty()) {
        to.body = c.xml.filled(value, sdk::xml_escaped);
        type = "application/xml; charset=utf-8";
    } else if (!c.text.empty()) {
        to.body = c.text.filled(value, unescaped);
        type = "text/plain; charset=utf-8";
    }
    if (!type.empty())
        set_default(to.headers, "Content-Type", type);
}

template <std::size_t N>
bool is_one_of(const std::array<const char*, N>& known, std::string_view name) {
    return std::ranges::find(known, name) != known.end();
}

// What is wrong with the gaps of one text.
template <std::size_t N>
std::string mistake_in_gaps(const carrier& c, std::string_view option, const filling& text,
                            const std::array<const char*, N>& known) {
    if (text.is_open())
        return std::string(option) + ": a {{ has no }}";
    for (const auto& name : text.names())
        if (!is_one_of(known, name) && !is_one_of(of_all, name) && !c.values.contains(name)) {
            std::string all;
            for (const auto* k : known)
                all += std::string(k) + ", ";
            return std::string(option) + ": nothing is called {{" + name + "}}: there are " + all +
                   "user, secret, timestamp, nonce, and what stands under `values`";
        }
    return {};
}

} // namespace

sdk::http_request request_for(const carrier& c, const sdk::http_text& t, const sdk::moment& at) {
    const auto value = values_of(c, t, at);
    sdk::http_request out{.method = c.method, .url = c.url.filled(value, sdk::percent_encoded)};
    add_headers(c, value, out);
    if (c.method != "GET")
        add_body(c, value, out);
    return out;
}

sdk::http_request inquiry_for(const carrier& c, const sdk::accepted_part& p,
                              const sdk::moment& at) {
    const filling::value_of value = [&](std::string_view name) {
        if (name == "ref")
            return p.ref;
        if (name == "recipient")
            return p.recipient;
        if (name == "national")
            return national(c, p.recipient);
        if (name == "sender")
            return p.sender;
        return common_value(c, name, at);
    };
    sdk::http_request out{.method = "GET", .url = c.status_url.filled(value, sdk::percent_encoded)};
    add_headers(c, value, out);
    return out;
}

std::string mistake_in(const carrier& c) {
    const std::array texts{std::pair("url", &c.url), std::pair("json", &c.json),
                           std::pair("xml", &c.xml), std::pair("text", &c.text)};
    for (const auto& [option, text] : texts)
        if (auto wrong = mistake_in_gaps(c, option, *text, of_text); !wrong.empty())
            return wrong;
    for (const auto& [name, text] : c.headers)
        if (auto wrong = mistake_in_gaps(c, "headers", text, of_all); !wrong.empty())
            return wrong;
    for (const auto& [name, text] : c.form)
        if (auto wrong = mistake_in_gaps(c, "form", text, of_text); !wrong.empty())
            return wrong;
    if (auto wrong = mistake_in_gaps(c, "status_url", c.status_url, of_inquiry); !wrong.empty())
        return wrong;
    const int bodies = !c.form.empty() + !c.json.empty() + !c.xml.empty() + !c.text.empty();
    if (bodies > 1)
        return "a request has one body: form, json, xml or text";
    if (bodies == 1 && c.method == "GET")
        return "a GET has no body: put the gaps into `url`, or set `method`";
    const std::array selectors{std::pair("success_at", &c.success_at),
                               std::pair("id_at", &c.id_at),
                               std::pair("code_at", &c.code_at),
                               std::pair("receipt_id_at", &c.receipt_id),
                               std::pair("receipt_state_at", &c.receipt_state),
                               std::pair("receipt_code_at", &c.receipt_code),
                               std::pair("receipt_phone_at", &c.receipt_phone),
                               std::pair("text_from_at", &c.text_from),
                               std::pair("text_to_at", &c.text_to),
                               std::pair("text_body_at", &c.text_body),
                               std::pair("status_state_at", &c.status_state),
                               std::pair("status_code_at", &c.status_code)};
    for (const auto& [option, where] : selectors)
        if (!where->mistake().empty())
            return std::string(option) + ": " + where->mistake();
    if (c.how != proof::path && c.callback_header.empty() && !c.callback_secret.empty())
        return "callback_header: say in which header the carrier shows its secret or signature";
    return {};
}

} // namespace posthorn::http
