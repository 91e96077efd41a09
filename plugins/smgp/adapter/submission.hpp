// A unit as a Submit, by the account's settings.
#pragma once

#include "sdk/unit.hpp"
#include "smgp/adapter/configuration.hpp"

#include <cstdint>
#include <string>

namespace posthorn::smgp {

class submission {
public:
    explicit submission(const configuration& settings) : settings_(settings) {}

    // Appends the packet to `out`. Returns why it cannot be sent, and appends nothing then; empty
    // when all is well.
    std::string append(std::string& out, std::uint32_t sequence, const sdk::unit& u,
                       sdk::instant now);

private:
    const configuration& settings_;
    submit request_; // reused
};

} // namespace posthorn::smgp
