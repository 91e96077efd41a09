#include "http/simulator/caller.hpp"

#include "sdk/numerals.hpp"

namespace posthorn::http::simulator {

namespace {

// By the status of the client's answer.
carrier::reception reception_of(std::uint32_t status) {
    if (status >= 200 && status < 300)
        return carrier::reception::taken;
    return status == 429 || status >= 500 ? carrier::reception::later : carrier::reception::never;
}

} // namespace

caller::caller(boost::asio::ip::tcp::socket socket, provider& shared, gone_handler gone)
    : link(std::move(socket), nullptr, shared, message_frame, std::move(gone)), provider_(shared) {}

// What waits for its first connection leaves.
void caller::greet() {
    open(provider_.client(), true);
    provider_.tick();
    provider_.pump(provider_.client());
}

void caller::on_packet(std::string_view octets) {
    const auto said = read_message(octets);
    const auto status = said ? sdk::whole_number<std::uint32_t>(said->second) : std::nullopt;
    if (!status || !call_) {
        count_broken();
        return close_when_written(false);
    }
    const auto call = *call_;
    call_.reset();
    delivered(call, *status, reception_of(*status));
}

void caller::write_delivery(delivery& item, std::uint32_t sequence) {
    const auto& where = *provider_.calls();
    call_ = sequence;
    write_message(out(), "POST " + where.path + " HTTP/1.1",
                  "Host: " + where.host + ":" + where.port + "\r\n", item.octets);
}

} // namespace posthorn::http::simulator
