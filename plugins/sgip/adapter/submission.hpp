// From a unit to a SUBMIT.
#pragma once

#include "sgip/adapter/configuration.hpp"
#include "sgip/codec/pdu.hpp"

#include <string>

namespace posthorn::sgip {

class submission {
public:
    explicit submission(const configuration& settings) : settings_(settings) {}

    // Appends it; or nothing, and says why it never can be one.
    std::string append(std::string& out, const sequence& number, const sdk::unit& u,
                       sdk::instant now);

private:
    const configuration& settings_;
    submit request_; // keeps its memory
};

} // namespace posthorn::sgip
