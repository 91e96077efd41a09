// What the carrier sends us, gathered over one read: receipts and texts, and the requests to
// acknowledge once they are stored.
#pragma once

#include "sdk/unit.hpp"
#include "smpp/codec/pdu.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace posthorn::smpp {

struct acknowledgement {
    command response;
    std::uint32_t sequence;
};

struct arrivals {
    std::vector<sdk::receipt> receipts;
    std::vector<sdk::inbound> texts;
    std::vector<acknowledgement> acks;

    bool empty() const { return acks.empty(); }

    // deliver_sm and data_sm. Everything in them is copied. `by_text`: a text that reads like a
    // receipt is one, though it is not marked.
    void take(const header& head, const sm& request, bool by_text);
    void take(const header& head, const data_sm& request, bool by_text);

private:
    std::string scratch_;
};

} // namespace posthorn::smpp
