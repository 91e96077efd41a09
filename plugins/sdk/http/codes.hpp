// A carrier's codes, as a table of its adapter's: what each decides, and what it means in plain
// words. Pure.
#pragma once

#include "sdk/http/readings.hpp"

#include <span>
#include <string>
#include <string_view>

namespace posthorn::sdk {

struct code_row {
    std::string_view code; // or its beginning, with a star
    http_meaning what = http_meaning::permanent;
    std::string_view words;
    duration after{}; // transient, throttle; 0: as usual
};

// The first that fits; null: the code is not listed.
const code_row* row_of(std::span<const code_row> codes, std::string_view code);
http_reading reading_of(std::span<const code_row> codes, std::string code,
                        http_meaning unlisted = http_meaning::permanent);
// Empty: the code is not listed.
std::string words_of(std::span<const code_row> codes, std::string_view code);

} // namespace posthorn::sdk
