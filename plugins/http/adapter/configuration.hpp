// The options of the adapter, and a carrier described by them.
#pragma once

#include "http/codec/carrier.hpp"
#include "sdk/options.hpp"

#include <span>

namespace posthorn::http {

std::span<const sdk::option> option_table();

struct description {
    explicit description(const sdk::options& from);

    http::carrier carrier;
    std::string mistake; // empty: it is understood
    std::string place;   // the URL without its gaps' values
    std::size_t longest = 0;
    sdk::inquiry_times times;
};

} // namespace posthorn::http
