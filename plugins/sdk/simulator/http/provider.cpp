#include "sdk/simulator/http/provider.hpp"

#include "sdk/http/digest.hpp"
#include "sdk/http/escape.hpp"
#include "sdk/text.hpp"

#include <random>

namespace posthorn::simulator::http {

namespace {

constexpr std::size_t last_of_header = 5; // 05 00 03 reference total number
constexpr std::uint8_t ucs2 = 8;          // data_coding

// Eight hex digits.
std::string random_word() {
    std::random_device entropy;
    const auto number = entropy();
    std::string octets;
    for (const int shift : {24, 16, 8, 0})
        octets += static_cast<char>(number >> shift & 0xFF);
    return sdk::hex_of(octets);
}

} // namespace

delivery with_id(std::string_view before, std::string_view id, std::string_view after) {
    delivery item;
    item.octets.append(before).append(id).append(after);
    item.id_at = static_cast<std::uint32_t>(before.size());
    item.id_size = static_cast<std::uint32_t>(id.size());
    return item;
}

text::text(provider& to, std::string whom, std::string from, std::string said)
    : recipient(std::move(whom)), sender(std::move(from)), words(std::move(said)), to_(to) {
    destination = sdk::digits_of(recipient);
    source = sender;
    submitted::text = short_message = words;
    registered = 1;
}

bool text::wants_receipt(outcome of) const { return receipt_wanted && to_.reports(of); }

delivery text::receipt(std::string_view id, const fate& to, std::int64_t done_us) const {
    return to_.write_receipt(*this, id, to, done_us);
}

provider::provider(boost::asio::io_context& io, const options& chosen, const protocol& speaks)
    : carrier(io, chosen, speaks), tls_(chosen.tls), client_(open("http")), shelf_(*this),
      calls_(chosen.calls), run_(random_word()) {
    if (!calls_)
        client_.box.join(shelf_);
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

carrier::reception provider::reception_of(const message& answered) const {
    const auto status = answered.status();
    if (status >= 200 && status < 300)
        return reception::taken;
    return status == 429 || status >= 500 ? reception::later : reception::never;
}

void provider::name_text(const submitted& of, std::string& in_response, std::string& in_receipt) {
    in_response = in_receipt = new_id(static_cast<const text&>(of));
}

delivery provider::write_inbound_part(std::string_view from, std::string_view to,
                                      std::string_view words, const piece&) {
    return write_inbound(from, to, words);
}

delivery provider::write_phone_text(std::string_view from, std::string_view to, bool header,
                                    std::uint8_t data_coding, std::string_view octets) {
    const auto phone = sdk::digits_of(from);
    if (speaks().alphabet == letters::utf8)
        return write_inbound(phone, to, octets);
    sdk::unit on_the_air;
    on_the_air.octets = octets;
    on_the_air.coding = data_coding == ucs2 ? sdk::coding::ucs2 : sdk::coding::gsm7;
    on_the_air.udh = header;
    const auto words = sdk::utf8_of(on_the_air);
    if (!header || octets.size() <= last_of_header)
        return write_inbound(phone, to, words);
    const auto octet = [octets](std::size_t i) { return static_cast<std::uint8_t>(octets[i]); };
    return write_inbound_part(phone, to, words, {octet(3), octet(4), octet(last_of_header)});
}

} // namespace posthorn::simulator::http
