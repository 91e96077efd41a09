#include "http/simulator/provider.hpp"

#include "sdk/http/escape.hpp"
#include "sdk/http/json_text.hpp"

#include <CLI/CLI.hpp>

namespace posthorn::http::simulator {

using posthorn::simulator::fault;

namespace {

constexpr std::string_view messages = "/v2/messages";
constexpr std::string_view id_begins = R"({"id":")", more_fields = R"(,"vendor":{"sim":[1,null]})";

// Codes of its answers; others are of --refuse.
constexpr std::uint32_t too_fast = 1001, busy = 1002, no_such_text = 1003, no_text = 1004,
                        wrong_secret = 1006;

constexpr auto known_faults =
    faults_said("answer a text with status 429, code 1001",
                "answer a text with status 503, code 1002, Retry-After: 1",
                "add fields nobody knows to answers and receipts");

posthorn::simulator::protocol spoken() {
    return {.faults = known_faults,
            .throttled = too_fast,
            .queue_full = busy,
            .window_exceeded = too_fast,
            .alphabet = posthorn::simulator::letters::utf8,
            .binary_ids = false};
}

std::string_view status_of(std::uint32_t code) {
    switch (code) {
    case 0:
        return "200 OK";
    case too_fast:
        return "429 Too Many Requests";
    case busy:
        return "503 Service Unavailable";
    default:
        return "400 Bad Request";
    }
}

std::string member(std::string_view name, std::string_view text) {
    return "\"" + std::string(name) + "\":\"" + sdk::json_escaped(text) + "\"";
}

// "DELIVRD", and "0" or an error.
std::string state_json(outcome of) {
    constexpr std::string_view errors[] = {"0",   "27", "31", "8",  "9",
                                           "999", "0",  "0",  "999"}; // in the order of outcome
    return member("state", posthorn::simulator::stat_of(of)) + "," +
           member("error", errors[static_cast<std::size_t>(of)]);
}

reply refusal(std::string_view status, std::uint32_t code) {
    return {.status = status, .body = "{\"code\":\"" + std::to_string(code) + "\"}"};
}

heard no(std::string_view status, std::uint32_t code) {
    heard what;
    what.answer = refusal(status, code);
    return what;
}

} // namespace

json_provider::json_provider(boost::asio::io_context& io, const options& chosen)
    : provider(io, chosen, spoken()), secret_(chosen.secret) {}

std::optional<reply> json_provider::stranger(const message& asked) {
    if (secret_.empty() || asked.header("authorization") == "Bearer " + secret_)
        return std::nullopt;
    return refusal("401 Unauthorized", wrong_secret);
}

reply json_provider::no_request() { return refusal("400 Bad Request", no_text); }

heard json_provider::hear(const message& asked) {
    auto path = asked.second;
    if (!path.starts_with(messages))
        return no("404 Not Found", no_such_text);
    path.remove_prefix(messages.size());
    if (asked.first == "POST" && path.empty())
        return hear_text(asked);
    if (asked.first == "GET" && path.starts_with('/'))
        return hear_inquiry(path.substr(1));
    return no("405 Method Not Allowed", no_such_text);
}

heard json_provider::hear_text(const message& asked) {
    const auto json = sdk::read_json(asked.body);
    if (!json) {
        ++counts().broken;
        return no("400 Bad Request", no_text);
    }
    const auto at = [&](std::string_view pointer) { return sdk::text_at(*json, pointer); };
    heard what;
    if (!what.texts.emplace_back(*this, at("/to"), at("/from"), at("/text")).is_whole())
        return no("400 Bad Request", no_text);
    what.to_call = at("/callback");
    return what;
}

heard json_provider::hear_inquiry(std::string_view id) {
    const auto of = state_of(client(), id);
    if (!of)
        return no("404 Not Found", no_such_text);
    heard what;
    what.answer.body = "{" + state_json(*of) + "}";
    return what;
}

reply json_provider::answer(const heard&, std::span<const verdict> verdicts) {
    const auto& said = verdicts.front();
    auto json = "{\"code\":\"" + std::to_string(said.status) + "\"";
    if (said.status == 0)
        json.append(",\"data\":{\"id\":\"").append(said.id).append("\"}");
    if (faults().strikes(fault::unknown_tlv))
        json += ",\"warnings\":[{\"n\":1.5e3},null]";
    return {.status = status_of(said.status),
            .body = json + "}",
            .headers = said.status == busy ? "Retry-After: 1\r\n" : ""};
}

delivery json_provider::write_receipt(const text& of, std::string_view id, const fate& to,
                                      std::int64_t) {
    auto rest = "\"," + member("to", of.recipient) + "," + state_json(to.outcome);
    if (faults().strikes(fault::unknown_tlv))
        rest += more_fields;
    return with_id(id_begins, id, rest + "}");
}

delivery json_provider::write_inbound(std::string_view from, std::string_view to,
                                      std::string_view words) {
    delivery item;
    item.octets = "{" + member("from", "+" + std::string(from)) + "," + member("to", to) + "," +
                  member("text", words) + "}";
    return item;
}

call json_provider::write_call(std::span<const std::string_view> items, const callback& where) {
    return {.target = where.path, .body = std::string(items.front())};
}

std::string json_provider::new_id(const text&) { return next_name(); }

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv) {
    const manual about{
        .name = "http",
        .description = "A carrier for tests: a provider that takes texts as JSON, calls back with "
                       "receipts and can be asked for them, and misbehaves on request; "
                       "config/accounts.d/http.yaml.sample is an account of it.",
        .refusal = "0009=1005",
        .example = "posthorn-sim http --receipt-delay 1s --outcome 0001=expired \\\n"
                   "             --fault throttle:1%",
        .faults = known_faults};
    return posthorn::simulator::http::read_command_line<options>(
        about, argc, argv, [](CLI::App& app, options& o) {
            app.add_option("--secret", o.secret,
                           "The bearer token it must be shown (default: any)");
        });
}

} // namespace posthorn::http::simulator
