// What the carrier sends us, gathered over one read: receipts and texts, and the octets that will
// acknowledge them once they are stored.
#pragma once

#include "sdk/unit.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace posthorn::sdk {

struct arrivals {
    // Append the answer to the packet that it came in to what this returns.
    std::string& add(receipt r) {
        receipts.push_back(std::move(r));
        return of_receipts;
    }
    std::string& add(inbound t) {
        texts.push_back(std::move(t));
        return of_texts;
    }
    bool empty() const { return receipts.empty() && texts.empty(); }

    std::vector<receipt> receipts;
    std::vector<inbound> texts;
    std::string of_receipts, of_texts; // answers in wire form
};

} // namespace posthorn::sdk
