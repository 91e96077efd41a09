#include "twilio/simulator/provider.hpp"

#include "sdk/http/digest.hpp"
#include "sdk/http/escape.hpp"
#include "sdk/http/readings.hpp"
#include "sdk/numerals.hpp"
#include "twilio/simulator/words.hpp"

#include <algorithm>

namespace posthorn::twilio::simulator {

using posthorn::simulator::fault;

namespace {

constexpr std::size_t most_characters = 1600;
constexpr std::uint32_t longest_validity = 36'000; // seconds
constexpr std::size_t sid_digits = 32;
constexpr std::string_view sid_begins = "MessageSid=", api_version = "2010-04-01";

heard no(std::uint32_t code) {
    heard what;
    what.answer = error_reply(code);
    return what;
}

bool is_e164(std::string_view number) {
    const auto digits = sdk::digits_of(number);
    return number.starts_with('+') && digits.size() <= 15 && digits.size() >= 2 &&
           digits.front() != '0' && sdk::all_digits(digits);
}

bool is_url(std::string_view text) {
    return text.starts_with("http://") || text.starts_with("https://");
}

std::string text_member(std::string_view name, std::string_view value) {
    return "\"" + std::string(name) + "\":\"" + sdk::json_escaped(value) + "\",";
}

std::string null_or(std::string_view value) { return value.empty() ? "null" : std::string(value); }

// What a form of a message asks for that cannot be; 0: nothing.
std::uint32_t mistake_in(const sdk::form_fields& form) {
    const auto at = [&](std::string_view name) { return sdk::field_of(form, name); };
    if (at("To").empty())
        return errors::no_recipient;
    if (at("From").empty() && at("MessagingServiceSid").empty())
        return errors::no_sender;
    if (at("Body").empty())
        return errors::no_body;
    if (!is_e164(at("To")))
        return errors::bad_number;
    if (sdk::characters_in(at("Body")) > most_characters)
        return errors::too_long;
    if (!at("StatusCallback").empty() && !is_url(at("StatusCallback")))
        return errors::bad_callback;
    const auto seconds = sdk::whole_number<std::uint32_t>(at("ValidityPeriod")).value_or(0);
    if (!at("ValidityPeriod").empty() && (seconds == 0 || seconds > longest_validity))
        return errors::bad_validity;
    return 0;
}

std::string basic(const std::string& user, const std::string& password) {
    return "Basic " + sdk::base64_of(user + ":" + password);
}

posthorn::simulator::protocol spoken() {
    return {.faults = known_faults,
            .throttled = errors::too_fast,
            .queue_full = errors::queue_full,
            .window_exceeded = errors::too_fast,
            .alphabet = posthorn::simulator::letters::utf8,
            .binary_ids = false};
}

} // namespace

twilio_provider::twilio_provider(boost::asio::io_context& io, const options& chosen)
    : provider(io, chosen, spoken()), options_(chosen),
      messages_("/2010-04-01/Accounts/" + chosen.account_sid + "/Messages") {}

std::optional<reply> twilio_provider::stranger(const message& asked) {
    const auto shown = asked.header("authorization");
    if (shown == basic(options_.account_sid, options_.auth_token))
        return std::nullopt;
    if (!options_.key_sid.empty() && shown == basic(options_.key_sid, options_.key_secret))
        return std::nullopt;
    return error_reply(errors::login);
}

reply twilio_provider::no_request() { return {.status = "400 Bad Request", .type = "text/html"}; }

heard twilio_provider::hear(const message& asked) {
    auto path = asked.path();
    if (!path.starts_with(messages_) || !path.ends_with(".json"))
        return no(errors::no_such_thing);
    path.remove_prefix(messages_.size());
    path.remove_suffix(5);
    if (path.empty())
        return asked.first == "POST" ? hear_text(asked) : no(errors::wrong_method);
    if (!path.starts_with('/'))
        return no(errors::no_such_thing);
    return asked.first == "GET" ? hear_inquiry(path.substr(1)) : no(errors::wrong_method);
}

heard twilio_provider::hear_text(const message& asked) {
    const bool is_form = asked.header("content-type").starts_with(form_type);
    const auto form = is_form ? sdk::read_form(asked.body) : std::nullopt;
    if (!form)
        return no(errors::no_recipient); // as if there were no fields
    if (const auto code = mistake_in(*form))
        return no(code);
    const auto at = [&](std::string_view name) { return std::string(sdk::field_of(*form, name)); };
    heard what;
    auto& one = what.texts.emplace_back(*this, at("To"), at("From"), at("Body"));
    one.reference = at("MessagingServiceSid");
    what.to_call = at("StatusCallback");
    return what;
}

heard twilio_provider::hear_inquiry(std::string_view sid) {
    const auto of = state_of(client(), sid);
    if (!of)
        return no(errors::no_such_thing);
    const auto [word, error] = status_of(*of);
    heard what;
    what.answer.body = "{" + text_member("sid", sid) + text_member("status", word) +
                       text_member("account_sid", options_.account_sid) +
                       "\"error_message\":null,\"error_code\":" + null_or(error) + "}";
    return what;
}

reply twilio_provider::answer(const heard& what, std::span<const verdict> verdicts) {
    const auto& said = verdicts.front();
    if (said.status != 0)
        return error_reply(said.status);
    const auto& of = what.texts.front();
    const bool by_service = !of.reference.empty();
    auto json =
        "{" + text_member("sid", said.id) + text_member("account_sid", options_.account_sid) +
        text_member("api_version", api_version) + text_member("to", of.recipient) +
        text_member("body", of.words) + text_member("direction", "outbound-api") +
        text_member("status", by_service ? "accepted" : "queued") +
        text_member(by_service ? "messaging_service_sid" : "from",
                    by_service ? of.reference : of.sender) +
        text_member("num_segments", by_service ? "0" : "1") + text_member("num_media", "0") +
        text_member("uri", messages_ + "/" + std::string(said.id) + ".json");
    if (faults().strikes(fault::unknown_tlv))
        json += R"("vendor":{"sim":[1.5e3,null]},)";
    return {.status = "201 Created",
            .body = json + R"("error_code":null,"error_message":null,"price":null})"};
}

delivery twilio_provider::write_receipt(const text& of, std::string_view id, const fate& to,
                                        std::int64_t) {
    const auto [word, error] = status_of(to.outcome);
    sdk::form_fields form{{"MessageStatus", std::string(word)},
                          {"SmsSid", std::string(id)},
                          {"SmsStatus", std::string(word)},
                          {"To", of.recipient},
                          {"From", of.sender},
                          {"AccountSid", options_.account_sid},
                          {"ApiVersion", std::string(api_version)}};
    if (!error.empty())
        form.emplace_back("ErrorCode", error);
    if (faults().strikes(fault::unknown_tlv))
        form.emplace_back("VendorField", "1&2=3");
    return with_id(sid_begins, id, "&" + sdk::form_of(form));
}

delivery twilio_provider::write_inbound(std::string_view from, std::string_view to,
                                        std::string_view words) {
    const auto sid = new_sid();
    delivery item;
    item.octets = sdk::form_of({{"MessageSid", sid},
                                {"SmsSid", sid},
                                {"SmsMessageSid", sid},
                                {"AccountSid", options_.account_sid},
                                {"ApiVersion", std::string(api_version)},
                                {"From", "+" + std::string(from)},
                                {"To", std::string(to)},
                                {"Body", std::string(words)},
                                {"SmsStatus", "received"},
                                {"FromZip", ""},
                                {"NumSegments", "1"},
                                {"NumMedia", "0"}});
    return item;
}

// X-Twilio-Signature: the URL, then name and value of each field, by name.
call twilio_provider::write_call(std::span<const std::string_view> items, const callback& where) {
    auto fields = sdk::read_form(items.front()).value_or(sdk::form_fields());
    std::ranges::sort(fields);
    auto all = where.url;
    for (const auto& [name, value] : fields)
        all.append(name).append(value);
    const auto sum = sdk::hmac_of(sdk::digest::sha1, options_.auth_token, all);
    return {.target = where.path,
            .body = std::string(items.front()),
            .type = form_type,
            .headers = "X-Twilio-Signature: " + sdk::base64_of(sum) + "\r\n"};
}

provider::reception twilio_provider::reception_of(const message& answered) const {
    if (answered.status() >= 200 && answered.status() < 300)
        return reception::taken;
    const bool all = calls()->fragment.find("rp=all") != std::string::npos;
    const bool fails = calls()->fragment.find("rp=5xx") != std::string::npos;
    return all || (fails && answered.status() >= 500) ? reception::later : reception::never;
}

std::string twilio_provider::new_id(const text&) { return new_sid(); }

std::string twilio_provider::new_sid() {
    const auto number = std::to_string(next_number());
    return "SM" + run() + std::string(sid_digits - run().size() - number.size(), '0') + number;
}

} // namespace posthorn::twilio::simulator
