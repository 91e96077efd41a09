// What a carrier answers, and what it calls us for.
#include "http/codec/carrier.hpp"

#include "sdk/http/digest.hpp"
#include "sdk/http/json_text.hpp"

#include <algorithm>

namespace posthorn::http {

namespace {

bool is_success(const carrier& c, unsigned status) {
    return std::ranges::any_of(c.success_status, [&](const auto& range) {
        return range.first <= status && status <= range.second;
    });
}

std::string octets_of_hmac(const carrier& c, const sdk::call& what) {
    const auto how = c.callback_hmac.starts_with("sha1")     ? sdk::digest::sha1
                     : c.callback_hmac.starts_with("sha512") ? sdk::digest::sha512
                     : c.callback_hmac.starts_with("md5")    ? sdk::digest::md5
                                                             : sdk::digest::sha256;
    return sdk::hmac_of(how, c.callback_secret, what.body);
}

bool is_carrier(const carrier& c, const sdk::call& what) {
    if (c.callback_secret.empty())
        return false;
    if (c.how == proof::path)
        return sdk::http_callback::at_secret_path(what, c.callback_secret);
    auto shown = sdk::field_of(what.headers, sdk::lower_case(c.callback_header));
    if (c.how == proof::header)
        return sdk::same_secret(shown, c.callback_secret);
    if (const auto equals = shown.find('='); // "sha256=..."
        equals != std::string_view::npos && equals < 8 && equals + 2 < shown.size())
        shown.remove_prefix(equals + 1);
    const auto sum = octets_of_hmac(c, what);
    return c.callback_hmac.ends_with("base64")
               ? sdk::same_secret(shown, sdk::base64_of(sum))
               : sdk::same_secret(sdk::lower_case(shown), sdk::hex_of(sum));
}

sdk::receipt_state state_of(const carrier& c, const std::string& word) {
    const auto found = c.states.find(word);
    return found == c.states.end() ? sdk::receipt_state::enroute : found->second;
}

std::string both(const std::string& state, const std::string& code) {
    return code.empty() || code == state ? state : state + " " + code;
}

void read_one(const carrier& c, const document& in, const boost::json::value* at,
              sdk::http_callback& to) {
    const auto state = c.receipt_state.find(in, at);
    auto id = c.receipt_id.find(in, at);
    if (!id.empty() && !state.empty()) {
        sdk::receipt r;
        r.ref = std::move(id);
        r.state = state_of(c, state);
        r.code = both(state, c.receipt_code.find(in, at));
        r.recipient = sdk::digits_of(c.receipt_phone.find(in, at));
        to.receipts.push_back(std::move(r));
        return;
    }
    sdk::inbound t;
    t.sender = c.text_from.find(in, at);
    t.recipient = c.text_to.find(in, at);
    t.text = c.text_body.find(in, at);
    if (!t.sender.empty() && !t.text.empty())
        to.texts.push_back(std::move(t));
}

} // namespace

sdk::http_reading read_response(const carrier& c, const sdk::http_response& r) {
    const document in(r.body, {}, r.headers);
    const auto code = c.code_at.find(in);
    if (const auto known = c.codes.find(code);
        !code.empty() && known != c.codes.end() && known->second != sdk::http_meaning::accepted)
        return {.what = known->second,
                .code = code,
                .after = known->second == sdk::http_meaning::throttle
                             ? sdk::retry_after(r, std::chrono::seconds(1))
                             : sdk::duration{}};
    if (!is_success(c, r.status)) {
        auto said = sdk::by_status(r);
        said.code = code.empty() ? said.code : code;
        return said;
    }
    const auto word = c.success_at.find(in);
    const bool well =
        c.success_at.empty() || (c.success_is.empty() ? !word.empty() : word == c.success_is);
    if (well && c.id_at.empty())
        return {.what = sdk::http_meaning::accepted};
    if (well)
        return sdk::accepted_as(c.id_at.find(in));
    if (code.empty() && word.empty())
        return {.what = sdk::http_meaning::uncertain, .code = "an answer that says nothing known"};
    return {.what = c.unlisted, .code = code.empty() ? word : code};
}

sdk::http_callback read_call(const carrier& c, const sdk::call& what) {
    if (!is_carrier(c, what))
        return sdk::http_callback::stranger();
    const document in(what.body, what.query, what.headers);
    sdk::http_callback out;
    const auto* list = in.json ? sdk::find_at(*in.json, c.list_at) : nullptr;
    if (list != nullptr && list->is_array())
        for (const auto& one : list->get_array())
            read_one(c, in, &one, out);
    else
        read_one(c, in, list, out);
    out.answer = {200, c.callback_answer_type, c.callback_answer, true};
    return out;
}

sdk::inquiry read_inquiry(const carrier& c, const sdk::http_response& r) {
    const document in(r.body, {}, r.headers);
    const auto state = c.status_state.find(in);
    if (!is_success(c, r.status) || state.empty())
        return {sdk::inquiry::kind::unknown, {}, "HTTP " + std::to_string(r.status)};
    return {sdk::inquiry::kind::known, state_of(c, state), both(state, c.status_code.find(in))};
}

} // namespace posthorn::http
