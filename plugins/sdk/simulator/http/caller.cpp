#include "sdk/simulator/http/caller.hpp"

#include <vector>

namespace posthorn::simulator::http {

caller::caller(boost::asio::ip::tcp::socket socket, provider& shared, gone_handler gone)
    : link(std::move(socket), nullptr, shared, message_frame, std::move(gone)), provider_(shared) {}

// What waits for its first connection leaves.
void caller::greet() {
    open(provider_.client(), true);
    provider_.tick();
    provider_.pump(provider_.client());
}

bool caller::has_room() const {
    return link::has_room() && under_way_ == 0 && items_.size() < provider_.items_in_a_call(true);
}

void caller::write_delivery(delivery& item, std::uint32_t sequence) {
    items_.push_back({item.octets, item.is_receipt, sequence});
}

// What has been gathered leaves, in one call where it is of one kind.
void caller::flush() {
    if (under_way_ == 0 && !items_.empty()) {
        std::vector<std::string_view> together;
        const bool receipts = items_.front().is_receipt;
        const auto most = provider_.items_in_a_call(receipts);
        for (const auto& one : items_) {
            if (one.is_receipt != receipts || together.size() == most)
                break;
            together.push_back(one.octets);
        }
        under_way_ = together.size();
        const auto& where = *provider_.calls();
        const auto call = provider_.write_call(together, where);
        write_message(out(), call.method + " " + call.target + " HTTP/1.1",
                      "Host: " + where.host + ":" + where.port + "\r\n" + call.headers, call.type,
                      call.body);
    }
    link::flush();
}

void caller::on_packet(std::string_view octets) {
    const auto said = read_message(octets);
    if (!said || said->status() == 0 || under_way_ == 0) {
        count_broken();
        return close_when_written(false);
    }
    const auto how = provider_.reception_of(*said);
    for (; under_way_ > 0; --under_way_) {
        const auto sequence = items_.front().sequence;
        items_.pop_front();
        delivered(sequence, said->status(), how);
    }
}

} // namespace posthorn::simulator::http
