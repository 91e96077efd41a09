#include "http/simulator/provider.hpp"

#include "sdk/http/digest.hpp"
#include "sdk/http/escape.hpp"
#include "sdk/http/json_text.hpp"

#include <random>

namespace posthorn::http::simulator {

namespace {

constexpr std::string_view id_begins = R"({"id":")", more_fields = R"(,"vendor":{"sim":[1,null]})";

posthorn::simulator::protocol spoken() {
    return {.faults = known_faults,
            .throttled = too_fast,
            .queue_full = busy,
            .window_exceeded = too_fast,
            .alphabet = posthorn::simulator::letters::utf8,
            .binary_ids = false};
}

std::string member(std::string_view name, std::string_view text) {
    return "\"" + std::string(name) + "\":\"" + sdk::json_escaped(text) + "\"";
}

std::string four_octets(std::uint32_t number) {
    std::string octets;
    for (const int shift : {24, 16, 8, 0})
        octets += static_cast<char>(number >> shift & 0xFF);
    return octets;
}

} // namespace

std::string state_json(outcome of) {
    constexpr std::string_view errors[] = {"0",   "27", "31", "8",  "9",
                                           "999", "0",  "0",  "999"}; // in the order of outcome
    return member("state", posthorn::simulator::stat_of(of)) + "," +
           member("error", errors[static_cast<std::size_t>(of)]);
}

provider::provider(boost::asio::io_context& io, const options& chosen)
    : carrier(io, chosen, spoken()), options_(chosen), client_(open("http")), shelf_(*this),
      calls_(chosen.calls) {
    std::random_device entropy;
    run_ = sdk::hex_of(four_octets(entropy()));
    if (!calls_)
        client_.box.join(shelf_);
}

bool provider::knows(std::string_view authorization) const {
    return options_.secret.empty() || authorization == "Bearer " + options_.secret;
}

void provider::learn_callback(std::string_view url) {
    if (calls_ || !(calls_ = read_callback_url(url)))
        return;
    client_.box.leave(shelf_);
    callback_known_();
}

void provider::on_callback(std::function<void()> then) {
    callback_known_ = std::move(then);
    if (calls_)
        callback_known_();
}

void provider::shelf::deliver(delivery item) {
    of_.sent(item, 0);
    of_.answered(of_.client_, std::move(item), 0, 0, reception::taken);
}

std::string provider::receipt_for(std::string_view to, std::string_view id, outcome of) {
    auto json = std::string(id_begins).append(id).append("\",");
    json += member("to", to) + "," + state_json(of);
    if (faults().strikes(fault::unknown_tlv))
        json += more_fields;
    return json + "}";
}

delivery provider::delivered(std::string json, std::string_view id) const {
    delivery item;
    item.octets = std::move(json);
    item.id_at = id_begins.size();
    item.id_size = static_cast<std::uint32_t>(id.size());
    return item;
}

void provider::name_text(const submitted&, std::string& in_response, std::string& in_receipt) {
    in_response = run_ + "-" + std::to_string(++count_);
    in_receipt = in_response;
}

delivery provider::write_phone_text(std::string_view from, std::string_view to, bool, std::uint8_t,
                                    std::string_view octets) {
    const auto phone = "+" + std::string(sdk::digits_of(from));
    return delivered("{" + member("from", phone) + "," + member("to", to) + "," +
                         member("text", octets) + "}",
                     {});
}

submitted_text::submitted_text(provider& to, const boost::json::value& json)
    : to_(to), recipient_(sdk::text_at(json, "/to")), sender_(sdk::text_at(json, "/from")),
      words_(sdk::text_at(json, "/text")) {
    destination = sdk::digits_of(recipient_);
    source = sender_;
    text = short_message = words_;
    registered = 1;
}

delivery submitted_text::receipt(std::string_view id, const fate& to, std::int64_t) const {
    return to_.delivered(to_.receipt_for(recipient_, id, to.outcome), id);
}

} // namespace posthorn::http::simulator
