#include "http/adapter/configuration.hpp"

#include <array>
#include <charconv>

namespace posthorn::http {

namespace {

using sdk::http_meaning;
using sdk::option;
using sdk::receipt_state;

constexpr std::array meanings{std::pair("accepted", http_meaning::accepted),
                              std::pair("permanent", http_meaning::permanent),
                              std::pair("elsewhere", http_meaning::elsewhere),
                              std::pair("opted_out", http_meaning::opted_out),
                              std::pair("transient", http_meaning::transient),
                              std::pair("throttle", http_meaning::throttle),
                              std::pair("config", http_meaning::config),
                              std::pair("clock", http_meaning::clock),
                              std::pair("uncertain", http_meaning::uncertain)};
constexpr std::array states{std::pair("delivered", receipt_state::delivered),
                            std::pair("undelivered", receipt_state::undelivered),
                            std::pair("expired", receipt_state::expired),
                            std::pair("enroute", receipt_state::enroute)};

template <class Table>
auto named(const Table& table, std::string_view name) {
    for (const auto& [word, value] : table)
        if (word == name)
            return std::optional(value);
    return std::optional<typename std::remove_cvref_t<decltype(table[0].second)>>();
}

template <class Table>
std::string must_be_in(const Table& table, std::string_view text) {
    if (named(table, text))
        return {};
    std::string all;
    for (const auto& [word, value] : table)
        all += (all.empty() ? "must be one of " : ", ") + std::string(word);
    return all;
}

std::string check_code(std::string_view, std::string_view text) {
    return must_be_in(meanings, text);
}
std::string check_state(std::string_view, std::string_view text) {
    return must_be_in(states, text);
}

constexpr option own_options[] = {
    {.name = "url", .required = true, .help = "Where a text is sent, with gaps: {{recipient}}."},
    {.name = "method",
     .what = option::kind::choice,
     .fallback = "POST",
     .choices = "POST|GET|PUT",
     .help = "Of the request."},
    {.name = "headers",
     .what = option::kind::map,
     .help = "Of the request, with gaps {{user}}, {{secret}}, {{timestamp}}, {{nonce}}.",
     .shape = "NAME: TEXT"},
    {.name = "form",
     .what = option::kind::map,
     .help = "The body as a form: its fields, with gaps.",
     .shape = "NAME: TEXT"},
    {.name = "json", .help = "The body as JSON, with gaps inside the quotes of its texts."},
    {.name = "xml", .help = "The body as XML, with gaps."},
    {.name = "text", .help = "The body as a plain text, with gaps."},
    {.name = "auth",
     .what = option::kind::choice,
     .fallback = "none",
     .choices = "none|basic|bearer",
     .help = "How `user` and `secret` are shown by themselves."},
    {.name = "user", .help = "Of basic, and for {{user}}."},
    {.name = "secret",
     .what = option::kind::secret,
     .help = "Of basic and bearer, and for {{secret}}."},
    {.name = "values",
     .what = option::kind::map,
     .help = "More for the gaps.",
     .shape = "NAME: TEXT"},
    {.name = "country", .help = "Digits that {{national}} leaves out of the recipient, e.g. 86."},
    {.name = "sender", .help = "What the recipient sees, where the carrier lets one choose."},
    {.name = "longest",
     .what = option::kind::integer,
     .fallback = "1000",
     .least = 1,
     .most = 10000,
     .help = "Characters of the longest text that the carrier takes."},
    {.name = "success_status",
     .fallback = "200-299",
     .help = "HTTP statuses of an accepted text: 200,201 or 200-299."},
    {.name = "success_at",
     .help = "Where the response says that a text is accepted; empty: its status alone does. "
             "/JSON/pointer, field:NAME, header:NAME or regex:EXPRESSION."},
    {.name = "success_is", .help = "What must stand there; empty: anything."},
    {.name = "id_at", .help = "Where the response has the carrier's id of the text."},
    {.name = "code_at", .help = "Where it has an error code."},
    {.name = "codes",
     .what = option::kind::map,
     .help = "What a code means.",
     .check = check_code,
     .shape =
         "CODE: permanent|elsewhere|opted_out|transient|throttle|config|clock|uncertain|accepted"},
    {.name = "unlisted",
     .what = option::kind::choice,
     .fallback = "permanent",
     .choices = "permanent|transient|uncertain",
     .help = "What other codes mean, where the HTTP status is one of success."},
    {.name = "callback_secret",
     .what = option::kind::secret,
     .help = "By which a call is known to be the carrier's; empty: no call is heeded."},
    {.name = "callback_proof",
     .what = option::kind::choice,
     .fallback = "path",
     .choices = "path|header|hmac",
     .help = "Where it shows it: /v1/carriers/ACCOUNT/SECRET, in callback_header, or it signs the "
             "body with it."},
    {.name = "callback_header", .help = "The header with the secret or the signature."},
    {.name = "callback_hmac",
     .what = option::kind::choice,
     .fallback = "sha256_hex",
     .choices = "sha256_hex|sha256_base64|sha1_hex|sha1_base64|sha512_hex|sha512_base64|md5_hex",
     .help = "How it signs the body."},
    {.name = "callback_answer", .help = "What it wants to hear, with status 200."},
    {.name = "callback_answer_type",
     .fallback = "text/plain; charset=utf-8",
     .help = "The content type of that."},
    {.name = "callback_list_at",
     .help =
         "A JSON pointer to the list of receipts or texts; empty: the body is the list, or one."},
    {.name = "receipt_id_at", .help = "In a receipt: the carrier's id of the text."},
    {.name = "receipt_state_at", .help = "In a receipt: its state."},
    {.name = "receipt_code_at", .help = "In a receipt: an error code."},
    {.name = "receipt_phone_at", .help = "In a receipt: the phone."},
    {.name = "states",
     .what = option::kind::map,
     .help = "What a state means; others are not final.",
     .check = check_state,
     .shape = "STATE: delivered|undelivered|expired|enroute"},
    {.name = "text_from_at", .help = "In a text from a phone: the phone."},
    {.name = "text_to_at", .help = "In a text from a phone: our number."},
    {.name = "text_body_at", .help = "In a text from a phone: what it says."},
    {.name = "status_url",
     .help = "Where it can be asked what became of a text, with gaps: {{ref}}, {{recipient}}."},
    {.name = "status_every",
     .what = option::kind::interval,
     .fallback = "0s",
     .most = 86'400'000,
     .help = "How often it is asked by itself; 0: only when a person asks."},
    {.name = "status_give_up",
     .what = option::kind::interval,
     .fallback = "24h",
     .most = 604'800'000,
     .help = "How long it is asked for one text."},
    {.name = "status_state_at", .help = "Where the answer has the state (see `states`)."},
    {.name = "status_code_at", .help = "Where the answer has an error code."},
};

constexpr auto all_options = sdk::with_http_options(own_options);

carrier::entries fillings(const sdk::options& from, std::string_view name) {
    carrier::entries out;
    for (const auto& [key, text] : from.entries(name))
        out.emplace_back(key, filling(text));
    return out;
}

// "200,201" or "200-299"; empty when it is neither.
std::vector<std::pair<unsigned, unsigned>> statuses(std::string_view text) {
    std::vector<std::pair<unsigned, unsigned>> out;
    const auto* at = text.data();
    const auto* const end = at + text.size();
    while (at != end) {
        unsigned from = 0;
        auto read = std::from_chars(at, end, from);
        unsigned to = from;
        if (read.ec == std::errc() && read.ptr != end && *read.ptr == '-')
            read = std::from_chars(read.ptr + 1, end, to);
        if (read.ec != std::errc() || (read.ptr != end && *read.ptr != ','))
            return {};
        out.emplace_back(from, to);
        at = read.ptr == end ? end : read.ptr + 1;
        while (at != end && *at == ' ')
            ++at;
    }
    return out;
}

carrier described(const sdk::options& o) {
    carrier c;
    c.method = o.text("method");
    c.url = filling(o.text("url"));
    c.headers = fillings(o, "headers");
    c.form = fillings(o, "form");
    c.json = filling(o.text("json"));
    c.xml = filling(o.text("xml"));
    c.text = filling(o.text("text"));
    const auto& auth = o.text("auth");
    c.auth = auth == "basic" ? login::basic : auth == "bearer" ? login::bearer : login::none;
    c.user = o.text("user");
    c.secret = o.text("secret");
    for (const auto& [name, text] : o.entries("values"))
        c.values[name] = text;
    c.values["callback_url"] = o.text("callback_url");
    c.country = o.text("country");
    c.success_status = statuses(o.text("success_status"));
    c.success_at = selector(o.text("success_at"));
    c.success_is = o.text("success_is");
    c.id_at = selector(o.text("id_at"));
    c.code_at = selector(o.text("code_at"));
    for (const auto& [code, word] : o.entries("codes"))
        c.codes[code] = named(meanings, word).value_or(http_meaning::permanent);
    c.unlisted = named(meanings, o.text("unlisted")).value_or(http_meaning::permanent);
    return c;
}

void describe_calls(carrier& c, const sdk::options& o) {
    const auto& how = o.text("callback_proof");
    c.how = how == "header" ? proof::header : how == "hmac" ? proof::hmac : proof::path;
    c.callback_secret = o.text("callback_secret");
    c.callback_header = o.text("callback_header");
    c.callback_hmac = o.text("callback_hmac");
    c.callback_answer = o.text("callback_answer");
    c.callback_answer_type = o.text("callback_answer_type");
    c.list_at = o.text("callback_list_at");
    c.receipt_id = selector(o.text("receipt_id_at"));
    c.receipt_state = selector(o.text("receipt_state_at"));
    c.receipt_code = selector(o.text("receipt_code_at"));
    c.receipt_phone = selector(o.text("receipt_phone_at"));
    for (const auto& [state, word] : o.entries("states"))
        c.states[state] = named(states, word).value_or(receipt_state::enroute);
    c.text_from = selector(o.text("text_from_at"));
    c.text_to = selector(o.text("text_to_at"));
    c.text_body = selector(o.text("text_body_at"));
    c.status_url = filling(o.text("status_url"));
    c.status_state = selector(o.text("status_state_at"));
    c.status_code = selector(o.text("status_code_at"));
}

} // namespace

std::span<const sdk::option> option_table() { return all_options; }

description::description(const sdk::options& from)
    : carrier(described(from)), place(from.text("url")),
      longest(static_cast<std::size_t>(from.integer("longest"))),
      times{from.duration("status_every"), from.duration("status_give_up")} {
    describe_calls(carrier, from);
    mistake = mistake_in(carrier);
    place.resize(std::min(place.size(), place.find_first_of("?{")));
    if (mistake.empty() && carrier.success_status.empty())
        mistake = "success_status: must be like 200,201 or 200-299";
}

} // namespace posthorn::http
