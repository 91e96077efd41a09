#include "vonage/simulator/provider.hpp"

#include "sdk/http/readings.hpp"
#include "sdk/http/when.hpp"
#include "sdk/numerals.hpp"
#include "sdk/simulator/minute_text.hpp"
#include "vonage/simulator/words.hpp"

#include <algorithm>
#include <cstdlib>

namespace posthorn::vonage::simulator {

using posthorn::simulator::fault;

namespace {

constexpr std::string_view path = "/sms/json", id_begins = "messageId=";
constexpr std::uint32_t shortest_ttl = 20'000, longest_ttl = 604'800'000; // milliseconds
constexpr std::size_t longest_reference = 100, longest_name = 11, longest_number = 15,
                      most_characters = 3200;
constexpr std::int64_t clocks_differ = 300; // seconds

posthorn::simulator::protocol spoken() {
    return {.faults = known_faults,
            .throttled = errors::too_fast,
            .queue_full = errors::too_many_binds,
            .window_exceeded = errors::too_fast,
            .alphabet = posthorn::simulator::letters::gsm,
            .binary_ids = false};
}

// Its fields, wherever they stand.
sdk::form_fields form_of(const message& asked) {
    auto form = sdk::read_form(asked.query()).value_or(sdk::form_fields());
    if (asked.header("content-type").starts_with(form_type))
        if (const auto body = sdk::read_form(asked.body))
            form.insert(form.end(), body->begin(), body->end());
    return form;
}

bool is_sender(std::string_view from) {
    return from.size() <= (sdk::all_digits(from) ? longest_number : longest_name);
}

std::string mistake_json(std::uint32_t status) {
    return "{\"status\":\"" + std::to_string(status) + "\",\"error-text\":\"" +
           std::string(error_text(status)) + "\"}";
}

reply mistake(std::uint32_t status) {
    return {.body = R"({"message-count":"1","messages":[)" + mistake_json(status) + "]}"};
}

// What a text is not sent for; 0: nothing.
std::uint32_t mistake_in(const sdk::form_fields& form) {
    const auto at = [&](std::string_view name) { return sdk::field_of(form, name); };
    if (at("from").empty() || at("to").empty() || at("text").empty())
        return errors::missing;
    const auto type = at("type");
    const auto ttl = sdk::whole_number<std::uint32_t>(at("ttl")).value_or(0);
    if (!sdk::all_digits(at("to")) || at("to").size() > longest_number ||
        !(type.empty() || type == "text" || type == "unicode") ||
        !(at("ttl").empty() || (ttl >= shortest_ttl && ttl <= longest_ttl)) ||
        at("client-ref").size() > longest_reference)
        return errors::invalid;
    if (!is_sender(at("from")))
        return errors::sender;
    if (!at("callback").empty() && !at("callback").starts_with("http"))
        return errors::callback;
    return sdk::characters_in(at("text")) > most_characters ? errors::too_long : 0;
}

std::string timestamp(std::int64_t us) {
    return sdk::date_and_time(sdk::instant{std::chrono::microseconds(us)});
}

std::string json_of(const sdk::form_fields& fields) {
    std::string json;
    for (const auto& [name, value] : fields)
        json += (json.empty() ? "{\"" : ",\"") + sdk::json_escaped(name) + "\":\"" +
                sdk::json_escaped(value) + "\"";
    return json + "}";
}

} // namespace

vonage_provider::vonage_provider(boost::asio::io_context& io, const options& chosen)
    : provider(io, chosen, spoken()), options_(chosen) {}

bool vonage_provider::is_signed(const sdk::form_fields& form) const {
    const auto at = sdk::whole_number<std::uint32_t>(sdk::field_of(form, "timestamp"));
    return !options_.signature_secret.empty() && at &&
           std::abs(std::int64_t{*at} - now_us() / 1'000'000) <= clocks_differ &&
           sdk::lower_case(sdk::field_of(form, "sig")) ==
               sign(form, options_.signature_method, options_.signature_secret);
}

std::uint32_t vonage_provider::login_mistake(const sdk::form_fields& form) const {
    const auto key = sdk::field_of(form, "api_key"), secret = sdk::field_of(form, "api_secret");
    const bool has_signature = !sdk::field_of(form, "sig").empty();
    if (key.empty() || (secret.empty() && !has_signature))
        return errors::missing;
    if (!secret.empty() && has_signature)
        return errors::both;
    if (key != options_.api_key || (!secret.empty() && secret != options_.api_secret))
        return errors::login;
    return has_signature && !is_signed(form) ? errors::signature : 0;
}

std::optional<reply> vonage_provider::stranger(const message& asked) {
    if (asked.path() != path)
        return reply{.status = "404 Not Found", .type = "text/html"};
    const auto status = login_mistake(form_of(asked));
    return status == 0 ? std::nullopt : std::optional(mistake(status));
}

reply vonage_provider::no_request() { return {.status = "400 Bad Request", .type = "text/html"}; }

heard vonage_provider::hear(const message& asked) {
    const auto form = form_of(asked);
    const auto at = [&](std::string_view name) { return std::string(sdk::field_of(form, name)); };
    heard what;
    if (const auto status = mistake_in(form)) {
        what.answer = mistake(status);
        return what;
    }
    const auto parts = cut(at("text"), at("type") == "unicode");
    for (const auto& part : parts) {
        auto& one = what.texts.emplace_back(*this, at("to"), at("from"), part);
        one.reference = at("client-ref");
        one.receipt_wanted = at("status-report-req") != "0";
        one.esm_class = parts.size() > 1 ? 0x40 : 0;
        one.data_coding = at("type") == "unicode" ? 8 : 0;
    }
    what.to_call = at("callback");
    return what;
}

reply vonage_provider::answer(const heard& what, std::span<const verdict> verdicts) {
    const bool more = faults().strikes(fault::unknown_tlv);
    std::string parts;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        const auto& of = what.texts[i];
        parts += i > 0 ? "," : "";
        if (verdicts[i].status != 0)
            parts += mistake_json(verdicts[i].status);
        else
            parts += R"({"status":"0","message-id":")" + std::string(verdicts[i].id) +
                     R"(","to":")" + of.recipient + R"(","client-ref":")" +
                     sdk::json_escaped(of.reference) + "\"" +
                     (more ? R"(,"vendor":{"sim":[1.5e3,null]})" : "") +
                     R"(,"remaining-balance":"3.14159265","message-price":"0.03330000",)"
                     R"("network":"23410"})";
    }
    return {.body = R"({"message-count":")" + std::to_string(verdicts.size()) +
                    R"(","messages":[)" + parts + "]}"};
}

delivery vonage_provider::write_receipt(const text& of, std::string_view id, const fate& to,
                                        std::int64_t done_us) {
    const auto [word, error] = status_of(to.outcome);
    sdk::form_fields form{{"msisdn", of.recipient},
                          {"to", of.sender},
                          {"network-code", "23410"},
                          {"price", "0.03330000"},
                          {"status", std::string(word)},
                          {"scts", std::string(posthorn::simulator::minute_text().of(done_us))},
                          {"err-code", std::string(error)},
                          {"api-key", options_.api_key},
                          {"message-timestamp", timestamp(done_us)}};
    if (!of.reference.empty())
        form.emplace_back("client-ref", of.reference);
    if (faults().strikes(fault::unknown_tlv))
        form.emplace_back("vendor-field", "1&2=3");
    return with_id(id_begins, id, "&" + sdk::form_of(form));
}

delivery vonage_provider::write_inbound(std::string_view from, std::string_view to,
                                        std::string_view words) {
    const bool ascii = std::ranges::all_of(words, [](char c) { return c >= 0; });
    delivery item;
    item.octets = sdk::form_of({{"messageId", next_id()},
                                {"msisdn", std::string(from)},
                                {"to", std::string(to)},
                                {"text", std::string(words)},
                                {"type", ascii ? "text" : "unicode"},
                                {"keyword", std::string(words.substr(0, words.find(' ')))},
                                {"api-key", options_.api_key},
                                {"message-timestamp", timestamp(now_us())}});
    return item;
}

delivery vonage_provider::write_inbound_part(std::string_view from, std::string_view to,
                                             std::string_view words, const piece& of) {
    auto item = write_inbound(from, to, words);
    item.octets += "&" + sdk::form_of({{"concat", "true"},
                                       {"concat-ref", std::to_string(of.reference)},
                                       {"concat-total", std::to_string(of.total)},
                                       {"concat-part", std::to_string(of.number)}});
    return item;
}

call vonage_provider::write_call(std::span<const std::string_view> items, const callback& where) {
    auto fields = sdk::read_form(items.front()).value_or(sdk::form_fields());
    if (!options_.signature_secret.empty()) {
        fields.emplace_back("timestamp", std::to_string(now_us() / 1'000'000));
        fields.emplace_back("nonce", next_id());
        fields.emplace_back("sig",
                            sign(fields, options_.signature_method, options_.signature_secret));
    }
    if (options_.calls_by == "json")
        return {.target = where.path, .body = json_of(fields)};
    if (options_.calls_by == "post")
        return {.target = where.path, .body = sdk::form_of(fields), .type = form_type};
    const auto* const mark = where.path.find('?') == std::string::npos ? "?" : "&";
    return {.method = "GET",
            .target = where.path + mark + sdk::form_of(fields),
            .body = {},
            .type = form_type};
}

provider::reception vonage_provider::reception_of(const message& answered) const {
    return answered.status() >= 200 && answered.status() < 300 ? reception::taken
                                                               : reception::later;
}

std::string vonage_provider::new_id(const text&) { return next_id(); }

std::string vonage_provider::next_id() {
    const auto number = std::to_string(next_number());
    return "0A" + run() + std::string(number.size() < 8 ? 8 - number.size() : 0, '0') + number;
}

} // namespace posthorn::vonage::simulator
