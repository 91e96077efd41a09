// A unit as submit_sm, by the account's settings.
#pragma once

#include "sdk/unit.hpp"
#include "smpp/adapter/configuration.hpp"
#include "smpp/codec/body.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::smpp {

class submission {
public:
    explicit submission(const configuration& settings) : settings_(settings) {}

    // Appends the PDU to `out`. `reference`: with user_message_reference. Returns why it cannot be
    // sent, and appends nothing then; empty when all is well.
    std::string append(std::string& out, std::uint32_t sequence, const sdk::unit& u, bool reference,
                       sdk::instant now);

    // The source address of a unit with this sender.
    address source(std::string_view sender) const;

private:
    bool write_text(sm& request, const sdk::unit& u);
    void number_by_tlvs(sm& request);
    std::string_view validity(sdk::duration span, sdk::instant now);

    const configuration& settings_;
    std::string tlvs_, text_, unnumbered_;
    std::string validity_;                  // of the last unit: most have the same
    std::chrono::seconds validity_span_{0}; // 0: none yet
    std::chrono::sys_seconds validity_now_{};
};

// Type and plan of a source address by its shape: a name (5/0), a short code of up to 6 digits
// (3/0), a number (1/1), none (0/0). A '+' before digits is cut off.
address source_address(std::string_view sender);

} // namespace posthorn::smpp
