// A unit as SUBMIT, by the account's settings.
#pragma once

#include "cmpp/adapter/configuration.hpp"
#include "cmpp/codec/pdu.hpp"
#include "sdk/china_text.hpp"

#include <cstdint>
#include <string>

namespace posthorn::cmpp {

class submission {
public:
    explicit submission(const configuration& settings) : settings_(settings) {}

    // Appends the packet to `out`. Returns why it cannot be sent, and appends nothing then; empty
    // when all is well.
    std::string append(std::string& out, dialect as, std::uint32_t sequence, const sdk::unit& u,
                       sdk::instant now);

private:
    const configuration& settings_;
    submit request_; // reused, for the room its list has
};

} // namespace posthorn::cmpp
