// What the carrier sends us, gathered over one read: receipts and texts, and the requests to
// acknowledge once they are stored.
#pragma once

#include "sdk/unit.hpp"
#include "smpp/adapter/configuration.hpp"
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
    std::vector<acknowledgement> of_receipts, of_texts;

    bool empty() const { return of_receipts.empty() && of_texts.empty(); }

    // deliver_sm and data_sm. Everything in them is copied. Of the settings receipt_by_text and
    // default_alphabet count.
    void take(const header& head, const sm& request, const configuration& settings);
    void take(const header& head, const data_sm& request, const configuration& settings);

private:
    std::string scratch_;
};

} // namespace posthorn::smpp
