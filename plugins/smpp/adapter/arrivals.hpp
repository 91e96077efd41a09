// What the carrier sends us, as receipts and texts with their acknowledgements.
#pragma once

#include "sdk/link/arrivals.hpp"
#include "smpp/adapter/configuration.hpp"
#include "smpp/codec/pdu.hpp"

#include <string>

namespace posthorn::smpp {

class arrival_reader {
public:
    // deliver_sm and data_sm. Everything in them is copied. Of the settings receipt_by_text and
    // default_alphabet count.
    void take(const header& head, const sm& request, const configuration& settings,
              sdk::arrivals& into);
    void take(const header& head, const data_sm& request, const configuration& settings,
              sdk::arrivals& into);

private:
    std::string scratch_;
};

} // namespace posthorn::smpp
