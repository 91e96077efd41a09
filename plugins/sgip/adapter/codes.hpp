// The carrier's numbers as the daemon keeps them, and what they mean:
//
//     "result 11"   the answer to a SUBMIT or BIND        "error 27"   why a REPORT says it failed
#pragma once

#include "sdk/numerals.hpp"
#include "sgip/codec/results.hpp"

#include <string>
#include <string_view>

namespace posthorn::sgip {

inline std::string result_code(std::uint8_t result) { return "result " + std::to_string(result); }
inline std::string error_code(std::uint8_t error) { return "error " + std::to_string(error); }

/// In plain words; empty when the specification has none.
inline std::string words_of(std::string_view code) {
    for (const std::string_view kind : {"result ", "error "})
        if (code.starts_with(kind))
            if (const auto number = sdk::whole_number<std::uint8_t>(code.substr(kind.size())))
                return std::string(of_submit(*number).words);
    return {};
}

} // namespace posthorn::sgip
