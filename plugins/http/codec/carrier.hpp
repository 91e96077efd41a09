// A carrier as an operator has described it (adapter/configuration.cpp has the options): how its
// requests are made and its responses and calls are read. Pure.
#pragma once

#include "http/codec/filling.hpp"
#include "http/codec/selector.hpp"
#include "sdk/call.hpp"
#include "sdk/http/account.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace posthorn::http {

enum class login : std::uint8_t { none, basic, bearer };

// What a call must show to be the carrier's; `secret` empty: none is.
enum class proof : std::uint8_t { path, header, hmac };

struct carrier {
    using entries = std::vector<std::pair<std::string, filling>>;

    // the request
    std::string method = "POST";
    filling url;
    entries headers, form;
    filling json, xml, text; // at most one of these and `form`
    login auth = login::none;
    std::string user, secret;
    std::map<std::string, std::string, std::less<>> values; // for the gaps
    std::string country;                                    // of {{national}}

    // the response
    std::vector<std::pair<unsigned, unsigned>> success_status{{200, 299}}; // from, to
    selector success_at;
    std::string success_is;
    selector id_at, code_at;
    std::map<std::string, sdk::http_meaning, std::less<>> codes;
    sdk::http_meaning unlisted = sdk::http_meaning::permanent;

    // its calls
    proof how = proof::path;
    std::string callback_secret, callback_header, callback_hmac;
    std::string callback_answer, callback_answer_type;
    std::string list_at; // a JSON pointer to receipts or texts; empty: the body is them, or one
    selector receipt_id, receipt_state, receipt_code, receipt_phone;
    std::map<std::string, sdk::receipt_state, std::less<>> states;
    selector text_from, text_to, text_body;

    // asking
    filling status_url;
    selector status_state, status_code;
};

// "" : all is understood and goes together; else what does not.
std::string mistake_in(const carrier& c);

sdk::http_request request_for(const carrier& c, const sdk::http_text& t, const sdk::moment& at);
sdk::http_reading read_response(const carrier& c, const sdk::http_response& r);
sdk::http_callback read_call(const carrier& c, const sdk::call& what);
sdk::http_request inquiry_for(const carrier& c, const sdk::accepted_part& p, const sdk::moment& at);
sdk::inquiry read_inquiry(const carrier& c, const sdk::http_response& r);

} // namespace posthorn::http
